"""A range, or a point, picked on a take's waveform with the mouse or the keyboard.

It snaps to sections first, then to beats, unless Alt is held.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from musicapi_desktop.ui.theme import fonts, theme

from . import waveform
from .timeline import Timeline

_NAMES: Final = 16
"""Height of the line of section names."""
_GRAB: Final = 7
"""Pixels beside a handle that still take it."""
_NEAR_SECTION: Final = 8
"""Pixels within which the edge of a section wins over the beat."""
_FINE: Final = 0.1
_STEP: Final = 1.0
_KNOB: Final = 4.0


@dataclass(frozen=True, slots=True)
class Rule:
    """What may be picked: with ``point`` a place from which on; else a span of ``least`` to ``most`` seconds."""

    point: bool = False
    least: float = 0.5
    most: float | None = None


class RangePicker(Timeline):
    """``changed`` carries start and end in seconds while a handle moves; for a point the end is the take's."""

    changed = Signal(float, float)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rule = Rule()
        self._overview = b""
        self._chosen: QPixmap | None = None
        self._rest: QPixmap | None = None
        self._handle = 0
        self._held: float | None = None
        self.start, self.end = 0.0, 0.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("takes_keys", "radio")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.setToolTip(self.tr("Drag the handles · Snaps to sections and beats, with Alt anywhere"))

    def sizeHint(self) -> QSize:
        """Section names and 48 pixels of waveform."""
        return QSize(320, _NAMES + 48)

    def set_rule(self, rule: Rule) -> None:
        """Another kind of range."""
        if rule != self._rule:
            self._rule = rule
            self.update()

    def set_overview(self, overview: bytes) -> None:
        """Peaks from 0 to 255."""
        if overview != self._overview:
            self._overview = overview
            self.restyle()

    def set_range(self, start: float, end: float) -> None:
        """Show a range; says nothing."""
        if (start, end) != (self.start, self.end):
            self.start, self.end = start, end
            self._describe()
            self.update()

    def restyle(self) -> None:
        """Drop the pictures of the waveform."""
        self._chosen = self._rest = None
        self.update()

    def stripes(self, old: int, new: int) -> tuple[QRect, ...]:
        """The playhead is the only thing that moves while it plays."""
        return (QRect(old - 2, _NAMES, 4, self.height()), QRect(new - 2, _NAMES, 4, self.height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The bars are counted to the width."""
        super().resizeEvent(event)
        self.restyle()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the handle under the pointer, or the whole span between them, or bring the nearer handle here."""
        if event.button() != Qt.MouseButton.LeftButton or self.seconds <= 0:
            event.ignore()
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        x = event.position().x()
        near = self._handle_at(x)
        if near is not None:
            self._handle, self._held = near, None
        elif not self._rule.point and self.x_of(self.start) < x < self.x_of(self.end):
            self._held = self.time_at(x) - self.start
        else:
            self._held = None
            self._handle = self._nearer(x)
            self._move_handle(self._snapped(x, event))
        self._anchor = self.start

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move what is held; else show what could be taken."""
        x = event.position().x()
        if self._anchor is None:
            self.setCursor(Qt.CursorShape.ArrowCursor if self._handle_at(x) is None else Qt.CursorShape.SplitHCursor)
        elif self._held is None:
            self._move_handle(self._snapped(x, event))
        else:
            span = self.end - self.start
            start = self._snapped(x - self.x_of(self._held), event)
            start = min(max(0.0, start), self.seconds - span)
            self._take(start, start + span)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._anchor = self._held = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take the section under the pointer; for a point, its end."""
        part = self.part_at(self.time_at(event.position().x()))
        if part is None:
            return
        if self._rule.point:
            self._take(part[2], self.seconds)
        else:
            self._take(*self._limited(part[1], part[2]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right move the handle by a beat (Shift: 0.1 s), Up and Down go to the other handle."""
        key = Qt.Key(event.key())
        step = _FINE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else self.beat or _STEP
        here = self.end if self._handle else self.start
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._move_handle(here + (step if key == Qt.Key.Key_Right else -step))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._move_handle(0.0 if key == Qt.Key.Key_Home else self.seconds)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not self._rule.point:
            self._handle = 1 - self._handle
            self._describe()
            self.update()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Names, the waveform with the range lit, the handles, the playhead, the ring of the focus."""
        del event
        painter = QPainter(self)
        look = theme.current()
        area = QRect(0, _NAMES, self.width(), self.height() - _NAMES)
        painter.fillRect(area, look.color("sunk"))
        if self.seconds > 0:
            self._paint_names(painter)
            left, right = self.x_of(self.start), self.x_of(self.seconds if self._rule.point else self.end)
            ground = look.color("accent")
            ground.setAlphaF(0.14)
            painter.fillRect(QRect(left, area.top(), right - left, area.height()), ground)
            self._paint_bars(painter, area, left, right)
            self._paint_handles(painter, area, left, right)
            painter.fillRect(QRect(self.x_of(self.position) - 1, area.top(), 2, area.height()), look.color("play"))
        painter.setPen(look.color("focus" if self.hasFocus() else "line"))
        painter.drawRect(area.adjusted(0, 0, -1, -1))

    def _paint_bars(self, painter: QPainter, area: QRect, left: int, right: int) -> None:
        chosen, rest = self._pictures(area.size())
        dpr = self.devicePixelRatio()
        for picture, start, end in ((rest, 0, left), (chosen, left, right), (rest, right, area.width())):
            if end > start:
                part = QRect(round(start * dpr), 0, round((end - start) * dpr), picture.height())
                painter.drawPixmap(QRect(start, area.top(), end - start, area.height()), picture, part)

    def _pictures(self, size: QSize) -> tuple[QPixmap, QPixmap]:
        if self._chosen is None or self._rest is None:
            dpr, look = self.devicePixelRatio(), theme.current()
            self._chosen = waveform.draw(size, dpr, self._overview, look.color("accent"))
            self._rest = waveform.draw(size, dpr, self._overview, look.color("line_strong"))
        return self._chosen, self._rest

    def _paint_handles(self, painter: QPainter, area: QRect, left: int, right: int) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, x in enumerate((left,) if self._rule.point else (left, right)):
            there = min(max(x, 1), self.width() - 2)
            lit = self.hasFocus() and number == self._handle
            colour = QColor(theme.current().color("text" if lit else "accent"))
            painter.fillRect(QRect(there - 1, area.top(), 2, area.height()), colour)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            for y in (area.top() + _KNOB, area.bottom() - _KNOB):
                painter.drawEllipse(QPointF(there, y), _KNOB, _KNOB)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_names(self, painter: QPainter) -> None:
        painter.setFont(fonts.font("caption"))
        painter.setPen(theme.current().color("text_faint"))
        metrics = QFontMetrics(painter.font(), self)
        for name, start, end in self.parts:
            room = self.x_of(end) - self.x_of(start) - 4
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, max(0, room))
            if len(shown) > 1:
                painter.drawText(QRect(self.x_of(start), 0, room, _NAMES - 2), Qt.AlignmentFlag.AlignVCenter, shown)

    def _snapped(self, x: float, event: QMouseEvent) -> float:
        """The edge of a section that is near, else the beat; with Alt exactly there."""
        if not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            edges = {0.0, self.seconds, *(edge for part in self.parts for edge in part[1:])}
            nearest = min(edges, key=lambda edge: abs(self.x_of(edge) - x))
            if abs(self.x_of(nearest) - x) <= _NEAR_SECTION:
                return nearest
        return super()._snapped(x, event)

    def _handle_at(self, x: float) -> int | None:
        near = self._nearer(x)
        there = self.end if near else self.start
        return near if abs(self.x_of(there) - x) <= _GRAB else None

    def _nearer(self, x: float) -> int:
        if self._rule.point:
            return 0
        return int(abs(self.x_of(self.end) - x) < abs(self.x_of(self.start) - x))

    def _move_handle(self, to: float) -> None:
        to = min(max(0.0, to), self.seconds)
        if self._rule.point:
            self._take(to, self.seconds)
        elif self._handle:
            end = max(to, min(self._rule.least, self.seconds))
            most = self._rule.most or self.seconds
            self._take(min(max(self.start, end - most), max(0.0, end - self._rule.least)), end)
        else:
            start = min(to, max(0.0, self.seconds - self._rule.least))
            self._take(*self._limited(start, self.end))

    def _limited(self, start: float, end: float) -> tuple[float, float]:
        most = self._rule.most or self.seconds
        return start, min(max(end, start + self._rule.least), start + most, self.seconds)

    def _take(self, start: float, end: float) -> None:
        if (start, end) != (self.start, self.end):
            self.set_range(start, end)
            self.changed.emit(start, end)

    def _describe(self) -> None:
        which = self.tr("the end") if self._handle else self.tr("the start")
        said = self.tr("{0} to {1} seconds; Left and Right move {2}")
        self.setAccessibleDescription(said.format(f"{self.start:.1f}", f"{self.end:.1f}", which))
