"""Words that follow the song: the line that is sung stands out, word by word; a click on a line goes there."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from musicapi_desktop.domain.timed_lyrics import TimedLine
from musicapi_desktop.ui.theme import fonts, theme

_SIDE = 16
_GAP = 9
_SECTION_GAP = 18
_NOWHERE = (-1, -1)


@dataclass(slots=True)
class _Row:
    """A line, or the name of a section, set to the width at hand."""

    text: str
    line: int = -1
    top: float = 0.0
    layout: QTextLayout = field(default_factory=QTextLayout)

    @property
    def height(self) -> float:
        return self.layout.boundingRect().height()


class TimedLyrics(QWidget):
    """``sought`` carries the time of a line that was chosen. ``set_position`` repaints only what changed."""

    sought = Signal(float)
    sung = Signal(QRect)
    """Where the line is that is sung now, whenever another one begins."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[TimedLine, ...] = ()
        self._starts: list[float] = []
        self._rows: list[_Row] = []
        self._now = _NOWHERE
        self._focus = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("takes_keys", "list")
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(self.tr("Lyrics that follow the song"))
        theme.current().changed.connect(self._renew)

    def set_lines(self, lines: tuple[TimedLine, ...]) -> None:
        """Show lines with their times."""
        if lines != self._lines:
            self._lines = lines
            self._starts = [line.start for line in lines]
            self._now, self._focus = _NOWHERE, 0
            self._renew()

    def set_position(self, seconds: float | None) -> None:
        """Follow the song; None where it is not this one that plays."""
        there = _NOWHERE if seconds is None else self._place(seconds)
        if there == self._now:
            return
        before, self._now = self._now, there
        for line in {before[0], there[0]} - {-1}:
            self.update(self._rect(line))
        if there[0] != before[0] and there[0] >= 0:
            self.setAccessibleDescription(self._lines[there[0]].text)
            self.sung.emit(self._rect(there[0]))

    def sizeHint(self) -> QSize:
        """As tall as the lines are at this width."""
        last = self._rows[-1] if self._rows else None
        return QSize(280, round(last.top + last.height + _GAP) if last else 40)

    def minimumSizeHint(self) -> QSize:
        """The whole height: the page around it scrolls."""
        return QSize(120, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set the lines anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._renew()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the line under the pointer."""
        line = self._line_at(event.position().y())
        if event.button() == Qt.MouseButton.LeftButton and line >= 0:
            self._focus = line
            self.sought.emit(self._starts[line])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a line can be pressed."""
        on = self._line_at(event.position().y()) >= 0
        self.setCursor(Qt.CursorShape.PointingHandCursor if on else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down choose a line, Enter goes there."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and self._lines:
            before, self._focus = self._focus, min(max(0, self._focus + step), len(self._lines) - 1)
            for line in (before, self._focus):
                self.update(self._rect(line))
            self.setAccessibleDescription(self._lines[self._focus].text)
            self.sung.emit(self._rect(self._focus))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._lines:
            self.sought.emit(self._starts[self._focus])
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """A change of the font sets the lines anew."""
        if event.type() == QEvent.Type.FontChange:
            self._renew()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows in sight; the line that is sung in its colours."""
        painter = QPainter(self)
        look, area = theme.current(), event.rect()
        for row in self._rows:
            if row.top + row.height < area.top() or row.top > area.bottom():
                continue
            if row.line < 0:
                painter.setPen(look.color("accent"))
                row.layout.draw(painter, QPointF(_SIDE, row.top))
                continue
            now = row.line == self._now[0]
            painter.setPen(look.color("text" if now or self._now == _NOWHERE else "text_dim"))
            row.layout.draw(painter, QPointF(_SIDE, row.top), self._formats(row) if now else [])
            if self.hasFocus() and row.line == self._focus:
                painter.setPen(QPen(look.color("focus"), 2))
                painter.drawRoundedRect(QRectF(self._rect(row.line)).adjusted(_SIDE - 7, 1, 7 - _SIDE, -1), 5, 5)

    def _formats(self, row: _Row) -> list[QTextLayout.FormatRange]:
        """Bold as a whole, the word that is sung in the colour of playing."""
        line, word = self._lines[row.line], self._now[1]
        start = sum(len(each.text) for each in line.words[:word])
        sung = QTextCharFormat()
        sung.setForeground(theme.current().color("play"))
        found = QTextLayout.FormatRange()
        found.start, found.length, found.format = start, len(line.words[word].text.rstrip()), sung  # type: ignore[misc]  # the stub has them read-only
        return [found]

    def _place(self, seconds: float) -> tuple[int, int]:
        """The line and the word at a time; the line before stays until the next one begins."""
        line = bisect_right(self._starts, seconds + 0.02) - 1
        if line < 0:
            return (-1, 0)
        starts = [word.start for word in self._lines[line].words]
        return line, max(0, bisect_right(starts, seconds + 0.02) - 1)

    def _renew(self) -> None:
        self._rows = list(self._set())
        self.updateGeometry()
        self.update()

    def _set(self) -> list[_Row]:
        rows: list[_Row] = []
        top, section = 6.0, ""
        for number, line in enumerate(self._lines):
            if line.section and line.section != section:
                section = line.section
                top += _SECTION_GAP if rows else 0
                rows.append(self._row(line.section, -1, top))
                top += rows[-1].height + _GAP
            rows.append(self._row(line.text, number, top))
            top += rows[-1].height + _GAP
        return rows

    def _row(self, text: str, line: int, top: float) -> _Row:
        row = _Row(text, line, top)
        layout = row.layout
        layout.setText(text)
        layout.setFont(fonts.font("small", weight=QFont.Weight.Bold) if line < 0 else fonts.font(weight=500))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        layout.setTextOption(option)
        layout.beginLayout()
        height = 0.0
        while (piece := layout.createLine()).isValid():
            piece.setLineWidth(max(40, self.width() - 2 * _SIDE))
            piece.setPosition(QPointF(0, height))
            height += piece.height()
        layout.endLayout()
        return row

    def _rect(self, line: int) -> QRect:
        row = next((row for row in self._rows if row.line == line), None)
        if row is None:
            return QRect()
        return QRect(0, round(row.top) - 4, self.width(), round(row.height) + 8)

    def _line_at(self, y: float) -> int:
        return next((row.line for row in self._rows if row.top - 4 <= y <= row.top + row.height + 4), -1)
