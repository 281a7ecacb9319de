"""The waveform of the player bar: what was played in the colour of playing, sections named above."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from musicapi_desktop.ui.theme import fonts, theme
from musicapi_desktop.ui.widgets import waveform
from musicapi_desktop.ui.widgets.timeline import Timeline

_NAMES = 20
"""Height of the line of section names."""
_GAP = 10
_TICK = 4


class SeekBar(Timeline):
    """Click seeks, drag loops, double-click loops a section."""

    EDGE = 2

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._overview = b""
        self._played: QPixmap | None = None
        self._rest: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(72)
        self.setAccessibleName(self.tr("Waveform"))
        words = self.tr("Click: go there · Drag: loop on the beat, with Alt anywhere · Double-click: loop the section")
        self.setToolTip(words)

    def sizeHint(self) -> QSize:
        """Section names and 42 pixels of waveform."""
        return QSize(446, 66)

    def set_overview(self, overview: bytes) -> None:
        """Peaks from 0 to 255."""
        if overview != self._overview:
            self._overview = overview
            self.restyle()

    def restyle(self) -> None:
        """Drop the pictures of the waveform."""
        self._played = self._rest = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The bars are counted to the width."""
        super().resizeEvent(event)
        self.restyle()

    def stripes(self, old: int, new: int) -> tuple[QRect, ...]:
        """All that changes its colour between the two places."""
        left, right = sorted((old, new))
        stripe = QRect(left - 2, _NAMES, right - left + 4, self.height() - _NAMES)
        # the name of the section that plays is lit
        return (stripe, QRect(0, 0, self.width(), _NAMES)) if self._lit(old) != self._lit(new) else (stripe,)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Blit the waveform twice, split at the playhead."""
        painter = QPainter(self)
        if self.seconds <= 0:
            middle = (self.height() + _NAMES) // 2 - _NAMES // 2
            painter.fillRect(QRect(0, middle - 1, self.width(), 2), theme.current().color("line"))
            return
        self._paint_names(painter)
        self.paint_ticks(painter, _NAMES - _TICK, _TICK)
        self.paint_loop(painter, _NAMES, self.height(), 0.22)
        painter.setClipRect(event.rect())
        played, rest = self._pictures()
        x = self.x_of(self.position)
        dpr = self.devicePixelRatio()
        height = self.height() - _NAMES
        painter.drawPixmap(QRect(0, _NAMES, x, height), played, _part(0, x, height, dpr))
        width = self.width()
        painter.drawPixmap(QRect(x, _NAMES, width - x, height), rest, _part(x, width - x, height, dpr))
        painter.fillRect(QRect(x - 1, _NAMES, 2, height), theme.current().color("play"))

    def _pictures(self) -> tuple[QPixmap, QPixmap]:
        if self._played is None or self._rest is None:
            size = QSize(self.width(), self.height() - _NAMES)
            dpr, colours = self.devicePixelRatio(), theme.current()
            self._played = waveform.draw(size, dpr, self._overview, colours.color("play"))
            self._rest = waveform.draw(size, dpr, self._overview, colours.color("line_strong"))
        return self._played, self._rest

    def _paint_names(self, painter: QPainter) -> None:
        painter.setFont(fonts.font("small"))
        metrics = QFontMetrics(painter.font(), self)
        here = self.part_at(self.position)
        free = 0
        for part in self.parts:
            # a name that the one before reaches into moves on within its own part
            left = max(self.x_of(part[1]), free)
            room = self.x_of(part[2]) - left - 4
            name = metrics.elidedText(part[0], Qt.TextElideMode.ElideRight, max(room, 0))
            if not name or name == "…":
                continue
            painter.setPen(theme.current().color("play" if part == here else "text_faint"))
            painter.drawText(QRect(left, 0, room, _NAMES - _TICK), Qt.AlignmentFlag.AlignVCenter, name)
            free = left + metrics.horizontalAdvance(name) + _GAP

    def _lit(self, x: int) -> str:
        part = self.part_at(self.time_at(x))
        return part[0] if part else ""


def _part(x: int, width: int, height: int, dpr: float) -> QRect:
    return QRect(round(x * dpr), 0, round(width * dpr), round(height * dpr))
