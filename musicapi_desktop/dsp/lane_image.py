"""A waveform as a picture: bars of a stretch of peaks, whole or only their outline."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .peaks import columns

_EPSILON = 1e-6


@dataclass(frozen=True, slots=True)
class Canvas:
    """Size in pixels; every ``step`` pixels stands a bar of ``bar`` pixels."""

    width: int
    height: int
    step: float = 3.0
    bar: float = 2.0


@dataclass(frozen=True, slots=True)
class Brush:
    """How a waveform is drawn. ``gain`` scales its height; colours are 32-bit words, as they stand in the picture.

    An ``outline`` is drawn as a rim of ``line`` around ``inside``.
    """

    gain: float
    line: int
    inside: int = 0
    outline: bool = False


def draw_lane(memory: bytearray, peaks: bytes, part: tuple[float, float], canvas: Canvas, brush: Brush) -> None:
    """Draw into all of ``memory``, four bytes a pixel, row by row; what is free becomes 0.

    ``peaks`` are int8 pairs (lowest, highest) a column, ±127 is full scale; ``part`` is what is shown, from 0 to 1 of
    them. A bar is as high as the widest peak in it, at least one pixel; what would leave the picture is cut off.
    """
    out = np.frombuffer(memory, np.uint32).reshape(canvas.height, canvas.width)
    first, last = (edge * (len(peaks) // 2) for edge in part)
    if not out.size or last <= first:
        out[:] = 0
        return
    bar, gap = _layout(canvas)
    count, height = int(bar[-1]) + 1, canvas.height
    # the last bar may be cut by the edge of the picture, but it is as wide in time as the others
    end = first + (last - first) * count * canvas.step / canvas.width
    scale = np.float32((height / 2 - 1) * max(0.0, brush.gain) / 127.0)
    low, high = _folded(peaks, count, first, end) * scale
    # one byte a pixel and unsigned wrap-around: one comparison over the whole picture instead of two
    kind = np.uint8 if height < np.iinfo(np.uint8).max else np.uint16
    top = np.clip(height // 2 - np.floor(high), 0, height - 1).astype(kind)
    tall = (np.clip(height // 2 + 1 - np.ceil(low), 1, height).astype(kind) - top)[bar]
    if not brush.outline:
        tall[gap] = 0
    inside = (np.arange(height, dtype=kind)[:, None] - top[bar]) < tall
    if brush.outline:
        np.take(np.array((0, brush.line, brush.inside), np.uint32), _rim(inside), out=out, mode="clip")
    else:
        np.multiply(inside.view(np.uint8), np.uint32(brush.line), out=out)


@lru_cache(maxsize=64)
def _folded(peaks: bytes, count: int, first: float, end: float) -> NDArray[np.float32]:
    """Lowest and highest of each bar, ``(2, count)``: a level or a colour that changes leaves them as they are."""
    pairs = np.frombuffer(peaks, np.int8).reshape(-1, 2)
    return columns(pairs, count, first, end).T.astype(np.float32)


@lru_cache(maxsize=8)
def _layout(canvas: Canvas) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """The bar each column of pixels belongs to, and which columns are between two bars."""
    place = np.arange(canvas.width) / canvas.step
    bar = place.astype(np.intp)
    return bar, (place - bar) * canvas.step > canvas.bar - _EPSILON


def _rim(inside: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """0 outside, 1 on the rim, 2 within."""
    core = inside.copy()
    core[1:] &= inside[:-1]
    core[:-1] &= inside[1:]
    core[:, 1:] &= inside[:, :-1]
    core[:, :-1] &= inside[:, 1:]
    return inside.view(np.uint8) + core.view(np.uint8)
