"""The takes of the player bar: letters, level match, and comparing them blind."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from musicapi_desktop.domain.mix import level_words
from musicapi_desktop.presenters.player import PlayerPresenter
from musicapi_desktop.presenters.player_state import PlayerState
from musicapi_desktop.ui.theme.icons import icon
from musicapi_desktop.ui.widgets.elided import ElidedLabel
from musicapi_desktop.ui.widgets.letter_button import LetterButton


class Takes(QWidget):
    """Follows a PlayerState. While takes are compared blind the letters are ``?`` and the place tells which plays."""

    def __init__(self, presenter: PlayerPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._shown: tuple[str, ...] = ()
        self.letters: list[LetterButton] = []
        self._make()
        self._lay_out()
        self.blind.clicked.connect(presenter.toggle_blind)
        self.prefer.clicked.connect(presenter.prefer)
        self.match.clicked.connect(presenter.toggle_match)
        presenter.announced.connect(self._announce)

    def _make(self) -> None:
        self.blind = QToolButton()
        self.blind.setProperty("kind", "icon")
        self.blind.setCheckable(True)
        self.blind.setIconSize(QSize(18, 18))
        self.blind.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.prefer = QPushButton(self.tr("Prefer this"))
        self.prefer.setProperty("kind", "chip")
        self.prefer.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.prefer.setToolTip(self.tr("Count the one that plays as the better one, and shuffle again"))
        self.tally = ElidedLabel()
        self.tally.setProperty("kind", "caption")
        self.tally.setToolTip(self.tr("What you preferred while the letters were hidden"))
        self.match = QPushButton()
        self.match.setCheckable(True)
        self.match.setProperty("kind", "chip")
        self.match.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.match.setToolTip(self.tr("Level match: louder takes are brought to the loudness of the quietest"))

    def _lay_out(self) -> None:
        self._row = QHBoxLayout()
        self._row.setSpacing(6)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addLayout(self._row)
        for widget in (self.blind, self.prefer, self.tally, self.match):
            row.addWidget(widget)

    def show_state(self, state: PlayerState) -> None:
        """Show the letters, or that they are hidden."""
        if self._shown != state.takes:
            self._shown = state.takes
            self._rebuild(len(state.takes))
        for place, (button, letter) in enumerate(zip(self.letters, state.takes, strict=True)):
            button.setText(letter)
            button.setChecked(place == state.place)
            hidden = self.tr("Hidden take {number}").format(number=place + 1)
            button.setAccessibleName(hidden if state.blind else self.tr("Take {letter}").format(letter=letter))
        self._show_blind(state)
        self._show_match(state)

    def _show_blind(self, state: PlayerState) -> None:
        words = self.tr("Show the letters (B)") if state.blind else self.tr("Compare takes blind (B)")
        self.blind.setVisible(len(state.takes) > 1)
        self.blind.setChecked(state.blind)
        self.blind.setIcon(icon("eye", "accent") if state.blind else icon("shuffle", "text_dim"))
        self.blind.setToolTip(words)
        self.blind.setAccessibleName(words)
        self.prefer.setVisible(state.blind)
        count = self.tr("Prefer this ({count})").format(count=state.choices)
        self.prefer.setText(count if state.choices else self.tr("Prefer this"))
        tally = " · ".join(f"{letter} {count}" for letter, count in state.tally)
        self.tally.set_text(tally)
        self.tally.setVisible(bool(tally))
        self.tally.setAccessibleName(self.tr("Preferred: {tally}").format(tally=tally))

    def _show_match(self, state: PlayerState) -> None:
        # the figure would tell which take plays
        self.match.setVisible(state.match is not None and not state.blind)
        self.match.setChecked(state.match_on)
        figure = level_words(state.match or 0.0)
        self.match.setText(
            self.tr("Match {figure} dB").format(figure=figure) if state.match_on else self.tr("Match off")
        )
        self.match.setAccessibleName(self.tr("Level match, {figure} dB").format(figure=figure))

    def _rebuild(self, count: int) -> None:
        while len(self.letters) > count:
            button = self.letters.pop()
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        while len(self.letters) < count:
            button = LetterButton("", "play", 24)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(self._pressed)
            self._row.addWidget(button)
            self.letters.append(button)

    def _pressed(self) -> None:
        button = self.sender()
        if isinstance(button, LetterButton):
            self._presenter.choose_take_number(self.letters.index(button) + 1)

    def _announce(self, words: str) -> None:
        """Have it said: the letters changed without the focus moving."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.blind, words))
