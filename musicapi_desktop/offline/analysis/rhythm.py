"""The pulse: onsets by bands, tempo by autocorrelation, beats by a cheapest path (Ellis 2007), bars by their bass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .spectra import RATE, Floats, hertz_of, magnitudes

_WINDOW, _HOP = 1024, 240
FRAME = _HOP / RATE
"""Seconds between two values of an onset curve: 10 ms."""
_BANDS = 24
_TEMPI: npt.NDArray[np.float64] = np.geomspace(50.0, 220.0, 1200)
_MULTIPLES = 8
_USUAL, _SPREAD = 112.0, 0.75
_TIGHT = 100.0
_EARLY = 0.005
"""The curve's peaks come this much before the beat (seconds), found on songs whose beats are known."""
_FAINT = 0.06
_BELL = (np.hanning(7) / 3.0).astype(np.float64)
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pulse:
    """``bpm`` 0 where there is none; ``beats`` in seconds, the first of them a bar's first."""

    bpm: float
    slowest: float
    fastest: float
    beats: tuple[float, ...]


def onsets(sound: Floats) -> tuple[Floats, Floats]:
    """How much begins at each frame: over all bands, and below 150 Hz."""
    hertz = hertz_of(_WINDOW)
    edges = np.searchsorted(hertz, np.geomspace(35.0, 11_000.0, _BANDS + 1))
    edges = np.maximum.accumulate(np.maximum(edges, np.arange(_BANDS + 1) + 1))
    bands = np.concatenate(
        [np.log1p(50.0 * np.add.reduceat(part, edges[:-1], axis=1)) for part in magnitudes(sound, _WINDOW, _HOP)]
    )
    rises = np.maximum(np.diff(bands, axis=0, prepend=bands[:1]), 0.0)
    low = int(np.searchsorted(hertz[edges[:-1]], 150.0))
    return _level(rises.sum(1)), _level(rises[:, :low].sum(1))


def _level(curve: Floats) -> Floats:
    """Without its slow course, of unit spread."""
    ones = np.ones(81) / 81
    above = np.maximum(curve - np.convolve(curve, ones, "same"), 0.0)
    return (above / (above.std() + 1e-9)).astype(np.float32)


def pulse(sound: Floats) -> Pulse:
    """Find the pulse of a mono sound."""
    every, low = onsets(sound)
    bpm = _tempo(every)
    if not bpm:
        return Pulse(0.0, 0.0, 0.0, ())
    beats = _beats(every, 60.0 / bpm / FRAME)
    if len(beats) < 8:
        return Pulse(0.0, 0.0, 0.0, ())
    steps = np.arange(len(beats))
    exact = 60.0 / (np.polyfit(steps, beats, 1)[0] * FRAME)
    spans = [60.0 * 16 / ((b - a) * FRAME) for a, b in zip(beats, beats[16:], strict=False)] or [exact]
    first = _downbeat(beats, low)
    times = np.asarray(beats[first:]) * FRAME + _EARLY
    return Pulse(round(float(exact), 2), round(min(spans), 2), round(max(spans), 2), tuple(times.round(4).tolist()))


def _tempo(curve: Floats) -> float:
    """Beats per minute; 0 where nothing repeats."""
    size = 1 << int(np.ceil(np.log2(2 * len(curve))))
    even: Doubles = np.convolve(curve.astype(np.float64), _BELL, "same").astype(np.float64)
    spectrum = np.fft.rfft(even - even.mean(), size)
    again: Doubles = np.fft.irfft(np.square(np.abs(spectrum)))[: len(curve)].astype(np.float64)
    again = again / (again[0] + 1e-9)
    lags: Doubles = 60.0 / _TEMPI / FRAME
    at = np.arange(len(again), dtype=np.float64)
    held: Doubles = np.zeros(len(lags))
    for k in range(1, _MULTIPLES + 1):
        held += np.interp(lags * k, at, again, right=0.0) / _MULTIPLES
    # a beat that is halved again still repeats: sixteenths make the quarter likelier than its double
    held = held + 0.4 * np.interp(lags / 2, at, again) + 0.2 * np.interp(lags / 4, at, again)
    likely: Doubles = held * np.exp(-0.5 * np.square(np.log2(_TEMPI / _USUAL) / _SPREAD))
    best = int(np.argmax(likely))
    return float(_TEMPI[best]) if held[best] > _FAINT else 0.0


def _beats(curve: Floats, period: float) -> list[int]:
    """Frames of the beats: strong onsets near to one period apart."""
    nearest, farthest = max(1, round(period * 0.6)), round(period * 1.6)
    gaps = np.arange(farthest, nearest - 1, -1)
    cost = (_TIGHT * np.square(np.log(gaps / period))).astype(np.float32)
    smooth = np.convolve(curve, np.hanning(7), "same").astype(np.float32)
    score = smooth.copy()
    back = np.full(len(curve), -1, np.int64)
    for frame in range(farthest, len(curve)):
        options = score[frame - farthest : frame - nearest + 1] - cost
        best = int(options.argmax())
        if options[best] > 0:
            score[frame] += options[best]
            back[frame] = frame - int(gaps[best])
    frame = len(curve) - farthest + int(score[-farthest:].argmax()) if len(curve) > farthest else 0
    found: list[int] = []
    while frame >= 0:
        found.append(int(frame))
        frame = int(back[frame])
    found.reverse()
    return _to_the_edges(found, period, len(curve))


def _to_the_edges(beats: list[int], period: float, count: int) -> list[int]:
    """Beats continued evenly to where the sound begins and ends."""
    if not beats:
        return beats
    step = round(period)
    before = list(range(beats[0] - step, -1, -step))[::-1]
    after = list(range(beats[-1] + step, count, step))
    return [*before, *beats, *after]


def _downbeat(beats: list[int], low: Floats) -> int:
    """The first beat that begins a bar of four: where the bass and the kick come in most."""
    at = np.clip(np.asarray(beats)[:, None] + np.arange(-3, 6), 0, len(low) - 1)
    strength = low[at].max(1)
    sums = [float(strength[phase::4].mean()) for phase in range(min(4, len(beats)))]
    return int(np.argmax(sums))
