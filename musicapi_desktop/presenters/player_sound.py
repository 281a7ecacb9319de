"""The player's state, and what the person keeps from song to song: volume, level match, the way time is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from musicapi_desktop.domain.mix import LEAST_DB, OFF, clamped

from .player_state import FIRST_VOLUME, PlayerState

if TYPE_CHECKING:
    from musicapi_desktop.settings.preferences import Preferences

    from .transport import Transport

_VOLUME = "player.volume"
_MATCH = "player.match"
_REMAINING = "player.remaining"


class PlayerSound(QObject):
    """``state_changed`` carries a PlayerState, ``told`` an exception that deserves a sentence."""

    state_changed = Signal(object)
    told = Signal(object)

    def __init__(self, transport: Transport, preferences: Preferences) -> None:
        super().__init__()
        self._transport = transport
        self._preferences = preferences
        self.state = PlayerState(
            volume=clamped(preferences.get(_VOLUME, FIRST_VOLUME)),
            match_on=preferences.get(_MATCH, True),
            remaining=preferences.get(_REMAINING, False),
        )
        transport.volume(self.state.volume)
        transport.match(self.state.match_on)

    def set_volume(self, level: float) -> None:
        """The level in dB of everything."""
        self.show(volume=clamped(level), quiet=False)
        self._transport.volume(self.state.volume)

    def keep_volume(self) -> None:
        """The hand let go of the volume."""
        self._kept(_VOLUME, max(LEAST_DB, self.state.volume))

    def toggle_quiet(self) -> None:
        """Silence at once, and back to the level before."""
        self.show(quiet=not self.state.quiet)
        self._transport.volume(OFF if self.state.quiet else self.state.volume)

    def toggle_match(self) -> None:
        """Level match on or off."""
        self.show(match_on=not self.state.match_on)
        self._transport.match(self.state.match_on)
        self._kept(_MATCH, self.state.match_on)

    def set_remaining(self, on: bool) -> None:
        """Show the time left."""
        self.show(remaining=on)
        self._kept(_REMAINING, on)

    def _kept(self, key: str, value: object) -> None:
        try:
            self._preferences.set(key, value)
        except OSError as error:
            self.told.emit(error)

    def show(self, **changes: object) -> None:
        """Change fields of the state and tell the views."""
        state = replace(self.state, **changes)  # type: ignore[arg-type]  # names and types are PlayerState's own
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)
