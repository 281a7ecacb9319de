"""Profiles and keys."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from musicapi_desktop.presenters.answer import Answer
from musicapi_desktop.presenters.settings import HOSTS, SettingsPresenter, SettingsState
from musicapi_desktop.ui.widgets.fields import FieldHead, FieldNote, heading

from .profile_card import ProfileCard
from .said import Said, sentence
from .secret_field import SecretField


class AddProfile(QFrame):
    """The form of a new profile: paste the key, it is tested, the balance is shown, it goes to the keyring."""

    def __init__(self, presenter: SettingsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._presenter = presenter
        self._notes: dict[str, FieldNote] = {}
        self.name = QLineEdit()
        self.name.setPlaceholderText(self.tr("Game score"))
        self.name.setAccessibleName(self.tr("Name of the profile"))
        self.host = QComboBox()
        self.host.setEditable(True)
        self.host.addItems(list(HOSTS))
        for part in (self.host, self.host.view()):
            part.setAccessibleName(self.tr("Address of the service"))
        self._secret = SecretField(self.tr("Key"), self.tr("Show the key"))
        self.key, self.peek = self._secret.line, self._secret.peek
        self.key.setPlaceholderText(self.tr("Paste the key of the account"))
        self.key.returnPressed.connect(self._add)
        self.add = self._button(self.tr("Test and add"), "primary")
        self.add.clicked.connect(self._add)
        self.session = self._button(self.tr("Keep for this session only"), "plain")
        self.session.clicked.connect(self._add_for_session)
        self.session.hide()
        self._said = Said()
        self._lay_out()

    def show_state(self, state: SettingsState) -> None:
        """Show problems by field and what the last press came to."""
        answer = state.answers.get("", Answer())
        for name, note in self._notes.items():
            note.say(answer.problems.get(name, ""))
        self._said.show_answer(answer)
        self.session.setVisible(answer.offer_session)
        self.add.setEnabled(not state.busy)
        self.add.setText(self.tr("Testing…") if state.busy else self.tr("Test and add"))

    @Slot()
    def forget(self) -> None:
        """Empty the form: what was typed is kept where keys are kept, and nowhere else."""
        self._secret.forget()
        self.name.clear()

    def _button(self, text: str, kind: str) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("kind", kind)
        button.setAccessibleName(text)
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.add)
        buttons.addWidget(self.session)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(5)
        column.addWidget(heading(self.tr("Add a profile"), "title"))
        column.addSpacing(4)
        for name, text, field in (
            ("name", self.tr("Name"), self.name),
            ("base_url", self.tr("Service"), self.host),
            ("key", self.tr("Key"), self._secret),
        ):
            column.addWidget(FieldHead(text))
            column.addWidget(field)
            self._notes[name] = FieldNote()
            column.addWidget(self._notes[name])
            column.addSpacing(4)
        column.addWidget(self._said)
        column.addLayout(buttons)

    @Slot()
    def _add(self) -> None:
        self._presenter.add_profile(self.name.text(), self.host.currentText(), self.key.text())

    @Slot()
    def _add_for_session(self) -> None:
        self._presenter.add_profile(self.name.text(), self.host.currentText(), self.key.text(), session_only=True)


class ProfilesPage(QWidget):
    """All profiles, then the form of a new one."""

    def __init__(self, presenter: SettingsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._cards: list[ProfileCard] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(10)
        self.form = AddProfile(presenter)
        presenter.added.connect(self.form.forget)
        words = sentence(
            self.tr(
                "Keys are kept in the keyring of this system and never in a file. Without a keyring: for this session "
                "only, or in the environment variable MUSICAPI_KEY."
            )
        )
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(10)
        whole.addLayout(self._column)
        whole.addWidget(self.form)
        whole.addWidget(words)
        whole.addStretch(1)
        whole.setAlignment(Qt.AlignmentFlag.AlignTop)

    def cards(self) -> tuple[ProfileCard, ...]:
        """The cards, in the order of the profiles."""
        return tuple(self._cards)

    def show_state(self, state: SettingsState) -> None:
        """Show the profiles."""
        if [card.profile_id for card in self._cards] != [profile.id for profile in state.profiles]:
            for card in self._cards:
                self._column.removeWidget(card)
                card.hide()
                card.deleteLater()
            self._cards = [ProfileCard(profile, self._presenter) for profile in state.profiles]
            for card in self._cards:
                self._column.addWidget(card)
        for card in self._cards:
            card.show_state(state)
        self.form.show_state(state)
