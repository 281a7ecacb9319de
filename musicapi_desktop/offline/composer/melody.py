"""Melodies: rhythm, then pitch, each the best path through a small lattice (Viterbi), in plain integers and floats.

A phrase is built on its section's motif: lines 1 and 3, and 2 and 4, share their rhythm's bias, and later lines
lean on the pitches of the line they answer. The same inputs always give the same tune, so a chorus returns as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .harmony import Harmony
from .rng import Rng
from .style import Tune
from .theory import Chord, Key

_HOME = 0.5
"""What the tonic is worth over other tones of the chord: tunes that keep coming home tell their key."""
_NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Tone:
    """A note of a tune: step in its section, length in steps, pitch."""

    step: int
    length: int
    pitch: int


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a phrase stands: its section's harmony, first step, number of steps, and steps of a bar and a beat."""

    harmony: Harmony
    start: int
    steps: int
    bar: int
    beat: int

    def weight(self, step: int) -> float:
        """How strong a place in the bar is, 0-4."""
        place = step % self.bar
        if place == 0:
            return 4.0
        if place % self.beat == 0:
            return 3.0 if place * 2 == self.bar else 2.4
        return 1.0 if place % 2 == 0 else 0.0


@dataclass(frozen=True, slots=True)
class Shape:
    """How a phrase moves: its range, contour (0-3), whether it closes, and what it answers.

    ``after`` is the pitch before it; ``model`` holds (step from the phrase's start, pitch) of the phrase it leans on.
    """

    low: int
    high: int
    contour: int
    closes: bool
    lift: float
    after: int | None = None
    model: tuple[tuple[int, int], ...] = ()


def place_syllables(stresses: Sequence[int], frame: Frame, tune: Tune, rng: Rng) -> list[tuple[int, int]]:
    """Start and length, in steps from the phrase's start, of each syllable."""
    count = len(stresses)
    grid = 2 if count <= frame.steps * 0.34 else 1
    room = frame.steps - (frame.beat if count < frame.steps * 0.4 else 1)
    slots = list(range(0, max(room, count * grid), grid))
    bias = [rng.bell(0.5) for _ in slots]
    # a pick-up rest at the head and room to breathe at the end
    ideal = max(grid, (frame.steps - frame.beat * 1.5) / max(1, count))
    path = _rhythm_path(stresses, slots, bias, (frame, tune, ideal))
    starts = [slots[place] for place in path]
    ends = [*starts[1:], frame.steps - 1]
    longest = frame.beat * 2
    lengths = [max(1, min(end - start, longest)) for start, end in zip(starts, ends, strict=True)]
    return list(zip(starts, lengths, strict=True))


