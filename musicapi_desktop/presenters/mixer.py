"""The mixer: the stems of what the player has open, their controls, scenes, undo, and the way to stems."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot

from musicapi_desktop.domain.errors import KnownError
from musicapi_desktop.domain.events import JobChanged, SongChanged
from musicapi_desktop.domain.job import Job
from musicapi_desktop.domain.kept_mix import KeptMix
from musicapi_desktop.domain.song import Song, Take

from .lane_view import LaneView
from .mix_desk import MixDesk
from .mixer_controls import MixerControls
from .mixer_state import MixerState, facts_line, is_split, lanes_of, notes_of, offer_words, stems_of

if TYPE_CHECKING:
    from musicapi_desktop.bridge.calls import Calls
    from musicapi_desktop.bridge.relay import Relay
    from musicapi_desktop.domain.notes import Note, Track
    from musicapi_desktop.domain.units import Credits
    from musicapi_desktop.services.mix_files import MixFiles

    from .player import PlayerPresenter
    from .player_state import PlayerState
    from .transport import MixMemory, Snapshot, Splitter, Transport


class MixerPresenter(MixerControls):
    """Follows the player's take while it is shown. ``state_changed`` carries a MixerState.

    ``peaks_changed`` carries (key, bytes): a stem's waveform, or the original's under the empty key. ``notes_changed``
    says that ``notes`` have come.
    """

    peaks_changed = Signal(str, object)
    notes_changed = Signal()
    export_asked = Signal(object, object, object)
    told = Signal(object)

    def __init__(  # noqa: PLR0913  # one collaborator each; a bag of them would only hide the count
        self,
        player: PlayerPresenter,
        transport: Transport,
        calls: Calls,
        relay: Relay,
        memory: MixMemory,
        splitter: Splitter,
        peaks: Callable[[Song, Take, str], bytes],
    ) -> None:
        super().__init__(transport)
        self.player = player
        self._calls = calls
        self._memory = memory
        self._splitter = splitter
        self._peaks = peaks
        self._errors: dict[str, str] = {}
        self._problems: dict[str, str] = {}
        self._prices: tuple[Credits, Credits] | None = None
        self._jobs: dict[str, Job] = {}
        self._take_id = ""
        self.waveforms: dict[str, bytes] = {}
        self._opened_stems: tuple[str, ...] | None = None
        self._position = 0.0
        self._shown = False
        self.files: MixFiles | None = None
        self.read_notes: Callable[[Take, str], tuple[Track, ...]] | None = None
        self.notes: dict[str, tuple[Note, ...]] = {}
        self._loading = False
        self._keep_soon.timeout.connect(self.keep)
        player.state_changed.connect(self._player_changed)
        player.opened.connect(self._player_opened)
        relay.published.connect(self._hear)

    def attend(self, shown: bool) -> None:
        """The mixer came into view, or left it. What was mixed goes on sounding."""
        self._shown = shown
        if shown:
            self._follow()
        else:
            self.keep()

    def look(self) -> Snapshot:
        """The transport now."""
        now = self.player.look()
        if self.player.state.take_id == self._take_id:
            self._position = now.position
            if now.playing and self._view.follow(now.position, self.state.seconds):
                self._show()
            if dict(now.problems) != self._problems:
                self._problems = dict(now.problems)
                self._show()
        return now

    def split(self, full: bool) -> None:
        """Ask for stems of the take that is open."""
        song, take = self.player.song, self.player.current_take
        if song is not None and take is not None:
            self._calls.run(partial(self._splitter.split, song, take, full=full), None, self._failed)

    def export(self) -> None:
        """Save the mix as it is set, or as it was left where another take is on the desk."""
        song, take = self.player.song, self.player.current_take
        if song is not None and take is not None:
            kept = None if take.id == self._take_id else self._memory.get(take.id) or KeptMix()
            self.export_asked.emit(song, take, kept.mix if kept is not None else self._mix)

    def stem_file(self, stem_id: str) -> str:
        """Where a stem's file is, to be dragged into another program; empty for a stem that is not here."""
        take = self.player.current_take
        stem = next((s for s in take.stems if s.id == stem_id), None) if take is not None else None
        return self.player.file_path(stem.path) if stem is not None and stem.path else ""

    def make_file(self, stem_id: str, loop_only: bool, done: Callable[[Path], object]) -> None:
        """Have the mix, or a stem, made as a file in the background, to be dragged into another program."""
        song, take = self.player.song, self.player.current_take
        if self.files is not None and song is not None and take is not None:
            loop = self.state.loop if loop_only else None
            work = partial(self.files.make, song, take, self._mix, stem_id, loop)
            self._calls.run(work, done, self._failed)

    def keep(self) -> None:
        """Remember the state of this take now."""
        self._keep_soon.stop()
        if self._take_id:
            # the player may have gone on to another take: the loop and the place are those seen last with this one
            seen = self.state
            scenes, view = dict(self._desk.scenes), self._view.span
            kept = KeptMix(self._mix, scenes, seen.loop, seen.loop_on, self._position, view, seen.speed, seen.key)
            self._memory.put(self._take_id, kept)

    def _follow(self) -> None:
        """Take up the player's take, and its stems where they are not playing yet."""
        take = self.player.current_take
        take_id = take.id if take is not None else ""
        if take_id != self._take_id:
            self.keep()
            self._take_id = take_id
            self._opened_stems = None
            self._take_up((self._memory.get(take_id) if take_id else None) or KeptMix())
        if take is not None and not self.player.state.loading:
            self._open_stems(take)
        self._show()

    def _take_up(self, kept: KeptMix) -> None:
        self._desk = MixDesk(kept)
        self._view = LaneView(kept.view if kept.view and kept.view[1] <= self.player.state.seconds else None)
        self.notes = {}
        self._errors, self._problems = {}, {}
        self._original, self._original_match = False, None
        self._prices = None
        self.waveforms = {}
        self._position = kept.position
        self.player.restore_tune(kept.speed, kept.key)
        if self.player.state.loop is None:
            self.player.restore_loop(kept.loop, kept.loop_on)
        if kept.position > 0.0 and not self.player.state.playing and self.player.look().position == 0.0:
            self.player.seek(kept.position)

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
            take = self.player.current_take
            if take is not None and take.facts is not None and take.facts.loudness is not None:
                measured = partial(self._measured, take_id, take.facts.loudness)
                self._calls.run(partial(self._transport.stems_loudness, take), measured, self._failed)

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

    @Slot(object)
    def _player_changed(self, state: PlayerState) -> None:
        if self._shown and (state.take_id != self._take_id or not state.loading):
            self._follow()

    @Slot(object, object)
    def _player_opened(self, _song: Song, _take: Take) -> None:
        self._opened_stems = None
        if self._shown:
            self._follow()

    @Slot(object)
    def _hear(self, event: object) -> None:
        if isinstance(event, JobChanged) and is_split(event.job):
            self._jobs[event.job.id] = event.job
            self._show()
        elif isinstance(event, SongChanged) and event.song.id == self.state.song_id and self._shown:
            # the player has heard of it first: its take has the new stems
            self._follow()

    def _show(self) -> None:
        state = self._made()
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)

    def _made(self) -> MixerState:
        player, take = self.player.state, self.player.current_take
        if take is None or take.id != self._take_id:
            return MixerState()
        mix = self._desk.heard
        stems = stems_of(take)
        return MixerState(
            song_id=player.song_id,
            take_id=take.id,
            title=player.title,
            take=player.take,
            facts="" if player.blind else facts_line(take, stems),
            lanes=lanes_of(stems, mix, {**self._errors, **self._problems}),
            mix=mix,
            scenes=frozenset(self._desk.scenes),
            scene=self._desk.scene,
            seconds=player.seconds,
            beat=player.beat,
            sections=player.sections,
            lines=player.lines,
            view=self._view.span,
            has_notes=any(self.notes.values()),
            notes_on=self._notes_on,
            speed=player.speed,
            key=player.key,
            loop=player.loop,
            loop_on=player.loop_on,
            playing=player.playing,
            loading=self._loading or player.loading,
            lufs=take.facts.loudness if take.facts else None,
            true_peak=take.facts.true_peak if take.facts else None,
            split=offer_words(None if stems else self._prices, self._jobs, take.id),
            can_undo=self._desk.can_undo,
            can_redo=self._desk.can_redo,
            original=self._original,
            original_match=self._original_match,
            match_original=self._match_original,
            error=self._errors.get("", "") or player.error,
        )


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
