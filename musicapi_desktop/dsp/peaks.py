"""Waveform peaks: lowest and highest sample per bin, over all channels, and their pyramid.

Peaks travel as ``(bins, 2) int8`` (lowest, highest), ±127 is full scale, rounded away from zero so that
a single loud sample never vanishes.
"""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from .types import Samples, Words

BIN = 256
"""Frames per bin of the finest level."""

PeakPairs = NDArray[np.int8]


class PeakBuilder:
    """Collects peaks of a stream fed in blocks of any size. ``scale`` is the value of full scale in the input."""

    def __init__(self, scale: float = 1.0) -> None:
        self._factor = 127.0 / scale
        self._low: list[NDArray[np.float32]] = []
        self._high: list[NDArray[np.float32]] = []
        self._rest: Samples | Words | None = None

    def add(self, samples: Samples | Words) -> None:
        """Measure ``(frames, channels)`` more, float32 or int16."""
        if self._rest is not None and len(self._rest):
            samples = cast("Samples | Words", np.concatenate((self._rest, samples)))
        whole = len(samples) - len(samples) % BIN
        if whole:
            low, high = extremes(samples[:whole])
            self._low.append(low.astype(np.float32))
            self._high.append(high.astype(np.float32))
        self._rest = samples[whole:].copy()

    def pairs(self) -> PeakPairs:
        """Return the peaks of everything added: ``(bins, 2) int8``; the last bin may cover fewer frames."""
        low, high = list(self._low), list(self._high)
        if self._rest is not None and len(self._rest):
            low.append(np.array([self._rest.min()], np.float32))
            high.append(np.array([self._rest.max()], np.float32))
        if not low:
            return np.zeros((0, 2), np.int8)
        return np.stack((self._small(np.concatenate(low)), self._small(np.concatenate(high))), axis=1)

    def _small(self, values: NDArray[np.float32]) -> PeakPairs:
        scaled = values * np.float32(self._factor)
        return np.clip(np.copysign(np.ceil(np.abs(scaled)), scaled), -127, 127).astype(np.int8)


def extremes(samples: Samples | Words) -> tuple[NDArray[np.generic], NDArray[np.generic]]:
    """Lowest and highest value of each ``BIN`` frames of ``(k·BIN, channels)``, by a tree of halvings."""
    # A tree of elementwise minima keeps to SIMD; reshaping and reducing the short axis is 20 times slower.
    flat = np.ascontiguousarray(samples).reshape(-1)
    width = BIN * samples.shape[1]
    bins = flat.reshape(-1, width)
    low = high = bins
    while width > 1:
        half = width // 2
        if width % 2:
            return low.min(axis=1), high.max(axis=1)
        low = np.minimum(low[:, :half], low[:, half:width])
        high = np.maximum(high[:, :half], high[:, half:width])
        width = half
    return low[:, 0], high[:, 0]


def pyramid(pairs: PeakPairs, levels: int = 4, step: int = 4) -> list[PeakPairs]:
    """Return the peaks at ``BIN``, ``BIN·step``, ``BIN·step²`` … frames per bin."""
    out = [pairs]
    for _ in range(levels - 1):
        out.append(_reduced(out[-1], np.arange(0, len(out[-1]), step)))
    return out


def columns(pairs: PeakPairs, count: int, first: float = 0.0, last: float | None = None) -> PeakPairs:
    """Return ``(count, 2) int8``: the peaks of bins ``first`` to ``last`` (may be fractions) in ``count`` columns."""
    end = float(len(pairs)) if last is None else last
    if count <= 0 or not len(pairs) or end <= first:
        return np.zeros((max(0, count), 2), np.int8)
    edges = np.floor(np.linspace(first, end, count, endpoint=False)).astype(np.intp)
    inside = (edges >= 0) & (edges < len(pairs))
    stop = min(len(pairs), max(int(np.ceil(end)), 1))
    out = np.zeros((count, 2), np.int8)
    if inside.any():
        out[inside] = _reduced(pairs[:stop], np.minimum(edges[inside], stop - 1))
    return out


def overview(pairs: PeakPairs, count: int = 200) -> bytes:
    """Return ``count`` bytes for a mini waveform: the largest magnitude per column, 255 is full scale."""
    small = columns(pairs, count).astype(np.int16)
    height = np.maximum(small[:, 1], -small[:, 0]).astype(np.int32)
    return np.minimum(255, (height * 255 + 63) // 127).astype(np.uint8).tobytes()


def _reduced(pairs: PeakPairs, edges: NDArray[np.intp]) -> PeakPairs:
    if not len(edges):
        return np.zeros((0, 2), np.int8)
    low = np.minimum.reduceat(pairs[:, 0], edges)
    high = np.maximum.reduceat(pairs[:, 1], edges)
    return np.stack((low, high), axis=1)
