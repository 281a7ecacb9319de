"""The dB box of a strip: shows a level, takes a typed one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from musicapi_desktop.domain.mix import level_from_words, level_words
from musicapi_desktop.ui.theme import fonts


class LevelBox(QLineEdit):
    """Enter or leaving takes what was typed; Esc, or something that is not a level, goes back."""

    level_typed = Signal(float)
    left = Signal()
    """Enter or Esc: the focus belongs to the fader again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = 0.0
        self.setProperty("kind", "bare")
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMaxLength(9)
        self.setFont(fonts.font(tabular=True))
        self.setAccessibleName(self.tr("Level in dB"))
        self.editingFinished.connect(self._take)
        self.show_level(0.0)

    def show_level(self, level: float) -> None:
        """Show a level, unless one is being typed."""
        self._level = level
        if not self.isModified():
            self.setText(level_words(level))

    def type_from(self, text: str) -> None:
        """Start typing with ``text``."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.clear()
        self.insert(text)
        self.setModified(True)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Ready to be typed over."""
        super().focusInEvent(event)
        self.selectAll()

    def mousePressEvent(self, event: object) -> None:
        """A click selects the whole figure."""
        del event
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to what was."""
        if event.key() == Qt.Key.Key_Escape:
            self._restore()
            self.left.emit()
            return
        super().keyPressEvent(event)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.left.emit()

    def _take(self) -> None:
        level = level_from_words(self.text()) if self.isModified() else None
        self._restore()
        if level is not None and level != self._level:
            self._level = level
            self.setText(level_words(level))
            self.level_typed.emit(level)

    def _restore(self) -> None:
        self.setText(level_words(self._level))
        self.setModified(False)
