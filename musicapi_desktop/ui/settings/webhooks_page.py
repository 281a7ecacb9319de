"""Webhooks: off by default, a card for each profile that can ask for them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from musicapi_desktop.domain.profile import Profile
from musicapi_desktop.presenters.answer import Answer
from musicapi_desktop.presenters.webhooks import PORT, WebhooksPresenter, WebhooksState
from musicapi_desktop.ui.widgets.fields import FieldHead, FieldNote, heading

from .said import Said, sentence

_PORT_WIDTH = 96


class WebhookCard(QFrame):
    """The webhooks of one profile."""

    def __init__(self, profile: Profile, presenter: WebhooksPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.profile_id = profile.id
        self._name = profile.name
        self._presenter = presenter
        self._on = heading(self.tr("on"), "chip_on")
        self.address = QLineEdit()
        self.address.setPlaceholderText("https://my-tunnel.example/musicapi")
        self.address.setAccessibleName(self.tr("{0}: public address of your tunnel").format(profile.name))
        self.address.returnPressed.connect(self._turn_on)
        self._note = FieldNote()
        self._heard = sentence("")
        self._said = Said()
        self.turn_on = self._button(self.tr("Turn on and test"), "primary")
        self.turn_on.clicked.connect(self._turn_on)
        self.session = self._button(self.tr("Keep the secret for this session only"), "plain")
        self.session.clicked.connect(self._turn_on_for_session)
        self.turn_off = self._button(self.tr("Turn off"), "quiet")
        self.turn_off.clicked.connect(self._turn_off)
        self._shown = ""
        self._lay_out()

    def show_state(self, state: WebhooksState) -> None:
        """Show whether they are on, when something was heard last, and what the last press came to."""
        address = state.addresses.get(self.profile_id, "")
        if address != self._shown:
            self._shown = address
            self.address.setText(address)
        answer = state.answers.get(self.profile_id, Answer())
        self._on.setVisible(bool(address))
        self._note.say(answer.problems.get("url", ""))
        self._said.show_answer(answer)
        self._heard.setText(self._heard_words(state) if address else "")
        self._heard.setVisible(bool(address))
        self.session.setVisible(answer.offer_session)
        self.turn_off.setVisible(bool(address))
        self._rename(self.turn_on, self.tr("Test") if address else self.tr("Turn on and test"))
        for part in (self.turn_on, self.session, self.turn_off):
            part.setEnabled(not state.busy)

    def _heard_words(self, state: WebhooksState) -> str:
        silence = state.heard.get(self.profile_id)
        if silence is None:
            return self.tr("Nothing was heard in this session yet: songs are asked after as usual.")
        minutes = int(silence // 60)
        if minutes < 1:
            return self.tr("Heard just now: songs are not asked after while this goes on.")
        return self.tr("Heard %n minute(s) ago.", "", minutes)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(heading(self._name, "title"))
        top.addWidget(self._on)
        top.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.turn_on)
        buttons.addStretch(1)
        buttons.addWidget(self.turn_off)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(FieldHead(self.tr("Public address of your tunnel"), self.address))
        for part in (self.address, self._note, self._heard, self._said):
            column.addWidget(part)
        column.addWidget(self.session, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(buttons)

    def _button(self, text: str, kind: str) -> QPushButton:
        button = QPushButton()
        button.setProperty("kind", kind)
        button.setAutoDefault(False)
        self._rename(button, text)
        return button

    def _rename(self, button: QPushButton, text: str) -> None:
        button.setText(text)
        button.setAccessibleName(f"{self._name}: {text}")

    @Slot()
    def _turn_on(self) -> None:
        self._presenter.turn_on(self.profile_id, self.address.text())

    @Slot()
    def _turn_on_for_session(self) -> None:
        self._presenter.turn_on(self.profile_id, self.address.text(), session_only=True)

    @Slot()
    def _turn_off(self) -> None:
        self._presenter.turn_off(self.profile_id)


class WebhooksPage(QWidget):
    """Shows a WebhooksPresenter."""

    def __init__(self, presenter: WebhooksPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._cards: list[WebhookCard] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(10)
        self._none = sentence(self.tr("Add a profile with a key first; songs made on this computer need no webhooks."))
        self.port = QLineEdit()
        self.port.setFixedWidth(_PORT_WIDTH)
        self.port.setAccessibleName(self.tr("Port of this computer"))
        self.port.editingFinished.connect(self._choose_port)
        self._note = FieldNote()
        self._said = Said()
        self._lay_out()
        presenter.state_changed.connect(self.show_state)
        self.show_state(presenter.state)

    def cards(self) -> tuple[WebhookCard, ...]:
        """The cards, in the order of the profiles."""
        return tuple(self._cards)

    @Slot(object)
    def show_state(self, state: WebhooksState) -> None:
        """Show the port and the profiles."""
        if [(card.profile_id) for card in self._cards] != [profile.id for profile in state.profiles]:
            for card in self._cards:
                self._column.removeWidget(card)
                card.hide()
                card.deleteLater()
            self._cards = [WebhookCard(profile, self._presenter) for profile in state.profiles]
            for card in self._cards:
                self._column.addWidget(card)
        for card in self._cards:
            card.show_state(state)
        self._none.setVisible(not state.profiles)
        answer = state.answers.get(PORT, Answer())
        self._note.say(answer.problems.get("port", ""))
        self._said.show_answer(answer)
        if not self.port.hasFocus() or not (answer.problems or answer.bad):
            self.port.setText(str(state.port))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.port)
        row.addWidget(sentence(self.tr("on 127.0.0.1; nothing is listened at while all webhooks are off")), 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(10)
        whole.addWidget(
            sentence(
                self.tr(
                    "The service can tell when a song is done, instead of being asked every few seconds. It needs a "
                    "public https address: a tunnel of yours that leads to a port of this computer. What comes in is "
                    "believed only with the signature of a secret the app makes, which goes to the keyring and to the "
                    "service with each request."
                )
            )
        )
        whole.addWidget(FieldHead(self.tr("Port"), self.port))
        whole.addLayout(row)
        whole.addWidget(self._note)
        whole.addWidget(self._said)
        whole.addWidget(self._none)
        whole.addLayout(self._column)
        whole.addStretch(1)
        whole.setAlignment(Qt.AlignmentFlag.AlignTop)

    @Slot()
    def _choose_port(self) -> None:
        if self.port.text().strip() != str(self._presenter.state.port):
            self._presenter.choose_port(self.port.text())
