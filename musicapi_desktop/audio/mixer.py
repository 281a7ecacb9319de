"""The arithmetic of one block: gather, one matrix product, ramps, meters."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from musicapi_desktop.dsp.types import Samples

from .track import BLOCK, Gains, Mix, Ranges, Track

RAMP = 480
"""Frames over which a gain reaches its new value: 10 ms."""

_NO_RANGES: Ranges = {}
_highest, _lowest = np.maximum.reduce, np.minimum.reduce
_HALF_PI = np.float32(np.pi / 2)


class Levels(NamedTuple):
    """What the meters show of one block, linear: peak and RMS by row of the track, and left and right of the sum."""

    peaks: NDArray[np.float32]
    squares: NDArray[np.float32]
    left: float
    right: float


class Mixer:
    """Mixes segments of up to ``block`` frames. Owns its memory; one caller."""

    def __init__(self, block: int = BLOCK) -> None:
        self.block = block
        self.ramp: Samples = np.minimum((np.arange(block, dtype=np.float32) + 1) / RAMP, 1).astype(np.float32)
        self._step: Samples = np.empty(block, np.float32)
        self._voice: Samples = np.empty((block, 2), np.float32)
        self._planes: Samples = np.empty((2, block), np.float32)
        self._angles: Samples = np.arange(block, dtype=np.float32)

    def steady(self, track: Track, first: int, mix: Mix, out: Samples) -> Samples:
        """Mix ``len(out)`` frames from ``first`` at fixed gains into ``out (n, 2)``; return the raw rows."""
        count = len(out)
        raw = track.gather(first, count, mix.ranges or _NO_RANGES)
        mixed = np.matmul(mix.gains.T, raw, out=track.mixed[:2, : 2 * count])
        out[:, 0] = mixed[0, 0::2]
        out[:, 1] = mixed[1, 1::2]
        return raw

    def ramped(self, track: Track, first: int, gains: tuple[Gains, Mix], out: Samples, offset: int) -> Samples:
        """Mix into ``out`` while the gains go from the first to those of the mix; ``offset`` frames into the ramp."""
        old, mix = gains
        count = len(out)
        raw = track.gather(first, count, mix.ranges or _NO_RANGES)
        matrix = track.matrix
        matrix[:2] = old.T
        np.subtract(mix.gains.T, matrix[:2], out=matrix[2:])
        mixed = np.matmul(matrix, raw, out=track.mixed[:, : 2 * count])
        ramp, step = self.ramp[offset : offset + count], self._step[:count]
        for side in (0, 1):
            np.multiply(mixed[2 + side, side::2], ramp, out=step)
            np.add(step, mixed[side, side::2], out=out[:, side])
        return raw

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

    def scratch(self, count: int) -> Samples:
        """Memory for one more voice of ``count`` frames."""
        return self._voice[:count]


def row_levels(raw: Samples, gains: Gains) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Peak and mean square of each row after its (larger) gain."""
    gain = np.maximum(gains[:, 0], gains[:, 1])
    peaks = np.maximum(_highest(raw, axis=1), -_lowest(raw, axis=1))
    peaks *= gain
    squares = np.vecdot(raw, raw)
    squares *= gain
    squares *= gain
    squares /= max(1, raw.shape[1])
    return peaks, squares
