"""What came of a press, in a sentence below it."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from musicapi_desktop.presenters.settings import Answer
from musicapi_desktop.ui.theme.theme import set_kind


class Said(QLabel):
    """A good or a bad sentence; takes no room while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setProperty("kind", "ok")
        self.hide()

    def show_answer(self, answer: Answer) -> None:
        """Show the sentence of ``answer``."""
        words = answer.bad or answer.good
        set_kind(self, "error" if answer.bad else "ok")
        self.setText(words)
        self.setAccessibleName(words)
        self.setVisible(bool(words))
