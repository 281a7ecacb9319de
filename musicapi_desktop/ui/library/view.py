"""The library: search, filters and the table of songs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from musicapi_desktop.models.song_rows import Column, Row
from musicapi_desktop.presenters.library_query import TRASH
from musicapi_desktop.presenters.smart_lists import PREFIX
from musicapi_desktop.ui.theme.icons import icon

from .chip_row import ChipRow
from .nothing import NothingPage
from .search_box import SearchBox
from .song_table import SongTable
from .take_menu import TakeMenu, delete_for_good, rename
from .trash_bar import TrashBar

if TYPE_CHECKING:
    from musicapi_desktop.domain.song import Take
    from musicapi_desktop.presenters.library import LibraryPresenter, LibraryState

_SIDE = 16


class LibraryView(QFrame):
    """Shows a LibraryPresenter. ``set_chip`` takes the connection chip, ``set_foot`` the line of the queue."""

    def __init__(self, presenter: LibraryPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bg")
        self._presenter = presenter
        self.search = SearchBox()
        self.chips = ChipRow()
        self.table = SongTable(presenter.model)
        self.audition = QPushButton(icon("headphones", "text_dim", "accent"), self.tr("Listen in"))
        self.audition.setProperty("kind", "chip")
        self.audition.setCheckable(True)
        self.audition.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.audition.setToolTip(self.tr("Up and Down play each take where it is loudest"))
        self.audition.setAccessibleName(self.tr("Listen in while walking through the list"))
        self.keep = QPushButton(icon("plus", "text_dim"), self.tr("Keep search"))
        self.keep.setProperty("kind", "chip")
        self.keep.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.keep.setAccessibleName(self.tr("Keep this search as a list that fills itself"))
        self.keep.setToolTip(self.keep.accessibleName())
        self._count = QLabel()
        self._count.setProperty("kind", "caption")
        self._nothing = NothingPage()
        self._trash = TrashBar()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.table)
        self._pages.addWidget(self._nothing)
        self._top = QHBoxLayout()
        self._box = QVBoxLayout(self)
        self._lay_out()
        self._connect()
        self._show(presenter.state)

    def set_chip(self, chip: QWidget) -> None:
        """Put the connection chip to the right of the search box."""
        self._top.addWidget(chip)

    def set_foot(self, foot: QWidget) -> None:
        """Put a line below the table."""
        self._box.addWidget(foot)

    @Slot()
    def focus_search(self) -> None:
        """Ctrl+F: the keyboard goes to the search box."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _lay_out(self) -> None:
        self._top.setSpacing(8)
        self._top.addWidget(self.search, 1)
        chips = QHBoxLayout()
        chips.setSpacing(12)
        chips.addWidget(self.chips, 1)
        chips.addWidget(self.keep)
        chips.addWidget(self.audition)
        chips.addWidget(self._count)
        head = QFrame()
        head.setProperty("kind", "head")
        inside = QVBoxLayout(head)
        inside.setContentsMargins(_SIDE, 12, _SIDE, 11)
        inside.setSpacing(9)
        inside.addLayout(self._top)
        inside.addLayout(chips)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._box.addWidget(head)
        self._box.addWidget(self._trash)
        self._box.addWidget(self._pages, 1)

    def _connect(self) -> None:
        presenter = self._presenter
        presenter.state_changed.connect(self._show)
        presenter.row_asked.connect(self._show_row)
        self.search.searched.connect(presenter.search)
        self.search.left.connect(self._to_table)
        self.chips.chosen.connect(presenter.choose_filter)
        self.chips.asked.connect(self._chip_menu)
        self.keep.clicked.connect(self._keep)
        self.table.header.sort_asked.connect(self._sort)
        self.table.selection_changed.connect(self._selected)
        self.table.play_pressed.connect(self._play_row)
        self.table.action_pressed.connect(self._flight_row)
        self.table.key_pressed.connect(self._key)
        self.table.customContextMenuRequested.connect(self._menu)
        self._nothing.dropped.connect(presenter.drop)
        self._trash.restore_pressed.connect(self.restore)
        self._trash.delete_pressed.connect(self.trash)

    @Slot(object)
    def _show(self, state: LibraryState) -> None:
        self.search.show_text(state.text)
        self.chips.set_chips(state.chips, state.chosen)
        self.table.header.set_sorted(state.column, state.descending)
        self._count.setText(state.count)
        self.keep.setVisible(state.can_keep)
        self._trash.setVisible(state.chosen == TRASH and state.rows > 0)
        if state.loaded and not state.rows:
            self._nothing.show_state(state)
            self._pages.setCurrentWidget(self._nothing)
        else:
            self._pages.setCurrentWidget(self.table)

    @Slot()
    def _keep(self) -> None:
        dialog = QInputDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.tr("Keep search"))
        dialog.setLabelText(self.tr("Name of the list"))
        dialog.setTextValue(self._presenter.state.text)
        dialog.resize(380, dialog.sizeHint().height())
        if self._presenter.keeper is not None:
            dialog.textValueSelected.connect(self._presenter.keeper.keep)
        dialog.open()

    @Slot(str, QPoint)
    def _chip_menu(self, chip: str, at: QPoint) -> None:
        keeper = self._presenter.keeper
        if chip.startswith(PREFIX) and keeper is not None:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            forget = menu.addAction(icon("x", "text_dim"), self.tr("Forget this list"))
            forget.triggered.connect(partial(keeper.forget, chip))
            menu.popup(at)

    @Slot(int)
    def _show_row(self, row: int) -> None:
        self.table.show_row(row)

    @Slot(int, bool)
    def _sort(self, column: int, descending: bool) -> None:
        self._presenter.sort_by(Column(column), descending)

    @Slot()
    def _selected(self) -> None:
        count = len(self.table.keys())
        self._trash.set_chosen(count)
        self._presenter.select(self.table.current_key(), count)

    @Slot(int)
    def _play_row(self, row: int) -> None:
        self._presenter.actions.play(self._presenter.model.key(row))

    @Slot(int)
    def _flight_row(self, row: int) -> None:
        self._presenter.flight_pressed(self._presenter.model.key(row)[0])

    @Slot()
    def _to_table(self) -> None:
        if self._pages.currentWidget() is not self.table:
            return
        self.table.setFocus(Qt.FocusReason.TabFocusReason)
        if not self.table.currentIndex().isValid() and self._presenter.model.rowCount():
            self.table.show_row(0)

    def commands(self) -> dict[str, Callable[[], None]]:
        """What the table of all commands may call while the keyboard is in ``table``, by the command's id."""
        return {
            "play.selected": self.play_selected,
            "library.open_mixer": self.open_mixer,
            "library.favourite": self.favourite,
            "library.rename": self.rename,
            "library.trash": self.trash,
        }

    def take_of_keyboard(self) -> Take | None:
        """The take in the row of the keyboard."""
        index = self.table.currentIndex()
        row = self._presenter.model.row(index.row()) if index.isValid() else None
        return row.take if row is not None else None

    @Slot()
    def play_selected(self) -> None:
        """Play the row of the keyboard."""
        key = self.table.current_key()
        if key is not None:
            self._presenter.actions.play(key)

    @Slot()
    def open_mixer(self) -> None:
        """Open the row of the keyboard in the mixer."""
        key = self.table.current_key()
        if key is not None:
            self._presenter.actions.open_mixer(key)

    @Slot()
    def favourite(self) -> None:
        """Mark the chosen songs, or unmark them where all of them are favourites."""
        rows = self.table.rows()
        if rows:
            self._presenter.actions.favourite(_songs(rows), not all(row.song.favourite for row in rows))

    def rate(self, stars: int) -> None:
        """Give the chosen songs stars; the same number again takes them away."""
        rows = self.table.rows()
        if rows:
            again = all(row.song.rating == stars for row in rows)
            self._presenter.actions.rate(_songs(rows), 0 if again else stars)

    @Slot()
    def rename(self) -> None:
        """Ask for another title of the song of the keyboard."""
        rows = self.table.rows()
        if rows:
            rename(self, self._presenter.actions, rows[0].song)

    @Slot()
    def trash(self) -> None:
        """Throw the chosen songs away; in the trash, for good. A song that is being made is stopped instead."""
        rows = self.table.rows()
        if self._presenter.in_trash and rows:
            delete_for_good(self, self._presenter.actions, _songs(rows))
        elif len(rows) == 1 and rows[0].flight is not None:
            self._presenter.flight_pressed(rows[0].song.id)
        else:
            self._presenter.actions.trash(_songs(rows))

    @Slot()
    def restore(self) -> None:
        """Bring the chosen songs back from the trash."""
        self._presenter.actions.restore(_songs(self.table.rows()))

    @Slot(str)
    def _key(self, asked: str) -> None:
        self.commands()[asked]()

    @Slot(QPoint)
    def _menu(self, at: QPoint) -> None:
        rows = self.table.rows()
        if not rows:
            return
        menu = TakeMenu(rows, self._presenter.actions, self, in_trash=self._presenter.in_trash)
        if menu.isEmpty():
            menu.deleteLater()
            return
        menu.popup(self.table.viewport().mapToGlobal(at))


def _songs(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(row.song.id for row in rows))
