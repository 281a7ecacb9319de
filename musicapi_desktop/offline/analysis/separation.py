"""Taking a recording apart without trained models: what is struck, what is sung in the middle, what is low, the rest.

Struck and held sounds are told apart by smoothness over time and over frequency (Fitzgerald 2010, with means of roots
in place of medians); the voice is what lies in the middle of the stereo image on the harmonics of the pitch that is
followed there. Drafts, by nature: findings measured 2-3 dB of signal to distortion.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from .pitch import FRAME, Track
from .spectra import Complexes, Floats

RATE = 48_000
_WINDOW, _HOP = 4096, 1024
_STRETCH = 400
"""Frames worked on at a time: 8.5 s."""
_MARGIN = 12
_BASS_BELOW = 190.0
_VOICE = (150.0, 7500.0)
NAMES = ("Vocals", "Drums", "Bass")


def parts_of(sound: Floats, voice: Track) -> Iterator[tuple[int, Floats]]:
    """The parts of NAMES ``(3, 2, n)`` of a stereo recording ``(2, frames)`` at 48 kHz, stretch after stretch.

    Yields the first frame of each; what is in none of them is the rest. ``voice`` is the pitch of the middle.
    """
    shape = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)
    frames = sound.shape[1]
    wide = np.pad(sound, ((0, 0), (_WINDOW // 2, _WINDOW * 2)))
    count = frames // _HOP + 2
    views = np.lib.stride_tricks.sliding_window_view(wide, _WINDOW, axis=1)[:, ::_HOP]
    count = min(count, views.shape[1])
    for first in range(0, count, _STRETCH):
        last = min(count, first + _STRETCH)
        low, high = max(0, first - _MARGIN), min(count, last + _MARGIN)
        spectra = np.fft.rfft(views[:, low:high] * shape).astype(np.complex64)
        masks = _masks(spectra, voice, np.arange(low, high, dtype=np.intp))
        begin, end = first * _HOP, min(frames, last * _HOP)
        if begin < end:
            yield begin, _sounds(spectra, masks, shape, (begin - low * _HOP, end - begin))


def _sounds(spectra: Complexes, masks: Floats, shape: Floats, where: tuple[int, int]) -> Floats:
    """Masked spectra as sound; ``where``: first sample counted from the first spectrum's middle, and how many."""
    start, length = where
    rows = spectra.shape[1]
    found = np.zeros((len(masks), 2, length), np.float32)
    scale = shape / np.float32(1.5)  # squared Hann windows at a quarter's hop sum to 1.5
    for number, mask in enumerate(masks):
        for channel in (0, 1):
            waves = np.fft.irfft(spectra[channel] * mask, _WINDOW).astype(np.float32) * scale
            out = np.zeros(rows * _HOP + _WINDOW, np.float32)
            for row in range(rows):
                out[row * _HOP : row * _HOP + _WINDOW] += waves[row]
            found[number, channel] = out[_WINDOW // 2 + start : _WINDOW // 2 + start + length]
    return found


def _masks(spectra: Complexes, voice: Track, rows: npt.NDArray[np.intp]) -> Floats:
    """Shares 0-1 of Vocals, Drums and Bass ``(3, rows, bins)``; they never sum to more than 1."""
    hertz = np.fft.rfftfreq(_WINDOW, 1.0 / RATE).astype(np.float32)
    left, right = spectra
    power = np.square(np.abs(left)) + np.square(np.abs(right))
    roots = np.sqrt(np.sqrt(power))
    held, struck = _smoothed(roots, 17, 0), _smoothed(roots, 27, 1)
    drums = _share(struck, held, 6.0)
    middle = np.clip(2.0 * np.real(left * np.conj(right)) / (power + 1e-12), 0.0, 1.0) ** 3
    sung = _comb(voice, rows, hertz) * middle * (1.0 - 0.6 * drums)
    low = 1.0 / (1.0 + (hertz / _BASS_BELOW) ** 8)
    drums = drums * (1.0 - sung)
    bass = (1.0 - drums) * (1.0 - sung) * low
    return np.stack([sung, drums, bass]).astype(np.float32)


def _share(one: Floats, other: Floats, power: float) -> Floats:
    a, b = one**power, other**power
    return (a / (a + b + 1e-12)).astype(np.float32)


def _smoothed(values: Floats, size: int, axis: int) -> Floats:
    """Running mean over ``size`` values along an axis."""
    pad = [(0, 0), (0, 0)]
    pad[axis] = (size // 2 + 1, size // 2)
    sums = np.cumsum(np.pad(values, pad, mode="edge"), axis=axis, dtype=np.float64)
    if axis:
        return ((sums[:, size:] - sums[:, :-size]) / size).astype(np.float32)
    return ((sums[size:] - sums[:-size]) / size).astype(np.float32)


def _comb(voice: Track, rows: npt.NDArray[np.intp], hertz: Floats) -> Floats:
    """Where the harmonics of the followed pitch lie ``(rows, bins)``."""
    at = np.clip(np.round(rows * _HOP / RATE / FRAME).astype(int), 0, len(voice.pitch) - 1)
    pitch, sure = voice.pitch[at], voice.clarity[at]
    base = np.where(pitch > 0, 440.0 * 2.0 ** ((pitch - 69.0) / 12.0), 1.0)[:, None]
    number = np.maximum(np.round(hertz[None] / base), 1.0)
    off = np.abs(hertz[None] - number * base)
    width = np.maximum(18.0, 0.22 * base)
    tooth = np.exp(-0.5 * np.square(off / (0.55 * width)))
    inside = (hertz > _VOICE[0]) & (hertz < _VOICE[1])
    return (tooth * inside * ((pitch > 0) * np.clip(2.0 * sure - 0.8, 0.0, 1.0))[:, None]).astype(np.float32)
