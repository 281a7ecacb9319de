"""A stretch of time from left to right: click seeks, drag makes a loop, its edges can be moved while it plays.

Loops snap to beats unless Alt is held. Ctrl+wheel zooms where the pointer is, the wheel sideways or with Shift scrolls.
"""

from __future__ import annotations

from bisect import bisect

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from musicapi_desktop.ui.theme import theme

Loop = tuple[float, float]
Part = tuple[str, float, float]
"""A named part: name, start and end in seconds."""

_GRAB = 5
"""Pixels beside a loop's edge that still take it."""
_SLACK = 4
"""Pixels a click may wander before it is a drag."""
_TICKS = 3
"""Least pixels from tick to tick."""
_NOTCH = 120.0
"""One notch of a wheel, in eighths of a degree."""
_STEP = 0.1
"""The part of what is in view that one notch scrolls by."""
_CLOSER = 0.8
"""The part of what is in view that is left after one notch of zoom."""


class Timeline(QWidget):
    """Never takes the keyboard focus. Subclasses paint; this keeps the time, the loop and the mouse."""

    sought = Signal(float)
    loop_dragged = Signal(float, float)
    view_asked = Signal(float, float)
    """Start and end in seconds of what the person wants in view."""

    EDGE = 1
    """Width of a loop's edges in pixels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.seconds = 0.0
        self.position = 0.0
        self.loop: Loop | None = None
        self.loop_on = False
        self.parts: tuple[Part, ...] = ()
        self.lines: tuple[Part, ...] = ()
        self.beat = 0.0
        self.beats: tuple[float, ...] = ()
        self.zooms = False
        self._view: Loop | None = None
        self._draft: Loop | None = None
        self._pressed: float | None = None
        self._anchor: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        theme.current().changed.connect(self.restyle)

    def restyle(self) -> None:
        """Paint anew in the theme's colours."""
        self.update()

    def set_time(self, seconds: float, parts: tuple[Part, ...] = ()) -> None:
        """The length shown, and its named parts."""
        if (seconds, parts) != (self.seconds, self.parts):
            self.seconds, self.parts = seconds, parts
            self._view = None
            self._draft = self._pressed = self._anchor = None
            self.restyle()

    def set_lines(self, lines: tuple[Part, ...]) -> None:
        """The lines that are sung: each has a tick where it starts, and is told where the pointer rests on it."""
        if lines != self.lines:
            self.lines = lines
            self.update()

    def set_view(self, view: Loop | None) -> None:
        """What is in view, in seconds; None for all of it."""
        if view != self._view:
            self._view = view
            self.restyle()

    @property
    def view(self) -> Loop:
        """Start and end in seconds of what is in view."""
        return self._view or (0.0, self.seconds)

    def set_beat(self, seconds: float, beats: tuple[float, ...] = ()) -> None:
        """Where loops snap to unless Alt is held: ``beats`` where they were heard, else every ``seconds`` of a tempo.

        0 and () where neither is known.
        """
        self.beat, self.beats = seconds, beats

    def set_loop(self, loop: Loop | None, on: bool) -> None:
        """The loop as it is."""
        if (loop, on) != (self.loop, self.loop_on):
            self.loop, self.loop_on = loop, on
            self.update()

    def set_position(self, position: float) -> None:
        """Move the playhead; repaints no more than the stripe it crossed."""
        old, new = self.x_of(self.position), self.x_of(position)
        self.position = position
        if old != new:
            for stripe in self.stripes(old, new):
                self.update(stripe)

    def stripes(self, old: int, new: int) -> tuple[QRect, ...]:
        """What must be painted again when the playhead moves from ``old`` to ``new`` pixels."""
        return (QRect(old - 1, 0, 3, self.height()), QRect(new - 1, 0, 3, self.height()))

    def x_of(self, seconds: float) -> int:
        """Pixels from the left of a time."""
        first, last = self.view
        return round((seconds - first) / (last - first) * (self.width() - 1)) if last > first else 0

    def time_at(self, x: float) -> float:
        """The time at pixels from the left, within what is in view."""
        first, last = self.view
        return first + min(1.0, max(0.0, x / max(1, self.width() - 1))) * (last - first)

    @property
    def shown_loop(self) -> Loop | None:
        """The loop, or the one that is being dragged."""
        return self._draft or self.loop

    def part_at(self, seconds: float) -> Part | None:
        """The named part at a time."""
        return next((part for part in self.parts if part[1] <= seconds < part[2]), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take an edge of the loop, or wait whether it becomes a click or a drag."""
        if event.button() != Qt.MouseButton.LeftButton or self.seconds <= 0:
            event.ignore()
            return
        x = event.position().x()
        edge = self._edge_at(x)
        if edge is not None and self.loop is not None:
            self._anchor = self.loop[1 - edge]
            self._draft = self.loop
        else:
            self._pressed = x

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw out a loop, move its edge, or show that an edge could be taken."""
        x = event.position().x()
        if self._pressed is not None and abs(x - self._pressed) > _SLACK:
            self._anchor, self._pressed = self._snapped(self._pressed, event), None
        if self._anchor is not None:
            low, high = sorted((self._anchor, self._snapped(x, event)))
            moving = self._draft == self.loop and self.loop is not None
            self._draft = (low, high)
            self.update()
            if moving or self.loop is not None:
                self.loop_dragged.emit(low, high)
        elif self._pressed is None:
            self.setCursor(Qt.CursorShape.ArrowCursor if self._edge_at(x) is None else Qt.CursorShape.SplitHCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click seeks; a drag has made a loop."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._pressed is not None:
            self.sought.emit(self.time_at(self._pressed))
        elif self._draft is not None:
            self.loop_dragged.emit(*self._draft)
        self._pressed = self._anchor = self._draft = None
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Loop the part under the pointer."""
        part = self.part_at(self.time_at(event.position().x()))
        if part is not None:
            self.loop_dragged.emit(part[1], part[2])

    def event(self, event: QEvent) -> bool:
        """Tell the line that is sung under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            here = self.time_at(event.pos().x())
            sung = next((line[0] for line in self.lines if line[1] <= here < line[2]), "")
            if sung:
                QToolTip.showText(event.globalPos(), sung, self)
                return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom where the pointer is, or scroll; without either the wheel is for what lies around."""
        across, along = event.angleDelta().x(), event.angleDelta().y()
        first, last = self.view
        modifiers = event.modifiers()
        if not self.zooms or last <= first:
            event.ignore()
        elif modifiers & Qt.KeyboardModifier.ControlModifier:
            here, part = self.time_at(event.position().x()), _CLOSER ** ((along or across) / _NOTCH)
            self.view_asked.emit(here - (here - first) * part, here + (last - here) * part)
        elif across or modifiers & Qt.KeyboardModifier.ShiftModifier:
            by = -(across or along) / _NOTCH * _STEP * (last - first)
            self.view_asked.emit(first + by, last + by)
        else:
            event.ignore()

    def paint_ticks(self, painter: QPainter, top: int, height: int) -> None:
        """Paint where the lines start; where they would stand too close, only those with room."""
        colour, free = theme.current().color("text_faint"), 0
        for _text, start, _end in self.lines:
            x = self.x_of(start)
            if x >= free:
                painter.fillRect(QRect(x, top, 1, height), colour)
                free = x + _TICKS

    def paint_loop(self, painter: QPainter, top: int, bottom: int, strength: float = 0.16) -> None:
        """Paint the loop's ground and edges; fainter while it is off."""
        if self.shown_loop is None or self.seconds <= 0:
            return
        left, right = (self.x_of(edge) for edge in self.shown_loop)
        edge = theme.current().color("play" if self.loop_on or self._draft else "text_faint")
        ground = QColor(edge)
        ground.setAlphaF(strength if self.loop_on or self._draft else strength / 2)
        painter.fillRect(QRect(left, top, right - left, bottom - top), ground)
        for x in (left, right - 1):
            painter.fillRect(QRect(x, top, self.EDGE, bottom - top), edge)

    def _snapped(self, x: float, event: QMouseEvent) -> float:
        """The time at pixels from the left, on the beat or at the end; with Alt exactly there."""
        there = self.time_at(x)
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return there
        near = nearest_beat(there, self.beats, self.beat)
        return there if near is None else min(near, 0.0, self.seconds, key=lambda edge: abs(edge - there))

    def _edge_at(self, x: float) -> int | None:
        if self.loop is None:
            return None
        near = [(abs(x - self.x_of(edge)), index) for index, edge in enumerate(self.loop)]
        distance, index = min(near)
        return index if distance <= _GRAB else None


def nearest_beat(there: float, beats: tuple[float, ...], beat: float) -> float | None:
    """The beat next to a time: of those that were heard, and as far apart beyond them; else of an even tempo."""
    if len(beats) > 1:
        after = min(max(1, bisect(beats, there)), len(beats) - 1)
        first, beat = beats[after - 1], beats[after] - beats[after - 1]
        return first + round((there - first) / beat) * beat if beat > 0 else first
    return round(there / beat) * beat if beat > 0 else None
