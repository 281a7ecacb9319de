"""Playing takes and their stems: the one way from the window to the player.

Importing and making a Playback costs nothing; the player and its arithmetic are loaded by ``start()``, which belongs on
a worker. Methods that open files block and belong there too; all others return at once and may be called before.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from musicapi_desktop.domain.beats import Beats
from musicapi_desktop.domain.errors import AudioUnreadable
from musicapi_desktop.domain.mix import MixState
from musicapi_desktop.domain.song import Song, Take
from musicapi_desktop.domain.units import RATE

from .controls import Controls, frames_of
from .playback_snapshot import PlaybackSnapshot
from .stem_sum import Figures, figures_of_sum

if TYPE_CHECKING:
    from musicapi_desktop.audio.player import Heard, Player
    from musicapi_desktop.audio.shelf import Opened
    from musicapi_desktop.audio.song_shelf import SongShelf
    from musicapi_desktop.audio.track import Mix

_COLUMNS = 4096
_NO_PEAKS: Mapping[str, tuple[float, float]] = {}

FindBeats = Callable[[Path, float | None], Beats]
"""Finds the beats of a file, whose tempo may be known; services.beats.BeatBook."""

Spawn = Callable[[Callable[[], None]], None]
"""Runs work in the background, soon; bridge.audio_feeder.AudioWorkers."""


class Songs(Protocol):
    """What playing needs of the library; services.library.Library."""

    def song(self, song_id: str) -> Song | None:
        """One song as it is now."""
        ...

    def path(self, relative: str) -> Path:
        """The path of a file that a song names."""
        ...


@dataclass(frozen=True, slots=True)
class _Now:
    """What is open. ``take`` plays, from its stems where ``stems`` is set."""

    song: Song | None = None
    take: Take | None = None
    stems: bool = False
    original: bool = False


class Playback(Controls):
    """The transport of the window. ``cache`` is the folder for decoded audio and waveforms.

    ``owned`` are folders in which only the app writes. Methods may be called from any thread; those that open, find or
    measure something belong on a worker.
    """

    def __init__(
        self, songs: Songs, cache: Path, spawn: Spawn, owned: Sequence[Path] = (), find_beats: FindBeats | None = None
    ) -> None:
        super().__init__()
        self._songs = songs
        self._cache = cache
        self._spawn = spawn
        self._owned = tuple(owned)
        self._find_beats = find_beats or _no_beats
        self._lock = threading.RLock()
        self._shelf: SongShelf | None = None
        self._now = _Now()
        self._ticket = 0
        self._match = True
        self._state = MixState()
        self._ranges: dict[str, tuple[tuple[int, int], ...]] = {}
        self._original_level = 0.0

    def start(self) -> Player:
        """Load the player and return it, for the feeder. Blocks for a moment the first time."""
        from musicapi_desktop.audio.cache import DecodedCache
        from musicapi_desktop.audio.player import Player

        with self._lock:
            if self._player is None:
                self._player = Player()
                self._take_up(self._player)
                self._spawn(DecodedCache(self._cache / "decoded").keep_within_limit)
            return self._player

    def close(self) -> None:
        """Stop decoding. The feeder is stopped by whoever started it."""
        with self._lock:
            self._ticket += 1
            if self._shelf is not None:
                self._shelf.close()

    def open_take(self, song: Song, take: Take) -> None:
        """Make ``take`` the one that plays, from its start, as soon as its first part is decoded.

        Raises AudioUnreadable, DiskError. Returns without a word where another take was opened meanwhile.
        """
        player = self.start()
        player.pause()
        with self._lock:
            self._ticket += 1
            ticket = self._ticket
            shelf = self._new_shelf()
        opened = shelf.take(take)
        if not opened.wait_playable(lambda: 0):
            return
        with self._lock:
            if ticket == self._ticket:
                self._now = _Now(song, take)
                self._ranges = {}
                player.set_metronome(None)
                player.load(opened.track, opened.track.alone(self._offset()))
        self._spawn(lambda: shelf.others(song, take))

    def switch_take(self, letter: str) -> None:
        """Go on with another take of the song at the same position. Raises AudioUnreadable, DiskError."""
        song = self._fresh_song()
        take = next((t for t in song.takes if t.letter == letter), None) if song is not None else None
        shelf = self._shelf
        if song is None or take is None or shelf is None:
            raise AudioUnreadable("This take is not there yet.", "It plays as soon as it has arrived.")
        self._heard_from(shelf.take(take), _Now(song, take))

    def open_stems(self, take: Take) -> None:
        """Play the open take from its stems (all parts where there are some, else the two), at the same position.

        A stem that cannot be read is silent and named in the snapshot's problems; where none can be, raises
        AudioUnreadable or DiskError.
        """
        shelf, song = self._shelf, self._now.song
        if shelf is None or song is None:
            raise AudioUnreadable("Open the take first.", "Choose it in the library.")
        self._heard_from(shelf.stems(take), _Now(song, take, stems=True))

    def open_whole(self) -> None:
        """Go back from the stems to the take's own file, at the same position."""
        now, shelf = self._now, self._shelf
        if now.take is not None and shelf is not None and now.stems:
            self._heard_from(shelf.take(now.take), _Now(now.song, now.take))

    def lane_peaks(self, song: Song, take: Take, key: str, columns: int = _COLUMNS) -> bytes:
        """Return the waveform of a stem (of the take itself for the empty key) as pairs of int8: lowest, highest.

        ±127 is full scale. Waits for the decoding that is under way. Raises AudioUnreadable, DiskError.
        """
        with self._lock:
            shelf, now = self._shelf, self._now
            if shelf is None or now.song is None or now.song.id != song.id:
                shelf = self._made_shelf()
        return shelf.peaks(take, next((stem for stem in take.stems if stem.id == key), None), columns)

    def stems_loudness(self, take: Take) -> float | None:
        """Return how loud the open stems of a take are together, in LUFS at 0 dB; waits until they are decoded."""
        return self._figures(take, None).loudness

    def mix_figures(self, take: Take) -> tuple[float | None, float | None]:
        """Return loudness (LUFS) and true peak (dBTP) of the open stems as the mixer is set; waits as above."""
        found = self._figures(take, self._state)
        return found.loudness, found.true_peak

    def _figures(self, take: Take, state: MixState | None) -> Figures:
        shelf, ticket = self._shelf, self._ticket
        opened = shelf.opened(take, stems=True) if shelf is not None else None
        if opened is None or not opened.wait_complete():
            return Figures()

        def stopped() -> bool:
            return ticket != self._ticket or (state is not None and state is not self._state)

        return figures_of_sum(opened.track, stopped, state, dict(self._ranges))

    def find_beats(self, take: Take) -> Beats:
        """Find the beats of a take and click on them while it is the one that plays; none where there is no beat.

        Takes a second the first time. Raises AudioUnreadable, DiskError.
        """
        from musicapi_desktop.audio.clicks import metronome

        player, found = self.start(), self._find_beats(self._songs.path(take.path), take.bpm)
        with self._lock:
            if self._now.take is not None and self._now.take.id == take.id:
                player.set_metronome(metronome(found.times, found.bar, found.first))
        return found

    def toggle(self) -> None:
        """Play or pause."""
        if self.snapshot().playing:
            self.pause()
        else:
            self.play()

    def match(self, on: bool) -> None:
        """Bring the takes of a song to the loudness of the quietest."""
        self._match = on
        self._mixed()

    def mix(self, state: MixState) -> None:
        """Set the mixer; it is heard while stems play, and at once when they begin to."""
        self._state = state
        self._mixed()

    def original(self, on: bool) -> None:
        """While stems play: hear the take's own file in their place, to compare."""
        with self._lock:
            now = self._now
            self._now = _Now(now.song, now.take, now.stems, on)
        self._mixed()

    def original_level(self, level: float) -> None:
        """The level in dB at which the original is heard in place of the stems."""
        self._original_level = level
        self._mixed()

    def mute_ranges(self, stem_id: str, ranges: Sequence[tuple[float, float]]) -> None:
        """Silence a stem between these times (seconds), with edges of 5 ms."""
        self._ranges[stem_id] = tuple((frames_of(start), frames_of(end)) for start, end in ranges)
        self._mixed()

    def snapshot(self) -> PlaybackSnapshot:
        """The transport now. Cheap: meant to be called 30 times a second."""
        player, now = self._player, self._now
        if player is None:
            return PlaybackSnapshot()
        wanted, heard = player.wanted, player.heard(time.monotonic())
        opened = self._opened(now)
        playing = wanted.playing and not player.over
        return PlaybackSnapshot(
            song_id=now.song.id if now.song else "",
            take_id=now.take.id if now.take else "",
            letter=now.take.letter if now.take else "",
            position=_seconds(heard.at),
            seconds=_seconds(wanted.track.frames) if wanted.track is not None else 0.0,
            playing=playing,
            waiting=playing and player.waiting,
            ended=player.over,
            counting=heard.counting,
            silent=player.silent,
            device=player.device,
            stems=now.stems,
            original=now.original,
            offset=self._offset(),
            peaks=_peaks(heard),
            problems=opened.problems if opened is not None else {},
        )

    # Inside

    def _new_shelf(self) -> SongShelf:
        if self._shelf is not None:
            self._shelf.close()
        self._shelf = self._made_shelf()
        return self._shelf

    def _made_shelf(self) -> SongShelf:
        from musicapi_desktop.audio.song_shelf import SongShelf

        return SongShelf(self._songs.path, self._cache, self._spawn, self._owned)

    def _fresh_song(self) -> Song | None:
        song = self._now.song
        return (self._songs.song(song.id) or song) if song is not None else None

    def _heard_from(self, opened: Opened, then: _Now) -> None:
        """Let what is open be heard from where the transport is, once it is decoded so far."""
        player, ticket = self.start(), self._ticket
        if not opened.wait_playable(lambda: player.at):
            return
        with self._lock:
            if ticket != self._ticket:
                return
            self._now = then
            player.switch(opened.track, self._compiled(opened))

    def _compiled(self, opened: Opened) -> Mix:
        if not self._now.stems:
            return opened.track.alone(self._offset())
        match = self._offset() + (self._original_level if self._now.original else 0.0)
        return opened.track.compile(self._state, match, original=self._now.original, ranges=self._ranges)

    def _mixed(self) -> None:
        with self._lock:
            opened, player = self._opened(self._now), self._player
            if opened is not None and player is not None and player.wanted.track is opened.track:
                player.set_mix(self._compiled(opened))

    def _opened(self, now: _Now) -> Opened | None:
        if self._shelf is None or now.take is None:
            return None
        return self._shelf.opened(now.take, now.stems)

    def _offset(self) -> float:
        """What level matching adds to the take that plays, in dB; never more than 0."""
        now = self._now
        own = now.take.facts.loudness if now.take is not None and now.take.facts is not None else None
        if not self._match or own is None or now.song is None:
            return 0.0
        others = [t.facts.loudness for t in now.song.takes if t.facts is not None and t.facts.loudness is not None]
        return min(0.0, min(others, default=own) - own)


def _no_beats(_path: Path, _bpm: float | None) -> Beats:
    return Beats()


def _seconds(frames: int) -> float:
    return frames / RATE


def _peaks(heard: Heard) -> Mapping[str, tuple[float, float]]:
    if heard.levels is None or heard.track is None:
        return _NO_PEAKS
    table: dict[str, tuple[float, float]] = {}
    for name, (left, right) in zip(heard.track.ids, heard.levels.peaks.tolist(), strict=True):
        table[name] = (left, right)
    table[""] = (heard.levels.left, heard.levels.right)
    return table
