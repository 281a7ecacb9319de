"""What is mixed: a set of sources on one clock, and the gains that the controls compile to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from musicapi_desktop.domain.mix import MixState, gain_of
from musicapi_desktop.domain.units import RATE
from musicapi_desktop.dsp.types import Samples

from .sources import Source

BLOCK = 512
"""Frames mixed at a time by the feeder: 10.7 ms."""

EDGE = 240
"""Frames over which a muted range closes and opens: 5 ms."""

Gains = NDArray[np.float32]
"""``(sources, 2) float32``: left and right gain from a source's words to the output."""

Ranges = Mapping[int, tuple[tuple[int, int], ...]]
"""Muted ranges in frames by the row of the source."""


Spans = Mapping[str, Sequence[tuple[int, int]]]
"""Muted ranges in frames by the id of the source."""

NO_SPANS: Spans = {}

ORIGINAL = ""
"""Id of the full mix beside its stems."""


@dataclass(frozen=True, slots=True, eq=False)
class Mix:
    """A compiled mix: gains by row, muted ranges, and whether both sides carry the same.

    ``centred`` are the gains of either side where they are equal, None where a balance parts them.
    """

    gains: Gains
    mono: bool = False
    ranges: Ranges = field(default_factory=dict[int, tuple[tuple[int, int], ...]])
    centred: Samples | None = field(init=False)

    def __post_init__(self) -> None:
        left, right = self.gains.T
        object.__setattr__(self, "centred", np.ascontiguousarray(left) if np.array_equal(left, right) else None)


class Track:
    """Sources by id, all starting at frame 0, and the memory in which they are gathered, a row each.

    The feeder (or one export) is the only caller of ``gather``.
    """

    def __init__(self, sources: Mapping[str, Source], block: int = BLOCK) -> None:
        self.ids = tuple(sources)
        self.sources = tuple(sources.values())
        self.block = block
        self._rows: Samples = np.zeros((len(self.sources), 2 * block), np.float32)
        # views are made once: twelve of them in each block would cost as much as the arithmetic
        self._pairs = [row.reshape(block, 2) for row in self._rows]
        self.matrix: Samples = np.empty((2, 2, len(self.sources)), np.float32)
        self._complete = False
        self.frames = 0
        self.ready = 0
        self.refresh()

    def refresh(self) -> None:
        """Take in how far the sources have come. Called by whoever decodes, after each step."""
        self.frames = max((source.frames for source in self.sources), default=0)
        waiting = [source.ready for source in self.sources if not source.complete]
        if waiting:
            self.ready = min(waiting)
        else:
            self._complete = True

    def expect(self, at: int) -> None:
        """Let what follows ``at`` be read ahead for all sources at once: a cold disk answers one after the other."""
        for source in self.sources:
            source.expect(at, RATE // 4)

    def playable(self, first: int, last: int) -> bool:
        """Return whether frames up to ``last`` may be read. ``first`` may be negative: silence before the start."""
        return self._complete or last <= self.ready or first >= self.frames

    def gather(self, first: int, count: int, ranges: Ranges) -> Samples:
        """Return ``(sources, 2 · count) float32``: the words from ``first`` on, left and right in turn, 0 outside."""
        if first >= 0:
            last = first + count
            for pairs, source in zip(self._pairs, self.sources, strict=True):
                part = source.words[first:last]
                got = len(part)
                if got == self.block:
                    pairs[:] = part
                else:
                    pairs[:got] = part
                    pairs[got:count] = 0.0
        else:
            self._gather_before(first, count)
        for row, spans in ranges.items():
            for start, end in spans:
                silence(self._pairs[row][:count].T, first, start, end)
        return self._rows if count == self.block else self._rows[:, : 2 * count]

    def _gather_before(self, first: int, count: int) -> None:
        """Gather across the start of the song."""
        lead = min(count, -first)
        self._rows[:, : 2 * count] = 0.0
        for pairs, source in zip(self._pairs, self.sources, strict=True):
            part = source.words[: count - lead]
            pairs[lead : lead + len(part)] = part

    def compile(self, state: MixState, match: float = 0.0, *, original: bool = False, ranges: Spans = NO_SPANS) -> Mix:
        """Return ``state`` for these sources, all of them ``match`` dB louder.

        A source called ORIGINAL is the whole mix: heard alone with ``original``, else not at all.
        """
        stems = (0.0, 0.0) if original else None
        rows = [_original_gains(original) if name == ORIGINAL else stems or state.gains(name) for name in self.ids]
        level = gain_of(match) * gain_of(state.master)
        units = np.array([source.unit * level for source in self.sources], np.float32).reshape(-1, 1)
        muted = {self.ids.index(name): tuple(spans) for name, spans in ranges.items() if name in self.ids and spans}
        return Mix(np.array(rows, np.float32).reshape(-1, 2) * units, state.mono, muted)

    def alone(self, match: float = 0.0) -> Mix:
        """Return all sources as they are, ``match`` dB louder."""
        units = np.array([source.unit * gain_of(match) for source in self.sources], np.float32)
        return Mix(np.repeat(units.reshape(-1, 1), 2, axis=1))


def _original_gains(heard: bool) -> tuple[float, float]:
    return (1.0, 1.0) if heard else (0.0, 0.0)


def silence(sides: Samples, first: int, start: int, end: int) -> None:
    """Mute ``start`` to ``end`` in ``(2, frames)`` that begin at ``first``, closing and opening over EDGE frames."""
    low, high = max(0, start - first), min(sides.shape[1], end - first)
    if low >= high:
        return
    at = np.arange(first + low, first + high, dtype=np.float32)
    distance = np.minimum(at - np.float32(start), np.float32(end) - at) / np.float32(EDGE)
    sides[:, low:high] *= np.clip(1.0 - distance, 0.0, 1.0)