def _rhythm_path(
    stresses: Sequence[int], slots: list[int], bias: list[float], how: tuple[Frame, Tune, float]
) -> list[int]:
    frame, tune, ideal = how
    count, places = len(stresses), len(slots)
    worth = [frame.weight(frame.start + s) * (1 - 0.8 * tune.syncopation * (s % frame.beat == 0)) for s in slots]
    score = [[_NEVER] * places for _ in range(count)]
    back = [[0] * places for _ in range(count)]
    for place in range(min(places, 1 + frame.beat // max(1, slots[1] - slots[0] if places > 1 else 1))):
        score[0][place] = _fit(stresses[0], worth[place]) + bias[place] - 0.2 * slots[place]
    for note in range(1, count):
        wanted = ideal * (1.2 if stresses[note - 1] == 2 else 0.85)
        for place in range(note, places):
            here = _fit(stresses[note], worth[place]) + bias[place]
            best, source = _NEVER, 0
            for earlier in range(max(note - 1, place - 12), place):
                apart = slots[place] - slots[earlier] - wanted
                total = score[note - 1][earlier] - 0.12 * apart * apart
                if total > best:
                    best, source = total, earlier
            score[note][place] = best + here
            back[note][place] = source
    place = max(range(places), key=lambda p: score[count - 1][p])
    path = [place]
    for note in range(count - 1, 0, -1):
        place = back[note][place]
        path.append(place)
    return path[::-1]


def _fit(stress: int, weight: float) -> float:
    return weight * (0.8 if stress == 2 else 0.4 if stress == 1 else -0.1)


def pitch_line(rhythm: list[tuple[int, int]], frame: Frame, key: Key, tune: Tune, how: tuple[Shape, Rng]) -> list[Tone]:
    """Pitches for a rhythm: chord tones where it counts, steps between, a contour, and a cadence."""
    shape, rng = how
    steps = key.steps(tune.scale)
    choices = [p for p in range(shape.low, shape.high + 1) if p % 12 in steps]
    strong = {c for start, _ in rhythm for c in frame.harmony.at(frame.start + start).tones[:3]}
    choices = sorted(set(choices) | {p for p in range(shape.low, shape.high + 1) if p % 12 in strong & key.scale})
    targets = _targets(rhythm, frame, shape)
    rows: list[list[float]] = []
    for index, (start, length) in enumerate(rhythm):
        chord = frame.harmony.at(frame.start + start)
        heavy = frame.weight(frame.start + start) >= 2.4 or length >= frame.beat
        aim = targets[index]
        row = [_worth(pitch, chord, heavy, key) - 0.05 * (pitch - aim) ** 2 + rng.bell(0.35) for pitch in choices]
        if index == len(rhythm) - 1:
            row = [value + _cadence(pitch, chord, key, shape) for value, pitch in zip(row, choices, strict=True)]
        rows.append(row)
    if shape.after is not None:
        rows[0] = [value - 0.03 * (p - shape.after) ** 2 for value, p in zip(rows[0], choices, strict=True)]
    pitches = _pitch_path(rows, choices, 1.0 - 0.6 * tune.leaps)
    return [Tone(frame.start + s, n, p) for (s, n), p in zip(rhythm, pitches, strict=True)]


def _targets(rhythm: list[tuple[int, int]], frame: Frame, shape: Shape) -> list[float]:
    """Where each note would like to lie: on the contour, or where the phrase it answers lay."""
    span = shape.high - shape.low
    middle = shape.low + span * (0.3 + 0.25 * shape.lift)
    model = dict(shape.model)
    targets: list[float] = []
    for start, _ in rhythm:
        at = start / max(1, frame.steps - 1)
        near = min(model, key=lambda s, start=start: abs(s - start), default=None)
        if near is not None and abs(near - start) <= 2:
            targets.append(model[near])
        else:
            targets.append(middle + span * 0.34 * (_contour(shape.contour, at) - 0.4))
    return targets


def _contour(kind: int, at: float) -> float:
    arch = 4.0 * at * (1.0 - at)
    return (arch, 1.0 - at, at, 1.0 - arch)[kind % 4]


def _worth(pitch: int, chord: Chord, heavy: bool, key: Key) -> float:
    tones = chord.tones
    home = _HOME if pitch % 12 == key.tonic else 0.0
    if pitch % 12 in tones[:3]:
        return (2.2 if heavy else 0.6) + home
    if pitch % 12 in tones:
        return 1.3 if heavy else 0.5
    clash = any((pitch - tone) % 12 == 1 for tone in tones)
    outside = pitch % 12 not in key.scale
    return (-1.8 if heavy else 0.0) - (1.2 if clash else 0.0) - (0.6 if outside else 0.0)


def _cadence(pitch: int, chord: Chord, key: Key, shape: Shape) -> float:
    closes = shape.closes
    if closes and pitch % 12 == key.tonic and pitch % 12 in chord.tones[:3]:
        return 3.2
    if pitch % 12 == chord.root:
        return 2.6 if closes else 0.4
    if pitch % 12 == chord.third:
        return 1.4 if closes else 1.8
    return (0.2 if closes else 2.2) if pitch % 12 == chord.fifth else -2.5


def _pitch_path(rows: list[list[float]], choices: list[int], care: float) -> list[int]:
    count = len(choices)
    move = [[_step_worth(abs(a - b), care) for b in choices] for a in choices]
    score = rows[0]
    back: list[list[int]] = []
    for row in rows[1:]:
        sources = [max(range(count), key=lambda a, b=b: score[a] + move[a][b]) for b in range(count)]
        score = [score[sources[b]] + move[sources[b]][b] + row[b] for b in range(count)]
        back.append(sources)
    place = max(range(count), key=lambda p: score[p])
    path = [choices[place]]
    for sources in reversed(back):
        place = sources[place]
        path.append(choices[place])
    return path[::-1]


def _step_worth(size: int, care: float) -> float:
    if size == 0:
        return -0.7
    if size <= 2:
        return 0.1
    if size <= 4:
        return -0.5 * care
    return -(1.3 + 0.1 * size) * care if size <= 7 else -(3.0 + 0.3 * size)
