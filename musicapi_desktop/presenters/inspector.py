"""The inspector: everything about the chosen take, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from musicapi_desktop.domain.events import SongChanged, SongGone
from musicapi_desktop.domain.song import Song, Take, TakeState
from musicapi_desktop.models import words
from musicapi_desktop.models.song_rows import RowKey
from musicapi_desktop.wire.limits import limits_of

from .takes import Prices, TakeActions

if TYPE_CHECKING:
    from musicapi_desktop.bridge.calls import Calls
    from musicapi_desktop.bridge.relay import Relay
    from musicapi_desktop.services.library import Library


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file of the chosen take. ``relative`` is inside the music folder."""

    name: str
    note: str
    relative: str


@dataclass(frozen=True, slots=True)
class InspectorState:
    """What the inspector shows; no song where nothing is chosen. ``details`` are pairs of a name and a value."""

    song: Song | None = None
    take: Take | None = None
    title: str = ""
    line: str = ""
    lyrics: str = ""
    details: tuple[tuple[str, str], ...] = ()
    files: tuple[FileLine, ...] = ()
    prices: Prices | None = None
    has_stems: bool = False
    has_wav: bool = False
    playable: bool = False
    selected: int = 0


class InspectorPresenter(QObject):
    """Follows the library's selection; commands go to ``actions``."""

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
        self.state = InspectorState()
        relay.published.connect(self._hear)

    @Slot(str, str, int)
    def show(self, song_id: str, take_id: str, count: int = 1) -> None:
        """The person chose a take; ``count`` rows are selected in all. An empty song id empties the inspector."""
        self._key, self._count = (song_id, take_id), count
        if not song_id:
            self._tell(InspectorState(selected=count))
            return
        self._calls.run(self._reader(song_id), self._read)

    @property
    def key(self) -> RowKey:
        """The chosen song and take."""
        return self._key

    def show_take(self, letter: str) -> None:
        """The person pressed another take's letter."""
        song = self.state.song
        take = next((take for take in song.takes if take.letter == letter), None) if song else None
        if song is not None and take is not None:
            self._key = (song.id, take.id)
            self._read(song)

    def details_text(self) -> str:
        """All details as lines to copy."""
        return "\n".join(f"{name}: {value}" for name, value in self.state.details)

    def _reader(self, song_id: str) -> Callable[[], Song | None]:
        return lambda: self._library.song(song_id)

    def _read(self, song: Song | None) -> None:
        if song is None or song.id != self._key[0]:
            return
        take = song.take(self._key[1])
        self._tell(self._state(song, take))

    @Slot(object)
    def _hear(self, event: object) -> None:
        match event:
            case SongChanged(song) if song.id == self._key[0]:
                self._read(song)
            case SongGone(song_id) if song_id == self._key[0]:
                self.show("", "", 0)
            case _:
                return

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
            details=tuple(self._details(song, take)),
            files=tuple(self._files(take)) if take else (),
            prices=self.actions.prices(song, take) if take else None,
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

    def _details(self, song: Song, take: Take | None) -> list[tuple[str, str]]:
        model = (take.model if take else "") or song.model
        pairs = [
            (self.tr("Description"), song.description),
            (self.tr("Style"), (take.style if take else "") or song.style),
            (self.tr("Leave out"), song.leave_out),
            (self.tr("Model"), model),
            (self.tr("Made"), words.moment(song.created_at) if song.created_at else ""),
        ]
        if take is not None:
            pairs += self._sound(take)
            pairs.append((self.tr("Clip"), take.clip_id))
        return [(name, value) for name, value in pairs if value]

    def _sound(self, take: Take) -> list[tuple[str, str]]:
        facts = take.facts
        pairs = [
            (self.tr("Tempo"), self.tr("{0} BPM").format(words.tempo(take.bpm)) if take.bpm else ""),
            (self.tr("Key"), words.key_sign(take.key) if take.key else ""),
        ]
        if facts is not None:
            rate = self.tr("{0} kHz").format(f"{facts.rate / 1000:g}")
            pairs += [
                (self.tr("Length"), words.length(facts.seconds)),
                (self.tr("Format"), f"{facts.format.upper()} · {rate}"),
                (self.tr("Loudness"), f"{_minus(facts.loudness)} LUFS" if facts.loudness is not None else ""),
                (self.tr("True peak"), f"{_minus(facts.true_peak)} dBTP" if facts.true_peak is not None else ""),
            ]
        return pairs

    def _files(self, take: Take) -> list[FileLine]:
        lines: list[FileLine] = []
        if take.path:
            lines.append(FileLine(take.path.rpartition("/")[2], self.tr("the take"), take.path))
        if take.wav_path:
            lines.append(FileLine(take.wav_path.rpartition("/")[2], self.tr("WAV"), take.wav_path))
        kinds = {"basic": self.tr("stem of two parts"), "full": self.tr("stem")}
        for stem in take.stems:
            if stem.path:
                note = kinds.get(stem.split, stem.split)
                lines.append(FileLine(stem.path.rpartition("/")[2], note, stem.path))
        return lines


def _minus(value: float) -> str:
    return f"{value:.1f}".replace("-", "−")
