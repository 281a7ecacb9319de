"""Waveforms as bars: an overview drawn once with one list of rectangles."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from .mini_waveform import bars

STEP = 3
"""Logical pixels from bar to bar."""
BAR = 2
_MOST, _LEAST = 0.92, 0.04
"""The parts of the height that the loudest bar takes, and silence."""


def draw(size: QSize, dpr: float, overview: bytes, colour: QColor) -> QPixmap:
    """Draw an overview (0–255 of full scale) into a fresh transparent picture of ``size`` logical pixels.

    It is mirrored, and the loudest part nearly fills the height.
    """
    picture = QPixmap(round(size.width() * dpr), round(size.height() * dpr))
    picture.setDevicePixelRatio(dpr)
    picture.fill(Qt.GlobalColor.transparent)
    middle, scale = size.height() // 2, (size.height() / 2 - 1) * _MOST
    painter = QPainter(picture)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRects(
        [
            QRect(place * STEP, middle - int(half), BAR, int(2 * half) + 1)
            for place, half in enumerate(max(_LEAST, height) * scale for height in bars(overview, size.width() // STEP))
        ]
    )
    painter.end()
    return picture
