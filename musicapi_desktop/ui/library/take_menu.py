"""The menu of a take, the same in the table and in the inspector; it works on every row that is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QActionGroup, QKeySequence
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMenu, QMessageBox, QWidget

from musicapi_desktop.domain.request import Operation
from musicapi_desktop.domain.song import TakeState
from musicapi_desktop.models import words
from musicapi_desktop.models.song_rows import Row
from musicapi_desktop.presenters.operations import Group, Offer
from musicapi_desktop.ui.theme.icons import icon

if TYPE_CHECKING:
    from musicapi_desktop.domain.song import Song, Take
    from musicapi_desktop.presenters.takes import TakeActions

translate = QCoreApplication.translate
_FORMATS = "WAV (*.wav);;FLAC (*.flac);;MP3 (*.mp3)"


class TakeMenu(QMenu):
    """Built for ``rows`` at the moment it opens."""

    def __init__(self, rows: Sequence[Row], actions: TakeActions, parent: QWidget, *, in_trash: bool = False) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._rows = list(rows)
        self._actions = actions
        self._window = parent
        if in_trash:
            self._trash_part()
            return
        if len(self._rows) == 1 and self._rows[0].take is not None:
            self._take_part(self._rows[0].song, self._rows[0].take)
        self._song_part()

    def _add(self, text: str, run: Callable[[], object], image: str = "", key: str = "") -> None:
        action = self.addAction(text)
        if image:
            action.setIcon(icon(image, "text_dim"))
        if key:
            # shown only: the table itself hears the key, and only while it has the keyboard
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _checked=False: run())

    def _take_part(self, song: Song, take: Take) -> None:
        key = (song.id, take.id)
        if take.state is TakeState.MISSING or not take.path:
            self._add(self.tr("Fetch again"), lambda: self._actions.fetch_again(song, take), "download")
            self._add(self.tr("Forget this take"), lambda: self._actions.forget_take(song, take), "x")
            self.addSeparator()
            return
        self._add(self.tr("Play"), lambda: self._actions.play(key), "play", "Return")
        self._add(self.tr("Open mixer"), lambda: self._actions.open_mixer(key), "sliders-vertical", "Ctrl+Return")
        if self._actions.wants_second():
            mash = partial(self._actions.second_asked.emit, song, take)
            self._add(self.tr("Mash up with this"), mash, "shuffle")
        self._operations(song, take)
        self.addSeparator()
        self._add(self.tr("Save as…"), lambda: save_as(self._window, self._actions, song, take), "upload")
        self._add(self.tr("Show in folder"), lambda: self._actions.reveal(song, take), "folder-open")
        self.addSeparator()

    def _operations(self, song: Song, take: Take) -> None:
        offers = self._actions.offers(song, take)
        if not offers:
            gone = self.addAction(self.tr("The profile that made it is no longer here"))
            gone.setEnabled(False)
        for group, text, image in (
            (Group.PARTS, self.tr("Split into stems"), "scissors"),
            (Group.MAKE, self.tr("Make from this"), "shuffle"),
            (Group.FILES, self.tr("Get more files"), "download"),
            (Group.FACTS, self.tr("Find out"), "search"),
        ):
            mine = [offer for offer in offers if offer.group is group and offer.operation is not Operation.WAV]
            if mine:
                menu = self.addMenu(icon(image, "text_dim"), text)
                add_offers(menu, mine, partial(self._ask, song, take))
        for offer in offers:
            if offer.operation is Operation.WAV:
                self._add(offer.priced, partial(self._actions.ask, offer, song, take), "download")

    def _ask(self, song: Song, take: Take, offer: Offer) -> None:
        self._actions.ask(offer, song, take)

    def _song_part(self) -> None:
        songs = {row.song.id: row.song for row in self._rows}
        if not songs:
            return
        if len(songs) == 1:
            song = next(iter(songs.values()))
            self._add(self.tr("Rename…"), lambda: rename(self._window, self._actions, song), "pencil", "F2")
        if any(song.takes for song in songs.values()):
            self._add(self.tr("Side by side…"), lambda: self._actions.compare_asked.emit(list(songs)), "panel-right")
        on = not all(song.favourite for song in songs.values())
        text = self.tr("Favourite") if on else self.tr("No longer a favourite")
        self._add(text, lambda: self._actions.favourite(list(songs), on), "heart", "F")
        self._rating(songs)
        self.addSeparator()
        self._add(self.tr("Move to trash"), lambda: self._actions.trash(list(songs)), "trash-2", "Del")

    def _rating(self, songs: dict[str, Song]) -> None:
        menu = self.addMenu(self.tr("Rate"))
        group = QActionGroup(menu)
        now = {song.rating for song in songs.values()}
        for stars in range(6):
            action = menu.addAction("★" * stars or self.tr("No stars"))
            action.setCheckable(True)
            action.setChecked(now == {stars})
            group.addAction(action)
            if stars:
                action.setShortcut(QKeySequence(f"Ctrl+{stars}"))
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(partial(_rate, self._actions, list(songs), stars))

    def _trash_part(self) -> None:
        songs = list(dict.fromkeys(row.song.id for row in self._rows))
        if not songs:
            return
        self._add(self.tr("Restore"), lambda: self._actions.restore(songs), "undo-2")
        self._add(self.tr("Delete for good…"), lambda: delete_for_good(self._window, self._actions, songs), "trash-2")


def add_offers(menu: QMenu, offers: Sequence[Offer], ask: Callable[[Offer], object]) -> None:
    """Put offers into a menu, each with what it costs."""
    for offer in offers:
        action = menu.addAction(offer.priced)
        action.setToolTip(offer.warning)
        action.triggered.connect(partial(_asked, ask, offer))


def _asked(ask: Callable[[Offer], object], offer: Offer, _checked: bool = False) -> None:
    ask(offer)


def _rate(actions: TakeActions, song_ids: list[str], stars: int, _checked: bool = False) -> None:
    actions.rate(song_ids, stars)


def rename(parent: QWidget, actions: TakeActions, song: Song) -> None:
    """Ask for another title."""
    dialog = QInputDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(translate("Library", "Rename"))
    dialog.setLabelText(translate("Library", "Title"))
    dialog.setTextValue(song.title)
    dialog.setOkButtonText(translate("Library", "Rename"))
    dialog.resize(380, dialog.sizeHint().height())

    def chosen(title: str) -> None:
        actions.rename(song.id, title)

    dialog.textValueSelected.connect(chosen)
    dialog.open()


def save_as(parent: QWidget, actions: TakeActions, song: Song, take: Take) -> None:
    """Ask where to, then save a copy of a take."""
    dialog = QFileDialog(parent, translate("Library", "Save as"))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(_FORMATS.split(";;"))
    dialog.setDefaultSuffix("wav")
    dialog.selectFile(f"{file_name(song.title)} {take.letter}.wav")

    def chosen(path: str) -> None:
        actions.save_as(song, take, Path(path))

    dialog.fileSelected.connect(chosen)
    dialog.open()


def delete_for_good(parent: QWidget, actions: TakeActions, song_ids: Sequence[str]) -> None:
    """Ask once more, then delete songs with their files."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(translate("Library", "Delete for good"))
    box.setText(words.plural("Library", "Delete {0} song(s) for good?", len(song_ids)))
    box.setInformativeText(translate("Library", "The files are deleted from this computer. This cannot be undone."))
    delete = box.addButton(translate("Library", "Delete"), QMessageBox.ButtonRole.DestructiveRole)
    keep = box.addButton(translate("Library", "Keep"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keep)
    delete.clicked.connect(lambda: actions.delete_for_good(song_ids))
    box.open()


def file_name(title: str) -> str:
    """A title as the name of a file, without what file systems refuse."""
    return "".join(" " if char in '<>:"/\\|?*' or ord(char) < 32 else char for char in title).strip() or "Song"
