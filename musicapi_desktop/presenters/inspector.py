"""The inspector: everything about the chosen take, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from musicapi_desktop.domain.events import SongChanged, SongGone
from musicapi_desktop.domain.notes import Track
from musicapi_desktop.domain.request import Operation
from musicapi_desktop.domain.song import Song, Take, TakeState
from musicapi_desktop.domain.timed_lyrics import TimedLine, TimedWord, lines_of, to_lrc, to_srt
from musicapi_desktop.models import words
from musicapi_desktop.models.song_rows import RowKey
from musicapi_desktop.wire.limits import limits_of

from .kin import Kin
from .operations import Offer
from .take_details import Detail, details, other_letter
from .takes import TakeActions

if TYPE_CHECKING:
    from musicapi_desktop.bridge.calls import Calls
    from musicapi_desktop.bridge.relay import Relay
    from musicapi_desktop.services.library import Library

    from .archive import Archive


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file of the chosen take. ``relative`` is inside the music folder."""

    name: str
    note: str
    relative: str


@dataclass(frozen=True, slots=True)
class InspectorState:
    """What the inspector shows; no song where nothing is chosen. ``beside`` is the letter of the take held against it.

    ``lines`` are the words with their times, empty where nobody aligned them; ``tracks`` the notes by instrument;
    ``kin`` the family as a tree.
    """

    song: Song | None = None
    take: Take | None = None
    title: str = ""
    line: str = ""
    lyrics: str = ""
    lines: tuple[TimedLine, ...] = ()
    details: tuple[Detail, ...] = ()
    beside: str = ""
    files: tuple[FileLine, ...] = ()
    tracks: tuple[Track, ...] = ()
    kin: tuple[Kin, ...] = ()
    offers: tuple[Offer, ...] = ()
    has_stems: bool = False
    has_wav: bool = False
    playable: bool = False
    selected: int = 0

    def offer(self, operation: Operation) -> Offer | None:
        """The offer of an operation, None where it is not to be had."""
        return next((offer for offer in self.offers if offer.operation is operation), None)


@dataclass(frozen=True, slots=True)
class Known:
    """What was read of a song from the disk: the song, its take's timed words and notes, its family."""

    song: Song | None = None
    take_id: str = ""
    words: tuple[TimedWord, ...] = ()
    tracks: tuple[Track, ...] = ()
    kin: tuple[Kin, ...] = ()


