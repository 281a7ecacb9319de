"""What the person does to the mix: each change is heard at once, can be undone, and is kept soon."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from musicapi_desktop.domain.mix import MixState, Span, Strip, clamped

from .lane_view import LaneView
from .mix_desk import MixDesk
from .mixer_state import MixerState

if TYPE_CHECKING:
    from .transport import Transport

_KEEP_MS = 800


class MixerControls(QObject):
    """``state_changed`` carries a MixerState."""

    state_changed = Signal(object)

    def __init__(self, transport: Transport) -> None:
        super().__init__()
        self._transport = transport
        self._desk = MixDesk()
        self._view = LaneView()
        self._notes_on = True
        self._original = False
        self._original_match: float | None = None
        self._match_original = True
        self._sent_ranges: dict[str, tuple[Span, ...]] = {}
        self.state = MixerState()
        self._keep_soon = QTimer(self, singleShot=True, interval=_KEEP_MS)

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

    def toggle_range(self, stem_id: str, start: float, end: float) -> None:
        """M on a range drawn on a lane."""
        self._change(self._mix.toggle_range(stem_id, (start, end)))

    def toggle_original(self) -> None:
        """Hear the take as delivered in place of the stems."""
        self._original = not self._original
        self._transport.original(self._original)
        self._show()

    def toggle_match_original(self) -> None:
        """Hear the original as loud as the stems together, or as delivered."""
        self._match_original = not self._match_original
        self._level_original()
        self._show()

    def _level_original(self) -> None:
        self._transport.original_level((self._original_match or 0.0) if self._match_original else 0.0)

    def show_part(self, start: float, end: float) -> None:
        """Bring a part of the take into view; more than there is shows all of it."""
        self._view.show(start, end, self.state.seconds)
        self._viewed()

    def zoom(self, part: float) -> None:
        """Show ``part`` times as much, around the playhead."""
        self._view.zoom(part, self._transport.snapshot().position, self.state.seconds)
        self._viewed()

    def zoom_loop(self) -> None:
        """Bring the loop into view, or all of the take where it is already, or where there is none."""
        loop, before = self.state.loop, self._view.span
        if loop is not None:
            margin = 0.05 * (loop[1] - loop[0])
            self._view.show(loop[0] - margin, loop[1] + margin, self.state.seconds)
        if loop is None or self._view.span == before:
            self._view = LaneView()
        self._viewed()

    def toggle_notes(self) -> None:
        """Show the notes over the lanes whose notes are known, or hide them."""
        self._notes_on = not self._notes_on
        self._show()

    def _viewed(self) -> None:
        self._keep_soon.start()
        self._show()

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
        self._retuned()
        self._applied()

    def redo(self) -> None:
        """Ctrl+Shift+Z."""
        self._desk.redo()
        self._retuned()
        self._applied()

    @property
    def _mix(self) -> MixState:
        return self._desk.value

    def _change_strip(self, stem_id: str, strip: Strip, key: object) -> None:
        self._change(self._mix.with_strip(stem_id, strip), key)

    def _change(self, mix: MixState, key: object = None) -> None:
        self._desk.change(mix, key)
        self._applied()

    def _applied(self) -> None:
        self._send()
        self._keep_soon.start()
        self._show()

    def _listen(self, mix: MixState | None) -> None:
        self._desk.listen(mix)
        self._send()
        self._show()

    def _send(self) -> None:
        heard = self._desk.heard
        self._transport.mix(heard)
        for stem_id in {*self._sent_ranges, *heard.ranges}:
            spans = heard.ranges.get(stem_id, ())
            if spans != self._sent_ranges.get(stem_id, ()):
                self._transport.mute_ranges(stem_id, spans)
        self._sent_ranges = dict(heard.ranges)

    def _retuned(self) -> None:
        """Let the player follow the desk's loop, speed and key."""
        raise NotImplementedError

    def _show(self) -> None:
        """Make the state anew and tell the views."""
        raise NotImplementedError
