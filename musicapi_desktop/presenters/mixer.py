"""The mixer: the stems of what the player has open, their controls, scenes, undo, and the way to stems."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from musicapi_desktop.domain.errors import KnownError
from musicapi_desktop.domain.events import JobChanged, SongChanged
from musicapi_desktop.domain.job import Job
from musicapi_desktop.domain.kept_mix import KeptMix
from musicapi_desktop.domain.mix import MixState, Strip, clamped
from musicapi_desktop.domain.song import Song, Take

from .mix_desk import MixDesk
from .mixer_state import MixerState, facts_line, is_split, lanes_of, offer_words, stems_of

if TYPE_CHECKING:
    from musicapi_desktop.bridge.calls import Calls
    from musicapi_desktop.bridge.relay import Relay

    from .player import PlayerPresenter
    from .player_state import PlayerState
    from .transport import MixMemory, Snapshot, Splitter, Transport

_KEEP_MS = 800


class MixerPresenter(QObject):
    """Follows the player's take while it is shown. ``state_changed`` carries a MixerState.

    ``peaks_changed`` carries (key, bytes): a stem's waveform, or the original's under the empty key.
    """

    state_changed = Signal(object)
    peaks_changed = Signal(str, object)
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
        super().__init__()
        self.player = player
        self._transport = transport
        self._calls = calls
        self._memory = memory
        self._splitter = splitter
        self._peaks = peaks
        self._desk = MixDesk()
        self._errors: dict[str, str] = {}
        self._jobs: dict[str, Job] = {}
        self._take_id = ""
        self.waveforms: dict[str, bytes] = {}
        self._opened_stems: tuple[str, ...] = ()
        self._position = 0.0
        self._shown = False
        self._loading = False
        self.state = MixerState()
        self._keep_soon = QTimer(self, singleShot=True, interval=_KEEP_MS)
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
        return now

    def set_level(self, stem_id: str, level: float) -> None:
        """A fader moved."""
        self._change_strip(stem_id, replace(self._mix.strip(stem_id), level=clamped(level)), ("level", stem_id))

    def set_balance(self, stem_id: str, balance: float) -> None:
        """A balance moved."""
        near = min(1.0, max(-1.0, balance))
        self._change_strip(stem_id, replace(self._mix.strip(stem_id), balance=near), ("balance", stem_id))

    def set_master(self, level: float) -> None:
        """The master's fader moved."""
        self._change(replace(self._mix, master=clamped(level)), "master")

    def end_edit(self) -> None:
        """The hand let go: the next change is a step of its own."""
        self._desk.seal()

    def toggle_mute(self, stem_id: str) -> None:
        """M."""
        self._change(self._mix.toggle_mute(stem_id))

    def toggle_solo(self, stem_id: str) -> None:
        """S."""
        self._change(self._mix.toggle_solo(stem_id))

    def solo_only(self, stem_id: str) -> None:
        """Ctrl+click S."""
        self._change(self._mix.solo_only(stem_id))

    def clear_solo(self) -> None:
        """Alt+click S, or the chip."""
        self._change(self._mix.clear_solo())

    def mute_number(self, number: int) -> None:
        """Alt+1…9."""
        if 1 <= number <= len(self.state.lanes):
            self.toggle_mute(self.state.lanes[number - 1].stem_id)

    def solo_number(self, number: int) -> None:
        """Alt+Shift+1…9."""
        if 1 <= number <= len(self.state.lanes):
            self.toggle_solo(self.state.lanes[number - 1].stem_id)

    def set_others(self, level: float) -> None:
        """How loud the others stay while one is soloed."""
        self._change(replace(self._mix, solo_dim=level))

    def toggle_mono(self) -> None:
        """Both channels as one."""
        self._change(replace(self._mix, mono=not self._mix.mono))

    def recall(self, letter: str) -> None:
        """Click a scene; an empty one takes what is set now."""
        if not self.state.empty:
            self._desk.recall(letter)
            self._applied()

    def store(self, letter: str) -> None:
        """Ctrl+click a scene."""
        if not self.state.empty:
            self._desk.store(letter)
            self._applied()

    def hold(self, letter: str) -> None:
        """Listen to a scene while its button is held."""
        self._listen(self._desk.scenes.get(letter))

    def hold_solo(self, stem_id: str) -> None:
        """Solo a stem while its button is held."""
        self._listen(self._mix.toggle_solo(stem_id))

    def release(self) -> None:
        """Let go of what was held: back to what was set."""
        self._listen(None)

    def undo(self) -> None:
        """Ctrl+Z."""
        self._desk.undo()
        self._applied()

    def redo(self) -> None:
        """Ctrl+Shift+Z."""
        self._desk.redo()
        self._applied()

    def split(self, full: bool) -> None:
        """Ask for stems of the take that is open."""
        song, take = self.player.song, self.player.current_take
        if song is not None and take is not None:
            self._calls.run(partial(self._splitter.split, song, take, full=full), None, self._failed)

    def export(self) -> None:
        """Save the mix as it is set."""
        song, take = self.player.song, self.player.current_take
        if song is not None and take is not None:
            self.export_asked.emit(song, take, self._mix)

    def stem_file(self, stem_id: str) -> str:
        """Where a stem's file is, to be dragged into another program; empty for a stem that is not here."""
        take = self.player.current_take
        stem = next((s for s in take.stems if s.id == stem_id), None) if take is not None else None
        return self.player.file_path(stem.path) if stem is not None and stem.path else ""

    def keep(self) -> None:
        """Remember the state of this take now."""
        self._keep_soon.stop()
        if self._take_id:
            # the player may have gone on to another take: the loop and the place are those seen last with this one
            seen = self.state
            kept = KeptMix(self._mix, dict(self._desk.scenes), seen.loop, seen.loop_on, self._position)
            self._memory.put(self._take_id, kept)

    @property
    def _mix(self) -> MixState:
        return self._desk.value

    def _change_strip(self, stem_id: str, strip: Strip, key: object) -> None:
        self._change(self._mix.with_strip(stem_id, strip), key)

    def _change(self, mix: MixState, key: object = None) -> None:
        self._desk.change(mix, key)
        self._applied()

    def _applied(self) -> None:
        self._transport.mix(self._desk.heard)
        self._keep_soon.start()
        self._show()

    def _listen(self, mix: MixState | None) -> None:
        self._desk.listen(mix)
        self._transport.mix(self._desk.heard)
        self._show()

    def _follow(self) -> None:
        """Take up the player's take, and its stems where they are not playing yet."""
        take = self.player.current_take
        take_id = take.id if take is not None else ""
        if take_id != self._take_id:
            self.keep()
            self._take_id = take_id
            self._opened_stems = ()
            self._take_up((self._memory.get(take_id) if take_id else None) or KeptMix())
        if take is not None and not self.player.state.loading:
            self._open_stems(take)
        self._show()

    def _take_up(self, kept: KeptMix) -> None:
        self._desk = MixDesk(kept)
        self._errors = {}
        self.waveforms = {}
        self._position = kept.position
        if self.player.state.loop is None:
            self.player.restore_loop(kept.loop, kept.loop_on)

    def _open_stems(self, take: Take) -> None:
        wanted = tuple(stem.id for stem in stems_of(take))
        if wanted == self._opened_stems:
            return
        self._opened_stems = wanted
        song = self.player.song
        if not wanted or song is None:
            return
        self._loading = True
        self._transport.mix(self._desk.heard)
        work = partial(self._transport.open_stems, take)
        self._calls.run(work, partial(self._stems_open, take.id), partial(self._not_open, take.id))
        for key in ("", *(stem.id for stem in stems_of(take) if not stem.silent)):
            work = partial(self._peaks, song, take, key)
            self._calls.run(work, partial(self._got_peaks, take.id, key), partial(self._lost, key))

    def _stems_open(self, take_id: str, _nothing: object) -> None:
        if take_id == self._take_id:
            self._loading = False
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
        self._opened_stems = ()
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
        prices = None if stems else self._splitter.prices(take)
        return MixerState(
            song_id=player.song_id,
            take_id=take.id,
            title=player.title,
            take=player.take,
            facts=facts_line(take, stems),
            lanes=lanes_of(stems, mix, self._errors),
            mix=mix,
            scenes=frozenset(self._desk.scenes),
            scene=self._desk.scene,
            seconds=player.seconds,
            sections=player.sections,
            loop=player.loop,
            loop_on=player.loop_on,
            playing=player.playing,
            loading=self._loading or player.loading,
            lufs=take.facts.loudness if take.facts else None,
            true_peak=take.facts.true_peak if take.facts else None,
            split=offer_words(prices, self._jobs, take.id),
            can_undo=self._desk.can_undo,
            can_redo=self._desk.can_redo,
            error=self._errors.get("", "") or player.error,
        )


def _sentence(error: BaseException, else_words: str) -> str:
    return error.message if isinstance(error, KnownError) else else_words
