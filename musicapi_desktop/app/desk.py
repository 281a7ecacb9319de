"""The window put together: views over presenters, and what crosses from one view to another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from musicapi_desktop.domain.errors import KnownError
from musicapi_desktop.domain.events import EngineChanged, Notice
from musicapi_desktop.domain.mix import MixState
from musicapi_desktop.domain.request import Request
from musicapi_desktop.domain.song import Song, Take
from musicapi_desktop.presenters.library import LibraryState
from musicapi_desktop.presenters.player_state import PlayerState
from musicapi_desktop.presenters.queue import QueueState
from musicapi_desktop.presenters.toast import Toast
from musicapi_desktop.ui.create.first_start import FirstStartPage
from musicapi_desktop.ui.create.panel import CreatePanel
from musicapi_desktop.ui.library.inspector import Inspector
from musicapi_desktop.ui.library.view import LibraryView
from musicapi_desktop.ui.main_window import MainWindow, Views
from musicapi_desktop.ui.mixer.mixer_view import MixerView
from musicapi_desktop.ui.player.player_bar import PlayerBar
from musicapi_desktop.ui.queue.strip import QueueStrip
from musicapi_desktop.ui.queue.view import QueueView
from musicapi_desktop.ui.settings.connection_chip import ConnectionChip
from musicapi_desktop.ui.window_state import Area

from .core import Core
from .desk_operations import DeskOperations
from .presenting import Presenters

LAST_KEY = "player.last"
"""The song and take that were open, to be shown (never played) at the next start."""
_SEEK_SECONDS = 5.0
_FINE_SECONDS = 1.0


class Desk(QObject):
    """Owns the window. ``looked`` is emitted when the person chose other colours."""

    looked = Signal(str)

    def __init__(self, core: Core, presenters: Presenters, window: MainWindow) -> None:
        super().__init__()
        self.core = core
        self.presenters = presenters
        p = presenters
        self.library = LibraryView(p.library)
        self.library.set_chip(ConnectionChip(p.profiles))
        self.mixer = MixerView(p.mixer)
        self.player = PlayerBar(p.player)
        self.queue = QueueView(p.queue, p.ledger)
        self.strip = QueueStrip(p.queue)
        first_start = FirstStartPage(p.create)
        first_start.set_corner(ConnectionChip(p.profiles))
        self.inspector = Inspector(p.inspector)
        self.create = CreatePanel(p.create)
        views = Views(
            self.create, first_start, self.library, self.strip, self.mixer, self.queue, self.inspector, self.player
        )
        window.furnish(views)
        self.window = window
        self.operations = DeskOperations(self)
        self._connect_places()
        self._connect_sentences()
        self._bind_commands()

    def load(self) -> None:
        """Read what is there and show it."""
        self.presenters.library.load()
        self.presenters.queue.load()
        self.presenters.ledger.load()
        self.operations.load()
        song_id, _, take_id = self.core.preferences.get(LAST_KEY, "").partition("/")
        if take_id:
            self.presenters.player.open_by_id(song_id, take_id, play=False)

    def keep(self) -> None:
        """Remember what is open, for the next start. Raises OSError where the disk refuses."""
        self.presenters.export.cancel()
        player = self.presenters.player.state
        self.core.preferences.set(LAST_KEY, f"{player.song_id}/{player.take_id}")
        self.presenters.create.flush()
        self.presenters.mixer.keep()

    @Slot(str)
    def open_settings(self, page: str = "") -> None:
        """Open the settings, on a page."""
        from musicapi_desktop.ui.settings.dialog import Outside, SettingsDialog

        outside = Outside(self.presenters.places, self.presenters.webhooks, self.operations.money)
        dialog = SettingsDialog(self.presenters.settings, self.window, self.window.actions_table, outside)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show_page(page)
        dialog.open()

    def _connect_places(self) -> None:
        p = self.presenters
        p.takes.play_asked.connect(self._play_or_pause)
        p.queue.play_asked.connect(self._play_or_pause)
        p.takes.mixer_asked.connect(self._open_mixer)
        p.takes.reveal_asked.connect(self._reveal)
        p.queue.show_asked.connect(self.show_in_library)
        p.queue.fix_asked.connect(self._fix)
        p.library.selected.connect(p.inspector.show)
        p.library.state_changed.connect(self._library_changed)
        p.queue.state_changed.connect(self._queue_changed)
        p.player.state_changed.connect(self._player_changed)
        p.player.step_asked.connect(self._step)
        p.mixer.export_asked.connect(self._export_mix)
        p.export.reveal_asked.connect(self._reveal)
        p.settings.look_chosen.connect(self.looked)
        p.profiles.settings_wanted.connect(self.open_settings)
        self.window.settings_wanted.connect(self.open_settings)
        self.strip.opened.connect(self._open_queue)

    def _connect_sentences(self) -> None:
        p = self.presenters
        told = (p.create.toast, p.takes.toast, p.queue.toast, p.profiles.toast, p.ledger.toast, p.player.toast)
        for signal in told:
            signal.connect(self.window.toast)
        for signal in (p.player.told, p.mixer.told, p.export.told, self.core.calls.bug):
            signal.connect(self._tell_error)
        self.core.relay.published.connect(self._hear)

    def _bind_commands(self) -> None:
        player, mixer = self.presenters.player, self.presenters.mixer
        plain: dict[str, Callable[[], object]] = {
            "play.toggle": player.toggle,
            "play.escape": self.operations.escape,
            "play.back": lambda: player.nudge(-_SEEK_SECONDS),
            "play.forward": lambda: player.nudge(_SEEK_SECONDS),
            "play.back_fine": lambda: player.nudge(-_FINE_SECONDS),
            "play.forward_fine": lambda: player.nudge(_FINE_SECONDS),
            "play.previous": player.previous,
            "play.next": player.next,
            "loop.in": player.loop_in,
            "loop.out": player.loop_out,
            "loop.toggle": player.toggle_loop,
            "take.blind": player.toggle_blind,
            "mixer.mute_focused": self.mixer.mute_focused,
            "mixer.solo_focused": self.mixer.solo_focused,
            "mixer.closer": lambda: mixer.zoom(0.5),
            "mixer.wider": lambda: mixer.zoom(2.0),
            "mixer.zoom_loop": mixer.zoom_loop,
            "edit.undo": mixer.undo,
            "edit.redo": mixer.redo,
            "export": mixer.export,
            "library.search": self._search,
        }
        table = self.window.actions_table
        for name, method in plain.items():
            table.bind(name, method)
        for number in range(1, 10):
            table.bind(f"take.{number}", lambda n=number: player.choose_take_number(n))
            table.bind(f"mixer.mute.{number}", lambda n=number: mixer.mute_number(n))
            table.bind(f"mixer.solo.{number}", lambda n=number: mixer.solo_number(n))
        for name, method in self.library.commands().items():
            table.bind(name, method, self.library.table)
        table.bind("queue.up", self.queue.move_up, self.queue)
        table.bind("queue.down", self.queue.move_down, self.queue)

    @Slot(str, str)
    def _play_or_pause(self, song_id: str, take_id: str) -> None:
        player = self.presenters.player
        now = player.state
        if now.take_id == take_id and not (now.error or now.loading):
            player.toggle()
        else:
            player.open_by_id(song_id, take_id)

    @Slot(str, str)
    def _open_mixer(self, song_id: str, take_id: str) -> None:
        player = self.presenters.player
        if player.state.take_id != take_id:
            player.open_by_id(song_id, take_id, play=player.state.playing)
        self.window.show_area(Area.MIXER)

    @Slot(str, str)
    def show_in_library(self, song_id: str, take_id: str) -> None:
        """Go to a take's row."""
        self.window.show_area(Area.LIBRARY)
        self.presenters.library.reveal(song_id, take_id)

    @Slot(object)
    def _fix(self, request: Request) -> None:
        self.window.show_area(Area.LIBRARY)
        self.window.open_create()
        self.presenters.create.use(request)

    @Slot()
    def _open_queue(self) -> None:
        self.window.show_area(Area.QUEUE)

    def _search(self) -> None:
        self.window.show_area(Area.LIBRARY)
        self.library.focus_search()

    @Slot(str)
    def _reveal(self, path: str) -> None:
        target = Path(path)
        folder = target if target.is_dir() else target.parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    @Slot(object)
    def _library_changed(self, state: LibraryState) -> None:
        if state.loaded:
            self.window.set_library_empty(state.empty)

    @Slot(object)
    def _queue_changed(self, state: QueueState) -> None:
        self.window.set_queue_count(state.count)

    @Slot(object)
    def _player_changed(self, state: PlayerState) -> None:
        # the row that plays would tell which take it is
        take_id = "" if state.blind else state.take_id
        self.presenters.library.set_playing(state.song_id, take_id, state.playing)

    @Slot(int)
    def _step(self, by: int) -> None:
        now = self.presenters.player.state
        key = self.presenters.library.beside(now.song_id, now.take_id, by)
        if key is not None:
            self.presenters.player.open_by_id(*key)

    @Slot(object, object, object)
    def _export_mix(self, song: Song, take: Take, mix: MixState) -> None:
        from musicapi_desktop.ui.export.dialog import ExportDialog

        export = self.presenters.export
        export.open(song, take, mix, self.presenters.player.state.loop)
        dialog = ExportDialog(export, self.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @Slot(object)
    def _hear(self, event: object) -> None:
        if isinstance(event, Notice):
            self.window.toast(Toast(f"{event.message} {event.hint}".strip(), detail=event.detail))
        elif isinstance(event, EngineChanged) and event.reason:
            self.window.toast(Toast(event.reason))

    @Slot(object)
    def _tell_error(self, error: BaseException) -> None:
        if isinstance(error, KnownError):
            self.window.toast(Toast(f"{error.message} {error.hint}".strip(), detail=error.detail))
        else:
            self.window.toast(
                Toast(self.tr("Something went wrong in the app itself. Nothing was lost."), detail=repr(error))
            )
