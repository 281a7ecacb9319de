"""Effects between sections, amplifier distortion, and other one-off sounds."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from musicapi_desktop.offline.composer.score import Note

from .filters import Tone, shaped, shaped_long
from .sound import RATE, Floats, add_at, frames_of, noise, silence


def render_effects(name: str, notes: tuple[Note, ...], frames: int) -> Floats:
    """Play an effect's notes into ``(2, frames)``; the notes' lengths are the effect's."""
    out = silence(frames)
    for note in notes:
        add_at(out, frames_of(note.start), _make(name, note.length) * np.float32(note.velocity / 127.0))
    return out


@lru_cache(6)
def _make(name: str, length: float) -> Floats:
    count = max(64, frames_of(length))
    time = np.arange(count, dtype=np.float32) / np.float32(RATE)
    if name == "vinyl":
        return _vinyl(count)
    if name in ("riser", "swell"):
        return _riser(time, count, name)
    if name == "fall":
        return _riser(time, count, name)[:, ::-1]
    return _impact(time, count)


def _riser(time: Floats, count: int, name: str) -> Floats:
    way = time / time[-1]
    out = silence(count)
    bands = ((400, 1200), (1200, 3600), (3600, 9000), (7000, 15000))
    for number, (low, high) in enumerate(bands):
        for channel in (0, 1):
            hiss = shaped(noise(count, 40 + number * 2 + channel), Tone(low_cut=low, low_pass=high))
            out[channel] += hiss * np.clip(way * np.float32(4) - np.float32(number), 0, 1)
    strength = way**3 if name == "swell" else way**2
    fade = min(count, 600)
    strength[count - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
    return out * strength * np.float32(0.3)


def _impact(time: Floats, count: int) -> Floats:
    turns = 36.0 * time.astype(np.float64) + 4.0 * (1 - np.exp(-time.astype(np.float64) / 0.09))
    boom = np.sin(2 * np.pi * turns).astype(np.float32) * np.exp(-time / np.float32(0.8))
    out = silence(count)
    for channel in (0, 1):
        hiss = shaped(noise(count, 60 + channel), Tone(low_cut=60, low_pass=1800))
        out[channel] = boom * np.float32(0.8) + hiss * np.exp(-time / np.float32(0.4)) * np.float32(0.5)
    fade = min(count, 4000)
    out[:, count - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
    return out


def _vinyl(count: int) -> Floats:
    """Soft hiss and sparse ticks, faded in and out."""
    out = silence(count)
    for channel in (0, 1):
        out[channel] = noise(count, 70 + channel) * np.float32(0.05)
        chance = noise(count // 64 + 1, 80 + channel)
        ticks = np.flatnonzero(np.abs(chance) > 1.7315) * 64
        out[channel, ticks[ticks < count]] += np.float32(2.5)
    shaped_long(out, Tone(low_cut=500, low_pass=6000))
    fade = min(count // 4, RATE * 2)
    if fade:
        out[:, :fade] *= np.linspace(0, 1, fade, dtype=np.float32)
        out[:, count - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
    return out


def amplify(sound: Floats, amount: float) -> None:
    """Guitar amplifier, in place: both channels into one, low cut, valve curve, cabinet, a little width.

    ``amount`` 0-1 is from an edge to a wall.
    """
    mono = shaped_long(sound.mean(0), Tone(low_cut=110, presence=3))
    power = float(np.dot(mono, mono)) / max(1, len(mono))
    mono *= np.float32((2.0 + 22.0 * amount * amount) / (6.0 * (np.sqrt(power) + 1e-9)))
    mono += np.float32(0.12)
    np.tanh(mono, out=mono)
    mono -= np.float32(np.tanh(0.12))
    shaped_long(mono, Tone(low_cut=85, low_pass=4300, presence=4))
    late = min(len(mono), frames_of(0.011))
    sound[0] = mono
    sound[1] = mono * np.float32(0.15)
    sound[1, late:] += mono[: len(mono) - late] * np.float32(0.85)


def saturate(sound: Floats, amount: float) -> None:
    """Tape-like rounding of one track, in place; quiet parts keep their level."""
    peak = float(np.abs(sound).max()) + 1e-9
    drive = np.float32((0.6 + 2.4 * amount) / peak)
    sound *= drive
    np.tanh(sound, out=sound)
    sound /= drive
