"""What comes to the window from outside: files and links of a start, files dropped on it, a folder to bring in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QCursor, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QMenu

from musicapi_desktop.domain.song import Song
from musicapi_desktop.models import words
from musicapi_desktop.presenters.operations import Group
from musicapi_desktop.presenters.toast import Toast
from musicapi_desktop.services.importing import Brought, audio_files
from musicapi_desktop.services.tags import Tags, read_tags
from musicapi_desktop.ui.window_state import Area

from .desk import Desk
from .links import follow
from .recents import at_home


class Arrivals(QObject):
    """Takes what arrives for one window."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        page = desk.window.views.first_start
        page.import_wanted.connect(self.ask_for_folder)
        page.offer_import()
        desk.window.setAcceptDrops(True)
        desk.window.installEventFilter(self)

    def take(self, given: Sequence[str]) -> None:
        """Follow the links in ``given`` and bring the files in."""
        self.bring_in([Path(name) for name in follow(self._desk, given)])

    def bring_in(self, paths: Sequence[Path]) -> None:
        """Bring files, and all audio files of folders, into the library; what lies in it already is played."""
        if paths:
            work = partial(self._sorted, tuple(paths))
            self._desk.core.calls.run(work, self._arrived, self._desk.presenters.takes.tell_failure)

    def use(self, file: Path) -> None:
        """Make something of a file: one that this app exported refills the form, any other becomes a source."""

        def found(read: tuple[Tags | None, Brought]) -> None:
            tags, brought = read
            if tags is not None and tags.request is not None:
                self._desk.presenters.create.use_plain(replace(tags.request, source=None, second=None))
            elif brought.songs:
                self._offer(brought.songs[0])
            else:
                self._tell(brought)

        self._desk.core.calls.run(partial(self._read, file), found, self._unreadable)

    def _read(self, file: Path) -> tuple[Tags | None, Brought]:
        tags = read_tags(file)
        if tags is not None and tags.request is not None:
            return tags, Brought()
        return tags, self._desk.core.importing.bring_in([file])

    def _sorted(self, paths: Sequence[Path]) -> tuple[tuple[str, str] | None, Brought]:
        core = self._desk.core
        homes = {path: at_home(core.library, path) for path in paths}
        strangers = [path for path, home in homes.items() if home is None]
        brought = core.importing.bring_in(file for path in strangers for file in _files_of(path))
        return next(filter(None, homes.values()), None), brought

    @Slot()
    def ask_for_folder(self) -> None:
        """Let the person choose a folder to bring in."""
        dialog = QFileDialog(self._desk.window, self.tr("Import a folder of songs"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._folder_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take files that are dropped on the window."""
        del watched
        if isinstance(event, QDragEnterEvent) and _local_files(event):
            event.acceptProposedAction()
            return True
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop and not event.source():
            event.acceptProposedAction()
            files = _local_files(event)
            form = self._desk.create
            on_form = form.isVisible() and form.rect().contains(
                form.mapFrom(self._desk.window, event.position().toPoint())
            )
            if on_form and len(files) == 1 and files[0].is_file():
                self.use(files[0])
            else:
                self.bring_in(files)
            return True
        return False

    @Slot(str)
    def _folder_chosen(self, folder: str) -> None:
        self.bring_in([Path(folder)])

    def _arrived(self, arrived: tuple[tuple[str, str] | None, Brought]) -> None:
        home, brought = arrived
        if home is not None:
            self._desk.window.show_area(Area.LIBRARY)
            self._desk.presenters.library.reveal(*home)
            self._desk.presenters.player.open_by_id(*home)
        if home is None or brought.songs or brought.refused:
            self._tell(brought)

    def _tell(self, brought: Brought) -> None:
        said = words.plural("Arrivals", "{0} song(s) brought in", len(brought.songs))
        if brought.refused:
            name, sentence = brought.refused[0]
            more = len(brought.refused) - 1
            rest = self.tr(" and {0} more").format(more) if more else ""
            said = self.tr("{0}. Left out: {1}{2}. {3}").format(said, name, rest, sentence)
        if len(brought.songs) == 1:
            song = brought.songs[0]
            self._desk.window.toast(Toast(said, self.tr("Use as a source"), partial(self._offer, song)))
        else:
            self._desk.window.toast(Toast(said))

    def _offer(self, song: Song) -> None:
        """Show what the service can make of a recording, where the pointer is."""
        from musicapi_desktop.ui.library.take_menu import add_offers

        takes, take = self._desk.presenters.takes, song.takes[0]
        menu = QMenu(self._desk.window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        offers = [offer for offer in takes.offers(song, take) if offer.group is Group.MAKE]
        add_offers(menu, offers, lambda offer: takes.ask(offer, song, take))
        if offers:
            menu.popup(QCursor.pos())

    def _unreadable(self, error: BaseException) -> None:
        if isinstance(error, OSError):
            self._desk.window.toast(Toast(self.tr("The file could not be read: {0}.").format(error.strerror or error)))
        else:
            self._desk.presenters.takes.tell_failure(error)


def _files_of(path: Path) -> list[Path]:
    return audio_files(path) if path.is_dir() else [path]


def _local_files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
