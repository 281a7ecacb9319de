"""Key and chords by what is heard of each pitch class, beat by beat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from musicapi_desktop.offline.composer.theory import Key

from .spectra import RATE, Floats, hertz_of, magnitudes

_WINDOW, _HOP = 8192, 1200
_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
"""How well each step fits a key: Krumhansl and Kessler (1982)."""
_CHANGE = 1.3
"""What a change of chord costs inside a bar; at a bar line a third of it."""
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Harmonies:
    """The two likeliest keys and a chord per beat: root 0-11, minor or not."""

    keys: tuple[Key, Key]
    chords: tuple[tuple[int, bool], ...]


def harmonies(sound: Floats, beats: Sequence[float]) -> Harmonies:
    """Listen to a mono sound; ``beats`` in seconds part it, the first begins a bar."""
    whole, bass = _chroma(sound)
    if len(beats) < 2:
        beats = [0.0, len(sound) / RATE]
    each, low = _by_beat(whole, beats), _by_beat(bass, beats)
    chords = _chords(each, low)
    return Harmonies(_keys(whole.sum(0), chords), tuple(chords))


def _chroma(sound: Floats) -> tuple[Numbers, Numbers]:
    """Loudness of the pitch classes in each frame ``(frames, 12)``: 60-2000 Hz, and below 220 Hz."""
    hertz = hertz_of(_WINDOW)
    parts = list(magnitudes(sound, _WINDOW, _HOP))
    loud: Floats = np.sqrt(np.concatenate(parts))
    # what stands out of its surroundings is a tone
    peaks = np.maximum(loud - (np.roll(loud, 6, 1) + np.roll(loud, -6, 1)) / 2, 0.0)
    found: list[Numbers] = []
    for lowest, highest in ((60.0, 2000.0), (36.0, 220.0)):
        used = np.flatnonzero((hertz > lowest) & (hertz < highest))
        pitch = 12 * np.log2(hertz[used] / 440.0) + 69
        near = 1.0 - 2.0 * np.abs(pitch - np.round(pitch))
        table = np.zeros((len(used), 12))
        table[np.arange(len(used)), np.round(pitch).astype(int) % 12] = np.maximum(near, 0.0)
        found.append(peaks[:, used] @ table)
    return found[0], found[1]


def _by_beat(chroma: Numbers, beats: Sequence[float]) -> Numbers:
    """Mean chroma of each beat, of unit length."""
    cuts = [min(len(chroma) - 1, max(0, round(beat * RATE / _HOP))) for beat in beats]
    ends = [*cuts[1:], len(chroma)]
    found: Numbers = np.stack([chroma[a : max(a + 1, b)].mean(0) for a, b in zip(cuts, ends, strict=True)])
    return found / (np.sqrt(np.square(found).sum(1, keepdims=True)) + 1e-9)


def _chords(each: Numbers, low: Numbers) -> list[tuple[int, bool]]:
    """The likeliest row of major and minor chords (Viterbi)."""
    shapes = np.zeros((24, 12))
    for number in range(24):
        root, third = number % 12, 3 if number >= 12 else 4
        for step, weight in ((0, 1.0), (third, 0.8), (7, 0.9)):
            shapes[number, (root + step) % 12] = weight
    shapes /= np.sqrt(np.square(shapes).sum(1, keepdims=True))
    fit: Numbers = 8.0 * each @ shapes.T + 2.5 * np.tile(low, 2)
    score: Numbers = fit[0]
    back: list[npt.NDArray[np.int64]] = []
    for beat in range(1, len(fit)):
        cost = _CHANGE / 3 if beat % 4 == 0 else _CHANGE * (0.7 if beat % 2 == 0 else 1.0)
        best = int(score.argmax())
        stay: npt.NDArray[np.bool_] = score >= score[best] - cost
        back.append(np.where(stay, np.arange(24), best))
        score = np.where(stay, score, score[best] - cost) + fit[beat]
    place = int(score.argmax())
    row = [place]
    for sources in reversed(back):
        place = int(sources[place])
        row.append(place)
    return [(number % 12, number >= 12) for number in reversed(row)]


def _keys(chroma: Numbers, chords: list[tuple[int, bool]]) -> tuple[Key, Key]:
    """The two likeliest keys: by all that sounds, by the chords, and by what the music ends on."""
    spread = (chroma - chroma.mean()) / (chroma.std() + 1e-9)
    scores: list[tuple[float, int, str]] = []
    for tonic in range(12):
        for profile, mode in ((_MAJOR, "major"), (_MINOR, "minor")):
            shape = np.roll(np.asarray(profile), tonic)
            fit = float(np.corrcoef(spread, shape)[0, 1])
            minor = mode == "minor"
            home = sum(chord == (tonic, minor) for chord in chords) / len(chords)
            ends = float(chords[-1] == (tonic, minor)) + 0.5 * float(chords[0] == (tonic, minor))
            scores.append((fit + 0.9 * home + 0.12 * ends, tonic, mode))
    first, second = sorted(scores, reverse=True)[:2]
    return Key(first[1], first[2]), Key(second[1], second[2])
