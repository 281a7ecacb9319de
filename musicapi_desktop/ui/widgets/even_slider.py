"""A slider whose values lie evenly along its travel, with a place of rest in it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from musicapi_desktop.ui.theme import theme

from .fader import TravelSlider


class EvenSlider(TravelSlider):
    """Whole numbers from ``least`` to ``most``; double-click and Home go to ``rest``. ``value_words`` is spoken."""

    THUMB = 8

    def __init__(self, title: str, limits: tuple[int, int], rest: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.REST = rest
        self._title = title
        self.setRange(*limits)
        self.setValue(rest)
        self.setMinimumSize(40, 24)
        self.valueChanged.connect(self.changed)
        self.name()

    def changed(self) -> None:
        """The value is another."""
        self.name()

    def show_value(self, value: int) -> None:
        """Show a value the program set."""
        super().show_value(value)
        self.name()

    def set_title(self, title: str) -> None:
        """What a screen reader says before the value."""
        self._title = title
        self.name()

    def value_words(self) -> str:
        """The value as a screen reader says it."""
        return str(self.value())

    def name(self) -> None:
        """Tell a screen reader title and value."""
        self.setAccessibleName(f"{self._title}, {self.value_words()}")

    def sizeHint(self) -> QSize:
        """As wide as the strip of the design."""
        return QSize(50, 28)

    def travel_of(self, value: int) -> float:
        """Even along the travel."""
        return (value - self.minimum()) / max(1, self.maximum() - self.minimum())

    def value_at(self, travel: float) -> int:
        """Even along the travel."""
        return round(travel * (self.maximum() - self.minimum())) + self.minimum()

    def wheel_step(self, modifiers: Qt.KeyboardModifier) -> int:
        """One step, a single one with Ctrl."""
        return 1 if modifiers & Qt.KeyboardModifier.ControlModifier else self.singleStep()

    def wants_key(self, event: QKeyEvent) -> bool:
        """Values by key."""
        return self._target(event) is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up is more; Home goes to rest; everything else is for what lies around."""
        target = self._target(event)
        if target is None:
            event.ignore()
        else:
            self.step(target - self.value())

    def paint_thumb(self, painter: QPainter, centre: QPointF) -> None:
        """Paint a thumb smaller and calmer than a fader's."""
        half = min(8.0, self.thickness() / 2 - 4)
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
            Qt.Key.Key_Home: self.REST,
        }.get(Qt.Key(event.key()))
