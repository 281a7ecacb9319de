"""The controls of playing that need no file: they return at once, and may be moved before the player is there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from musicapi_desktop.domain.units import RATE

if TYPE_CHECKING:
    from musicapi_desktop.audio.player import Player

FIRST_VOLUME = -12.0
"""Volume in dB of the first run."""


class Controls:
    """What was asked for is kept until there is a player, and given to it then. Any thread."""

    def __init__(self) -> None:
        self._player: Player | None = None
        self._volume = FIRST_VOLUME
        self._click = (False, 0.0)
        self._tune = (1.0, 0)

    def play(self, count_in: bool = False) -> None:
        """Go on from here; from the start where the end was reached. ``count_in`` counts a bar first."""
        if self._player is not None:
            self._player.play(count_in=count_in)

    def tune(self, speed: float, key: int) -> None:
        """Let everything go by at a speed (1 as it was made), ``key`` semitones higher. Positions stay the song's."""
        self._tune = (speed, key)
        if self._player is not None:
            self._player.set_tune(*self._tune)

    def click(self, on: bool, level: float) -> None:
        """Click on the beats while playing; the level in dB is that of the bar counted in, too."""
        self._click = (on, level)
        if self._player is not None:
            self._player.set_click(on, level)

    def pause(self) -> None:
        """Stay here."""
        if self._player is not None:
            self._player.pause()

    def seek(self, seconds: float) -> None:
        """Go there, playing or not."""
        if self._player is not None and math.isfinite(seconds):
            self._player.seek(frames_of(seconds))

    def loop(self, loop: tuple[float, float] | None) -> None:
        """Repeat a range in seconds, or nothing. The edges may be moved while it plays."""
        if self._player is not None:
            self._player.set_loop((frames_of(loop[0]), frames_of(loop[1])) if loop is not None else None)

    def volume(self, level: float) -> None:
        """The level in dB of everything, −∞ for silence. It does not touch the mix or its meters."""
        self._volume = level
        if self._player is not None:
            self._player.set_volume(level)

    def _take_up(self, player: Player) -> None:
        """Give a new player what was asked for before it was there."""
        player.set_volume(self._volume)
        player.set_click(*self._click)
        player.set_tune(*self._tune)


def frames_of(seconds: float) -> int:
    """Frames at the transport's rate, not before the start."""
    return max(0, round(seconds * RATE))
