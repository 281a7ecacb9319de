"""What comes to the window from outside: files and links of a start, files dropped on it, a folder to bring in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog

from musicapi_desktop.models import words
from musicapi_desktop.presenters.toast import Toast
from musicapi_desktop.services.importing import Brought, audio_files
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
            self.bring_in(_local_files(event))
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
        self._desk.window.toast(Toast(said))


def _files_of(path: Path) -> list[Path]:
    return audio_files(path) if path.is_dir() else [path]


def _local_files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
