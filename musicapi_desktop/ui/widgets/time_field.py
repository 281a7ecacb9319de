"""A moment of a song as a number that can be typed and stepped: 1:07.4."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

_TYPED = re.compile(r"^\s*(?:(\d{1,3}):)?(\d{0,4}(?:[.,]\d?)?)\s*$")


class TimeField(QDoubleSpinBox):
    """Seconds, shown and read as minutes and seconds to a tenth."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.lineEdit().setAccessibleName(name)
        self.setDecimals(1)
        self.setSingleStep(0.1)
        self.setKeyboardTracking(False)
        self.setProperty("kind", "time")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedWidth(66)

    def set_step(self, seconds: float) -> None:
        """What an arrow key adds: a beat where it is known."""
        self.setSingleStep(seconds if seconds > 0 else 1.0)

    def set_time(self, seconds: float, most: float) -> None:
        """Show a moment of a take that is ``most`` seconds long; says nothing."""
        blocked = self.blockSignals(True)
        self.setRange(0.0, max(0.0, most))
        self.setValue(seconds)
        self.blockSignals(blocked)

    def textFromValue(self, val: float) -> str:
        """Minutes and seconds."""
        tenths = round(val * 10)
        return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"

    def valueFromText(self, text: str) -> float:
        """Seconds, or minutes and seconds."""
        found = _TYPED.match(text)
        if found is None:
            return self.value()
        return int(found[1] or 0) * 60 + float((found[2] or "0").replace(",", ".").rstrip(".") or 0)

    def validate(self, input: str, pos: int) -> tuple[QValidator.State, str, int]:  # noqa: A002  # Qt's own name
        """Anything that reads as a time."""
        state = QValidator.State.Acceptable if _TYPED.match(input) else QValidator.State.Invalid
        return state, input, pos
