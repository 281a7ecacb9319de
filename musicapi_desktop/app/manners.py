"""The manners of the person's system, connected to what the app does: media keys, notifications, staying awake."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QUrl, Slot

from musicapi_desktop.bridge.desktop.appearance import Appearance
from musicapi_desktop.bridge.desktop.bus import Bus, open_session
from musicapi_desktop.bridge.desktop.mpris import Mpris, NowPlaying, decibels, linear
from musicapi_desktop.bridge.desktop.notices import Notices
from musicapi_desktop.bridge.desktop.wakefulness import Wakefulness
from musicapi_desktop.domain.events import JobChanged
from musicapi_desktop.domain.job import Job, JobState
from musicapi_desktop.domain.song import Song
from musicapi_desktop.presenters.player_state import PlayerState, playable
from musicapi_desktop.ui.theme import theme

if TYPE_CHECKING:
    from .desk import Desk

_FETCHING = {JobState.DOWNLOADING, JobState.CHECKING}


class Manners(QObject):
    """Speaks with the system for one window. ``stop`` ends it; where there is no session bus nothing happens."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._bus: Bus | None = None
        self._fetching: set[str] = set()
        self._ended: set[str] = set()
        if sys.platform.startswith("linux"):
            desk.core.calls.run(open_session, self._opened)

    def stop(self) -> None:
        """Leave the bus."""
        if self._bus is not None:
            self._bus.close()

    def _opened(self, connection: object | None) -> None:
        if connection is None:
            return
        self._bus = Bus(connection, self)
        player = self._desk.presenters.player
        self._mpris = Mpris(self._bus, lambda: player.look().position, self)
        self._notices = Notices(self._bus, self)
        self._awake = Wakefulness(self._bus, self)
        Appearance(self._bus, self).told.connect(theme.current().hear)
        self._mpris.asked.connect(self._command)
        self._mpris.asked_number.connect(self._number)
        self._notices.play_asked.connect(self._play)
        self._notices.show_asked.connect(self._show_song)
        player.state_changed.connect(self._player_changed)
        player.moved.connect(self._mpris.jumped)
        self._desk.core.relay.published.connect(self._hear)
        self._player_changed(player.state)

    @Slot(object)
    def _player_changed(self, state: PlayerState) -> None:
        self._mpris.show(self._now_playing(state))
        self._stay_awake()

    def _now_playing(self, state: PlayerState) -> NowPlaying:
        player = self._desk.presenters.player
        song = player.song
        if state.empty or song is None:
            return NowPlaying(volume=0.0 if state.quiet else linear(state.volume))
        art = ""
        if song.folder:
            art = QUrl.fromLocalFile(player.file_path(f"{song.folder}/cover.svg")).toString()
        return NowPlaying(
            track=state.take_id,
            title=state.title,
            album=self.tr("Take {0}").format(state.take) if len(state.takes) > 1 else "",
            art=art,
            seconds=state.seconds,
            playing=state.playing,
            looping=state.loop_on,
            volume=0.0 if state.quiet else linear(state.volume),
        )

    def _stay_awake(self) -> None:
        if self._desk.presenters.player.state.playing:
            self._awake.set(True, self.tr("Playing a song"))
        elif self._fetching:
            self._awake.set(True, self.tr("Fetching songs"))
        else:
            self._awake.set(False)

    @Slot(str)
    def _command(self, name: str) -> None:
        player = self._desk.presenters.player
        if name == "raise":
            self._raise()
        elif name == "quit":
            QCoreApplication.quit()
        elif name == "stop":
            player.pause()
            player.seek(0.0)
        else:
            {
                "play": player.play,
                "pause": player.pause,
                "toggle": player.toggle,
                "next": player.next,
                "previous": player.previous,
            }[name]()

    @Slot(str, float)
    def _number(self, name: str, value: float) -> None:
        player = self._desk.presenters.player
        if name == "seek":
            player.nudge(value)
        elif name == "go":
            player.seek(value)
        elif name == "volume":
            player.set_volume(decibels(value))
            player.keep_volume()
        elif bool(value) != player.state.loop_on:
            player.toggle_loop()

    @Slot(object)
    def _hear(self, event: object) -> None:
        if not isinstance(event, JobChanged):
            return
        job = event.job
        (self._fetching.add if job.state in _FETCHING else self._fetching.discard)(job.id)
        self._stay_awake()
        if job.state not in {JobState.READY, JobState.FAILED}:
            self._ended.discard(job.id)
        elif job.id not in self._ended and not self._desk.window.isActiveWindow():
            self._ended.add(job.id)
            self._tell(job)

    def _tell(self, job: Job) -> None:
        """Tell of an ended job, with its song's present title."""
        song_id = next((task.song_id for task in job.tasks), "")
        if song_id:
            library = self._desk.core.library
            self._desk.core.calls.run(lambda: library.song(song_id), lambda song: self._tell_song(job, song))

    def _tell_song(self, job: Job, song: Song | None) -> None:
        title = song.title if song is not None and song.title else self.tr("Your song")
        if job.state is JobState.FAILED:
            reason = job.failure.message if job.failure is not None else ""
            song_id = song.id if song is not None else ""
            self._notices.tell(song_id, self.tr("{0} could not be made").format(title), reason, playable=False)
        elif song is not None:
            takes = len(playable(song))
            said = self.tr("%n take(s) to listen to", "", takes)
            self._notices.tell(song.id, self.tr("{0} is ready").format(title), said)

    @Slot(str)
    def _play(self, song_id: str) -> None:
        self._desk.presenters.player.open_by_id(song_id, "")

    @Slot(str)
    def _show_song(self, song_id: str) -> None:
        self._raise()
        if song_id:
            self._desk.presenters.queue.show_asked.emit(song_id, "")

    def _raise(self) -> None:
        window = self._desk.window
        window.showNormal() if window.isMinimized() else window.show()
        window.raise_()
        window.activateWindow()
