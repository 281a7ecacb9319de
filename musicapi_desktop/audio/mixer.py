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
    """What the meters show of one block, linear: peak and mean square as ``(2, rows)``, peaks of the sum."""

    peaks: Samples
    squares: Samples
    left: float
    right: float


class Mixer:
    """Mixes segments of up to ``block`` frames. Owns its memory; one caller."""

    def __init__(self, block: int = BLOCK) -> None:
        self.block = block
        self.ramp: Samples = np.minimum((np.arange(block, dtype=np.float32) + 1) / RAMP, 1).astype(np.float32)
        self._mixed: Samples = np.empty((2, 2, block), np.float32)
        self._blend: Samples = np.empty((block, 2), np.float32)
        self._voice: Samples = np.empty((block, 2), np.float32)
        self._work: Samples = np.empty((2, 0, block), np.float32)
        self._planes: Samples = np.empty((2, block), np.float32)
        self._angles: Samples = np.arange(block, dtype=np.float32)

    def steady(self, track: Track, first: int, mix: Mix, out: Samples) -> Samples:
        """Mix ``len(out)`` frames from ``first`` at fixed gains into ``out (n, 2)``; return what was gathered."""
        planes = track.gather(first, len(out), mix.ranges)
        mixed = np.matmul(mix.gains.T[:, None, :], planes, out=self._mixed[:, :1, : len(out)])
        out[:] = mixed[:, 0].T
        return planes

    def ramped(self, track: Track, first: int, mixes: tuple[Mix, Mix], out: Samples, offset: int) -> Samples:
        """Mix into ``out`` while the gains go from one mix to the other; ``offset`` frames into the ramp."""
        old, mix = mixes
        count = len(out)
        planes = track.gather(first, count, mix.ranges)
        both = track.matrix
        both[:, 0] = old.gains.T
        np.subtract(mix.gains.T, both[:, 0], out=both[:, 1])
        mixed = np.matmul(both, planes, out=self._mixed[:, :, :count])
        mixed[:, 1] *= self.ramp[offset : offset + count]
        np.add(mixed[:, 0], mixed[:, 1], out=out.T)
        return planes

    def blended(self, track: Track, first: int, mixes: tuple[Mix, Mix], out: Samples, offset: int) -> Samples:
        """Do what ``ramped`` does where the muted ranges change as well."""
        count = len(out)
        self.steady(track, first, mixes[0], out)
        new = self._blend[:count]
        planes = self.steady(track, first, mixes[1], new)
        new -= out
        new *= self.ramp[offset : offset + count, None]
        out += new
        return planes

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
        planes = self._planes[:, : len(out)]
        np.abs(out.T, out=planes)
        left, right = planes.max(axis=1).tolist()
        return left, right

    def levels(self, planes: Samples, gains: Gains) -> tuple[Samples, Samples]:
        """Peak and mean square, each ``(2, rows)``, of what a mix gathered, after its gains."""
        if self._work.shape[1] < planes.shape[1]:
            self._work = np.empty((2, planes.shape[1], self.block), np.float32)
        magnitudes = np.abs(planes, out=self._work[:, : planes.shape[1], : planes.shape[2]])
        squares = np.vecdot(planes, planes)
        factors = gains.T
        squares *= np.square(factors)
        squares /= planes.shape[2]
        return _highest(magnitudes, axis=2) * factors, squares

    def scratch(self, count: int) -> Samples:
        """Memory for one more voice of ``count`` frames."""
        return self._voice[:count]
