"""A few choices side by side, one of them taken."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QHBoxLayout, QPushButton, QWidget

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class Segment(QPushButton):
    """One choice. Arrow keys move to its neighbours; it is a stop of Tab only while it is the one taken."""

    moved = Signal(int)

    def __init__(self, value: str, text: str) -> None:
        super().__init__(text)
        self.value = value
        self.setCheckable(True)
        self.setProperty("kind", "segment")
        self.setProperty("takes_keys", "radio")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.moved.emit(step)


class Segmented(QFrame):
    """``choices`` are (value, text, accessible name). ``chosen`` is emitted when the person takes another one."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "segments")
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        for i, (value, text, spoken) in enumerate(choices):
            segment = Segment(value, text)
            segment.setAccessibleName(f"{name}: {spoken}")
            segment.moved.connect(self._move)
            self._group.addButton(segment, i)
            row.addWidget(segment, 1)
        self._group.buttonToggled.connect(self._toggled)
        self._group.buttonClicked.connect(self._clicked)

    def value(self) -> str:
        """The value that is taken, empty where none is."""
        segment = self._group.checkedButton()
        return segment.value if isinstance(segment, Segment) else ""

    def set_value(self, value: str) -> None:
        """Show ``value`` as taken; says nothing."""
        for segment in self._segments():
            if segment.value == value and not segment.isChecked():
                segment.setChecked(True)

    def segment(self, value: str) -> Segment:
        """The button of a value. Raises StopIteration for an unknown one."""
        return next(segment for segment in self._segments() if segment.value == value)

    def _segments(self) -> list[Segment]:
        return [button for button in self._group.buttons() if isinstance(button, Segment)]

    @Slot(QAbstractButton, bool)
    def _toggled(self, button: QAbstractButton, on: bool) -> None:
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus if on else Qt.FocusPolicy.NoFocus)

    @Slot(QAbstractButton)
    def _clicked(self, button: QAbstractButton) -> None:
        if isinstance(button, Segment):
            self.chosen.emit(button.value)

    @Slot(int)
    def _move(self, step: int) -> None:
        segments = [segment for segment in self._segments() if segment.isEnabled()]
        here = segments.index(next(segment for segment in segments if segment.isChecked()))
        following = segments[(here + step) % len(segments)]
        following.setChecked(True)
        following.setFocus(Qt.FocusReason.TabFocusReason)
        self.chosen.emit(following.value)
