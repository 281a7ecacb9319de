"""A player with a song of samples, and what comes out of it."""

from __future__ import annotations

import numpy as np

from musicapi_desktop.audio.player import Player
from musicapi_desktop.audio.sources import RATE, Source
from musicapi_desktop.audio.track import Track


def source(samples):
    """A float source: unit 1, so that values pass exactly."""
    return Source(samples, 32768.0, len(samples), ready=len(samples), complete=True)


def counter(frames, sign=1):
    """Each frame holds its own number: any frame lost, repeated or moved shows."""
    count = sign * (np.arange(frames, dtype=np.float32) + 1) / 2**23
    return np.stack([count, -count], axis=1)


def constant(frames, value):
    return np.full((frames, 2), value, np.float32)


def tone(frames, frequency, level=0.25):
    wave = level * np.sin(2 * np.pi * frequency * np.arange(frames) / RATE)
    return np.stack([wave, wave], axis=1).astype(np.float32)


def playing(samples, at=0, loop=None):
    player = Player()
    track = Track({"a": source(samples)})
    player.load(track, track.alone(), at)
    player.set_loop(loop)
    player.play()
    return player, track


def rendered(player, blocks):
    return np.concatenate([player.render().copy() for _ in range(blocks)])
