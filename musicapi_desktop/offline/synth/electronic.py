"""Plays notes on the electronic instruments: band-limited wavetables, two brightnesses cross-faded over time.

The cross-fade stands in for a moving filter and needs no sample-by-sample loop. Each pitch is made once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from musicapi_desktop.offline.composer.score import Note

from .filters import Tone, shaped
from .patches import PATCHES, Patch
from .sound import RATE, Floats, add_at, centred, frames_of, hertz, noise, silence

Doubles = npt.NDArray[np.float64]
_TABLE = 2048
_ORGAN = (1.0, 0.9, 0.7, 0.5, 0.0, 0.35, 0.0, 0.25)
_LENGTH_GRID = 0.02
_MOST_KEPT = 12_000_000
"""Samples remembered by one instrument: 48 MB."""
K = TypeVar("K")


class Electronic:
    """One patch with a tone applied."""

    def __init__(self, patch: str, tone: Tone) -> None:
        self._name = patch
        self._patch = PATCHES.get(patch, PATCHES["pad"])
        self._tone = tone
        self._layers: dict[int, Floats] = {}
        self._voices: dict[tuple[int, int], Floats] = {}

    def render(self, notes: Sequence[Note], frames: int) -> Floats:
        """Play the notes into ``(2, frames)``."""
        out = silence(frames)
        longest = max((note.length for note in notes), default=0.0) + _ring(self._patch)
        for note in notes:
            key = (note.pitch, max(1, round(note.length / _LENGTH_GRID)))
            voice = self._voices.get(key)
            if voice is None:
                voice = self._voice(note.pitch, key[1] * _LENGTH_GRID, longest)
                _keep(self._voices, key, voice)
            add_at(out, frames_of(note.start), voice * np.float32((note.velocity / 127.0) ** 1.5))
        return out

    def _voice(self, pitch: int, length: float, longest: float) -> Floats:
        patch = self._patch
        layers = self._layers.get(pitch)
        if layers is None:
            layers = self._make(pitch, frames_of(longest) + 1)
            _keep(self._layers, pitch, layers)
        count = min(frames_of(length + _ring(patch)), layers.shape[-1])
        time = np.arange(count, dtype=np.float32) / np.float32(RATE)
        open_ = np.exp(-time / np.float32(abs(patch.close)))
        if patch.close < 0:
            open_ = np.float32(1.0) - open_
        sound = layers[0, :, :count] * open_ + layers[1, :, :count] * (np.float32(1.0) - open_)
        level = _level(patch, time, length)
        return centred((sound * level).astype(np.float32, copy=False), level)

    def _make(self, pitch: int, count: int) -> Floats:
        """Two brightnesses of a pitch, ``(2, 2, count)``."""
        patch = self._patch
        phases = _phases(patch, pitch, count)
        layers = np.zeros((2, 2, count), np.float32)
        for number, cutoff in enumerate((patch.bright, patch.dark)):
            table = _table(patch.wave, pitch, cutoff)
            for voice, phase in enumerate(phases):
                wave = _read(table, phase)
                place = 0.0 if patch.voices == 1 else (voice / (patch.voices - 1) * 2 - 1) * patch.spread
                layers[number, 0] += wave * np.float32(np.cos((place + 1) * np.pi / 4))
                layers[number, 1] += wave * np.float32(np.sin((place + 1) * np.pi / 4))
        layers /= np.float32(np.sqrt(patch.voices))
        self._colour(layers, pitch, count)
        if patch.bite:
            drive = np.float32(1.0 + 2.5 * patch.bite)
            layers = (np.tanh(layers * drive) / np.sqrt(drive)).astype(np.float32, copy=False)
        return shaped(layers, self._tone)

    def _colour(self, layers: Floats, pitch: int, count: int) -> None:
        patch = self._patch
        if patch.sub:
            turn = _turns(patch, pitch + 12 * patch.sub_octave, count, 0.0)
            layers += np.sin(turn * np.float32(2 * np.pi)).astype(np.float32) * np.float32(patch.sub)
        if patch.breath:
            hiss = shaped(noise(count, pitch), Tone(low_cut=900, low_pass=5200))
            layers += hiss * np.float32(patch.breath)


def _keep(kept: dict[K, Floats], key: K, sound: Floats) -> None:
    """Remember a sound; start afresh where too much is remembered."""
    if sum(other.size for other in kept.values()) + sound.size > _MOST_KEPT:
        kept.clear()
    kept[key] = sound


def _ring(patch: Patch) -> float:
    return patch.release * 2.2


def _level(patch: Patch, time: Floats, length: float) -> Floats:
    level = np.minimum(time / np.float32(patch.attack), np.float32(1.0))
    late = np.maximum(time - np.float32(patch.attack), np.float32(0.0))
    level *= np.float32(patch.sustain) + np.float32(1.0 - patch.sustain) * np.exp(-late / np.float32(patch.decay))
    after = np.maximum(time - np.float32(length), np.float32(0.0))
    level *= np.exp(-after * np.float32(3.0 / patch.release))
    fade = min(len(level), 240)
    level[len(level) - fade :] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
    return level


def _phases(patch: Patch, pitch: int, count: int) -> list[Floats]:
    """Phase in turns of every voice, each starting somewhere else."""
    found: list[Floats] = []
    for voice in range(patch.voices):
        place = 0.0 if patch.voices == 1 else voice / (patch.voices - 1) * 2 - 1
        found.append(_turns(patch, pitch + place * patch.detune / 100.0, count, 0.37 * voice * voice))
    return found


def _turns(patch: Patch, pitch: float, count: int, start: float) -> Floats:
    """Phase in turns, taken modulo 1 before it is narrowed so that long notes stay in tune."""
    time = np.arange(count, dtype=np.float64) / RATE
    base = hertz(pitch)
    turns = base * time + start
    if patch.glide:
        fall = 0.02
        turns += base * (2.0 ** (patch.glide / 12.0) - 1.0) * fall * (1.0 - np.exp(-time / fall))
    if patch.vibrato:
        depth = (2.0 ** (patch.vibrato / 1200.0) - 1.0) * np.clip((time - 0.25) / 0.35, 0.0, 1.0)
        turns += base * depth * (1.0 - np.cos(2 * np.pi * 5.3 * time)) / (2 * np.pi * 5.3)
    return np.mod(turns, 1.0).astype(np.float32)


def _read(table: Floats, phase: Floats) -> Floats:
    place = phase * np.float32(_TABLE)
    whole = place.astype(np.int32)
    part = place - whole
    return (table[whole] * (np.float32(1.0) - part) + table[whole + 1] * part).astype(np.float32, copy=False)


@cache
def _table(wave: str, pitch: int, cutoff: float) -> Floats:
    """One period with the harmonics that fit below 20 kHz, softened above ``cutoff``."""
    base = hertz(pitch)
    number = np.arange(1, max(2, min(_TABLE // 2 - 1, int(20000.0 / base)) + 1), dtype=np.float64)
    size = _harmonics(wave, number) / np.sqrt(1.0 + (number * base / cutoff) ** 4)
    spectrum = np.zeros(_TABLE // 2 + 1, np.complex128)
    spectrum[1 : len(number) + 1] = -0.5j * size * _TABLE
    period = np.fft.irfft(spectrum, _TABLE).astype(np.float32) * np.float32(0.5)
    return np.concatenate([period, period[:2]])


def _harmonics(wave: str, number: Doubles) -> Doubles:
    if wave == "square":
        return np.where(number % 2 == 1, 1.2 / number, 0.0)
    if wave == "pulse":
        return np.abs(np.sin(np.pi * number * 0.25)) * 1.4 / number
    if wave == "triangle":
        return np.where(number % 2 == 1, 1.6 / number**2, 0.0)
    if wave == "sine":
        return np.where(number == 1, 1.6, np.where(number == 2, 0.08, 0.0))
    if wave == "organ":
        return np.array([_ORGAN[int(n) - 1] if n <= len(_ORGAN) else 0.0 for n in number])
    return 1.0 / number