class InspectorPresenter(QObject):
    """Follows the library's selection; commands go to ``actions``. ``relative_asked`` carries a song and a take."""

    relative_asked = Signal(str, str)
    state_changed = Signal(object)

    def __init__(
        self, library: Library, actions: TakeActions, calls: Calls, relay: Relay, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._library = library
        self.actions = actions
        self._calls = calls
        self._key: RowKey = ("", "")
        self._count = 0
        self._known = Known()
        self.archive: Archive | None = None
        self.position: Callable[[str], float | None] = _nowhere
        """Where a take is played now, in seconds; None where it is not the one in the player."""
        self.state = InspectorState()
        relay.published.connect(self._hear)

    @Slot(str, str, int)
    def show(self, song_id: str, take_id: str, count: int = 1) -> None:
        """The person chose a take; ``count`` rows are selected in all. An empty song id empties the inspector."""
        self._key, self._count = (song_id, take_id), count
        if not song_id:
            self._tell(InspectorState(selected=count))
            return
        self._calls.run(self._reader(song_id, take_id), self._read)

    @property
    def key(self) -> RowKey:
        """The chosen song and take."""
        return self._key

    def show_take(self, letter: str) -> None:
        """The person pressed another take's letter."""
        song = self.state.song
        take = next((take for take in song.takes if take.letter == letter), None) if song else None
        if song is not None and take is not None:
            self.show(song.id, take.id, self._count)

    def details_text(self) -> str:
        """All details as lines to copy."""
        return "\n".join(f"{each.name}: {each.value}" for each in self.state.details)

    def here(self) -> float | None:
        """Where the shown take is played now."""
        return self.position(self._key[1]) if self._key[1] else None

    def go_to(self, seconds: float) -> None:
        """Play the shown take from a moment of it."""
        self.actions.play_from_asked.emit(*self._key, seconds)

    def open_relative(self, kin: Kin) -> None:
        """The person chose a song of the family."""
        if kin.song_id:
            self.relative_asked.emit(kin.song_id, kin.take_id)

    def export_lyrics(self, target: Path) -> None:
        """Write the timed words as LRC or SRT, by the ending of the name."""
        state = self.state
        seconds = state.take.facts.seconds if state.take and state.take.facts else 0.0
        text = to_srt(state.lines) if target.suffix.lower() == ".srt" else to_lrc(state.lines, state.title, seconds)
        self.actions.write_text(target, text)

    def _reader(self, song_id: str, take_id: str) -> Callable[[], Known]:
        archive = self.archive

        def read() -> Known:
            song = self._library.song(song_id)
            take = song.take(take_id) if song is not None else None
            if song is None or take is None or archive is None:
                return Known(song, take_id)
            return Known(song, take_id, archive.words(take), archive.notes(take), archive.kin(song_id))

        return read

    def _read(self, known: Known) -> None:
        if known.song is None or (known.song.id, known.take_id) != self._key:
            return
        self._known = known
        self._tell(self._state(known.song, known.song.take(known.take_id)))

    def _heard_song(self, song: Song) -> None:
        """Word the song anew; what lies on the disk is read again only where it may have changed."""
        take = song.take(self._key[1])
        before = self._known.song.take(self._key[1]) if self._known.song is not None else None
        if take is not None and (before is None or before.files != take.files):
            self.show(*self._key, self._count)
            return
        self._known = replace(self._known, song=song)
        self._tell(self._state(song, take))

    @Slot(object)
    def _hear(self, event: object) -> None:
        match event:
            case SongChanged(song) if song.id == self._key[0]:
                self._heard_song(song)
            case SongChanged(song) if self._key[0] and self._is_kin(song):
                self.show(*self._key, self._count)
            case SongGone(song_id) if song_id == self._key[0]:
                self.show("", "", 0)
            case _:
                return

    def _is_kin(self, song: Song) -> bool:
        family = {self._key[0], *(kin.song_id for kin in self._known.kin)}
        shown = {kin.song_id for kin in self._known.kin}
        return song.id not in shown and any(link.song_id in family for link in song.parents)

    def _tell(self, state: InspectorState) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)

    def _state(self, song: Song, take: Take | None) -> InspectorState:
        return InspectorState(
            song=song,
            take=take,
            title=song.title or self.tr("Untitled"),
            line=self._line(song, take),
            lyrics=(take.lyrics if take else "") or song.lyrics,
            lines=lines_of(self._known.words),
            details=details(song, take),
            beside=other_letter(song, take),
            files=tuple(self._files(take)) if take else (),
            tracks=self._known.tracks,
            kin=self._known.kin,
            offers=self.actions.offers(song, take) if take else (),
            has_stems=bool(take and take.stems),
            has_wav=bool(take and take.wav_path),
            playable=bool(take and take.path and take.state is TakeState.READY),
            selected=self._count,
        )

    def _line(self, song: Song, take: Take | None) -> str:
        model = (take.model if take else "") or song.model
        parts = [limits_of(model).label if model else ""]
        if take is not None:
            parts.insert(0, self.tr("Take {0} of {1}").format(take.letter, len(song.takes)))
            parts.append(words.length(take.facts.seconds if take.facts else take.seconds))
        else:
            parts.insert(0, self.tr("Being made"))
        return " · ".join(part for part in parts if part and part != "–")

    def _files(self, take: Take) -> list[FileLine]:
        lines: list[FileLine] = []
        if take.path:
            lines.append(FileLine(take.path.rpartition("/")[2], self.tr("the take"), take.path))
        if take.wav_path:
            lines.append(FileLine(take.wav_path.rpartition("/")[2], self.tr("WAV"), take.wav_path))
        named = {
            "alignment": self.tr("times of the words"),
            "notes": self.tr("notes"),
            "video": self.tr("video clip"),
        }
        lines += [
            FileLine(path.rpartition("/")[2], named.get(kind.partition(":")[0], kind.partition(":")[0].upper()), path)
            for kind, path in take.files.items()
            if path
        ]
        kinds = {"basic": self.tr("stem of two parts"), "full": self.tr("stem")}
        for stem in take.stems:
            if stem.path:
                note = kinds.get(stem.split, stem.split)
                lines.append(FileLine(stem.path.rpartition("/")[2], note, stem.path))
        return lines


def _nowhere(_take_id: str) -> float | None:
    return None
