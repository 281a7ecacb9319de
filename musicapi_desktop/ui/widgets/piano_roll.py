"""The notes of a MIDI file as a piano roll: time from left to right, pitch upwards, loudness as strength of colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from musicapi_desktop.domain.notes import Note
from musicapi_desktop.ui.theme import theme

from .timeline import Timeline

_LEAST_PITCHES: Final = 12
_BLACK: Final = frozenset({1, 3, 6, 8, 10})
_TALLEST: Final = 8.0


def paint_notes(
    painter: QPainter, area: QRectF, notes: Sequence[Note], span: tuple[float, float], colour: QColor
) -> None:
    """Paint the notes within ``span`` (seconds) into ``area``, the pitches fitted to its height."""
    first, last = span
    if not notes or last <= first:
        return
    lowest, highest = pitches(notes)
    row = min(_TALLEST, area.height() / (highest - lowest + 1))
    base = area.center().y() + row * (highest - lowest + 1) / 2
    scale = area.width() / (last - first)
    painter.setPen(Qt.PenStyle.NoPen)
    for note in notes:
        if note.end < first or note.start > last:
            continue
        shade = QColor(colour)
        shade.setAlphaF(colour.alphaF() * (0.4 + 0.6 * min(1.0, max(0.0, note.velocity))))
        painter.setBrush(shade)
        left = area.left() + (note.start - first) * scale
        width = max(1.5, (note.end - note.start) * scale - 0.5)
        painter.drawRect(QRectF(left, base - (note.pitch - lowest + 1) * row, width, max(1.0, row - 0.5)))


def pitches(notes: Sequence[Note]) -> tuple[int, int]:
    """The lowest and highest pitch to show: at least an octave."""
    lowest, highest = min(note.pitch for note in notes), max(note.pitch for note in notes)
    missing = max(0, _LEAST_PITCHES - (highest - lowest + 1))
    return max(0, lowest - missing // 2), min(127, highest + (missing + 1) // 2)


class PianoRoll(Timeline):
    """The notes of one instrument, or of all. Click seeks, drag loops, as every timeline here."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notes: Sequence[Note] = ()
        self._kind = ""
        self._picture: QPixmap | None = None
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Room for three octaves."""
        return QSize(280, 110)

    def set_notes(self, notes: Sequence[Note], kind: str = "") -> None:
        """Show notes, in the hue of a stem's kind."""
        if (notes, kind) != (self._notes, self._kind):
            self._notes, self._kind = notes, kind
            self.restyle()

    def restyle(self) -> None:
        """Draw the picture anew."""
        self._picture = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the notes to the room."""
        super().resizeEvent(event)
        self.restyle()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Blit the notes, then the loop and the playhead."""
        del event
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawn())
        self.paint_loop(painter, 0, self.height())
        if self.seconds > 0:
            painter.fillRect(QRect(self.x_of(self.position) - 1, 0, 2, self.height()), theme.current().color("play"))

    def _drawn(self) -> QPixmap:
        if self._picture is None:
            dpr = self.devicePixelRatio()
            self._picture = QPixmap(round(self.width() * dpr), round(self.height() * dpr))
            self._picture.setDevicePixelRatio(dpr)
            self._picture.fill(theme.current().color("sunk"))
            painter = QPainter(self._picture)
            if self._notes:
                self._paint_keys(painter)
                look = theme.current()
                colour = look.stem(self._kind) if self._kind else look.color("accent")
                paint_notes(painter, QRectF(self.rect()), self._notes, (0.0, self.seconds), colour)
            painter.end()
        return self._picture

    def _paint_keys(self, painter: QPainter) -> None:
        lowest, highest = pitches(self._notes)
        row = min(_TALLEST, self.height() / (highest - lowest + 1))
        base = self.height() / 2 + row * (highest - lowest + 1) / 2
        dark, line = theme.current().color("bg"), theme.current().color("line")
        for pitch in range(lowest, highest + 1):
            top = base - (pitch - lowest + 1) * row
            if pitch % 12 in _BLACK:
                painter.fillRect(QRectF(0, top, self.width(), row), dark)
            elif pitch % 12 == 0:
                painter.fillRect(QRectF(0, top + row - 1, self.width(), 1), line)
