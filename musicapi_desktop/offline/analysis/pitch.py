"""The pitch of one voice over time: normalised autocorrelation (McLeod, Wyvill 2005), steadied by a cheapest path."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from .spectra import RATE, Floats

HOP = 240
FRAME = HOP / RATE
"""Seconds between two values: 10 ms."""
_WINDOW, _SIZE = 1200, 4096
_LOWEST, _HIGHEST = 70.0, 900.0
_CANDIDATES = 4
_JUMP = 0.35
_SURE = 0.55


@dataclass(frozen=True, slots=True)
class Track:
    """Per frame: MIDI pitch (0 where unvoiced), how periodic the sound is (0-1), and its level in dB."""

    pitch: Floats
    clarity: Floats
    level: Floats


def track(sound: Floats) -> Track:
    """Follow the loudest voice of a mono sound."""
    wide = np.concatenate([np.zeros(_WINDOW // 2, np.float32), sound, np.zeros(_WINDOW, np.float32)])
    views = np.lib.stride_tricks.sliding_window_view(wide, _WINDOW)[::HOP][: len(sound) // HOP + 1]
    lags: list[Floats] = []
    heights: list[Floats] = []
    power: list[Floats] = []
    for start in range(0, len(views), 1024):
        lag, height, energy = _candidates(views[start : start + 1024])
        lags.append(lag)
        heights.append(height)
        power.append(energy)
    clarity, loud = np.concatenate(heights), 10 * np.log10(np.concatenate(power) + 1e-10)
    pitch = 69 + 12 * np.log2(RATE / np.concatenate(lags) / 440.0)
    chosen = _path(pitch, clarity)
    rows = np.arange(len(chosen))
    sure = clarity[rows, chosen]
    voiced = (sure > _SURE) & (loud > max(-60.0, float(np.percentile(loud, 95)) - 30.0))
    found = np.where(voiced, pitch[rows, chosen], 0.0)
    return Track(found.astype(np.float32), sure.astype(np.float32), loud.astype(np.float32))


def _candidates(frames: Floats) -> tuple[Floats, Floats, Floats]:
    """Lags, heights of the best peaks of each frame ``(n, _CANDIDATES)``, and the frames' power."""
    spectrum = np.fft.rfft(frames, _SIZE)
    again = np.fft.irfft(np.square(np.abs(spectrum)), _SIZE)[:, : _WINDOW // 2 + 2]
    squares = np.cumsum(np.square(frames.astype(np.float64)), axis=1)
    total = squares[:, -1:]
    shift: npt.NDArray[np.intp] = np.arange(1, again.shape[1], dtype=np.intp)
    both = squares[:, _WINDOW - 1 - shift] + total - squares[:, shift - 1]
    curve = np.concatenate([np.ones((len(frames), 1)), 2 * again[:, 1:] / (both + 1e-9)], axis=1)
    least, most = int(RATE / _HIGHEST), min(int(RATE / _LOWEST), curve.shape[1] - 2)
    part = curve[:, least : most + 1]
    peak: npt.NDArray[np.bool_] = (part >= curve[:, least - 1 : most]) & (part > curve[:, least + 1 : most + 2])
    # shorter periods are likelier than their multiples
    lean: npt.NDArray[np.float64] = 0.0006 * np.arange(part.shape[1], dtype=np.float64)
    worth: npt.NDArray[np.float64] = np.where(peak, part - lean, -1.0)
    best = np.argsort(worth, axis=1)[:, : -_CANDIDATES - 1 : -1]
    rows = np.arange(len(frames))[:, None]
    at = best + least
    a, b, c = curve[rows, at - 1], curve[rows, at], curve[rows, at + 1]
    bend = 0.5 * (a - c) / np.minimum(a - 2 * b + c, -1e-9)
    lag = (at + np.clip(bend, -0.5, 0.5)).astype(np.float32)
    height = np.where(worth[rows, best] > -0.5, b, 0.0).astype(np.float32)
    return lag, height, (total[:, 0] / _WINDOW).astype(np.float32)


def _path(pitch: npt.NDArray[np.floating], clarity: Floats) -> npt.NDArray[np.int64]:
    """One candidate per frame: clear ones that do not jump (Viterbi)."""
    score = clarity[0].astype(np.float64)
    back = np.zeros(pitch.shape, np.int64)
    for frame in range(1, len(pitch)):
        jump = np.minimum(np.abs(pitch[frame][None] - pitch[frame - 1][:, None]) * _JUMP / 2, _JUMP * 2)
        total = score[:, None] - jump
        back[frame] = total.argmax(0)
        score = total.max(0) + clarity[frame]
    chosen = np.zeros(len(pitch), np.int64)
    chosen[-1] = int(score.argmax())
    for frame in range(len(pitch) - 1, 0, -1):
        chosen[frame - 1] = back[frame, chosen[frame]]
    return chosen


def notes_of(line: Track, least: float = 0.09) -> list[tuple[float, float, int, float]]:
    """Notes of a pitch track: start and end in seconds, MIDI pitch, strength 0-1."""
    steady = _medians(line.pitch, 5)
    whole = np.where(steady > 0, np.round(steady), 0).astype(int)
    edges = np.flatnonzero(np.diff(whole, prepend=-1, append=-1))
    top = float(line.level.max())
    found: list[tuple[float, float, int, float]] = []
    for begin, end in pairwise(edges.tolist()):
        value = int(whole[begin])
        if value == 0:
            continue
        start, stop = begin * FRAME, end * FRAME
        strength = float(np.clip(1.0 + (line.level[begin:end].max() - top) / 40.0, 0.05, 1.0))
        if found and found[-1][2] == value and start - found[-1][1] < 0.05:
            found[-1] = (found[-1][0], stop, value, max(strength, found[-1][3]))
        else:
            found.append((start, stop, value, strength))
    return [note for note in found if note[1] - note[0] >= least]


def _medians(values: Floats, size: int) -> Floats:
    padded = np.pad(values, size // 2, mode="edge")
    return np.median(np.lib.stride_tricks.sliding_window_view(padded, size), axis=1).astype(np.float32)


def wobble(line: Track) -> float:
    """How far the pitch moves within its notes, in cents (median over notes): voices drift, keys and strings do not."""
    spreads: list[float] = []
    for start, end, value, _ in notes_of(line, 0.18):
        part = line.pitch[round(start / FRAME) + 4 : round(end / FRAME) - 4]
        part = part[np.abs(part - value) < 1.0]
        if len(part) > 6:
            spreads.append(100 * float(np.std(part)))
    return float(np.median(spreads)) if spreads else 0.0
