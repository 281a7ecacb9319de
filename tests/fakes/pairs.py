"""Combinations in which every two values of different topics meet at least once."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence


def covering(topics: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """Return rows of one value per topic, greedily few, in which each pair of values of two topics is together once."""
    names = list(topics)
    missing = {
        frozenset({(a, x), (b, y)})
        for a, b in itertools.combinations(names, 2)
        for x in topics[a]
        for y in topics[b]
    }  # fmt: skip
    rows: list[tuple[str, ...]] = []
    while missing:
        seed = min(missing, key=sorted)
        row = dict(seed)
        for name in names:
            if name not in row:
                row[name] = max(topics[name], key=lambda value: _met(row, name, value, missing))
        missing -= {frozenset(pair) for pair in itertools.combinations(row.items(), 2)}
        rows.append(tuple(row[name] for name in names))
    return rows


def _met(row: dict[str, str], name: str, value: str, missing: set[frozenset[tuple[str, str]]]) -> int:
    return sum(frozenset({(name, value), other}) in missing for other in row.items())
