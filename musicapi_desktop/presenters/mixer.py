"""The mixer: the stems of what the player has open, their controls, scenes, undo, and the way to stems."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot

from musicapi_desktop.domain.events import JobChanged, SongChanged
from musicapi_desktop.domain.job import Job
from musicapi_desktop.domain.kept_mix import KeptMix
from musicapi_desktop.domain.song import Song, Take

from .lane_view import LaneView
from .mix_desk import MixDesk, Tune
from .mixer_state import MixerState, facts_line, is_split, lanes_of, offer_words, stems_of
from .mixer_stems import MixerStems

if TYPE_CHECKING:
    from musicapi_desktop.bridge.calls import Calls
    from musicapi_desktop.bridge.relay import Relay
    from musicapi_desktop.services.mix_files import MixFiles

    from .player import PlayerPresenter
    from .player_state import PlayerState
    from .transport import MixMemory, Snapshot, Splitter, Transport


_OF_PLAYER = (
    "song_id", "title", "take", "seconds", "beat", "beats", "sections", "lines", "speed", "key", "loop", "loop_on",
    "playing",
)  # fmt: skip
"""What the mixer shows just as the player does."""

_REST_MS = 600
"""After a rest like this the next move of a loop's edge is a step of its own."""


class MixerPresenter(MixerStems):
    """Follows the player's take while it is shown. ``state_changed`` carries a MixerState."""

    export_asked = Signal(object, object, object)

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
        super().__init__(player, transport, calls, splitter, peaks)
        self._memory = memory
        self._problems: dict[str, str] = {}
        self._jobs: dict[str, Job] = {}
        self._position = 0.0
        self._shown = False
        self.files: MixFiles | None = None
        self._tuning = False
        self._tuned = ""
        self._heard_tune = (100, 0)
        self._seal_soon = QTimer(self, singleShot=True, interval=_REST_MS)
        self._seal_soon.timeout.connect(self.end_edit)
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
        now = self.player.state
        if self._tuned == now.take_id and now.take_id not in ("", self._take_id):
            elsewhere = self._memory.get(now.take_id) or KeptMix()
            self._memory.put(now.take_id, replace(elsewhere, speed=now.speed, key=now.key))

    def _tune_elsewhere(self, take_id: str) -> None:
        """A take plays that is not on the desk: its speed and key are its own all the same."""
        kept = self._memory.get(take_id) or KeptMix()
        self._tuned = ""
        self.player.restore_tune(kept.speed, kept.key)
        self._tuned = take_id

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
        self._figures = None
        self._original, self._original_match = False, None
        self._prices = None
        self.waveforms = {}
        self._position = kept.position
        self._tuning = True
        self.player.restore_tune(kept.speed, kept.key)
        if self.player.state.loop is None:
            self.player.restore_loop(kept.loop, kept.loop_on)
        self._tuning = False
        self._desk.settle(self._tune)
        if kept.position > 0.0 and not self.player.state.playing and self.player.look().position == 0.0:
            self.player.seek(kept.position)

    @property
    def _tune(self) -> Tune:
        now = self.player.state
        return Tune(now.loop, now.loop_on, now.speed, now.key)

    def _retuned(self) -> None:
        wanted = self._desk.tune
        self._tuning = True
        if (wanted.loop, wanted.loop_on) != (self.player.state.loop, self.player.state.loop_on):
            self.player.clear_loop()
            self.player.restore_loop(wanted.loop, wanted.loop_on)
        if (wanted.speed, wanted.key) != (self.player.state.speed, self.player.state.key):
            self.player.restore_tune(wanted.speed, wanted.key)
        self._tuning = False

    @Slot(object)
    def _player_changed(self, state: PlayerState) -> None:
        ours = bool(self._take_id) and state.take_id == self._take_id and not (state.loading or self._tuning)
        if ours and self._desk.note(self._tune):
            # no hand says when it lets go of a loop's edge: a rest ends the step
            self._seal_soon.start()
            self._keep_soon.start()
            self._show()
        elif self._tuned == state.take_id and (state.speed, state.key) != self._heard_tune:
            self._keep_soon.start()
        self._heard_tune = (state.speed, state.key)
        if self._shown and (state.take_id != self._take_id or not state.loading):
            self._follow()

    @Slot(object, object)
    def _player_opened(self, _song: Song, take: Take) -> None:
        self._opened_stems = None
        if self._shown:
            self._follow()
        else:
            self._tune_elsewhere(take.id)

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
        lufs, true_peak = self._figures or _delivered(take)
        return MixerState(
            **{name: getattr(player, name) for name in _OF_PLAYER},
            take_id=take.id,
            facts="" if player.blind else facts_line(take, stems),
            lanes=lanes_of(stems, mix, {**self._errors, **self._problems}),
            mix=mix,
            scenes=frozenset(self._desk.scenes),
            scene=self._desk.scene,
            view=self._view.span,
            has_notes=any(self.notes.values()),
            notes_on=self._notes_on,
            loading=self._loading or player.loading,
            lufs=lufs,
            true_peak=true_peak,
            measured=self._figures is not None,
            split=offer_words(None if stems else self._prices, self._jobs, take.id),
            can_undo=self._desk.can_undo,
            can_redo=self._desk.can_redo,
            original=self._original,
            original_match=self._original_match,
            match_original=self._match_original,
            error=self._errors.get("", "") or player.error,
        )


def _delivered(take: Take) -> tuple[float | None, float | None]:
    return (take.facts.loudness, take.facts.true_peak) if take.facts else (None, None)
