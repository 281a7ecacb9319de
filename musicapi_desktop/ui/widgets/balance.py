"""The balance of a strip: −100 is left, 100 is right; double-click centres."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from musicapi_desktop.ui.theme import theme

from .fader import TravelSlider

_FULL = 100


class Balance(TravelSlider):
    """A stereo balance. ``balance`` is −1 … 1; the slider's value is in hundredths."""

    balance_edited = Signal(float)

    THUMB = 8

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(-_FULL, _FULL)
        self.setSingleStep(5)
        self.setPageStep(25)
        self.setMinimumSize(40, 24)
        self._title = self.tr("Balance")
        self.valueChanged.connect(self._changed)
        self._name()

    @property
    def balance(self) -> float:
        """Left −1, centre 0, right 1."""
        return self.value() / _FULL

    def set_balance(self, balance: float) -> None:
        """Show a balance the program set."""
        self.show_value(round(balance * _FULL))
        self._name()

    def set_title(self, title: str) -> None:
        """What a screen reader says before the balance."""
        self._title = title
        self._name()

    def sizeHint(self) -> QSize:
        """As wide as the strip of the design."""
        return QSize(50, 28)

    def travel_of(self, value: int) -> float:
        """Even along the travel."""
        return (value + _FULL) / (2 * _FULL)

    def value_at(self, travel: float) -> int:
        """Even along the travel."""
        return round(travel * 2 * _FULL) - _FULL

    def wheel_step(self, modifiers: Qt.KeyboardModifier) -> int:
        """Five hundredths, one with Ctrl."""
        return 1 if modifiers & Qt.KeyboardModifier.ControlModifier else self.singleStep()

    def wants_key(self, event: QKeyEvent) -> bool:
        """Balance by key."""
        return self._target(event) is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up is towards the right; Home centres; everything else is the strip's."""
        target = self._target(event)
        if target is None:
            event.ignore()
        else:
            self.step(target - self.value())

    def paint_thumb(self, painter: QPainter, centre: QPointF) -> None:
        """Paint a thumb smaller and calmer than a fader's."""
        half = min(8.0, self.height() / 2 - 4)
        painter.setPen(QPen(theme.current().color("panel"), 1.0))
        painter.setBrush(theme.current().color("text_dim"))
        painter.drawRoundedRect(QRectF(centre.x() - self.THUMB / 2, centre.y() - half, self.THUMB, 2 * half), 3, 3)

    def _target(self, event: QKeyEvent) -> int | None:
        step = 1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else self.singleStep()
        return {
            Qt.Key.Key_Up: self.value() + step,
            Qt.Key.Key_Down: self.value() - step,
            Qt.Key.Key_PageUp: self.value() + self.pageStep(),
            Qt.Key.Key_PageDown: self.value() - self.pageStep(),
            Qt.Key.Key_Home: 0,
        }.get(Qt.Key(event.key()))

    def _changed(self) -> None:
        self._name()
        self.balance_edited.emit(self.balance)

    def _name(self) -> None:
        if self.value() == 0:
            words = self.tr("centre")
        elif self.value() < 0:
            words = self.tr("{percent} left").format(percent=-self.value())
        else:
            words = self.tr("{percent} right").format(percent=self.value())
        self.setAccessibleName(f"{self._title}, {words}")
