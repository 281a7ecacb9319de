"""A person who touches every control of the player at random, and the search for what they must never hear."""

from __future__ import annotations

import random

import numpy as np

from musicapi_desktop.audio.player import Player
from musicapi_desktop.audio.sources import RATE, Source
from musicapi_desktop.audio.track import Track
from musicapi_desktop.domain.mix import MixState, Strip

SECONDS = 40
_STEMS = (55.0, 82.0, 110.0, 123.0)
_LEVEL = 0.08
STEEPEST = 0.02
"""The largest second difference that fades and ramps of these low tones make, doubled tones and all; a lost block, a
jump or a gain that steps makes several times as much."""


def tracks() -> tuple[Track, Track]:
    """Two takes of low tones, the second of other tones: whatever is sudden stands out."""
    return _track(1.0), _track(1.31)


def _track(ratio: float) -> Track:
    time = np.arange(SECONDS * RATE) / RATE
    # a song that begins or ends with a click has it played
    ends = np.minimum(1.0, np.minimum(time, SECONDS - time) * 20)
    sources: dict[str, Source] = {}
    for number, hertz in enumerate(_STEMS):
        wave = _LEVEL * np.sin(2 * np.pi * hertz * ratio * time + number) * ends
        samples = np.stack([wave, wave * 0.8], axis=1).astype(np.float32)
        sources[str(number)] = Source(samples, 32768.0, len(samples), ready=len(samples), complete=True)
    return Track(sources)


class Restless:
    """Makes one move at a time on ``player``. The same ``seed`` makes the same moves."""

    def __init__(self, player: Player, seed: int) -> None:
        self._player = player
        self._dice = random.Random(seed)  # noqa: S311  # a person, not a secret
        self._tracks = tracks()
        self._state = MixState()
        self._ranges: dict[str, tuple[tuple[int, int], ...]] = {}
        self._tune = (1.0, 0)
        player.load(self._tracks[0], self._tracks[0].compile(self._state))
        player.play()

    def move(self) -> str:
        """Touch one control; return its name."""
        moves = (self.seek, self.nudge, self.loop, self.edge, self.level, self.solo, self.range, self.take, self.tune)
        chosen = self._dice.choice((*moves, self.volume, self.rest, self.mono))
        chosen()
        return chosen.__name__

    @property
    def pause(self) -> float:
        """Seconds until the next move: mostly a moment, sometimes a flurry."""
        return self._dice.choice((0.003, 0.012, 0.05, 0.2))

    def seek(self) -> None:
        self._player.seek(self._dice.randrange(SECONDS * RATE - RATE))

    def nudge(self) -> None:
        self._player.seek(max(0, self._player.at + self._dice.randint(-RATE, RATE)))

    def loop(self) -> None:
        start = max(0, self._player.at - self._dice.randrange(RATE))
        ends = start + self._dice.randrange(2000, 2 * RATE)
        self._player.set_loop((start, ends) if self._dice.random() < 0.6 else None)

    def edge(self) -> None:
        loop = self._player.wanted.loop
        if loop is not None:
            self._player.set_loop((loop[0], loop[1] + self._dice.randint(-3000, 3000)))

    def level(self) -> None:
        name = str(self._dice.randrange(len(_STEMS)))
        strip = Strip(self._dice.uniform(-40, 0), self._dice.uniform(-1, 1), self._dice.random() < 0.2)
        self._state = self._state.with_strip(name, strip)
        self._mixed()

    def solo(self) -> None:
        name = str(self._dice.randrange(len(_STEMS)))
        self._state = self._dice.choice((self._state.toggle_solo, self._state.toggle_mute))(name)
        self._mixed()

    def mono(self) -> None:
        self._state = MixState(self._state.strips, mono=not self._state.mono)
        self._mixed()

    def range(self) -> None:
        start = self._player.at + self._dice.randrange(RATE // 2)
        self._ranges = {str(self._dice.randrange(len(_STEMS))): ((start, start + self._dice.randrange(500, RATE)),)}
        self._mixed()

    def take(self) -> None:
        here = self._player.wanted.track
        there = self._tracks[1] if here is self._tracks[0] else self._tracks[0]
        self._player.switch(there, there.compile(self._state, ranges=self._ranges))

    def tune(self) -> None:
        self._tune = (self._dice.choice((1.0, 1.0, 0.5, 0.8, 1.25, 1.5)), self._dice.choice((0, 0, -12, -3, 4, 7)))
        self._player.set_tune(*self._tune)

    def volume(self) -> None:
        self._player.set_volume(self._dice.uniform(-30, 0))

    def rest(self) -> None:
        if self._player.wanted.playing and self._dice.random() < 0.5:
            self._player.pause()
        else:
            self._player.play()

    def _mixed(self) -> None:
        track = self._player.wanted.track
        if track is not None:
            self._player.set_mix(track.compile(self._state, ranges=self._ranges))


def steps(sound: np.ndarray) -> np.ndarray:
    """Frames of ``(n, 2)`` at which the sound bends more sharply than anything that fades."""
    bend = np.abs(np.diff(sound.astype(np.float64), 2, axis=0)).max(axis=1)
    return np.flatnonzero(bend > STEEPEST)
