"""Plays notes on the sampled bank: zones, loops, volume envelope, velocity brightness, Hermite interpolation."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from musicapi_desktop.offline.composer.score import Note

from .filters import Tone, shaped
from .sound import RATE, Floats, add_at, centred, frames_of, pan_gains, silence
from .soundfont import DRUMS, Region, Sample, SoundFont

_LONGEST_RELEASE = 2.2
_LENGTH_GRID = 0.02
_BRIGHT_CENTS = 300
_CHOKES = {46: (42, 44, 46)}
_KEPT_FRAMES = 5_000_000


class Sampler:
    """One program of the bank, with a tone applied to its samples."""

    def __init__(self, font: SoundFont, bank: int, program: int, tone: Tone) -> None:
        self._font = font
        self._drums = bank == DRUMS
        self._regions = font.regions(bank, program)
        self._tone = tone
        self._sources: dict[tuple[int, int], Floats] = {}
        self._voices: dict[tuple[int, int, int, int], Floats] = {}
        self._kept = 0

    def render(self, notes: Iterable[Note], frames: int) -> Floats:
        """Play the notes (in order of time) into ``(2, frames)``."""
        out = silence(frames)
        played = list(notes)
        for index, note in enumerate(played):
            length = self._length(note, played[index + 1 : index + 24])
            for number, region in enumerate(self._regions):
                if region.answers(note.pitch, note.velocity):
                    self._add(out, (number, region), note, length)
        return out

    def _length(self, note: Note, following: list[Note]) -> float:
        """A drum rings out, unless another of its group chokes it."""
        if not self._drums:
            return note.length
        choking = _CHOKES.get(note.pitch, ())
        return next((max(0.03, n.start - note.start) for n in following if n.pitch in choking), 30.0)

    def _add(self, out: Floats, which: tuple[int, Region], note: Note, length: float) -> None:
        number, region = which
        values = region.generators
        bright = 0 if self._drums else round((127 - note.velocity) / 127 * 2400 / _BRIGHT_CENTS)
        grid = max(1, round(length / _LENGTH_GRID))
        key = (number, note.pitch, bright, grid)
        voice = self._voices.get(key)
        if voice is None:
            voice = self._voice(region, note.pitch, bright, grid * _LENGTH_GRID)
            self._keep(key, voice)
        loud = np.float32((note.velocity / 127.0) ** 2 * 10.0 ** (-0.04 * max(0, values.get(48, 0)) / 20.0))
        left, right = pan_gains(values.get(17, 0) / 500.0)
        begin = frames_of(note.start)
        if left == right:
            add_at(out, begin, voice * (loud * left))
            return
        add_at(out[0], begin, voice * (loud * left))
        add_at(out[1], begin, voice * (loud * right))

    def _keep(self, key: tuple[int, int, int, int], voice: Floats) -> None:
        if self._kept > _KEPT_FRAMES:
            self._voices.clear()
            self._kept = 0
        self._voices[key] = voice
        self._kept += len(voice)

    def _voice(self, region: Region, pitch: int, bright: int, length: float) -> Floats:
        values = region.generators
        sample = self._font.sample(region.sample)
        root = values[58] if values.get(58, -1) >= 0 else sample.root
        cents = (pitch - root) * values.get(56, 100) + values.get(51, 0) * 100 + values.get(52, 0) + sample.cents
        ratio = 2.0 ** (cents / 1200.0) * sample.rate / RATE
        looped = values.get(54, 0) & 3 in (1, 3) and sample.loop_end - sample.loop_start > 8
        release = min(_LONGEST_RELEASE, max(0.04, _seconds(values[38]) * 0.6))
        count = frames_of(length + release)
        if not looped:
            count = min(count, int((len(sample.data) - 2) / ratio))
        source = self._source(region, sample, bright)
        voice = _resampled(source, sample, ratio, (max(count, 64), looped))
        level = _envelope(region, len(voice), min(length, count / RATE), release)
        return centred(voice * level, level)

    def _source(self, region: Region, sample: Sample, bright: int) -> Floats:
        key = (region.sample, bright)
        if key not in self._sources:
            base = min(15500.0, 8.176 * 2.0 ** (region.generators[8] / 1200.0))
            cutoff = base * 2.0 ** (-bright * _BRIGHT_CENTS / 1200.0)
            if self._tone.low_pass:
                cutoff = min(cutoff, self._tone.low_pass)
            tone = Tone(self._tone.low_cut, max(900.0, cutoff), self._tone.low, self._tone.high, self._tone.presence)
            plain = self._drums and self._tone == Tone()
            self._sources[key] = sample.data if plain else shaped(sample.data, tone, sample.rate)
        return self._sources[key]


def _seconds(timecents: int) -> float:
    return float(2.0 ** (timecents / 1200.0))


def _resampled(source: Floats, sample: Sample, ratio: float, how: tuple[int, bool]) -> Floats:
    """Read the sample at another speed, its loop unrolled, by cubic Hermite interpolation."""
    count, looped = how
    need = int(count * ratio) + 4
    wave = source
    if looped and need > sample.loop_end:
        loop = source[sample.loop_start : sample.loop_end]
        times = (need - sample.loop_end) // len(loop) + 1
        wave = np.concatenate([source[: sample.loop_end], np.tile(loop, times)])
    wave = np.concatenate([np.zeros(1, np.float32), wave, np.zeros(4, np.float32)])
    place = np.arange(count, dtype=np.float64) * ratio
    whole = place.astype(np.int32)
    np.minimum(whole, len(wave) - 5, out=whole)
    part = (place - whole).astype(np.float32)
    a, b, c, d = wave[whole], wave[whole + 1], wave[whole + 2], wave[whole + 3]
    slope = (c - a) * np.float32(0.5)
    bend = a - np.float32(2.5) * b + np.float32(2.0) * c - np.float32(0.5) * d
    curl = (d - a) * np.float32(0.5) + (b - c) * np.float32(1.5)
    return (((curl * part + bend) * part + slope) * part + b).astype(np.float32, copy=False)


def _envelope(region: Region, count: int, held: float, release: float) -> Floats:
    """Volume over time: attack, hold, decay in dB to the sustain level, release in dB."""
    values = region.generators
    attack, hold = max(0.001, _seconds(values[34])), _seconds(values[35])
    decay = max(0.01, _seconds(values[36]))
    sustain = -min(144.0, max(0.0, values.get(37, 0) / 10.0))
    level = np.ones(count, np.float32)
    rise, steady = min(count, frames_of(attack)), min(count, frames_of(attack + hold))
    level[:rise] = np.linspace(0.0, 1.0, rise, endpoint=False, dtype=np.float32)
    if sustain < -0.1 and steady < count:
        fall = np.arange(count - steady, dtype=np.float32) * np.float32(-100.0 / decay / RATE)
        level[steady:] = np.exp(np.maximum(fall, np.float32(sustain)) * np.float32(0.11512925))
    off = frames_of(held)
    if off < count:
        fall = np.arange(count - off, dtype=np.float32) * np.float32(-60.0 / release / RATE)
        level[off:] *= np.exp(fall * np.float32(0.11512925))
    fade = min(count, 96)
    level[count - fade :] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
    return level
