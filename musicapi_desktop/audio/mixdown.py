"""Mixing files into a file: the same gains as playing, from the originals instead of the decoded cache."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from musicapi_desktop.domain.mix import MixState, gain_of
from musicapi_desktop.domain.units import RATE
from musicapi_desktop.dsp.loudness import LoudnessMeter, TruePeakMeter
from musicapi_desktop.dsp.types import Samples
from musicapi_desktop.dsp.writer import Encoding, Writer

from .strands import Strand, open_strand
from .track import silence

_BLOCK = 16384


Fill = Callable[[], int]
Together = Callable[[Sequence[Fill]], Sequence[int]]
"""Runs independent pieces of work, perhaps on several cores, and returns their results in order."""


def in_turn(works: Sequence[Fill]) -> Sequence[int]:
    """Run one after the other."""
    return [work() for work in works]


class MixdownCancelled(Exception):
    """The caller asked to stop."""


@dataclass(frozen=True, slots=True)
class Input:
    """A file of the mix: its linear left and right gain, and the ranges in frames where it is muted."""

    path: Path
    gains: tuple[float, float] = (1.0, 1.0)
    muted: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """What to write. ``span`` in frames at RATE, None for everything; ``frames`` pads or cuts to a length."""

    inputs: tuple[Input, ...]
    encoding: Encoding
    mono: bool = False
    span: tuple[int, int] | None = None
    frames: int | None = None
    measure: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """What was written: loudness in LUFS and true peak in dBTP (None for silence, or where nobody asked)."""

    frames: int
    loudness: float | None
    true_peak: float | None
    clipped: int


def inputs_of(state: MixState, files: Sequence[tuple[str, Path]], match: float = 0.0) -> tuple[Input, ...]:
    """Return the inputs that make ``state`` audible, from (stem id, path); silent ones are left out."""
    level = gain_of(state.master) * gain_of(match)
    gains = [(path, state.gains(stem_id)) for stem_id, path in files]
    return tuple(Input(path, (left * level, right * level)) for path, (left, right) in gains if left or right)


def mix_down(order: Order, target: Path, cancelled: Callable[[], bool], together: Together = in_turn) -> Report:
    """Write ``order`` to ``target``, which is overwritten. Raises AudioUnreadable, DiskError, MixdownCancelled."""
    strands: list[Strand] = []
    try:
        for part in order.inputs:
            strands.append(open_strand(part.path))
        return _Mixdown(order, strands, together).write(target, cancelled)
    finally:
        for strand in strands:
            strand.close()


class _Mixdown:
    def __init__(self, order: Order, strands: list[Strand], together: Together) -> None:
        self._order = order
        self._together = together
        self._strands = strands
        self._first = order.span[0] if order.span else 0
        self._last = order.span[1] if order.span else order.frames
        self._raw: Samples = np.zeros((len(strands), 2 * _BLOCK), np.float32)
        self._out: Samples = np.zeros((_BLOCK, 2), np.float32)
        self._other: Samples = np.zeros((_BLOCK, 2), np.float32)
        units = np.array([strand.unit for strand in strands], np.float64).reshape(-1, 1)
        gains = np.array([part.gains for part in order.inputs], np.float64).reshape(-1, 2)
        self._gains: Samples = np.ascontiguousarray((gains * units).T, np.float32)
        self._centred = bool(np.array_equal(self._gains[0], self._gains[1]))
        self._loudness, self._peak = LoudnessMeter(RATE), TruePeakMeter(RATE, 2)

    def write(self, target: Path, cancelled: Callable[[], bool]) -> Report:
        order, at = self._order, self._first
        for strand in self._strands:
            strand.skip(at)
        with Writer(target, RATE, 2, order.encoding, dither=order.encoding.bits == 16) as writer:
            mixed: Samples | None = None
            while self._last is None or at < self._last:
                if cancelled():
                    raise MixdownCancelled
                mixed = self._block(at, partial(self._put, writer, mixed))
                if not len(mixed):
                    break
                at += len(mixed)
            self._put(writer, mixed)
        return self._report(at - self._first, writer.clipped)

    def _block(self, at: int, meanwhile: Fill) -> Samples:
        """Read and mix the next block, while the one before is encoded."""
        wanted = _BLOCK if self._last is None else min(_BLOCK, self._last - at)
        rows = [self._raw[row, : 2 * wanted].reshape(wanted, 2) for row in range(len(self._strands))]
        fills = [partial(strand.fill, pairs) for strand, pairs in zip(self._strands, rows, strict=True)]
        there = max(self._together([meanwhile, *fills])[1:], default=0)
        for part, pairs in zip(self._order.inputs, rows, strict=True):
            for start, end in part.muted:
                silence(pairs.T, at, start, end)
        count = there if self._last is None else wanted
        return self._summed(count)

    def _put(self, writer: Writer, mixed: Samples | None) -> int:
        if mixed is not None and len(mixed):
            writer.write(mixed)
            self._measure(mixed)
        return 0

    def _summed(self, count: int) -> Samples:
        # what was mixed before is still being written
        self._out, self._other = self._other, self._out
        out, raw = self._out[:count], self._raw[:, : 2 * count]
        if not len(raw):
            out[:] = 0.0
        elif self._centred:
            # Both sides have the same gains: the interleaved rows can be summed as they are.
            np.matmul(self._gains[0], raw, out=out.reshape(-1))
        else:
            both = np.matmul(self._gains, raw)
            out[:, 0], out[:, 1] = both[0, 0::2], both[1, 1::2]
        if self._order.mono:
            out[:] = out.mean(axis=1, keepdims=True)
        return out

    def _measure(self, block: Samples) -> None:
        if self._order.measure:
            self._loudness.add(block)
            self._peak.add(block)

    def _report(self, frames: int, clipped: int) -> Report:
        if not self._order.measure:
            return Report(frames, None, None, clipped)
        loudness, peak = self._loudness.integrated(), self._peak.decibels()
        return Report(
            frames, loudness if math.isfinite(loudness) else None, peak if math.isfinite(peak) else None, clipped
        )
