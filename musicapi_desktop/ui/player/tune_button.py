"""What opens the panel for practising: one sign, or two chips that tell speed and key."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QWidget

from musicapi_desktop.presenters.player import PlayerPresenter
from musicapi_desktop.presenters.player_state import PlayerState
from musicapi_desktop.ui.theme.icons import icon

from .tune_panel import TunePanel, key_words, speed_words, tune_words


class TuneButtons(QWidget):
    """Follows a PlayerState. ``set_wide`` tells whether there is room for the chips."""

    def __init__(self, presenter: PlayerPresenter, *, wide: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._panel: TunePanel | None = None
        self._wide = wide
        self.sign = QToolButton()
        self.sign.setProperty("kind", "icon")
        self.sign.setIconSize(QSize(18, 18))
        self.speed, self.key = self._chip(), self._chip()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for button in (self.sign, self.speed, self.key):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(self._open)
            row.addWidget(button)
        presenter.state_changed.connect(self.show_state)
        self.show_state(presenter.state)

    def set_wide(self, wide: bool) -> None:
        """Show the chips, or the sign."""
        if wide != self._wide:
            self._wide = wide
            self.show_state(self._presenter.state)

    def minimumSizeHint(self) -> QSize:
        """Room for the sign: the chips are for where there is more."""
        return self.sign.minimumSizeHint()

    def show_state(self, state: PlayerState) -> None:
        """Tell what is set; lit where it is not as the song was made."""
        words = tune_words(state)
        self.sign.setVisible(not self._wide)
        changed = (state.speed, state.key) != (100, 0) or (state.click and state.click_ready)
        self.sign.setIcon(icon("gauge", "accent" if changed else "text_dim"))
        self.sign.setAccessibleName(words)
        self.sign.setToolTip(words)
        for chip, title, figure, lit in (
            (self.speed, self.tr("Speed"), speed_words(state.speed), state.speed != 100),
            (self.key, self.tr("Key"), key_words(state.key), state.key != 0),
        ):
            chip.setVisible(self._wide)
            chip.setText(f"{title} {figure}")
            chip.setChecked(lit)
            chip.setToolTip(words)

    def _chip(self) -> QPushButton:
        chip = QPushButton()
        chip.setProperty("kind", "chip")
        chip.setCheckable(True)
        return chip

    def _open(self) -> None:
        button = self.sender()
        # a chip is lit by what is set, not by being pressed
        self.show_state(self._presenter.state)
        if self._panel is None:
            self._panel = TunePanel(self._presenter, self)
        if isinstance(button, QAbstractButton):
            self._panel.open_at(button)
            (self._panel.key if button is self.key else self._panel.speed).setFocus(Qt.FocusReason.PopupFocusReason)
