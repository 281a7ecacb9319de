"""From mel-cepstra and excitation to sound: minimum-phase pulses and filtered noise, in blocks of whole arrays.

Each glottal pulse is the impulse response of the envelope at its own instant, placed between samples; noise is
filtered frame by frame. The mel-cepstrum gives the minimum-phase spectrum directly (its exponential), so nothing is
analysed and nothing recurses. Method: WORLD's synthesis (Morise 2016) without its cepstral step.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

RATE = 48_000
HOP = 240
"""Samples of a frame: 5 ms."""
SOURCE_RATE = 16_000
WARP = 0.42
_PULSE_SIZE = 1024
_NOISE_SIZE = 1024
_LEAD = 48
"""Samples kept before a pulse: the end of the band at 13 kHz rings to both sides."""
_TOP = 13_000.0
_KNOWN = 6_900.0
"""Above it the source voices fall off with their recording; the envelope is continued instead."""
_BATCH = 1500
_BAND_CENTRES = (300.0, 1500.0, 3000.0, 5000.0, 7000.0)

Floats = npt.NDArray[np.floating[Any]]
Complexes = npt.NDArray[np.complex64]


@dataclass(frozen=True, slots=True)
class Frames:
    """What is to sound, a row per 5 ms.

    ``cepstra`` (n, 25); ``strengths`` (n, 5) share of the pulse in five bands, 0-1; ``voiced`` (n,) 0-1;
    ``pitch`` (n,) Hz, everywhere above 0; ``gain`` (n,) linear.
    """

    cepstra: Floats
    strengths: Floats
    voiced: Floats
    pitch: Floats
    gain: Floats


def synthesise(frames: Frames, formants: float, breath: float, white: Floats) -> Floats:
    """Sound of ``len * HOP`` samples at 48 kHz, mono.

    ``formants`` stretches the envelope (1.1: a smaller throat); ``breath`` scales the noise of voiced frames;
    ``white`` is unit noise at least as long as the result.
    """
    count = len(frames.pitch) * HOP
    out = np.zeros(count + 2 * _PULSE_SIZE, np.float32)
    phase = _phase(frames.pitch, count)
    _add_pulses(out, frames, phase, formants)
    _add_noise(out, frames, (phase, white), (formants, breath))
    return out[:count]


def _phase(pitch: Floats, count: int) -> npt.NDArray[np.float64]:
    """Cycles since the start at each sample."""
    at = np.arange(count) / HOP
    return np.cumsum(np.interp(at, np.arange(len(pitch)) + 0.5, pitch) / RATE)


def _add_pulses(out: Floats, frames: Frames, phase: npt.NDArray[np.float64], formants: float) -> None:
    before = np.flatnonzero(np.diff(np.floor(phase)) > 0)
    step = phase[before + 1] - phase[before]
    share = (np.floor(phase[before + 1]) - phase[before]) / step
    place = before + share
    row = np.clip(place / HOP - 0.5, 0, len(frames.pitch) - 1)
    strong = _rows(frames.voiced[:, None], row)[:, 0] * _rows(frames.gain[:, None], row)[:, 0]
    sounding = np.flatnonzero(strong > 1e-3 * float(frames.gain.max()))
    strong = strong * np.sqrt(1.0 / step)
    basis, slope, bands = _basis(formants, _PULSE_SIZE)
    shape, turned = np.ascontiguousarray(basis.real), np.ascontiguousarray(basis.imag)
    turn = np.arange(basis.shape[1], dtype=np.float32) * np.float32(2 * np.pi / _PULSE_SIZE)
    spectra = np.empty((_BATCH, basis.shape[1]), np.complex64)
    for start in range(0, len(sounding), _BATCH):
        chosen = sounding[start : start + _BATCH]
        rows = row[chosen]
        cepstra = _rows(frames.cepstra, rows)
        size = np.exp(cepstra @ shape + slope)
        size *= _rows(frames.strengths, rows) @ bands * strong[chosen, None].astype(np.float32)
        angle = cepstra @ turned - (share[chosen] + _LEAD).astype(np.float32)[:, None] * turn
        spectrum = spectra[: len(chosen)]
        np.multiply(size, np.cos(angle), out=spectrum.real)
        np.multiply(size, np.sin(angle), out=spectrum.imag)
        waves = np.fft.irfft(spectrum, _PULSE_SIZE).astype(np.float32, copy=False)
        waves[:, -256:] *= _FADE
        for at, wave in zip(before[chosen], waves, strict=True):
            skip = max(0, _LEAD - at)
            out[at - _LEAD + skip : at - _LEAD + _PULSE_SIZE] += wave[skip:]


_FADE = np.linspace(1.0, 0.0, 256, dtype=np.float32)


def _add_noise(
    out: Floats, frames: Frames, source: tuple[npt.NDArray[np.float64], Floats], how: tuple[float, float]
) -> None:
    phase, white = source
    formants, breath = how
    basis, slope, bands = _basis(formants, _NOISE_SIZE)
    shape = np.ascontiguousarray(basis.real)
    tilt = slope * np.float32(0.35)
    count = len(frames.pitch)
    voiced = np.repeat(frames.voiced, HOP)
    # breath is strongest while the folds are open
    excited = white[: count * HOP] * (1.0 + 0.6 * voiced * np.cos(2 * np.pi * phase)).astype(np.float32)
    excited = np.concatenate([np.zeros(HOP // 2, np.float32), excited, np.zeros(2 * HOP, np.float32)])
    pieces = np.lib.stride_tricks.sliding_window_view(excited, 2 * HOP)[::HOP][:count]
    window = np.hanning(2 * HOP + 1)[:-1].astype(np.float32)
    for start in range(0, count, _BATCH):
        rows = slice(start, min(count, start + _BATCH))
        heard = frames.voiced[rows, None]
        share = (1.0 - frames.strengths[rows] @ bands) * (1.0 - heard + heard * np.float32(breath))
        size = np.exp(frames.cepstra[rows] @ shape + tilt) * share * frames.gain[rows, None]
        spectrum = np.fft.rfft(pieces[rows] * window, _NOISE_SIZE)[:, : size.shape[1]]
        waves = np.fft.irfft(spectrum * size, _NOISE_SIZE).astype(np.float32, copy=False)
        # zero phase: what rings before the piece has wrapped to its end
        waves = np.roll(waves, _NOISE_SIZE // 4, axis=1)
        for number, wave in enumerate(waves, start):
            at = number * HOP - HOP // 2 - _NOISE_SIZE // 4
            skip = max(0, -at)
            out[at + skip : at + _NOISE_SIZE] += wave[skip:]


def _rows(values: Floats, at: npt.NDArray[np.float64]) -> Floats:
    """Rows between rows, linearly."""
    low = at.astype(np.int64)
    high = np.minimum(low + 1, len(values) - 1)
    part = (at - low).astype(np.float32)[:, None]
    return values[low] * (1.0 - part) + values[high] * part


@cache
def _basis(formants: float, size: int) -> tuple[Complexes, Floats, Floats]:
    """The cepstrum's basis up to 13 kHz, the log slope added above what the voice knows, and the bands' shapes."""
    hertz = np.arange(int(_TOP * size / RATE) + 1) * (RATE / size)
    source = hertz / formants
    omega = 2 * np.pi * np.minimum(source, _KNOWN) / SOURCE_RATE
    warped = omega + 2 * np.arctan(WARP * np.sin(omega) / (1 - WARP * np.cos(omega)))
    basis = np.exp(-1j * np.outer(np.arange(25), warped)).astype(np.complex64)
    over = np.maximum(hertz / (_KNOWN * formants), 1.0)
    slope = -2.0 * np.log(over) - 4.0 * np.clip((hertz - 11_000) / 2_000, 0, 1)
    slope -= 3.0 * np.exp(-hertz / 40.0)
    # what trained singers add and careful readers do not: the ring near 3 kHz, and some air
    slope += 0.4 * np.exp(-(((hertz - 3000.0) / 900.0) ** 2)) + 0.25 * np.clip((hertz - 4500.0) / 3000.0, 0.0, 1.0)
    known = np.array(_BAND_CENTRES)
    bands = np.array([np.interp(source, known, row) for row in np.eye(5)]).astype(np.float32)
    return basis, slope.astype(np.float32), bands


def log_loudness(cepstra: Floats) -> Floats:
    """Natural log of each frame's power as the ear weighs it, roughly: 300-5000 Hz."""
    basis, _, _ = _basis(1.0, 256)
    hertz = np.arange(basis.shape[1], dtype=np.float64) * (RATE / 256)
    heard = np.flatnonzero((hertz > 150) & (hertz < 5000))
    powers = 2.0 * cepstra @ np.ascontiguousarray(basis.real[:, heard])
    return np.log(np.exp(powers).mean(1))
