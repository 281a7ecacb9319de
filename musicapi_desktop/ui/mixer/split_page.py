"""What the mixer says where there are no stems: nothing open, not split yet, or being split."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from musicapi_desktop.presenters.mixer import MixerPresenter
from musicapi_desktop.presenters.mixer_state import MixerState

_WIDTH = 520


class SplitPage(QFrame):
    """A sentence and the next step."""

    def __init__(self, presenter: MixerPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bg")
        self.heading = QLabel()
        self.heading.setProperty("kind", "heading")
        self.sentence = QLabel()
        self.sentence.setProperty("kind", "dim")
        self.progress = QLabel()
        self.progress.setProperty("kind", "strong")
        for label in (self.heading, self.sentence, self.progress):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
        self.basic = QPushButton()
        self.basic.setProperty("kind", "primary")
        self.full = QPushButton()
        self.basic.clicked.connect(lambda: presenter.split(full=False))
        self.full.clicked.connect(lambda: presenter.split(full=True))
        self._lay_out()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.basic)
        buttons.addWidget(self.full)
        buttons.addStretch()
        words = QWidget()
        words.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(words)
        column.setSpacing(10)
        column.addStretch(2)
        column.addWidget(self.heading)
        column.addWidget(self.sentence)
        column.addSpacing(8)
        column.addLayout(buttons)
        column.addWidget(self.progress)
        column.addStretch(3)
        # the row gives the words their width first, so that wrapped lines get their height
        row = QHBoxLayout(self)
        row.addStretch(1)
        row.addWidget(words, 100)
        row.addStretch(1)

    def show_state(self, state: MixerState) -> None:
        """Show the way to stems, or how far it has come."""
        offer = state.split
        heading, sentence = self._words(state)
        self.heading.setText(heading)
        self.sentence.setText(sentence)
        self.progress.setText(offer.running)
        self.progress.setVisible(bool(offer.running))
        for button, words in ((self.basic, offer.basic), (self.full, offer.full)):
            button.setText(words[:1].upper() + words[1:])
            button.setVisible(bool(words) and not offer.running and not state.empty)

    def _words(self, state: MixerState) -> tuple[str, str]:
        if state.empty:
            return self.tr("Nothing in the mixer yet"), self.tr("Play a song from the library: its stems open here.")
        if state.split.running:
            return self.tr("The stems are on their way"), self.tr("The song plays on meanwhile.")
        if state.split.failed:
            return self.tr("The stems did not come"), state.split.failed
        if not state.split.basic:
            return self.tr("No stems"), self.tr("This take cannot be split where it was made.")
        return (
            self.tr("This take is not split into stems yet"),
            self.tr(
                "Two parts are voice and music; all parts are up to twelve instruments. The song plays on meanwhile."
            ),
        )
