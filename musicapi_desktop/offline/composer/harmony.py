"""Chords for every bar, and how an instrument voices them with the least movement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise, product

from .form import Section
from .rng import Rng
from .style import Style
from .theory import Chord, Key, chord_of, lowest_from

_STAND_IN = {
    "pre": ("pre", "bridge", "verse"),
    "chorus": ("chorus", "verse"),
    "bridge": ("bridge", "chorus", "verse"),
    "solo": ("solo", "chorus", "verse"),
    "drop": ("drop", "chorus", "verse"),
    "build": ("build", "bridge", "verse"),
    "break": ("break", "verse"),
    "intro": ("intro", "verse"),
    "outro": ("outro", "verse"),
    "verse": ("verse",),
}


_ROOM_TO_CLOSE = 4


@dataclass(frozen=True, slots=True)
class Span:
    """A chord from step ``start`` to step ``end`` of its section."""

    start: int
    end: int
    chord: Chord


@dataclass(frozen=True, slots=True)
class Harmony:
    """The chords of one section."""

    spans: tuple[Span, ...]

    def at(self, step: int) -> Chord:
        """The chord at a step (the last one after the end)."""
        return next((s.chord for s in self.spans if s.start <= step < s.end), self.spans[-1].chord)

    def after(self, step: int) -> Chord:
        """The chord that follows the one at ``step``."""
        return next((s.chord for s in self.spans if s.start > step), self.spans[0].chord)


def harmonise(sections: list[Section], style: Style, key: Key, steps: int, rngs: tuple[Rng, int]) -> list[Harmony]:
    """Choose one progression per kind of section; the other take (``rngs``: order, take) chooses others."""
    rng, take = rngs
    chosen: dict[str, list[list[str]]] = {}
    pools = style.harmony[key.family]
    result: list[Harmony] = []
    for kind in _STAND_IN:
        name = next((n for n in _STAND_IN[kind] if n in pools), "verse")
        pool = Rng(rng.bits(), name).shuffled(pools[name]) if name == kind else None
        chosen[kind] = _bars(pool[take % len(pool)]) if pool else []
    for kind, names in _STAND_IN.items():
        chosen[kind] = chosen[kind] or next(chosen[n] for n in (*names, "verse") if chosen.get(n))
    for place, section in enumerate(sections):
        last = place == len(sections) - 1
        made = _section(section, chosen[section.kind], key, steps, style.ending[key.family] if last else "")
        result.append(_homeward(made, section, key, steps) if last else made)
    return result


def _homeward(harmony: Harmony, section: Section, key: Key, steps: int) -> Harmony:
    """The song's last bars: where there is room the dominant comes before the last chord, which lasts two bars."""
    if section.bars < _ROOM_TO_CLOSE:
        return harmony
    last = harmony.spans[-1]
    home, away = (section.bars - 2) * steps, (section.bars - 3) * steps
    dominant = chord_of("V7" if len(last.chord.intervals) > 3 else "V", key)
    if len(last.chord.intervals) == 2:
        dominant = chord_of("V5", key)
    kept = [Span(s.start, min(s.end, away), s.chord) for s in harmony.spans if s.start < away]
    return Harmony((*kept, Span(away, home, dominant), Span(home, last.end, last.chord)))


def looped(harmony: Harmony, length: int) -> Harmony:
    """A section's chords over ``length`` steps: from the start again, or cut."""
    whole = harmony.spans[-1].end
    return Harmony(
        tuple(
            Span(span.start + base, min(length, span.end + base), span.chord)
            for base in range(0, length, whole)
            for span in harmony.spans
            if span.start + base < length
        )
    )


def _bars(line: str) -> list[list[str]]:
    return [bar.split(",") for bar in line.split()]


def _section(section: Section, bars: list[list[str]], key: Key, steps: int, ending: str) -> Harmony:
    spans: list[Span] = []
    for bar in range(section.bars):
        symbols = bars[bar % len(bars)]
        if ending and bar == section.bars - 1:
            symbols = [ending]
        cuts = [bar * steps + steps * i // len(symbols) // 2 * 2 for i in range(len(symbols))] + [(bar + 1) * steps]
        for symbol, (start, end) in zip(symbols, pairwise(cuts), strict=True):
            spans.append(Span(start, end, chord_of(symbol, key)))
    return Harmony(tuple(spans))


def voice(chord: Chord, kind: str, low: int, high: int, before: tuple[int, ...]) -> tuple[int, ...]:
    """Pitches of a chord between ``low`` and ``high``, near to those ``before``.

    Kinds: ``close``, ``open`` (wide), ``rootless`` (third and seventh lead), ``triad``, ``power``
    (root, fifth, octave), ``octave``, ``root``, ``guitar`` (as strings lie).
    """
    fixed = _FIXED.get(kind)
    if fixed:
        root = lowest_from(chord.root, low)
        return tuple(root + step for step in fixed(chord) if root + step <= high + 12)
    classes = _classes(chord, kind)
    best: tuple[float, tuple[int, ...]] | None = None
    places = [[p for p in range(low, high + 1) if p % 12 == c] or [lowest_from(c, low)] for c in classes]
    for choice in product(*places):
        pitches = tuple(sorted(choice))
        cost = _cost(pitches, kind, (low + high) / 2, before)
        if best is None or cost < best[0]:
            best = (cost, pitches)
    return best[1] if best else (lowest_from(chord.root, low),)


def _power(chord: Chord) -> tuple[int, ...]:
    return 0, (6 if 6 in chord.intervals else 7), 12


def _octave(_: Chord) -> tuple[int, ...]:
    return 0, 12


def _root(_: Chord) -> tuple[int, ...]:
    return (0,)


def _guitar(chord: Chord) -> tuple[int, ...]:
    third = chord.intervals[1] if len(chord.intervals) > 2 else 7
    top = (12 + third,) if third != 7 else ()
    return (0, 7, 12, *top, 19)


_FIXED: dict[str, Callable[[Chord], tuple[int, ...]]] = {
    "power": _power,
    "octave": _octave,
    "root": _root,
    "guitar": _guitar,
}


def _classes(chord: Chord, kind: str) -> tuple[int, ...]:
    tones = chord.tones
    if kind == "triad":
        return tones[:3]
    if kind == "rootless" and len(tones) > 3:
        return tones[1:5]
    return tones if len(tones) <= 4 else (tones[0], tones[1], *tones[3:5])


def _cost(pitches: tuple[int, ...], kind: str, middle: float, before: tuple[int, ...]) -> float:
    gaps = [b - a for a, b in pairwise(pitches)]
    cost = abs(sum(pitches) / len(pitches) - middle) * 0.2
    cost += sum(8.0 for gap in gaps if gap == 0) + sum(1.5 for gap in gaps if gap == 1)
    cost += sum(max(0, gap - 9) for gap in gaps) * 0.8
    cost += abs(pitches[-1] - pitches[0] - (17 if kind == "open" else 10)) * 0.12
    # muddy seconds and thirds do not belong in the low register
    cost += sum(2.0 for pitch, gap in zip(pitches, gaps, strict=False) if pitch < 52 and gap < 5)
    if before:
        cost += sum(min(abs(p - q) for q in before) for p in pitches) * 0.6
        cost += abs(pitches[-1] - before[-1]) * 0.4
    return cost
