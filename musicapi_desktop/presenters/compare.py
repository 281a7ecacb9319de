"""Takes side by side: one request to several models, or any takes that were chosen together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from musicapi_desktop.domain.events import SongChanged, SongGone
from musicapi_desktop.domain.song import Song, TakeState
from musicapi_desktop.models import words
from musicapi_desktop.wire.limits import limits_of

if TYPE_CHECKING:
    from musicapi_desktop.bridge.calls import Calls
    from musicapi_desktop.bridge.relay import Relay
    from musicapi_desktop.services.library import Library

    from .listening import Listening
    from .player import PlayerPresenter
    from .takes import TakeActions


@dataclass(frozen=True, slots=True)
class Candidate:
    """One take to compare. ``line`` is its length, tempo and key; ``playing`` where it sounds now."""

    song_id: str
    take_id: str
    title: str
    model: str
    letter: str
    line: str
    overview: bytes
    rating: int
    favourite: bool
    ready: bool
    playing: bool


class ComparePresenter(QObject):
    """Shows candidates. ``state_changed`` carries a tuple of Candidates; switching keeps the place in the song."""

    state_changed = Signal(object)

    def __init__(
        self,
        library: Library,
        player: PlayerPresenter,
        listening: Listening,
        actions: TakeActions,
        calls: Calls,
        relay: Relay,
    ) -> None:
        super().__init__()
        self._library = library
        self._player = player
        self._listening = listening
        self._actions = actions
        self._calls = calls
        self._songs: dict[str, Song] = {}
        self.state: tuple[Candidate, ...] = ()
        relay.published.connect(self._hear)
        player.state_changed.connect(self._refresh)

    def open_songs(self, song_ids: Sequence[str]) -> None:
        """Put songs side by side; one song alone brings those of the same press with it."""
        ids = list(dict.fromkeys(song_ids))

        def read() -> list[Song]:
            if len(ids) == 1:
                return self._library.siblings(ids[0])
            return [song for song_id in ids if (song := self._library.song(song_id)) is not None]

        self._calls.run(read, self._read, self._actions.tell_failure)

    def hear(self, candidate: Candidate) -> None:
        """Play a candidate from where the other one is, or pause it."""
        now = self._player.state
        if now.take_id == candidate.take_id and not now.loading:
            self._player.toggle()
            return
        here = self._listening.position_of(now.take_id) if now.take_id in {each.take_id for each in self.state} else 0.0
        self._listening.play_from(candidate.song_id, candidate.take_id, here or 0.0)

    def rate(self, candidate: Candidate, stars: int) -> None:
        """Give the song of a candidate stars; the same number again takes them away."""
        self._actions.rate([candidate.song_id], 0 if stars == candidate.rating else stars)

    def _read(self, songs: list[Song]) -> None:
        self._songs = {song.id: song for song in songs}
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        state = tuple(self._candidates())
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)

    def _candidates(self) -> list[Candidate]:
        now = self._player.state
        found: list[Candidate] = []
        for song in self._songs.values():
            for take in song.takes:
                model = take.model or song.model
                tempo = self.tr("{0} BPM").format(words.tempo(take.bpm)) if take.bpm else ""
                parts = (words.length(take.facts.seconds if take.facts else take.seconds), tempo, take.key)
                found.append(
                    Candidate(
                        song.id,
                        take.id,
                        song.title or self.tr("Untitled"),
                        limits_of(model).label if model else "",
                        take.letter,
                        " · ".join(part for part in parts if part and part != "–"),
                        take.facts.overview if take.facts else b"",
                        song.rating,
                        song.favourite,
                        take.state is TakeState.READY,
                        now.playing and now.take_id == take.id,
                    )
                )
        return found

    @Slot(object)
    def _hear(self, event: object) -> None:
        match event:
            case SongChanged(song) if song.id in self._songs:
                self._songs[song.id] = song
                self._refresh()
            case SongGone(song_id) if self._songs.pop(song_id, None) is not None:
                self._refresh()
            case _:
                return
