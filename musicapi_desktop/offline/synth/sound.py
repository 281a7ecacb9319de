"""The one shape of sound in the engine: float32, 48 kHz; mono ``(n,)`` or stereo ``(n, 2)``."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

RATE = 48_000
Floats = npt.NDArray[np.float32]


def silence(frames: int) -> Floats:
    """Return ``(frames, 2)`` zeros."""
    return np.zeros((frames, 2), np.float32)


def add_at(target: Floats, at: int, sound: Floats) -> None:
    """Add ``sound`` into ``target`` from frame ``at``; what falls outside is dropped."""
    start = max(0, -at)
    count = min(len(sound) - start, len(target) - max(at, 0))
    if count > 0:
        target[max(at, 0) : max(at, 0) + count] += sound[start : start + count]


def gain(decibels: float) -> float:
    """Linear gain of a level in dB."""
    return float(10.0 ** (decibels / 20.0))


def pan_gains(pan: float) -> Floats:
    """Left and right gain ``(2,)`` of a place between -1 and 1; equal power, 1 and 1 at the centre."""
    angle = (min(1.0, max(-1.0, pan)) + 1.0) * np.pi / 4.0
    return np.array([np.cos(angle), np.sin(angle)], np.float32) * np.float32(np.sqrt(2.0))


def hertz(pitch: float) -> float:
    """Frequency of a MIDI pitch, A4 = 440 Hz."""
    return float(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))


def noise(count: int, seed: int) -> Floats:
    """White noise ``(count,)`` of unit variance, the same for a seed on every machine and numpy version."""
    x = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed * 2 + 1)
    x ^= x >> np.uint64(30)
    x *= np.uint64(0xBF58476D1CE4E5B9)
    x ^= x >> np.uint64(27)
    x *= np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    even = (x >> np.uint64(40)).astype(np.float32) * np.float32(2.0**-23) - np.float32(1.0)
    return even * np.float32(np.sqrt(3.0))
