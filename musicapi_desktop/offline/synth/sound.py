"""The one shape of sound in the engine: float32, 48 kHz, planar; mono ``(n,)`` or stereo ``(2, n)``."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

RATE = 48_000
Floats = npt.NDArray[np.float32]


def silence(frames: int) -> Floats:
    """Return ``(2, frames)`` zeros."""
    return np.zeros((2, frames), np.float32)


def add_at(target: Floats, at: int, sound: Floats) -> None:
    """Add ``sound`` (same number of channels, or mono) into ``target`` from frame ``at``; the rest is dropped."""
    start = max(0, -at)
    begin = max(0, at)
    count = min(sound.shape[-1] - start, target.shape[-1] - begin)
    if count > 0:
        target[..., begin : begin + count] += sound[..., start : start + count]


def gain(decibels: float) -> float:
    """Linear gain of a level in dB."""
    return float(10.0 ** (decibels / 20.0))


def pan_gains(pan: float) -> tuple[np.float32, np.float32]:
    """Left and right gain of a place between -1 and 1: equal power, 1 and 1 at the centre."""
    angle = (min(1.0, max(-1.0, pan)) + 1.0) * np.pi / 4.0
    return np.float32(np.cos(angle) * np.sqrt(2.0)), np.float32(np.sin(angle) * np.sqrt(2.0))


def hertz(pitch: float) -> float:
    """Frequency of a MIDI pitch, A4 = 440 Hz."""
    return float(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))


def frames_of(seconds: float) -> int:
    """Number of frames nearest to a time."""
    return round(seconds * RATE)


def noise(count: int, seed: int) -> Floats:
    """White noise ``(count,)`` of unit variance, the same for a seed on every machine and numpy version."""
    x = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    x += np.uint64((seed * 0x632BE59BD9B4E019) & 0xFFFFFFFFFFFFFFFF)
    x ^= x >> np.uint64(30)
    x *= np.uint64(0xBF58476D1CE4E5B9)
    x ^= x >> np.uint64(27)
    x *= np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    even = (x >> np.uint64(40)).astype(np.float32) * np.float32(2.0**-23) - np.float32(1.0)
    return even * np.float32(np.sqrt(3.0))


def centred(sound: Floats, level: Floats) -> Floats:
    """A sound ``(..., n)`` without its mean, which is taken away in the shape of ``level`` ``(n,)``: its ends stay."""
    return sound - sound.sum(-1, keepdims=True) / (level.sum() + np.float32(1e-9)) * level
