"""A small number with a minus and a plus, which can be typed too."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSpinBox, QWidget

from musicapi_desktop.ui.theme.icons import icon


class Stepper(QFrame):
    """A whole number from ``least`` to ``most``."""

    changed = Signal(int)

    def __init__(self, name: str, least: int, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = QSpinBox()
        self._number.setRange(least, most)
        self._number.setAccessibleName(name)
        self._number.lineEdit().setAccessibleName(name)
        self._number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._number.setProperty("kind", "stepper")
        self._number.setFixedWidth(40)
        self._number.valueChanged.connect(self._changed)
        self._fewer = self._button("minus", self.tr("%1: one fewer").replace("%1", name))
        self._more = self._button("plus", self.tr("%1: one more").replace("%1", name))
        self._fewer.clicked.connect(self._number.stepDown)
        self._more.clicked.connect(self._number.stepUp)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for part in (self._fewer, self._number, self._more):
            row.addWidget(part)
        self._changed(self._number.value())

    def value(self) -> int:
        """The number."""
        return self._number.value()

    def set_value(self, value: int) -> None:
        """Show ``value``; says nothing."""
        if value != self._number.value():
            blocked = self._number.blockSignals(True)
            self._number.setValue(value)
            self._number.blockSignals(blocked)
            self._limit(self._number.value())

    @Slot(int)
    def _changed(self, value: int) -> None:
        self._limit(value)
        self.changed.emit(value)

    def _limit(self, value: int) -> None:
        self._fewer.setEnabled(value > self._number.minimum())
        self._more.setEnabled(value < self._number.maximum())

    def _button(self, name: str, spoken: str) -> QPushButton:
        button = QPushButton(icon(name, "text_dim"), "")
        button.setIconSize(QSize(14, 14))
        button.setProperty("kind", "tiny_icon")
        button.setFixedSize(24, 24)
        button.setAccessibleName(spoken)
        button.setAutoRepeat(True)
        # the number itself steps with the arrow keys: the buttons are for the pointer
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button
