"""The place for source files: a bucket or a folder, tested before it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from musicapi_desktop.domain.place import Place, PlaceKind
from musicapi_desktop.presenters.places import PlacesPresenter, PlacesState
from musicapi_desktop.ui.widgets.fields import FieldHead, FieldNote, heading
from musicapi_desktop.ui.widgets.segmented import Segmented

from .said import Said, sentence
from .secret_field import SecretField

_SURE = 4000
"""Milliseconds in which a second press removes."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What the fields of one kind are called, and an example of each; an empty name: there is no such field."""

    address: tuple[str, str]
    user: tuple[str, str]
    secret: str
    bucket: tuple[str, str] = ("", "")
    region: tuple[str, str] = ("", "")


class PlacesPage(QWidget):
    """Shows a PlacesPresenter."""

    def __init__(self, presenter: PlacesPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self.kind = Segmented(
            self.tr("Kind of place"),
            (
                (str(PlaceKind.S3), self.tr("Bucket (S3)"), self.tr("a bucket of an S3-compatible storage")),
                (str(PlaceKind.WEBDAV), self.tr("Folder (WebDAV)"), self.tr("a WebDAV folder")),
            ),
        )
        self.kind.chosen.connect(presenter.choose_kind)
        self.form = PlaceForm()
        for line in self.form.findChildren(QLineEdit):
            line.returnPressed.connect(self._keep)
        self._said = Said()
        self._in_use = heading("", "chip_on")
        self._where = sentence("")
        self.keep = self._button(self.tr("Test this place and keep it"), "primary")
        self.keep.clicked.connect(self._keep)
        self.session = self._button(self.tr("Keep the secret for this session only"), "plain")
        self.session.clicked.connect(self._keep_for_session)
        self.locate = self._button(self.tr("Where is my secret?"), "quiet")
        self.locate.clicked.connect(presenter.ask_where)
        self.remove = self._button(self.tr("Remove"), "danger")
        self.remove.clicked.connect(self._remove)
        self._sure = QTimer(self, singleShot=True, interval=_SURE)
        self._sure.timeout.connect(self._not_sure)
        presenter.state_changed.connect(self.show_state)
        presenter.kept.connect(self.form.secret.forget)
        self._lay_out()
        self._shown: Place | None = None
        self._kind = presenter.state.kind
        self._drafts: dict[PlaceKind, Place] = {}
        self.show_state(presenter.state)

    @Slot(object)
    def show_state(self, state: PlacesState) -> None:
        """Show the fields of the kind, the place in use, and what the last press came to."""
        self.kind.set_value(str(state.kind))
        self._follow(state)
        in_use = state.place is not None and state.place.kind is state.kind
        self.form.show_kind(state.kind, kept=in_use)
        self.form.show_problems(dict(state.answer.problems))
        self._said.show_answer(state.answer)
        self._in_use.setText(self.tr("in use"))
        self._in_use.setVisible(in_use)
        self._where.setText(self.tr("The secret is {0}.").format(state.where) if state.where else "")
        self._where.setVisible(bool(state.where))
        self.session.setVisible(state.answer.offer_session)
        for button in (self.locate, self.remove):
            button.setVisible(state.place is not None)
        for button in (self.keep, self.session, self.remove):
            button.setEnabled(not state.busy)
        self.keep.setText(self.tr("Testing…") if state.busy else self.tr("Test this place and keep it"))

    def _follow(self, state: PlacesState) -> None:
        """Show the place in use where it is another one now, and the other kind's text where that was chosen."""
        if state.kind is not self._kind:
            self._drafts[self._kind] = self.form.place(self._kind)
            self._kind = state.kind
            self.form.fill(self._drafts.get(state.kind, Place(state.kind, "")))
            self.form.secret.forget()
        if state.place != self._shown:
            self._shown = state.place
            if state.place is not None:
                self.form.fill(state.place)

    def _lay_out(self) -> None:
        card = QFrame()
        card.setProperty("kind", "card")
        top = QHBoxLayout()
        top.addWidget(self.kind, 1)
        top.addWidget(self._in_use)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for part in (self.keep, self.locate):
            buttons.addWidget(part)
        buttons.addStretch(1)
        buttons.addWidget(self.remove)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(14, 12, 14, 14)
        inner.setSpacing(8)
        inner.addLayout(top)
        inner.addWidget(self.form)
        inner.addWidget(self._said)
        inner.addWidget(self._where)
        inner.addWidget(self.session, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addLayout(buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(10)
        whole.addWidget(
            sentence(
                self.tr(
                    "The service fetches audio by its public address. A file of this computer is put into a place of "
                    "yours first, under a name nobody can guess, and deleted after use. Songs made on this computer "
                    "need no place."
                )
            )
        )
        whole.addWidget(card)
        whole.addWidget(
            sentence(self.tr("The secret is kept in the keyring of this system and never in a file or an address."))
        )
        whole.addStretch(1)
        whole.setAlignment(Qt.AlignmentFlag.AlignTop)

    def _button(self, text: str, kind: str) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("kind", kind)
        button.setAccessibleName(text)
        button.setAutoDefault(False)
        return button

    @Slot()
    def _keep(self) -> None:
        self._send(session_only=False)

    @Slot()
    def _keep_for_session(self) -> None:
        self._send(session_only=True)

    def _send(self, *, session_only: bool) -> None:
        place = self.form.place(self._presenter.state.kind)
        self._presenter.test_and_keep(place, self.form.secret.line.text(), session_only=session_only)

    @Slot()
    def _remove(self) -> None:
        if self._sure.isActive():
            self._sure.stop()
            self._not_sure()
            self._presenter.remove()
        else:
            self._sure.start()
            self.remove.setText(self.tr("Press again: the secret is forgotten"))

    @Slot()
    def _not_sure(self) -> None:
        self.remove.setText(self.tr("Remove"))


class PlaceForm(QWidget):
    """The fields of a place; those of the other kind are hidden and keep their text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.address, self.bucket, self.region, self.user = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.secret = SecretField(self.tr("Secret key"), self.tr("Show the secret"))
        self.prefix, self.public = QLineEdit(), QLineEdit()
        self.path_style = QCheckBox(self.tr("The bucket's name stands in the path (MinIO and others)"))
        self._heads: dict[str, FieldHead] = {}
        self._notes: dict[str, FieldNote] = {}
        self._blocks: dict[str, QWidget] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._block("address", self.address))
        column.addLayout(_row([self._block("bucket", self.bucket), self._block("region", self.region)]))
        column.addLayout(_row([self._block("user", self.user), self._block("secret", self.secret)]))
        column.addLayout(_row([self._block("prefix", self.prefix), self._block("public", self.public)]))
        column.addWidget(self.path_style)

    def place(self, kind: PlaceKind) -> Place:
        """The place as typed."""
        return Place(
            kind,
            self.address.text(),
            self.user.text(),
            self.bucket.text(),
            self.region.text(),
            self.prefix.text(),
            self.path_style.isChecked(),
            self.public.text(),
        )

    def fill(self, place: Place) -> None:
        """Show a place that is in use."""
        self.address.setText(place.address)
        self.user.setText(place.user)
        self.bucket.setText(place.bucket)
        self.region.setText(place.region)
        self.prefix.setText(place.prefix)
        self.public.setText(place.public)
        self.path_style.setChecked(place.path_style)

    def show_kind(self, kind: PlaceKind, *, kept: bool) -> None:
        """Show the fields of a kind; ``kept`` tells that a secret of it may be kept already."""
        s3 = kind is PlaceKind.S3
        words = self._words_of_bucket() if s3 else self._words_of_folder()
        for name, field, (text, example) in (
            ("address", self.address, words.address),
            ("bucket", self.bucket, words.bucket),
            ("region", self.region, words.region),
            ("user", self.user, words.user),
            ("prefix", self.prefix, (self.tr("Folder in it"), self.tr("none"))),
            ("public", self.public, self._public(s3=s3)),
        ):
            self._heads[name].set_name(text)
            field.setPlaceholderText(example)
            field.setAccessibleName(text)
            self._blocks[name].setVisible(bool(text))
        self._heads["secret"].set_name(words.secret)
        self.secret.line.setAccessibleName(words.secret)
        self.secret.line.setPlaceholderText(self.tr("As kept; type another to replace it") if kept else "")
        self.path_style.setVisible(s3)

    def show_problems(self, problems: dict[str, str]) -> None:
        """Show what is wrong, below each field."""
        for name, note in self._notes.items():
            note.say(problems.get(name, ""))

    def _words_of_bucket(self) -> _Words:
        return _Words(
            (self.tr("Address of the storage"), "https://s3.eu-central-1.amazonaws.com"),
            (self.tr("Access key id"), "AKIA…"),
            self.tr("Secret key"),
            (self.tr("Bucket"), self.tr("my-songs")),
            (self.tr("Region"), "us-east-1"),
        )

    def _words_of_folder(self) -> _Words:
        return _Words(
            (self.tr("Address of the folder"), "https://cloud.example/dav/music"),
            (self.tr("User"), self.tr("empty where a token is used")),
            self.tr("Password or token"),
        )

    def _public(self, *, s3: bool) -> tuple[str, str]:
        name = self.tr("Public address of the same files")
        return name, self.tr("none: signed links of an hour") if s3 else self.tr("the address of the folder itself")

    def _block(self, name: str, field: QWidget) -> QWidget:
        block = QWidget()
        column = QVBoxLayout(block)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._heads[name] = FieldHead("", field)
        self._notes[name] = FieldNote()
        self._blocks[name] = block
        for part in (self._heads[name], field, self._notes[name]):
            column.addWidget(part)
        return block


def _row(blocks: Sequence[QWidget]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(12)
    for block in blocks:
        row.addWidget(block, 1, Qt.AlignmentFlag.AlignTop)
    return row
