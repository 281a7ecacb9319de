"""Faders: a level in dB on the travel of the design's law, by mouse, wheel, keys or typing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QWidget

from musicapi_desktop.domain.mix import LEAST_DB, OFF, TICKS, TOP_DB, level_at, level_words, position_of
from musicapi_desktop.ui.theme import theme

_FINE = 0.1
"""A drag with Ctrl or Shift moves the thumb by this part of the mouse's way."""
_NOTCH = 120
"""One notch of a wheel, in eighths of a degree."""
_BURST_MS = 600
"""Wheel and key steps closer together than this are one step of undo."""
_HALF_TRACK = 2.0


class TravelSlider(QAbstractSlider):
    """A slider whose value need not lie evenly along its travel; it lies, or stands with its least below.

    ``valueChanged`` is the person's doing (or an assistive tool's); ``show_value`` is the program's and says nothing.
    ``edit_ended`` follows the last change of a drag, or a pause after wheel and keys.
    """

    edit_ended = Signal()

    THUMB = 9
    REST = 0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._upright = False
        self._wheel = 0
        self._last_x = 0.0
        self._drag_travel = 0.0
        self._burst = QTimer(self, singleShot=True, interval=_BURST_MS)
        self._burst.timeout.connect(self.edit_ended)
        theme.current().changed.connect(self.update)

    def set_upright(self, on: bool) -> None:
        """Stand up, or lie down."""
        self._upright = on
        self.setOrientation(Qt.Orientation.Vertical if on else Qt.Orientation.Horizontal)
        least = self.minimumSize()
        if (least.height() > least.width()) != on:
            self.setMinimumSize(least.transposed())
        self.update()

    def travel_of(self, value: int) -> float:
        """Where on the travel (0–1) a value lies."""
        raise NotImplementedError

    def value_at(self, travel: float) -> int:
        """The value at a place of the travel."""
        raise NotImplementedError

    def show_value(self, value: int) -> None:
        """Show a value without reporting it as a change; what is being dragged stays under the hand."""
        if not self.isSliderDown():
            blocked = self.blockSignals(True)
            self.setValue(value)
            self.blockSignals(blocked)

    def thumb_centre(self) -> float:
        """The thumb's centre in pixels from the end of the least value."""
        return self._x_of(self.travel_of(self.value()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the thumb where it is, or bring it to the pointer."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._burst.stop()
        self.setSliderDown(True)
        self._last_x = self._along(event)
        self._drag_travel = self.travel_of(self.value())
        if not _fine(event) and abs(self._last_x - self.thumb_centre()) > self.THUMB:
            self._drag_travel = self._travel_at(self._last_x)
            self.setValue(self.value_at(self._drag_travel))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move by the pointer's way; a tenth of it with Ctrl or Shift."""
        if not self.isSliderDown():
            return
        x = self._along(event)
        way = (x - self._last_x) / max(1.0, self.length() - self.THUMB)
        self._last_x = x
        self._drag_travel += way * (_FINE if _fine(event) else 1.0)
        self.setValue(self.value_at(min(1.0, max(0.0, self._drag_travel))))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag."""
        if event.button() == Qt.MouseButton.LeftButton and self.isSliderDown():
            self.setSliderDown(False)
            self.edit_ended.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go to the rest position."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
            self.setValue(self.REST)
            self.edit_ended.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step by notches; what a touchpad sends in parts is gathered."""
        self._wheel += event.angleDelta().y() or event.angleDelta().x()
        notches = int(self._wheel / _NOTCH)
        self._wheel -= notches * _NOTCH
        if notches:
            self.step(notches * self.wheel_step(event.modifiers()))
        event.accept()

    def wheel_step(self, modifiers: Qt.KeyboardModifier) -> int:
        """How far one notch goes."""
        del modifiers
        return self.singleStep()

    def step(self, by: int) -> None:
        """Change by keys or wheel; steps in quick succession end as one edit."""
        self.setValue(self.value() + by)
        self._burst.start()

    def event(self, event: QEvent) -> bool:
        """Keep the keys this slider uses from the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.wants_key(event):
            event.accept()
            return True
        return super().event(event)

    def wants_key(self, event: QKeyEvent) -> bool:
        """Whether a key means something here."""
        del event
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint track, marks, thumb and focus ring."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.4)
        if self._upright:
            painter.translate(0, self.height())
            painter.rotate(-90)
        self.paint_track(painter)
        self.paint_thumb(painter, QPointF(self.thumb_centre(), self.thickness() / 2))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.current().color("focus"), 1.5))
            painter.drawRoundedRect(QRectF(0, 0, self.length(), self.thickness()).adjusted(1, 1, -1, -1), 5, 5)

    def paint_track(self, painter: QPainter) -> None:
        """Paint what lies under the thumb."""
        middle = self.thickness() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().color("line_strong"))
        left, right = self._x_of(0.0), self._x_of(1.0)
        painter.drawRoundedRect(QRectF(left, middle - _HALF_TRACK, right - left, 2 * _HALF_TRACK), 2, 2)

    def paint_thumb(self, painter: QPainter, centre: QPointF) -> None:
        """Paint the thumb around ``centre``."""
        half = min(10.0, self.thickness() / 2 - 3)
        painter.setPen(QPen(theme.current().color("panel"), 1.0))
        painter.setBrush(theme.current().color("text"))
        painter.drawRoundedRect(QRectF(centre.x() - self.THUMB / 2, centre.y() - half, self.THUMB, 2 * half), 3, 3)

    def length(self) -> int:
        """Pixels along the travel."""
        return self.height() if self._upright else self.width()

    def thickness(self) -> int:
        """Pixels across the travel."""
        return self.width() if self._upright else self.height()

    def _along(self, event: QMouseEvent) -> float:
        place = event.position()
        return self.height() - place.y() if self._upright else place.x()

    def _x_of(self, travel: float) -> float:
        return self.THUMB / 2 + travel * (self.length() - self.THUMB)

    def _travel_at(self, x: float) -> float:
        return min(1.0, max(0.0, (x - self.THUMB / 2) / max(1.0, self.length() - self.THUMB)))


class Fader(TravelSlider):
    """A level from off to +6 dB. The slider's value is in tenths of a dB; at its least it is off."""

    level_edited = Signal(float)
    typed = Signal(str)
    """The first character of a number typed on the fader: the dB box goes on from there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(round(LEAST_DB * 10), round(TOP_DB * 10))
        self.setSingleStep(5)
        self.setPageStep(30)
        self.setMinimumSize(60, 24)
        self._title = self.tr("Level")
        self.valueChanged.connect(self._changed)
        self._name()

    @property
    def level(self) -> float:
        """The level in dB; −∞ is off."""
        return OFF if self.value() <= self.minimum() else self.value() / 10

    def set_level(self, level: float) -> None:
        """Show a level the program set."""
        self.show_value(_tenths(level))
        self._name()

    def set_title(self, title: str) -> None:
        """What a screen reader says before the level."""
        self._title = title
        self._name()

    def sizeHint(self) -> QSize:
        """As wide as the strip of the design."""
        return QSize(116, 28)

    def travel_of(self, value: int) -> float:
        """The design's law."""
        return 0.0 if value <= self.minimum() else position_of(value / 10)

    def value_at(self, travel: float) -> int:
        """The inverse of the design's law."""
        return _tenths(level_at(travel))

    def wheel_step(self, modifiers: Qt.KeyboardModifier) -> int:
        """Half a dB, a tenth with Ctrl."""
        return 1 if modifiers & Qt.KeyboardModifier.ControlModifier else self.singleStep()

    def wants_key(self, event: QKeyEvent) -> bool:
        """Levels by key, and the start of a typed number."""
        return self._jump(event) is not None or self._step_of(event) is not None or _starts_number(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step, jump or start typing; everything else is the strip's."""
        jump, step = self._jump(event), self._step_of(event)
        if step is not None:
            self.step(step)
        elif jump is not None:
            self.setValue(jump)
            self.edit_ended.emit()
        elif _starts_number(event):
            self.typed.emit(event.text())
        else:
            event.ignore()

    def paint_track(self, painter: QPainter) -> None:
        """Paint the track and its marks, 0 dB the longest."""
        super().paint_track(painter)
        middle = self.thickness() / 2
        for tick in TICKS:
            reach = min(11.0, middle - 1) if tick == 0.0 else 4.5
            x = round(self._x_of(position_of(tick))) + 0.5
            painter.setPen(QPen(theme.current().color("text_faint" if tick == 0.0 else "line_strong"), 1.0))
            painter.drawLine(QPointF(x, middle - reach if tick == 0.0 else middle), QPointF(x, middle + reach))

    def _jump(self, event: QKeyEvent) -> int | None:
        return {Qt.Key.Key_Home: 0, Qt.Key.Key_End: self.minimum()}.get(Qt.Key(event.key()))

    def _step_of(self, event: QKeyEvent) -> int | None:
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        return {
            Qt.Key.Key_Up: 1 if fine else self.singleStep(),
            Qt.Key.Key_Down: -1 if fine else -self.singleStep(),
            Qt.Key.Key_PageUp: self.pageStep(),
            Qt.Key.Key_PageDown: -self.pageStep(),
        }.get(Qt.Key(event.key()))

    def _changed(self) -> None:
        self._name()
        self.level_edited.emit(self.level)

    def _name(self) -> None:
        words = self.tr("off") if self.level == OFF else f"{level_words(self.level)} dB"
        self.setAccessibleName(f"{self._title}, {words}")


class VolumeSlider(Fader):
    """The player's volume: the same law, drawn as a filled bar with a round thumb; a click leaves the focus alone."""

    THUMB = 14

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        """As wide as the player bar of the design."""
        return QSize(98, 28)

    def paint_track(self, painter: QPainter) -> None:
        """Paint the track, the part up to the thumb in the text's colour."""
        TravelSlider.paint_track(self, painter)
        left, right = self._x_of(0.0), self.thumb_centre()
        painter.setBrush(theme.current().color("text"))
        painter.drawRoundedRect(
            QRectF(left, self.thickness() / 2 - _HALF_TRACK, max(0.0, right - left), 2 * _HALF_TRACK), 2, 2
        )

    def paint_thumb(self, painter: QPainter, centre: QPointF) -> None:
        """Paint a round thumb."""
        if self.isEnabled():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.current().color("text"))
            painter.drawEllipse(centre, self.THUMB / 2, self.THUMB / 2)


def _tenths(level: float) -> int:
    return round(max(LEAST_DB, level) * 10)


def _fine(event: QMouseEvent) -> bool:
    return bool(event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier))


def _starts_number(event: QKeyEvent) -> bool:
    plain = not event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
    return plain and len(event.text()) == 1 and event.text() in "0123456789+-−.,"
