"""A box for plain text of several lines that tells its edits apart from what it is given."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget


class TextBox(QPlainTextEdit):
    """``edited`` carries the text whenever the person changes it; ``focused`` whether the box has the focus."""

    edited = Signal(str)
    focused = Signal(bool)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self._loading = False
        self.textChanged.connect(self._changed)

    def set_text(self, text: str) -> None:
        """Show ``text``; says nothing, and leaves the cursor alone where nothing changes."""
        if text != self.toPlainText():
            self._loading = True
            self.setPlainText(text)
            self._loading = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell whoever draws the ring."""
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell whoever draws the ring."""
        super().focusOutEvent(event)
        self.focused.emit(False)

    @Slot()
    def _changed(self) -> None:
        if not self._loading:
            self.edited.emit(self.toPlainText())
