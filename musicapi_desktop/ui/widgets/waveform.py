"""Waveforms as bars: peaks folded to the width at hand and drawn once with one list of lines."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QPoint, QRect, QSize, Qt
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

    ``gain`` scales the height; what would leave the picture is cut off.
    """
    picture = QPixmap(round(size.width() * dpr), round(size.height() * dpr))
    picture.setDevicePixelRatio(dpr)
    picture.fill(Qt.GlobalColor.transparent)
    if not found:
        return picture
    middle, scale = size.height() // 2, (size.height() / 2 - 1) * max(0.0, gain)
    painter = QPainter(picture)
    if look is Look.FULL:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRects(_rects(found, middle, scale))
    else:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, 1))
        ground = QColor(colour)
        ground.setAlphaF(colour.alphaF() * _GROUND)
        painter.setBrush(ground)
        rim = [QPoint(x * STEP, middle - _within(high * scale, middle)) for x, (_, high) in enumerate(found)]
        rim += [
            QPoint(x * STEP, middle - _within(low * scale, middle)) for x, (low, _) in reversed([*enumerate(found)])
        ]
        painter.drawPolygon(rim)
    painter.end()
    return picture


def _rects(found: Sequence[Bar], middle: int, scale: float) -> list[QRect]:
    """One rectangle a bar, out of a stock: making new ones costs more than painting them."""
    while len(_STOCK) < len(found):
        _STOCK.append(QRect())
    x = 0
    for rect, (low, high) in zip(_STOCK, found, strict=False):
        rect.setRect(x, middle - int(high * scale), BAR, int((high - low) * scale) + 1)
        x += STEP
    return _STOCK[: len(found)]


def _within(value: float, limit: int) -> int:
    return round(min(limit - 1, max(1 - limit, value)))


_STOCK: list[QRect] = []
