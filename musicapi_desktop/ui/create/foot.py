"""The foot of the Create panel: how many, what it costs, and the button."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from musicapi_desktop.domain.request import MAX_SONGS
from musicapi_desktop.presenters.create import CreatePresenter
from musicapi_desktop.presenters.create_state import CreateState
from musicapi_desktop.ui.theme.theme import set_kind
from musicapi_desktop.ui.widgets.elided import ElidedLabel
from musicapi_desktop.ui.widgets.fields import heading
from musicapi_desktop.ui.widgets.stepper import Stepper


class CreateFoot(QFrame):
    """Always in sight, whatever the form scrolls to."""

    def __init__(self, presenter: CreatePresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "foot")
        self._presenter = presenter
        self.songs = Stepper(self.tr("Number of songs"), 1, MAX_SONGS)
        self.songs.changed.connect(presenter.set_songs)
        self._songs = heading(self.tr("Songs"), "caption")
        self._takes = QLabel()
        self._takes.setProperty("kind", "caption")
        self._credits = ElidedLabel()
        self._credits.setProperty("kind", "caption")
        self._credits.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.button = QPushButton()
        self.button.setProperty("kind", "primary")
        self.button.setProperty("large", True)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self._pressed)
        self._hint = heading(self.tr("Ctrl+Enter"), "tiny")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lay_out()

    def show_state(self, state: CreateState) -> None:
        """Show the number, the price and whether it can be pressed."""
        self.songs.set_value(state.draft.songs)
        for part in (self.songs, self._songs):
            part.setVisible(state.several)
        self._takes.setText(state.takes_text)
        self._credits.set_text(state.credits_text)
        set_kind(self._credits, "warn" if state.credits_low else "caption")
        self.button.setText(state.button)
        self.button.setAccessibleName(state.button)
        self.button.setEnabled(state.can_create)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self._songs)
        row.addWidget(self.songs)
        row.addWidget(self._takes)
        row.addWidget(self._credits, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 14)
        column.setSpacing(9)
        column.addLayout(row)
        column.addWidget(self.button)
        column.addWidget(self._hint)

    @Slot()
    def _pressed(self) -> None:
        self._presenter.create()
