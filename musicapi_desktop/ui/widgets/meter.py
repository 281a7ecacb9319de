"""A stereo level meter: instant attack, steady fall, a held peak and a clip lamp that stays lit until clicked."""

from __future__ import annotations

import math

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QLinearGradient, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from musicapi_desktop.ui.theme import theme

LEAST = -60.0
MOST = 6.0
FALL = 20.0
"""dB a second."""
HOLD = 2.0
"""Seconds the peak line stays."""

_LAMP = 6
_BAR = 6
_GAP = 4


def decibels(peak: float) -> float:
    """A linear sample peak in dBFS; silence is −∞."""
    return 20.0 * math.log10(peak) if peak > 0.0 else -math.inf


def along(level: float) -> float:
    """Where on the meter (0–1) a level lies."""
    return min(1.0, max(0.0, (level - LEAST) / (MOST - LEAST)))


class Needle:
    """The motion of one channel. Levels are in dB, times in seconds."""

    def __init__(self) -> None:
        self.level = -math.inf
        self.held = -math.inf
        self._held_until = 0.0
        self._then = 0.0

    def feed(self, level: float, now: float) -> None:
        """Rise at once, fall by FALL; the held peak falls when its time is over."""
        fallen = FALL * max(0.0, now - self._then)
        self._then = now
        self.level = _floored(max(level, self.level - fallen))
        if self.level >= self.held:
            self.held = self.level
            self._held_until = now + HOLD
        elif now > self._held_until:
            self.held = _floored(max(self.level, self.held - fallen))

    @property
    def resting(self) -> bool:
        """True where nothing moves any more."""
        return self.held == -math.inf


class Meter(QWidget):
    """Two bars of peaks with a clip lamp at the right. ``feed`` it linear peaks some 30 times a second."""

    lamp_cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._needles = (Needle(), Needle())
        self._shown: tuple[int, ...] = ()
        self._clipped = False
        self._upright = False
        self._scale: QPixmap | None = None
        self.setMinimumSize(30, 2 * _BAR + _GAP)
        self.setAccessibleName(self.tr("Meter"))
        theme.current().changed.connect(self._restyle)

    def set_upright(self, on: bool) -> None:
        """Stand up with the lamp above, or lie down."""
        self._upright = on
        self.setMinimumSize(*((2 * _BAR + _GAP, 30) if on else (30, 2 * _BAR + _GAP)))
        self._restyle()

    @property
    def clipped(self) -> bool:
        """Whether the lamp is lit."""
        return self._clipped

    @property
    def resting(self) -> bool:
        """True where nothing moves any more."""
        return all(needle.resting for needle in self._needles)

    def feed(self, left: float, right: float, now: float) -> None:
        """Show linear peaks at a time in seconds; repaints only where a pixel changes."""
        for needle, peak in zip(self._needles, (left, right), strict=True):
            needle.feed(decibels(peak), now)
        if max(left, right) > 1.0 and not self._clipped:
            self._clipped = True
            self.update()
        shown = tuple(self._pixels(level) for n in self._needles for level in (n.level, n.held))
        if shown != self._shown:
            self._shown = shown
            self.update(self.rect() if self._upright else QRect(0, 0, self._length() + 1, self.height()))

    def clear_lamp(self) -> None:
        """Put the clip lamp out."""
        if self._clipped:
            self._clipped = False
            self.update()
            self.lamp_cleared.emit()

    def sizeHint(self) -> QSize:
        """As wide as the strip of the design."""
        return QSize(46, 24)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click puts the lamp out."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.clear_lamp()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both bars from one cached scale, the peak lines and the lamp."""
        del event
        painter = QPainter(self)
        across, along_it = (self.width(), self.height()) if self._upright else (self.height(), self.width())
        if self._upright:
            painter.translate(0, self.height())
            painter.rotate(-90)
        top = (across - 2 * _BAR - _GAP) // 2
        scale = self._scale_pixmap()
        length = self._length()
        ground = theme.current().color("sunk")
        for i, needle in enumerate(self._needles):
            y = top + i * (_BAR + _GAP)
            painter.fillRect(QRect(0, y, length, _BAR), ground)
            width = self._pixels(needle.level)
            painter.drawPixmap(QRect(0, y, width, _BAR), scale, self._source(0, width))
            held = self._pixels(needle.held)
            if held > 0:
                painter.drawPixmap(QRect(held - 1, y, 2, _BAR), scale, self._source(held - 1, 2))
        lamp = QRectF(along_it - _LAMP, (across - _LAMP) / 2, _LAMP, _LAMP).toRect()
        painter.fillRect(lamp, theme.current().color("bad" if self._clipped else "sunk"))

    def _source(self, left: int, width: int) -> QRect:
        dpr = self.devicePixelRatio()
        return QRect(round(left * dpr), 0, max(1, round(width * dpr)), round(_BAR * dpr))

    def _scale_pixmap(self) -> QPixmap:
        dpr = self.devicePixelRatio()
        size = QSize(max(1, round(self._length() * dpr)), round(_BAR * dpr))
        if self._scale is None or self._scale.size() != size:
            self._scale = QPixmap(size)
            painter = QPainter(self._scale)
            painter.fillRect(self._scale.rect(), self._gradient(size.width()))
            painter.end()
        return self._scale

    def _gradient(self, width: int) -> QLinearGradient:
        gradient = QLinearGradient(0, 0, width, 0)
        stops: tuple[tuple[float, str], ...] = ((-14.0, "ok"), (-12.0, "warn"), (-2.0, "warn"), (0.0, "bad"))
        for level, role in stops:
            gradient.setColorAt(along(level), QColor(theme.current().color(role)))
        return gradient

    def _length(self) -> int:
        return (self.height() if self._upright else self.width()) - _LAMP - 3

    def _pixels(self, level: float) -> int:
        return round(along(level) * self._length())

    def _restyle(self) -> None:
        self._scale = None
        self.update()

    def resizeEvent(self, event: object) -> None:
        """The scale is as long as the meter."""
        del event
        self._scale = None


def _floored(level: float) -> float:
    return level if level > LEAST else -math.inf
