"""The inspector: the chosen take, what can be done with it, and everything that is known of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from musicapi_desktop.domain.request import Operation
from musicapi_desktop.models.song_rows import Row
from musicapi_desktop.presenters.operations import Group, Offer
from musicapi_desktop.ui.theme.icons import icon
from musicapi_desktop.ui.widgets.cover import CoverLabel
from musicapi_desktop.ui.widgets.flow import FlowLayout
from musicapi_desktop.ui.widgets.save_dialog import ask_where

from .family_page import FamilyPage
from .inspector_tabs import DetailsPage, FilesPage, copy, scrolled
from .lyrics_page import LyricsPage
from .notes_page import NotesPage
from .take_menu import TakeMenu, add_offers, file_name, save_as

if TYPE_CHECKING:
    from musicapi_desktop.presenters.inspector import InspectorPresenter, InspectorState

_SIDE = 16
_COVER = 150
CHIPS = (
    Operation.EXTEND,
    Operation.UPLOAD_EXTEND,
    Operation.PRODUCER_EXTEND,
    Operation.COVER,
    Operation.UPLOAD_COVER,
    Operation.REMASTER,
    Operation.STEMS_BASIC,
    Operation.WAV,
    Operation.MIDI,
)
"""What is offered at one press; the menu has everything."""


class Inspector(QFrame):
    """Shows an InspectorPresenter."""

    def __init__(self, presenter: InspectorPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self._presenter = presenter
        self._cover = CoverLabel()
        self._cover.setFixedHeight(_COVER)
        self._title = QLabel()
        self._title.setProperty("kind", "heading")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setWordWrap(True)
        self._line = QLabel()
        self._line.setProperty("kind", "caption")
        self._line.setWordWrap(True)
        self._primary = self._button("", "primary")
        self._export = self._button(self.tr("Export"), "plain", "upload")
        self._export.setIconSize(QSize(20, 16))
        self._more = self._button("", "plain", "ellipsis")
        self._more.setAccessibleName(self.tr("More for this take"))
        self._chips = QWidget()
        self._offers: tuple[Offer, ...] = ()
        self._lyrics = LyricsPage(presenter.here)
        self._details = DetailsPage()
        self._family = FamilyPage()
        self._files = FilesPage()
        self._notes = NotesPage(presenter.here)
        self._tabs = QTabBar()
        self._pages = QStackedWidget()
        self._whole = QStackedWidget()
        self._lay_out()
        self._connect()
        self._show(presenter.state)

    def _button(self, text: str, kind: str, image: str = "") -> QPushButton:
        button = QPushButton(text)
        button.setProperty("kind", kind)
        if image:
            button.setIcon(icon(image))
        return button

    def _lay_out(self) -> None:
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setAccessibleName(self.tr("About this take"))
        for text, page in (
            (self.tr("Lyrics"), scrolled(self._lyrics)),
            (self.tr("Details"), scrolled(self._details)),
            (self.tr("Family"), self._family),
            (self.tr("Files"), scrolled(self._with_notes())),
        ):
            self._tabs.addTab(text)
            self._pages.addWidget(page)
        about = QWidget()
        box = QVBoxLayout(about)
        box.setContentsMargins(0, _SIDE, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._head())
        line = QFrame()
        line.setProperty("kind", "line")
        box.addWidget(line)
        box.addWidget(self._pages, 1)
        self._whole.addWidget(self._empty())
        self._whole.addWidget(about)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._whole)

    def _with_notes(self) -> QWidget:
        both = QWidget()
        box = QVBoxLayout(both)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._files)
        box.addWidget(self._notes)
        box.addStretch(1)
        return both

    def _head(self) -> QWidget:
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self._primary, 1)
        buttons.addWidget(self._export)
        buttons.addWidget(self._more)
        self._flow = FlowLayout(self._chips, spacing=6)
        head = QWidget()
        box = QVBoxLayout(head)
        box.setContentsMargins(_SIDE, 0, _SIDE, 0)
        box.setSpacing(4)
        box.addWidget(self._cover)
        box.addSpacing(8)
        box.addWidget(self._title)
        box.addWidget(self._line)
        box.addSpacing(6)
        box.addLayout(buttons)
        box.addSpacing(6)
        box.addWidget(self._chips)
        box.addSpacing(6)
        box.addWidget(self._tabs)
        return head

    def _empty(self) -> QWidget:
        page = QWidget()
        said = QLabel(self.tr("Nothing selected"))
        said.setProperty("kind", "title")
        said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hint = QLabel(self.tr("Choose a song to see its words, its files and what made it."))
        hint.setProperty("kind", "dim")
        hint.setWordWrap(True)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box = QVBoxLayout(page)
        box.setContentsMargins(32, 32, 32, 32)
        box.setSpacing(8)
        box.addStretch(2)
        box.addWidget(said)
        box.addWidget(hint)
        box.addStretch(3)
        return page

    def _connect(self) -> None:
        self._presenter.state_changed.connect(self._show)
        self._tabs.currentChanged.connect(self._pages.setCurrentIndex)
        self._primary.clicked.connect(self._main)
        self._export.clicked.connect(self._save)
        self._more.clicked.connect(self._menu)
        self._details.copied.connect(self._copy)
        self._lyrics.sought.connect(self._presenter.go_to)
        self._lyrics.saved.connect(self._save_lyrics)
        self._lyrics.asked.connect(self._ask)
        self._notes.sought.connect(self._presenter.go_to)
        self._family.opened.connect(self._presenter.open_relative)
        self._files.asked.connect(self._presenter.actions.reveal_file)

    @Slot(object)
    def _show(self, state: InspectorState) -> None:
        if state.song is None:
            self._whole.setCurrentIndex(0)
            return
        self._cover.set_song(state.song.id)
        self._title.setText(state.title)
        self._line.setText(state.line)
        self._buttons(state)
        self._lyrics.show_state(state)
        self._details.show_details(state.details, state.beside)
        self._family.show_family(state.kin)
        self._files.show_files(state.files)
        self._notes.show_notes(state)
        self._whole.setCurrentIndex(1)

    def _buttons(self, state: InspectorState) -> None:
        self._primary.setText(self.tr("Open mixer") if state.has_stems else self.tr("Split into stems"))
        for button in (self._primary, self._export, self._more):
            button.setEnabled(state.playable)
        # a take whose file is missing has a menu of its own
        self._more.setEnabled(state.take is not None)
        offers = tuple(offer for name in CHIPS if (offer := state.offer(name)) is not None)
        self._chips.setVisible(state.playable and bool(offers))
        if offers != self._offers:
            self._offers = offers
            self._renew_chips()

    def _renew_chips(self) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for offer in self._offers:
            parts = offer.group is Group.PARTS
            chip = self._button(self.tr("Stems") if parts else offer.short, "chip")
            chip.setAccessibleName(self.tr("Split into stems") if parts else offer.priced)
            chip.setToolTip(offer.warning or offer.priced)
            chip.clicked.connect(partial(self._split_menu, chip) if parts else partial(self._ask, offer))
            self._flow.addWidget(chip)
        self._chips.updateGeometry()

    @Slot()
    def _main(self) -> None:
        if self._presenter.state.has_stems:
            self._presenter.actions.open_mixer(self._presenter.key)
        else:
            self._split_menu(self._primary)

    def _split_menu(self, under: QPushButton, _checked: bool = False) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        add_offers(menu, [each for each in self._presenter.state.offers if each.group is Group.PARTS], self._ask)
        menu.popup(under.mapToGlobal(QPoint(0, under.height() + 4)))

    def _ask(self, offer: Offer, _checked: bool = False) -> None:
        state = self._presenter.state
        if state.song is not None and state.take is not None:
            self._presenter.actions.ask(offer, state.song, state.take)

    @Slot()
    def _save(self) -> None:
        state = self._presenter.state
        if state.song is not None and state.take is not None:
            save_as(self, self._presenter.actions, state.song, state.take)

    @Slot(str)
    def _save_lyrics(self, ending: str) -> None:
        title = self._presenter.state.title
        kinds = {"lrc": self.tr("Timed lyrics (*.lrc)"), "srt": self.tr("Subtitles (*.srt)")}
        name = f"{file_name(title)}.{ending}"
        ask_where(self, self.tr("Save the words"), name, kinds[ending], self._presenter.export_lyrics)

    @Slot()
    def _menu(self) -> None:
        state = self._presenter.state
        if state.song is None:
            return
        menu = TakeMenu([Row(state.song, state.take)], self._presenter.actions, self)
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height() + 4)))

    @Slot()
    def _copy(self) -> None:
        copy(self._presenter.details_text())
