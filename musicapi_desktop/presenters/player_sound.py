"""The player's state, and what the person keeps from song to song: volume, level match, the way time is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from musicapi_desktop.domain.kept_mix import KEYS, SPEEDS
from musicapi_desktop.domain.mix import LEAST_DB, OFF, clamped

from .player_state import FIRST_VOLUME, PlayerState

if TYPE_CHECKING:
    from musicapi_desktop.settings.preferences import Preferences

    from .transport import Transport

_VOLUME = "player.volume"
_MATCH = "player.match"
_REMAINING = "player.remaining"
_CLICK = "player.click"
_CLICK_LEVEL = "player.click_level"
_COUNT_IN = "player.count_in"
_FIRST_CLICK_LEVEL = -6.0


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
            click=preferences.get(_CLICK, False),
            click_level=clamped(preferences.get(_CLICK_LEVEL, _FIRST_CLICK_LEVEL)),
            count_in=preferences.get(_COUNT_IN, False),
        )
        transport.volume(self.state.volume)
        transport.match(self.state.match_on)
        transport.click(self.state.click, self.state.click_level)

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

    def set_speed(self, percent: int) -> None:
        """How fast the song goes by, 100 as it was made; the key stays."""
        self.restore_tune(percent, self.state.key)

    def set_key(self, semitones: int) -> None:
        """How much higher the song is heard; the speed stays."""
        self.restore_tune(self.state.speed, semitones)

    def reset_speed(self) -> None:
        """Speed and key as the song was made."""
        self.restore_tune(100, 0)

    def restore_tune(self, speed: int, key: int) -> None:
        """Take up speed and key, as they were kept with a take."""
        speed, key = min(max(speed, SPEEDS[0]), SPEEDS[1]), min(max(key, KEYS[0]), KEYS[1])
        self._transport.tune(speed / 100.0, key)
        self.show(speed=speed, key=key)

    def toggle_click(self) -> None:
        """Click on the beats while playing, or not."""
        self._set_click(not self.state.click, self.state.click_level)
        self._kept(_CLICK, self.state.click)

    def set_click_level(self, level: float) -> None:
        """The level of the clicks in dB."""
        self._set_click(self.state.click, clamped(level))
        self._kept(_CLICK_LEVEL, max(LEAST_DB, self.state.click_level))

    def toggle_count_in(self) -> None:
        """Count a bar before playing, or not."""
        self.show(count_in=not self.state.count_in)
        self._kept(_COUNT_IN, self.state.count_in)

    def _set_click(self, on: bool, level: float) -> None:
        self.show(click=on, click_level=level)
        self._transport.click(on, level)

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
