"""The inspector: the chosen take, what can be done with it, and everything that is known of it."""

from __future__ import annotations

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

from musicapi_desktop.models.song_rows import Row
from musicapi_desktop.ui.theme.icons import icon
from musicapi_desktop.ui.widgets.cover import CoverLabel
from musicapi_desktop.ui.widgets.flow import FlowLayout

from .inspector_tabs import DetailsPage, FilesPage, LyricsPage, copy, scrolled
from .take_menu import TakeMenu, priced, save_as

if TYPE_CHECKING:
    from musicapi_desktop.presenters.inspector import InspectorPresenter, InspectorState

_SIDE = 16
_COVER = 150


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
        self._stems = self._button("", "chip")
        self._wav = self._button("", "chip")
        self._lyrics = LyricsPage()
        self._details = DetailsPage()
        self._files = FilesPage()
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
            (self.tr("Files"), scrolled(self._files)),
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

    def _head(self) -> QWidget:
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self._primary, 1)
        buttons.addWidget(self._export)
        buttons.addWidget(self._more)
        chips = FlowLayout(self._chips, spacing=6)
        chips.addWidget(self._stems)
        chips.addWidget(self._wav)
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
        self._stems.clicked.connect(self._split)
        self._wav.clicked.connect(self._as_wav)
        self._details.copied.connect(self._copy)
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
        self._lyrics.show_text(state.lyrics)
        self._details.show_details(state.details)
        self._files.show_files(state.files)
        self._whole.setCurrentIndex(1)

    def _buttons(self, state: InspectorState) -> None:
        self._primary.setText(self.tr("Open mixer") if state.has_stems else self.tr("Split into stems"))
        for button in (self._primary, self._export, self._more):
            button.setEnabled(state.playable)
        # a take whose file is missing has a menu of its own
        self._more.setEnabled(state.take is not None)
        prices = state.prices
        self._chips.setVisible(state.playable and prices is not None)
        if prices is None:
            return
        self._stems.setText(priced(self.tr("Stems"), prices.stems_basic))
        self._stems.setAccessibleName(self.tr("Split into stems"))
        self._wav.setText(priced(self.tr("WAV"), prices.wav))
        self._wav.setVisible(not state.has_wav)

    @Slot()
    def _main(self) -> None:
        if self._presenter.state.has_stems:
            self._presenter.actions.open_mixer(self._presenter.key)
        else:
            self._split_menu(self._primary)

    @Slot()
    def _split(self) -> None:
        self._split_menu(self._stems)

    def _split_menu(self, under: QPushButton) -> None:
        state = self._presenter.state
        song, take, prices = state.song, state.take, state.prices
        if song is None or take is None or prices is None:
            return
        actions = self._presenter.actions
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        two = menu.addAction(priced(self.tr("2 parts"), prices.stems_basic))
        two.triggered.connect(lambda _checked=False: actions.split(song, take, full=False))
        everything = menu.addAction(priced(self.tr("All parts"), prices.stems_full))
        everything.triggered.connect(lambda _checked=False: actions.split(song, take, full=True))
        menu.popup(under.mapToGlobal(QPoint(0, under.height() + 4)))

    @Slot()
    def _save(self) -> None:
        state = self._presenter.state
        if state.song is not None and state.take is not None:
            save_as(self, self._presenter.actions, state.song, state.take)

    @Slot()
    def _as_wav(self) -> None:
        state = self._presenter.state
        if state.song is not None and state.take is not None:
            self._presenter.actions.save_wav(state.song, state.take)

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
