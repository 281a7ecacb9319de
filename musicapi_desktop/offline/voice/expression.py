"""What makes notes a song: glides, scoops, vibrato, drift, and how loud each syllable is."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from .bank import Floats
from .manner import Manner
from .phrase import FRAME, Held, Timed
from .vocoder import log_loudness

_STRESS_LEVELS = (-2.5, -1.0, 0.0)
_EVENNESS = 0.75
_VOWEL_LOG_POWER = 14.0
_LONG_NOTE = 0.42


def pitch_curve(phrase: Sequence[Held], times: Floats, manner: Manner, seed: int) -> Floats:
    """Pitch in MIDI numbers at each time (seconds)."""
    notes = [note for held in phrase for note in held.notes]
    pitch = np.full(len(times), float(notes[0].pitch))
    for before, note in itertools.pairwise(notes):
        width = min(manner.glide, 0.28 * before.length, 0.4 * note.length)
        # the glide is nearly over when the vowel begins
        pitch += (note.pitch - before.pitch) * _smooth((times - note.start + 0.6 * width) / width)
    cents = np.zeros(len(times))
    for place, note in enumerate(notes):
        if note.length > _LONG_NOTE:
            cents += _vibrato(times - note.start, note.length, manner, _hash(seed, place))
    since = np.maximum(times - notes[0].start, 0.0)
    cents -= manner.scoop * np.exp(-since / 0.03)
    over = times - (notes[-1].start + notes[-1].length)
    cents -= 50.0 * _smooth(over / 0.12)
    cents += manner.drift * _drift(times, seed)
    return (pitch + cents / 100.0).astype(np.float32)


def _vibrato(since: Floats, length: float, manner: Manner, chance: float) -> Floats:
    """It begins after a while, grows, and calms at the end; each note's a little different."""
    delay = min(0.4, 0.2 + 0.15 * length) * (0.85 + 0.3 * chance)
    size = _smooth((since - delay) / 0.35) * _smooth((length - since) / 0.12)
    rate = manner.rate * (0.95 + 0.1 * chance)
    waves = np.sin(2 * np.pi * rate * (since - delay) * (1.0 + 0.02 * np.minimum(since, 3.0)))
    return manner.vibrato * (0.8 + 0.4 * chance) * size * waves


def _drift(times: Floats, seed: int) -> Floats:
    total = np.zeros(len(times))
    for place, rate in enumerate((0.37, 0.83, 1.9, 7.3)):
        total += np.sin(2 * np.pi * (rate * times + _hash(seed, 100 + place))) / (1.0 + 0.6 * place)
    return total * 0.6


def _smooth(share: Floats) -> Floats:
    x = np.clip(share, 0.0, 1.0)
    return x * x * (3.0 - 2.0 * x)


def _hash(seed: int, place: int) -> float:
    """A number in 0-1 that is the same everywhere."""
    x = (seed * 0x9E3779B97F4A7C15 + place * 0xBF58476D1CE4E5B9 + 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
    x ^= x >> 31
    x = (x * 0xD6E8FEB86659FD93) & 0xFFFFFFFFFFFFFFFF
    return (x >> 40) / float(1 << 24)


def gain_curve(phrase: Sequence[Held], timed: Timed, times: Floats, manner: Manner) -> Floats:
    """Linear gain at each time: vowels brought nearer to one level, accents, the phrase's arch, soft ends."""
    power = log_loudness(timed.speech.cepstra)
    bounds = timed.speech.bounds
    centres: list[float] = []
    levels: list[float] = []
    first, last = phrase[0].start, phrase[-1].end
    middle = float(np.mean([held.notes[0].pitch for held in phrase]))
    for held, nucleus, (start, end) in zip(phrase, timed.nuclei, timed.vowels, strict=True):
        loud = float(power[bounds[nucleus] : bounds[nucleus + 1]].max())
        even = _EVENNESS * (_VOWEL_LOG_POWER - loud) * 10.0 / np.log(10.0)
        arch = np.sin(np.pi * (held.start - first) / max(last - first, 0.5)) * 1.5
        note = held.notes[0]
        accent = _STRESS_LEVELS[held.syllable.stress] + (note.velocity - 100) / 9.0 + 0.2 * (note.pitch - middle)
        centres.append(0.5 * (start + end))
        levels.append(float(np.clip(even, -9.0, 9.0) + arch + accent))
    decibels = np.interp(times, centres, levels)
    if manner.crisp:
        decibels += manner.crisp * (1.0 - _within_vowels(timed, times))
    fade = _smooth((times - timed.times[0]) / 0.012) * _smooth((timed.times[-1] - FRAME - times) / 0.05)
    return (10.0 ** (decibels / 20.0) * fade).astype(np.float32)


def _within_vowels(timed: Timed, times: Floats) -> Floats:
    inside = np.zeros(len(times))
    for start, end in timed.vowels:
        inside += _smooth((times - start + 0.02) / 0.03) * _smooth((end + 0.01 - times) / 0.03)
    return np.clip(inside, 0.0, 1.0)
