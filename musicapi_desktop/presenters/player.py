"""The player bar: what plays, where it is, and what the person does to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot

from musicapi_desktop.domain.events import SongChanged, SongGone
from musicapi_desktop.domain.kept_mix import Loop
from musicapi_desktop.domain.song import Song, Take
from musicapi_desktop.domain.timed_lyrics import TimedWord
from musicapi_desktop.models.words import clock

from .player_state import playable
from .player_takes import PlayerTakes
from .toast import Toast

if TYPE_CHECKING:
    from musicapi_desktop.bridge.calls import Calls
    from musicapi_desktop.bridge.relay import Relay
    from musicapi_desktop.services.library import Library
    from musicapi_desktop.settings.preferences import Preferences

    from .transport import Snapshot, Transport

LEAST_LOOP = 0.05
"""Seconds; a shorter drag is a click."""

_ASK_MS = 3000
"""How often a device that went away is looked for while playback is paused."""

_RESTART = 3.0
"""Later than this, *previous* goes to the start of the song."""


class PlayerPresenter(PlayerTakes):
    """The one truth of the transport for every view. ``state_changed`` carries a PlayerState.

    ``opened`` carries (Song, Take) once a take can be heard; ``step_asked`` asks the list for the song before (−1) or
    after (+1); ``told`` carries a KnownError that deserves a sentence, ``toast`` a Toast. ``device_wanted`` asks for
    another try at the sound device: with nothing to play nobody else looks for it.
    """

    moved = Signal(float)
    step_asked = Signal(int)
    device_wanted = Signal()
    toast = Signal(object)

    def __init__(
        self,
        transport: Transport,
        library: Library,
        calls: Calls,
        relay: Relay,
        preferences: Preferences,
        words: Callable[[Take], tuple[TimedWord, ...]] | None = None,
    ) -> None:
        super().__init__(transport, preferences, calls, words)
        self._library = library
        self._sounded = False
        self._device_wait = QTimer(self, interval=_ASK_MS)
        self._device_wait.timeout.connect(self.device_wanted)
        relay.published.connect(self._hear)

    @property
    def song(self) -> Song | None:
        """The song that is open."""
        return self._song

    @property
    def current_take(self) -> Take | None:
        """The take that is open."""
        return self._take

    def file_path(self, relative: str) -> str:
        """Where a file of the library is on this computer."""
        return str(self._library.path(relative))

    def look(self) -> Snapshot:
        """The transport now; notices by the way what changed by itself (the end, a lost device)."""
        now = self._transport.snapshot()
        if self._sounded and now.silent and now.playing:
            self._lose_device()
        elif self.state.lost and not now.silent:
            self._offer(now.position)
        elif not self.state.loading:
            self.show(playing=now.playing, silent=now.silent, counting=now.counting)
        self._sounded = bool(now.device) and not now.silent
        return now

    def open_by_id(self, song_id: str, take_id: str, play: bool = True) -> None:
        """Open a take of the library and play it."""
        self._calls.run(partial(self._library.song, song_id), partial(self._found, take_id, play), self._failed)

    def open(self, song: Song, take: Take, play: bool = True) -> None:
        """Open ``take``; with ``play`` it is heard as soon as it can be."""
        self._ticket += 1
        self._end_blind()
        self._song, self._take = song, take
        self._transport.loop(None)
        self.show(**self._facts(), playing=False, loading=True, loop=None, loop_on=False, error="")
        work = partial(self._transport.open_take, song, take)
        ended = partial(self._opened, self._ticket, play)
        self._calls.run(work, ended, partial(self._not_opened, self._ticket))

    def toggle(self) -> None:
        """Play or pause."""
        if self.state.playing:
            self.pause()
        else:
            self.play()

    def play(self) -> None:
        """Go on."""
        self._start(count_in=self.state.count_in)

    def _start(self, *, count_in: bool) -> None:
        if not self.state.empty and not self.state.loading and not self.state.error:
            self._transport.play(count_in)
            self._device_wait.stop()
            self.show(playing=True, lost=False)

    def pause(self) -> None:
        """Stay here."""
        self._transport.pause()
        self.show(playing=False)

    def previous(self) -> None:
        """To the start of the song, or from there to the song before."""
        if self._transport.snapshot().position > _RESTART:
            self.seek(0.0)
        else:
            self.step_asked.emit(-1)

    def next(self) -> None:
        """To the next song of the list."""
        self.step_asked.emit(1)

    def seek(self, seconds: float) -> None:
        """Go there."""
        if not self.state.empty:
            to = min(max(0.0, seconds), self.state.seconds)
            self._transport.seek(to)
            self.moved.emit(to)

    def nudge(self, by: float) -> None:
        """Go back or forth by seconds."""
        self.seek(self._transport.snapshot().position + by)

    def step_section(self, by: int) -> None:
        """To the section before (−1) or the next (+1); the song's ends count as sections."""
        here = self._transport.snapshot().position
        starts = sorted({0.0, self.state.seconds, *(section.start for section in self.state.sections)})
        ahead = [start for start in starts if (start > here + 0.01 if by > 0 else start < here - 1.0)]
        if ahead:
            self.seek(ahead[0] if by > 0 else ahead[-1])

    def set_loop(self, start: float, end: float) -> None:
        """Loop between two times, in either order."""
        low, high = sorted((max(0.0, start), max(0.0, end)))
        high = min(high, self.state.seconds)
        if high - low >= LEAST_LOOP:
            self.show(loop=(low, high), loop_on=True)
            self._transport.loop((low, high))

    def loop_in(self) -> None:
        """The loop starts here."""
        end = self.state.loop[1] if self.state.loop else self.state.seconds
        here = self._transport.snapshot().position
        self.set_loop(here, end if end > here else self.state.seconds)

    def loop_out(self) -> None:
        """The loop ends here."""
        start = self.state.loop[0] if self.state.loop else 0.0
        here = self._transport.snapshot().position
        self.set_loop(start if start < here else 0.0, here)

    def toggle_loop(self) -> None:
        """Loop on or off; with no range chosen it is the whole song."""
        if self.state.empty:
            return
        on = not self.state.loop_on
        self.show(loop_on=on, loop=self.state.loop or (0.0, self.state.seconds))
        self._transport.loop(self.state.loop if on else None)

    def clear_loop(self) -> bool:
        """Forget the loop; False where there was none."""
        had = self.state.loop is not None
        self.show(loop=None, loop_on=False)
        self._transport.loop(None)
        return had

    def restore_loop(self, loop: Loop | None, on: bool) -> None:
        """Take up the loop that was kept with a take."""
        if loop is not None and loop[0] < loop[1] <= self.state.seconds:
            self.show(loop=loop, loop_on=on)
            self._transport.loop(loop if on else None)

    def toggle_favourite(self) -> None:
        """Heart on or off."""
        if self._song is not None:
            on = not self.state.favourite
            self.show(favourite=on)
            self._calls.run(partial(self._library.favourite, self._song.id, on), None, self._failed)

    def _lose_device(self) -> None:
        """What plays unheard would be missed: stay here until somebody listens again."""
        self._transport.pause()
        self.show(playing=False, silent=True, lost=True)
        self._device_wait.start()
        self.announced.emit(self.tr("The sound device went away. Playback is paused."))

    def _offer(self, position: float) -> None:
        self._device_wait.stop()
        self.show(silent=False, lost=False)
        words = self.tr("Playback was paused at {time} when the sound device went away.")
        self.toast.emit(Toast(words.format(time=clock(position)), self.tr("Go on"), self.play))

    def _found(self, take_id: str, play: bool, song: Song | None) -> None:
        take = next((t for t in playable(song) if not take_id or t.id == take_id), None)
        if song is not None and take is not None:
            self.open(song, take, play)

    def _opened(self, ticket: int, play: bool, _nothing: object) -> None:
        if ticket != self._ticket or self._song is None or self._take is None:
            return
        self.show(loading=False)
        self._announce(self._song, self._take)
        if play:
            self._start(count_in=False)

    @Slot(object)
    def _hear(self, event: object) -> None:
        if self._song is None:
            return
        if isinstance(event, SongChanged) and event.song.id == self._song.id:
            self._song = event.song
            self._take = next((t for t in event.song.takes if self._take and t.id == self._take.id), self._take)
            self.show(**self._facts())
        elif isinstance(event, SongGone) and event.song_id == self._song.id:
            self.pause()
            self._end_blind()
            self._song = self._take = None
            self.show(**self._facts(), loop=None, loop_on=False)
