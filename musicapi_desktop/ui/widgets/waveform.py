"""Waveforms as bars: peaks folded to the width at hand and drawn once with one list of lines."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QLine, QPoint, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from .mini_waveform import bars

STEP = 3
"""Logical pixels from bar to bar."""
BAR = 2
_GROUND = 0.1
"""Opacity inside an outline, as a part of the rim's."""

Bar = tuple[float, float]
"""Lowest and highest sample of a bar, −1 … 1."""


class Look(Enum):
    """How a waveform is drawn."""

    FULL = "full"
    OUTLINE = "outline"


def fold(peaks: bytes, count: int) -> list[Bar]:
    """Fold ``peaks`` (int8 pairs: lowest, highest of each column) to ``count`` bars, each the widest of its part."""
    columns = len(peaks) // 2
    if not columns or count < 1:
        return []
    values = memoryview(peaks)[: columns * 2].cast("b")
    lows, highs = values[0::2].tolist(), values[1::2].tolist()
    found: list[Bar] = []
    for i in range(count):
        start = i * columns // count
        end = max(start + 1, (i + 1) * columns // count)
        found.append((min(lows[start:end]) / 127.0, max(highs[start:end]) / 127.0))
    return found


def from_overview(overview: bytes, count: int) -> list[Bar]:
    """Bars of an overview (0–255 of full scale), mirrored, the loudest part filling the height."""
    return [(-height, height) for height in bars(overview, count)]


def draw(size: QSize, dpr: float, found: Sequence[Bar], gain: float, colour: QColor, look: Look = Look.FULL) -> QPixmap:
    """Draw bars into a fresh transparent picture of ``size`` logical pixels; an outline is only the rim.

    ``gain`` scales the height, which never leaves the picture.
    """
    picture = QPixmap(round(size.width() * dpr), round(size.height() * dpr))
    picture.setDevicePixelRatio(dpr)
    picture.fill(Qt.GlobalColor.transparent)
    if not found:
        return picture
    middle, room = size.height() // 2, size.height() / 2 - 1
    edges = [
        (x * STEP, middle - _reach(high, gain, room), middle + _reach(-low, gain, room))
        for x, (low, high) in enumerate(found)
    ]
    painter = QPainter(picture)
    painter.setPen(QPen(colour, BAR if look is Look.FULL else 1, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    if look is Look.FULL:
        painter.drawLines([QLine(x + 1, top, x + 1, bottom + 1) for x, top, bottom in edges])
    else:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(colour)
        ground.setAlphaF(colour.alphaF() * _GROUND)
        painter.setBrush(ground)
        painter.drawPolygon([QPoint(x, y) for x, y, _ in edges] + [QPoint(x, y) for x, _, y in reversed(edges)])
    painter.end()
    return picture


def _reach(value: float, gain: float, room: float) -> int:
    return round(min(1.0, max(0.0, value * gain)) * room)
