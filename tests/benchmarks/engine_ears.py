"""Ears that know nothing of the score: tempo, key and timbre from sound alone; and how alike two melodies are."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

Mono = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]

_RATE = 48_000
_HOP = 512
_WINDOW = 2048
_BANDS = 24
_TEMPI = np.arange(55.0, 230.0, 0.05)
_COMB = 8
"""Beats over which a tempo must hold: makes the estimate fine enough for 2 %."""
_MAJOR = np.array([0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081])
_MINOR = np.array([0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052])
"""How often each step is heard: Albrecht and Shanahan (2013), from 490 pieces."""
_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_FLATS = {"Db": "C#", "Eb": "D#", "Gb": "F#", "Ab": "G#", "Bb": "A#", "Cb": "B", "Fb": "E", "E#": "F", "B#": "C"}


def _spectra(sound: Mono, window: int, hop: int) -> Numbers:
    """Magnitudes, (frames, bins)."""
    count = max(1, 1 + (len(sound) - window) // hop)
    frames = np.lib.stride_tricks.as_strided(sound, (count, window), (sound.strides[0] * hop, sound.strides[0]))
    shape = np.hanning(window).astype(np.float32)
    return np.concatenate([np.abs(np.fft.rfft(frames[at : at + 512] * shape)) for at in range(0, count, 512)])


def _bands(magnitudes: Numbers) -> Numbers:
    """Log energies in bands of equal width on a logarithmic scale from 40 Hz to 16 kHz, (frames, bands)."""
    edges = np.geomspace(40, 16_000, _BANDS + 1) * _WINDOW / _RATE
    bounds = np.maximum.accumulate(np.round(edges).astype(int) + np.arange(_BANDS + 1) // 8)
    parts = itertools.pairwise(bounds)
    return np.stack([np.log1p(magnitudes[:, a : max(b, a + 1)].sum(axis=1)) for a, b in parts], 1)


def tempo(sound: Mono) -> float:
    """Beats per minute: the pulse whose multiples carry the most onsets."""
    bands = _bands(_spectra(sound, _WINDOW, _HOP))
    onsets = np.maximum(0.0, np.diff(bands, axis=0)).sum(axis=1)
    onsets -= np.convolve(onsets, np.ones(43) / 43, "same")
    size = 1 << int(np.ceil(np.log2(2 * len(onsets))))
    again = np.fft.irfft(np.abs(np.fft.rfft(onsets, size)) ** 2)[: len(onsets)]
    lags = 60.0 / _TEMPI * _RATE / _HOP
    at = np.arange(len(again))
    held = sum(np.interp(lags * k, at, again) for k in range(1, _COMB + 1)) / _COMB
    # people tap near 120: the octave is chosen by that, the tempo itself by the sound
    return float(_TEMPI[int(np.argmax(held * np.exp(-0.5 * (np.log2(_TEMPI / 120.0) / 0.9) ** 2)))])


def same_tempo(asked: float, found: float) -> bool:
    """True within 2 %, octaves allowed."""
    return any(abs(found / asked / octave - 1.0) <= 0.02 for octave in (0.25, 0.5, 1.0, 2.0, 4.0))


def key(sound: Mono) -> tuple[int, bool]:
    """Pitch class of the tonic and whether the key is minor."""
    window = 16_384
    magnitudes = _spectra(sound, window, window // 2)
    bins = np.arange(1, magnitudes.shape[1])
    hertz = bins * _RATE / window
    used = (hertz > 60) & (hertz < 2000)
    classes = np.round(12 * np.log2(hertz[used] / 440.0) + 69).astype(int) % 12
    loud = np.sqrt(magnitudes[:, 1:][:, used])
    chroma = np.array([loud[:, classes == pitch].mean() for pitch in range(12)])
    best: tuple[float, int, bool] = (-2.0, 0, False)
    for tonic in range(12):
        for profile, minor in ((_MAJOR, False), (_MINOR, True)):
            best = max(best, (float(np.corrcoef(chroma, np.roll(profile, tonic))[0, 1]), tonic, minor))
    return best[1], best[2]


def same_key(asked: str, found: tuple[int, bool]) -> bool:
    """True for the key itself or its relative."""
    name, _, mode = asked.partition(" ")
    tonic, minor = _NAMES.index(_FLATS.get(name, name)), "minor" in mode or mode in ("dorian", "phrygian")
    wanted = tonic if not minor else (tonic + 3) % 12
    return wanted == (found[0] if not found[1] else (found[0] + 3) % 12)


def timbre(sound: Mono) -> Numbers:
    """What a style sounds like, 102 numbers: spectrum, how it moves, how onsets come, tempo."""
    bands = _bands(_spectra(sound, _WINDOW, _HOP))
    steps = np.diff(bands, axis=0)
    rises = np.maximum(0.0, steps)
    onsets = rises.sum(axis=1)
    shape = np.fft.rfft(onsets - onsets.mean(), 1 << 13)
    rhythm = np.log1p(np.abs(shape[20:600]).reshape(29, 20).mean(axis=1))
    return np.concatenate([bands.mean(0), bands.std(0), rises.mean(0), rhythm, [np.log2(tempo(sound))]])


def told_apart(features: Numbers, styles: list[str], songs: list[int]) -> float:
    """Share of takes whose style is named rightly from all other songs: shrunk discriminant analysis, leave-one-out."""
    scaled = (features - features.mean(0)) / (features.std(0) + 1e-9)
    labels, groups = np.array(styles), np.array(songs)
    right = 0
    for song in sorted(set(songs)):
        rest = groups != song
        names = sorted(set(labels[rest]))
        middles = np.stack([scaled[rest & (labels == name)].mean(0) for name in names])
        inside = np.concatenate([scaled[rest & (labels == n)] - m for n, m in zip(names, middles, strict=True)])
        spread = inside.T @ inside / len(inside)
        spread = 0.7 * spread + 0.3 * np.trace(spread) / len(spread) * np.eye(len(spread))
        turned = np.linalg.inv(spread)
        for take in np.flatnonzero(~rest):
            off = scaled[take] - middles
            right += names[int(np.argmin(np.einsum("ij,jk,ik->i", off, turned, off)))] == labels[take]
    return right / len(labels)


Melody = list[tuple[float, int]]
"""(start, pitch) in order."""


def alike(a: Melody, b: Melody, beat: float) -> float:
    """How much two melodies share, 0 to 1: groups of four notes by interval and rhythm, wherever they stand."""
    first, second = _groups(a, beat), _groups(b, beat)
    return len(first & second) / len(first | second) if first and second else 0.0


def _groups(melody: Melody, beat: float) -> set[tuple[tuple[int, int], ...]]:
    steps = [(p2 - p1, round(4 * (t2 - t1) / beat)) for (t1, p1), (t2, p2) in itertools.pairwise(melody)]
    return {tuple(steps[at : at + 3]) for at in range(len(steps) - 2)}
