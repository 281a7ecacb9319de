"""What is mixed: a set of sources on one clock, and the gains that the controls compile to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from musicapi_desktop.domain.mix import MixState, gain_of
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


@dataclass(frozen=True, slots=True, eq=False)
class Mix:
    """A compiled mix: gains by row, muted ranges, and whether both sides carry the same."""

    gains: Gains
    mono: bool = False
    ranges: Ranges = field(default_factory=dict[int, tuple[tuple[int, int], ...]])


class Track:
    """Sources by id, all starting at frame 0, and the memory in which they are gathered.

    The feeder (or one export) is the only caller of ``gather``.
    """

    def __init__(self, sources: Mapping[str, Source], block: int = BLOCK) -> None:
        self.ids = tuple(sources)
        self.sources = tuple(sources.values())
        self.block = block
        self.raw: Samples = np.zeros((len(self.sources), 2 * block), np.float32)
        self.mixed: Samples = np.empty((4, 2 * block), np.float32)
        self.matrix: Samples = np.empty((4, len(self.sources)), np.float32)
        self._pairs: Samples = self.raw.reshape(len(self.sources), block, 2)
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

    def playable(self, first: int, last: int) -> bool:
        """Return whether frames up to ``last`` may be read. ``first`` may be negative: silence before the start."""
        return self._complete or last <= self.ready or first >= self.frames

    def gather(self, first: int, count: int, ranges: Ranges) -> Samples:
        """Fill and return ``(sources, 2·count) float32`` with the raw words from ``first`` on; zeros outside."""
        pairs = self._pairs
        for row, source in enumerate(self.sources):
            words = source.words
            if first >= 0:
                part = words[first : first + count]
                got = len(part)
                pairs[row, :got] = part
                if got < count:
                    pairs[row, got:count] = 0.0
            else:
                lead = min(count, -first)
                pairs[row, :lead] = 0.0
                part = words[: count - lead]
                pairs[row, lead : lead + len(part)] = part
                pairs[row, lead + len(part) : count] = 0.0
        for row, spans in ranges.items():
            for start, end in spans:
                _silence(pairs[row, :count], first, start, end)
        return self.raw[:, : 2 * count]

    def compile(self, state: MixState, match: float = 0.0, ranges: Mapping[str, Sequence[tuple[int, int]]] = {}) -> Mix:
        """Return ``state`` for these sources. ``match`` in dB is added to all of them."""
        gains = np.array([state.gains(name) for name in self.ids], np.float32).reshape(-1, 2)
        units = np.array([source.unit for source in self.sources], np.float32).reshape(-1, 1)
        level = np.float32(gain_of(match) * gain_of(state.master))
        rows = {self.ids.index(name): tuple(spans) for name, spans in ranges.items() if name in self.ids and spans}
        return Mix(gains * units * level, state.mono, rows)

    def unity(self, match: float = 0.0) -> Mix:
        """Return all sources as they are, ``match`` dB added."""
        return self.compile(MixState(), match)


def _silence(pairs: Samples, first: int, start: int, end: int) -> None:
    """Mute ``start`` to ``end`` in ``(frames, 2)`` that begin at ``first``, closing and opening over EDGE frames."""
    low, high = max(0, start - first), min(len(pairs), end - first)
    if low >= high:
        return
    at = np.arange(first + low, first + high, dtype=np.float32)
    distance = np.minimum(at - np.float32(start), np.float32(end) - at) / np.float32(EDGE)
    pairs[low:high] *= np.clip(1.0 - distance, 0.0, 1.0)[:, None]
