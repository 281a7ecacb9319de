"""The small waveform of a row, painted from the peaks that decoding a file once has left."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QPixmapCache

_STEP = 3.0
"""Logical pixels from bar to bar."""
_BAR = 2.0
_LEAST = 2.0
"""Height of a bar of silence, so that the row still reads as a waveform."""


def bars(overview: bytes, count: int) -> list[float]:
    """Fold ``overview`` (peaks, 0–255 of full scale) into ``count`` heights from 0 to 1, each the loudest of its part.

    Heights are relative to the loudest part: a quiet song is as readable as a loud one.
    """
    if not overview or count < 1:
        return []
    most = max(overview) or 1
    width = len(overview) / count
    return [
        max(overview[int(i * width) : max(int(i * width) + 1, math.ceil((i + 1) * width))]) / most for i in range(count)
    ]


def waveform_pixmap(name: str, overview: bytes, size: QSize, colour: QColor, dpr: float) -> QPixmap:
    """The waveform as a picture of ``size`` logical pixels, from Qt's shared cache where it was painted before.

    ``name`` says whose it is. Painting a hundred lines a row is what scrolling would otherwise spend its time on.
    """
    key = f"wave/{name}/{colour.name(QColor.NameFormat.HexArgb)}/{size.width()}x{size.height()}/{dpr}"
    cached = QPixmap()
    if QPixmapCache.find(key, cached):
        return cached
    fresh = QPixmap(size * dpr)
    fresh.setDevicePixelRatio(dpr)
    fresh.fill(Qt.GlobalColor.transparent)
    painter = QPainter(fresh)
    paint_waveform(painter, QRectF(0, 0, size.width(), size.height()), overview, colour)
    painter.end()
    QPixmapCache.insert(key, fresh)
    return fresh


def paint_waveform(painter: QPainter, rect: QRectF, overview: bytes, colour: QColor) -> None:
    """Paint bars around the middle line of ``rect``."""
    heights = bars(overview, int(rect.width() / _STEP))
    if not heights:
        return
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    middle = rect.center().y()
    # upright bars on whole pixels: smooth, round ones took half of all the time a scrolling library needs
    painter.drawRects(
        [
            QRectF(rect.left() + i * _STEP, middle - half, _BAR, 2 * half)
            for i, half in enumerate(max(_LEAST, height * rect.height()) / 2 for height in heights)
        ]
    )
    painter.restore()
