"""Sentences of the settings: what a page is for, and what came of a press."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from musicapi_desktop.presenters.answer import Answer
from musicapi_desktop.ui.theme.theme import set_kind
from musicapi_desktop.ui.widgets.fields import heading


class Said(QLabel):
    """A good, a doubtful or a bad sentence; takes no room while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setProperty("kind", "ok")
        self.hide()

    def show_answer(self, answer: Answer) -> None:
        """Show the sentence of ``answer``."""
        words = answer.bad or answer.doubtful or answer.good
        set_kind(self, "error" if answer.bad else "warn" if answer.doubtful else "ok")
        self.setText(words)
        self.setAccessibleName(words)
        self.setVisible(bool(words))


def sentence(text: str) -> QLabel:
    """A quiet sentence that takes as many lines as it needs."""
    label = heading(text, "caption")
    label.setWordWrap(True)
    return label
