"""Opening the stems of a take: their sound, waveforms, notes and loudness, or the price of having them made."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal

from musicapi_desktop.domain.errors import KnownError
from musicapi_desktop.domain.mix import MixState
from musicapi_desktop.domain.song import Song, Take

from .mixer_controls import MixerControls
from .mixer_state import notes_of, stems_of

if TYPE_CHECKING:
    from musicapi_desktop.bridge.calls import Calls
    from musicapi_desktop.domain.notes import Note, Track
    from musicapi_desktop.domain.units import Credits

    from .player import PlayerPresenter
    from .transport import Splitter, Transport


_REST_MS = 1200
"""How long the mix rests before its loudness is measured anew."""


class MixerStems(MixerControls):
    """``peaks_changed`` carries (key, bytes): a stem's waveform, or the original's under the empty key.

    ``notes_changed`` says that ``notes`` (by stem id) have come; ``told`` carries what deserves a sentence.
    """

    peaks_changed = Signal(str, object)
    notes_changed = Signal()
    told = Signal(object)

    def __init__(
        self,
        player: PlayerPresenter,
        transport: Transport,
        calls: Calls,
        splitter: Splitter,
        peaks: Callable[[Song, Take, str], bytes],
    ) -> None:
        super().__init__(transport)
        self.player = player
        self._calls = calls
        self._splitter = splitter
        self._peaks = peaks
        self._take_id = ""
        self._loading = False
        self._errors: dict[str, str] = {}
        self._prices: tuple[Credits, Credits] | None = None
        self._figures: tuple[float | None, float | None] | None = None
        self._measure_soon = QTimer(self, singleShot=True, interval=_REST_MS)
        self._measure_soon.timeout.connect(self._measure)
        self._opened_stems: tuple[str, ...] | None = None
        self.waveforms: dict[str, bytes] = {}
        self.read_notes: Callable[[Take, str], tuple[Track, ...]] | None = None
        self.notes: dict[str, tuple[Note, ...]] = {}

    def _open_stems(self, take: Take) -> None:
        wanted = tuple(stem.id for stem in stems_of(take))
        if wanted == self._opened_stems:
            return
        self._opened_stems = wanted
        song = self.player.song
        if song is None:
            return
        if not wanted:
            self._calls.run(partial(self._splitter.prices, take), partial(self._priced, take.id), self._failed)
            return
        self._loading = True
        self._original = False
        self._sent_ranges = {}
        self._send()
        work = partial(self._transport.open_stems, take)
        self._calls.run(work, partial(self._stems_open, take.id), partial(self._not_open, take.id))
        for key in ("", *(stem.id for stem in stems_of(take) if not stem.silent)):
            work = partial(self._peaks, song, take, key)
            self._calls.run(work, partial(self._got_peaks, take.id, key), partial(self._lost, key))
        if self.read_notes is not None:
            notes = partial(_notes_of_stems, self.read_notes, take)
            self._calls.run(notes, partial(self._got_notes, take.id), self._failed)

    def _priced(self, take_id: str, prices: tuple[Credits, Credits] | None) -> None:
        if take_id == self._take_id:
            self._prices = prices
            self._show()

    def _stems_open(self, take_id: str, _nothing: object) -> None:
        if take_id == self._take_id:
            self._loading = False
            self._show()
            self._measure_soon.start()
            take = self.player.current_take
            if take is not None and take.facts is not None and take.facts.loudness is not None:
                measured = partial(self._measured, take_id, take.facts.loudness)
                self._calls.run(partial(self._transport.stems_loudness, take), measured, self._failed)

    def _applied(self) -> None:
        super()._applied()
        if self._opened_stems:
            self._measure_soon.start()

    def _measure(self) -> None:
        take = self.player.current_take
        if take is not None and take.id == self._take_id and self._opened_stems:
            done = partial(self._have_figures, take.id, self._mix)
            self._calls.run(partial(self._transport.mix_figures, take), done, self._failed)

    def _have_figures(self, take_id: str, mix: MixState, figures: tuple[float | None, float | None]) -> None:
        # one that was overtaken by another change says nothing
        if take_id == self._take_id and mix is self._mix:
            self._figures = figures
            self._show()

    def _measured(self, take_id: str, original: float, stems: float | None) -> None:
        if take_id == self._take_id and stems is not None:
            self._original_match = round(stems - original, 1) + 0.0
            self._level_original()
            self._show()

    def _not_open(self, take_id: str, error: BaseException) -> None:
        if take_id == self._take_id:
            self._loading = False
            self._errors[""] = _sentence(error, self.tr("The stems could not be opened."))
            self._show()
        self._failed(error)

    def _got_peaks(self, take_id: str, key: str, peaks: bytes) -> None:
        if take_id == self._take_id:
            self.waveforms[key] = peaks
            self.peaks_changed.emit(key, peaks)

    def _got_notes(self, take_id: str, notes: dict[str, tuple[Note, ...]]) -> None:
        if take_id == self._take_id and notes != self.notes:
            self.notes = notes
            self.notes_changed.emit()
            self._show()

    def _lost(self, key: str, error: BaseException) -> None:
        self._errors[key] = _sentence(error, self.tr("This stem could not be read."))
        self._show()

    def _failed(self, error: BaseException) -> None:
        self.told.emit(error)


def _notes_of_stems(read: Callable[[Take, str], tuple[Track, ...]], take: Take) -> dict[str, tuple[Note, ...]]:
    """The notes of each stem: its own where it was written down alone, else its part of the whole take's."""
    whole = read(take, "")
    found: dict[str, tuple[Note, ...]] = {}
    for stem in stems_of(take):
        own = tuple(note for track in read(take, stem.id) for note in track.notes)
        found[stem.id] = own or notes_of(stem, whole)
    return found


def _sentence(error: BaseException, else_words: str) -> str:
    return error.message if isinstance(error, KnownError) else else_words
