"""One profile in the settings: where it sends, where its key is, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from musicapi_desktop.domain.profile import Profile
from musicapi_desktop.presenters.answer import Answer
from musicapi_desktop.presenters.profiles import profile_name
from musicapi_desktop.presenters.settings import SettingsPresenter, SettingsState
from musicapi_desktop.ui.widgets.fields import heading

from .said import Said

_SURE = 4000
"""Milliseconds in which a second press removes."""


class ProfileCard(QFrame):
    """Shows one profile of a SettingsState."""

    def __init__(self, profile: Profile, presenter: SettingsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.profile_id = profile.id
        self._presenter = presenter
        self._name = profile_name(profile)
        self._in_use = heading(self.tr("in use"), "chip_on")
        self._where = heading("", "caption")
        self._where.setWordWrap(True)
        self._said = Said()
        self.use = self._button(self.tr("Use"), "plain", partial(presenter.choose_profile, profile.id))
        self.check = self._button(self.tr("Test"), "plain", partial(presenter.test_profile, profile.id))
        self.locate = self._button(self.tr("Where is my key?"), "quiet", partial(presenter.ask_where, profile.id))
        self.remove = self._button(self.tr("Remove"), "danger", self._remove)
        self._sure = QTimer(self, singleShot=True, interval=_SURE)
        self._sure.timeout.connect(self._not_sure)
        for part in (self.check, self.locate):
            part.setVisible(not profile.local)
        address = profile.base_url or self.tr("Free, needs no key and no network.")
        self._lay_out(address)

    def show_state(self, state: SettingsState) -> None:
        """Show whether it is in use, and what the last press came to."""
        active = state.active == self.profile_id
        self._in_use.setVisible(active)
        self.use.setVisible(not active)
        self.remove.setVisible(state.may_remove(self.profile_id))
        place = state.places.get(self.profile_id, "")
        self._where.setText(self.tr("The key is {0}.").format(place) if place else "")
        self._where.setVisible(bool(place))
        self._said.show_answer(state.answers.get(self.profile_id, Answer()))
        for button in (self.use, self.check, self.remove):
            button.setEnabled(not state.busy)

    def _button(self, text: str, kind: str, method: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("kind", kind)
        button.setAccessibleName(f"{self._name}: {text}")
        button.clicked.connect(method)
        button.setAutoDefault(False)
        return button

    def _lay_out(self, address: str) -> None:
        top = QHBoxLayout()
        top.addWidget(heading(self._name, "title"))
        top.addWidget(self._in_use)
        top.addStretch(1)
        where = QLabel(address)
        where.setProperty("kind", "caption")
        row = QHBoxLayout()
        row.setSpacing(8)
        for part in (self.use, self.check, self.locate):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(where)
        column.addWidget(self._where)
        column.addWidget(self._said)
        column.addLayout(row)

    @Slot()
    def _remove(self) -> None:
        if self._sure.isActive():
            self._sure.stop()
            self._presenter.remove_profile(self.profile_id)
        else:
            self._sure.start()
            self.remove.setText(self.tr("Press again: the key is forgotten"))

    @Slot()
    def _not_sure(self) -> None:
        self.remove.setText(self.tr("Remove"))
