"""A metronome on the beats of the song: short tones added to what comes out, whatever the speed and the key."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from musicapi_desktop.dsp.types import Samples

_RATE = 48_000
_LENGTH = 1440
_DECAY = 260.0
_HERTZ = (1000.0, 1500.0)
_LEAST_BEAT = _RATE // 10
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Metronome:
    """Beats in frames of the song, in order, and which of them begin a bar of ``bar`` beats."""

    frames: tuple[int, ...]
    accents: tuple[bool, ...]
    bar: int

    def lead(self, at: int) -> int:
        """Return the length in frames of the bar before ``at``."""
        index = min(max(1, bisect_left(self.frames, at)), len(self.frames) - 1)
        return self.bar * max(_LEAST_BEAT, self.frames[index] - self.frames[index - 1])


class Run(NamedTuple):
    """Frames of a block that are one run of the song: ``start`` in the block, from ``at`` on, at ``speed``."""

    start: int
    length: int
    at: float
    speed: float


class Tick(NamedTuple):
    """A click that sounds: which, at what linear level, and how much of it was heard."""

    accent: bool
    level: float
    age: int = 0


def metronome(beats: Sequence[float], bar: int, first: int = 0) -> Metronome | None:
    """Return beats at these seconds as a metronome; the ``first`` of them begins a bar. None for fewer than two.

    The beats go on by the bar before the first and after the last, so that a song can be counted in.
    """
    if len(beats) < 2:
        return None
    before, after = beats[1] - beats[0], beats[-1] - beats[-2]
    more = 2 * bar
    times = [
        *(beats[0] - before * n for n in range(more, 0, -1)),
        *beats,
        *(beats[-1] + after * n for n in range(1, more + 1)),
    ]
    accents = tuple((number - more - first) % bar == 0 for number in range(len(times)))
    return Metronome(tuple(round(time * _RATE) for time in times), accents, bar)


def clicked(out: Samples, ticks: Sequence[Tick], runs: Sequence[Run], beats: Metronome, level: float) -> list[Tick]:
    """Add what still sounds, and the beats of ``runs`` at a linear level, to ``out (n, 2)``; return what goes on."""
    left: list[Tick] = []
    for tick in ticks:
        left.extend(_added(out, 0, tick))
    for run in runs:
        for start, accent in _due(beats, run):
            left.extend(_added(out, start, Tick(accent, level)))
    return left


def _due(beats: Metronome, run: Run) -> list[tuple[int, bool]]:
    """Beats of a run: where in the block they sound, and whether they begin a bar."""
    last = run.at + run.length * run.speed
    found: list[tuple[int, bool]] = []
    for index in range(bisect_left(beats.frames, run.at - _ROUNDING), len(beats.frames)):
        beat = beats.frames[index]
        if beat >= last - _ROUNDING:
            break
        start = run.start + min(run.length - 1, max(0, int((beat - run.at) / run.speed)))
        found.append((start, beats.accents[index]))
    return found


def _added(out: Samples, start: int, tick: Tick) -> list[Tick]:
    sound = _SOUNDS[tick.accent][tick.age : tick.age + len(out) - start]
    out[start : start + len(sound)] += (sound * np.float32(tick.level))[:, None]
    age = tick.age + len(sound)
    return [tick._replace(age=age)] if age < _LENGTH else []


def _sound(hertz: float) -> Samples:
    time = np.arange(_LENGTH)
    rise = np.minimum(1.0, (time + 1) / 24)
    fall = np.minimum(1.0, (_LENGTH - time - 1) / 96)
    return (np.sin(2 * np.pi * hertz * time / _RATE) * np.exp(-time / _DECAY) * rise * fall).astype(np.float32)


_SOUNDS = tuple(_sound(hertz) for hertz in _HERTZ)
