"""How much two tunes share: groups of four notes by interval and rhythm, wherever they stand."""

from __future__ import annotations

from itertools import pairwise

from .score import Score

Groups = frozenset[tuple[tuple[int, int], ...]]


def tune_groups(score: Score) -> Groups:
    """All groups of a score's melody; rhythm in sixteenths."""
    unit = 15.0 / score.bpm
    steps = [(b.pitch - a.pitch, round((b.start - a.start) / unit)) for a, b in pairwise(score.melody)]
    return frozenset(tuple(steps[at : at + 3]) for at in range(len(steps) - 2))


def alike(one: Groups, other: Groups) -> float:
    """Share of all groups that both have, 0-1."""
    return len(one & other) / len(one | other) if one and other else 0.0
