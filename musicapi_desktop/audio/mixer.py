"""The arithmetic of one block: gather, one matrix product, ramps, meters."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from musicapi_desktop.dsp.types import Samples

from .track import BLOCK, Gains, Mix, Track

RAMP = 480
"""Frames over which a gain reaches its new value: 10 ms."""

_highest = np.maximum.reduce
_HALF_PI = np.float32(np.pi / 2)


class Levels(NamedTuple):
    """What the meters show of one block, linear: peaks as ``(rows, 2)``, and those of the sum."""

    peaks: Samples
    left: float
    right: float


class Mixer:
    """Mixes segments of up to ``block`` frames. Owns its memory; one caller."""

    def __init__(self, block: int = BLOCK) -> None:
        self.block = block
        self.ramp: Samples = np.minimum((np.arange(block, dtype=np.float32) + 1) / RAMP, 1).astype(np.float32)
        self._steps: Samples = np.repeat(self.ramp, 2)
        self._mixed: Samples = np.empty((4, 2 * block), np.float32)
        self._ramped: Samples = np.empty((2, block), np.float32)
        self._blend: Samples = np.empty((block, 2), np.float32)
        self._voice: Samples = np.empty((block, 2), np.float32)
        self._work: Samples = np.empty((2, 0, block), np.float32)
        self._angles: Samples = np.arange(block, dtype=np.float32)

    def steady(self, track: Track, first: int, mix: Mix, out: Samples) -> Samples:
        """Mix ``len(out)`` frames from ``first`` at fixed gains into ``out (n, 2)``; return what was gathered."""
        rows = track.gather(first, len(out), mix.ranges)
        if mix.centred is not None and out.flags.c_contiguous:
            np.matmul(mix.centred, rows, out=out.reshape(-1))
            return rows
        mixed = np.matmul(mix.gains.T, rows, out=self._mixed[:2, : rows.shape[1]])
        out[:, 0] = mixed[0, 0::2]
        out[:, 1] = mixed[1, 1::2]
        return rows

    def ramped(self, track: Track, first: int, mixes: tuple[Mix, Mix], out: Samples, offset: int) -> Samples:
        """Mix into ``out`` while the gains go from one mix to the other; ``offset`` frames into the ramp."""
        old, mix = mixes
        count = len(out)
        rows = track.gather(first, count, mix.ranges)
        if old.centred is not None and mix.centred is not None and out.flags.c_contiguous:
            # one product serves both sides, in turn as they lie
            gains = track.matrix[0]
            gains[0], gains[1] = old.centred, mix.centred - old.centred
            mixed = np.matmul(gains, rows, out=self._mixed[:2, : rows.shape[1]])
            mixed[1] *= self._steps[2 * offset : 2 * (offset + count)]
            np.add(mixed[0], mixed[1], out=out.reshape(-1))
            return rows
        both = track.matrix
        both[:, 0] = old.gains.T
        np.subtract(mix.gains.T, both[:, 0], out=both[:, 1])
        mixed = np.matmul(both.reshape(4, -1), rows, out=self._mixed[:, : rows.shape[1]])
        ramp, work = self.ramp[offset : offset + count], self._ramped[:, :count]
        for side in (0, 1):
            # the rows of a side are its sound at the old gains and what the ramp adds
            np.multiply(mixed[2 * side + 1, side::2], ramp, out=work[side])
            np.add(mixed[2 * side, side::2], work[side], out=out[:, side])
        return rows

    def blended(self, track: Track, first: int, mixes: tuple[Mix, Mix], out: Samples, offset: int) -> Samples:
        """Do what ``ramped`` does where the muted ranges change as well."""
        count = len(out)
        self.steady(track, first, mixes[0], out)
        new = self._blend[:count]
        rows = self.steady(track, first, mixes[1], new)
        new -= out
        new *= self.ramp[offset : offset + count, None]
        out += new
        return rows

    def faded(self, part: Samples, angle: float, slope: float) -> None:
        """Multiply ``part (n, 2)`` by sin(angle + slope·i), the angle held between 0 and π/2: equal-power fades."""
        curve = self._angles[: len(part)] * np.float32(slope)
        curve += np.float32(angle + slope)
        np.clip(curve, 0.0, _HALF_PI, out=curve)
        np.sin(curve, out=curve)
        part *= curve[:, None]

    def narrowed(self, out: Samples, old: float, new: float) -> None:
        """Bring both sides together: 0 leaves the stereo, 1 gives each side the middle; ramped in between."""
        middle = (out[:, 0] + out[:, 1]) * np.float32(0.5)
        amount = np.float32(old) + self.ramp[: len(out)] * np.float32(new - old)
        out += (middle[:, None] - out) * amount[:, None]

    def scaled(self, out: Samples, old: float, new: float) -> None:
        """Apply a linear gain, ramped where it changes."""
        if old != new:
            out *= (np.float32(old) + self.ramp[: len(out)] * np.float32(new - old))[:, None]
        elif new != 1.0:
            out *= np.float32(new)

    def sides(self, out: Samples) -> tuple[float, float]:
        """Peak of the left and of the right side."""
        left, right = self._peaks(out.reshape(1, -1))[0].tolist()
        return left, right

    def levels(self, rows: Samples, gains: Gains) -> Samples:
        """Peaks, ``(rows, 2)``, of what a mix gathered, after its gains."""
        return self._peaks(rows) * gains

    def _peaks(self, rows: Samples) -> Samples:
        """Largest magnitude of both sides of ``(rows, 2 · n)``: ``(rows, 2)``."""
        count, size = len(rows), rows.shape[1] // 2
        if self._work.shape[1] < count:
            self._work = np.empty((2, count, self.block), np.float32)
        # sides are parted on the way: the largest of a strided row is found one by one
        apart = np.abs(rows.reshape(count, size, 2).transpose(2, 0, 1), out=self._work[:, :count, :size])
        return _highest(apart, axis=2).T

    def scratch(self, count: int) -> Samples:
        """Memory for one more voice of ``count`` frames."""
        return self._voice[:count]
