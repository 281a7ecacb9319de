"""Where the beats of a recording are: onset strength, tempo by autocorrelation, beats by dynamic programming.

After D. Ellis, *Beat tracking by dynamic programming* (2007). Where the beats found lie on an even grid, as in music
made by machines, the grid is returned for the whole recording.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from musicapi_desktop.domain.beats import Beats

from .types import Samples

_STEPS_PER_SECOND = 100
_LEAST_STEPS = 4 * _STEPS_PER_SECOND
_WINDOW_SECONDS = 0.0213
_BANDS = 24
_SLOWEST, _FASTEST = 40.0, 240.0
_USUAL = 120.0
_OCTAVES = 0.9
"""How far tempos spread around the usual one (standard deviation)."""
_NEAR = 0.04
"""A tempo that was told is believed within 4 %."""
_TIGHT = 100.0
_EVEN_SECONDS = 0.03
_LEAST_BEATS = 8
_LEAST_STRENGTH = 0.1

Curve = NDArray[np.float64]


class OnsetCurve:
    """Collects how strongly sounds begin, 100 times a second, of a stream fed in blocks of any size."""

    def __init__(self, rate: int) -> None:
        self._hop = round(rate / _STEPS_PER_SECOND)
        self._size = 1 << math.ceil(math.log2(_WINDOW_SECONDS * rate))
        self._window = np.hanning(self._size).astype(np.float32)
        self._edges = _band_edges(rate, self._size)
        self._rest: Samples = np.zeros(self._size // 2, np.float32)  # the first window's middle is the first sample
        self._bands: list[NDArray[np.float32]] = []

    def add(self, samples: Samples) -> None:
        """Measure ``(frames, channels) float32`` more."""
        self._rest = np.concatenate((self._rest, samples.mean(axis=1, dtype=np.float32)))
        count = (len(self._rest) - self._size) // self._hop + 1
        if count <= 0:
            return
        frames = np.lib.stride_tricks.sliding_window_view(self._rest, self._size)[: count * self._hop : self._hop]
        power = np.square(np.abs(np.fft.rfft(frames * self._window, axis=1)))
        self._bands.append(np.add.reduceat(power, self._edges, axis=1).astype(np.float32))
        self._rest = self._rest[count * self._hop :].copy()

    def curves(self) -> tuple[Curve, Curve]:
        """Return the strength of all bands and that of the low ones, 100 values a second; none for under 4 s."""
        if sum(map(len, self._bands)) < _LEAST_STEPS:
            return np.zeros(0), np.zeros(0)
        level = np.log1p(1e3 * np.concatenate(self._bands))
        rise = np.maximum(0.0, np.diff(level, axis=0, prepend=level[:1]))
        return _settled(rise.mean(axis=1)), rise[:, :4].mean(axis=1)


def find_beats(blocks: Iterable[Samples], rate: int, told: float | None = None) -> Beats:
    """Return the beats of a recording; ``told`` is its tempo where somebody knows it. empty where there are none."""
    onsets = OnsetCurve(rate)
    for block in blocks:
        onsets.add(block)
    strength, low = onsets.curves()
    if not len(strength) or strength.max() < _LEAST_STRENGTH:
        return Beats()
    period = _period(strength, told)
    places = _tracked(strength / strength.std(), period)
    if len(places) < _LEAST_BEATS:
        return Beats()
    times = _even(places / _STEPS_PER_SECOND, len(strength) / _STEPS_PER_SECOND)
    return Beats(tuple(round(float(t), 4) for t in times), 60.0 / float(np.median(np.diff(times))), _first(times, low))


def _period(strength: Curve, told: float | None) -> float:
    """Return the length of a beat in steps."""
    size = 1 << (2 * len(strength) - 1).bit_length()
    spectrum = np.fft.rfft(strength - strength.mean(), size)
    likeness = np.fft.irfft(np.square(np.abs(spectrum)), size)[: len(strength)]
    slowest = min(len(likeness) - 2, int(60 * _STEPS_PER_SECOND / _SLOWEST))
    lags = np.arange(int(60 * _STEPS_PER_SECOND / _FASTEST), slowest)
    tempo = 60.0 * _STEPS_PER_SECOND / lags
    if told:
        weight = (np.abs(tempo / told - 1.0) <= _NEAR).astype(np.float64)
        if not weight.any():
            return 60.0 * _STEPS_PER_SECOND / told
    else:
        weight = np.exp(-0.5 * np.square(np.log2(tempo / _USUAL) / _OCTAVES))
    # a beat is alike to the second after it, too
    twice = np.interp(2.0 * lags, np.arange(len(likeness)), likeness)
    best = int(np.argmax(weight * (likeness[lags] + 0.5 * twice)))
    lag = int(lags[best])
    before, here, after = likeness[lag - 1 : lag + 2]
    bend = before - 2.0 * here + after
    return lag + (0.5 * (before - after) / bend if bend < 0.0 else 0.0)


def _tracked(strength: Curve, period: float) -> Curve:
    """Return the steps of the beats: the chain that is both strong and even."""
    nearest, farthest = round(period / 2), round(period * 2)
    gaps = np.arange(-farthest, -nearest + 1)
    cost = -_TIGHT * np.square(np.log(-gaps / period))
    score = strength.copy()
    link = np.full(len(strength), -1)
    for at in range(farthest, len(strength)):
        rated = score[at + gaps[0] : at + gaps[-1] + 1] + cost
        best = int(np.argmax(rated))
        if rated[best] > 0.0:
            score[at] += rated[best]
            link[at] = at + int(gaps[best])
    at = len(score) - farthest + int(np.argmax(score[-farthest:]))
    places: list[int] = []
    while at >= 0:
        places.append(at)
        at = int(link[at])
    return _between(strength, np.array(places[::-1], np.intp))


def _between(strength: Curve, places: NDArray[np.intp]) -> Curve:
    """Refine places to fractions of a step by a parabola through each and its neighbours."""
    inner = np.clip(places, 1, len(strength) - 2)
    before, here, after = strength[inner - 1], strength[inner], strength[inner + 1]
    bend = before - 2.0 * here + after
    shift = np.where(bend < -1e-9, 0.5 * (before - after) / np.minimum(bend, -1e-9), 0.0)
    return np.add(inner, np.clip(shift, -0.5, 0.5), dtype=np.float64)


def _even(times: Curve, seconds: float) -> Curve:
    """Return the even grid through the beats over the whole recording; the beats themselves where they are not even."""
    slope, start = float(np.median(np.diff(times))), float(times[0])
    numbers = np.round((times - start) / slope)
    for _ in range(3):  # numbers and step settle together
        slope, start = _line(numbers, times)
        numbers = np.round((times - start) / slope)
    off = np.abs(times - (start + slope * numbers))
    if float(np.median(off)) > _EVEN_SECONDS / 2 or float(np.mean(off < 2 * _EVEN_SECONDS)) < 0.8:
        return times
    near = off < _EVEN_SECONDS
    slope, start = _line(numbers[near], times[near])
    first = math.ceil(-(start + 0.02) / slope)
    return start + slope * np.arange(first, math.floor((seconds - start) / slope) + 1, dtype=np.float64)


def _line(x: Curve, y: Curve) -> tuple[float, float]:
    """Return slope and start of the straight line nearest to the points."""
    across = x - x.mean()
    slope = float((across * (y - y.mean())).sum() / max(1e-9, float(np.square(across).sum())))
    return slope, float(y.mean() - slope * x.mean())


def _first(times: Curve, low: Curve, bar: int = 4) -> int:
    """Return which of the first beats begins a bar: where the low notes begin most strongly."""
    places = np.clip(np.round(times * _STEPS_PER_SECOND).astype(int), 0, len(low) - 1)
    near = np.maximum(
        low[places], np.maximum(low[np.maximum(places - 1, 0)], low[np.minimum(places + 1, len(low) - 1)])
    )
    return int(np.argmax([near[phase::bar].mean() if phase < len(near) else 0.0 for phase in range(bar)]))


def _settled(strength: Curve) -> Curve:
    """Take the slow swell away and smooth what is left over 20 ms."""
    wide = np.ones(_STEPS_PER_SECOND) / _STEPS_PER_SECOND
    sharp = np.maximum(0.0, strength - np.convolve(strength, wide, "same"))
    return np.convolve(sharp, (0.25, 0.5, 0.25), "same")


def _band_edges(rate: int, size: int) -> NDArray[np.intp]:
    """Return where bands begin, from 30 Hz to 12 kHz, each a constant ratio wider than the one below."""
    hertz = np.geomspace(60.0, min(12_000.0, rate / 2), _BANDS)
    return np.unique(np.round(hertz * size / rate).astype(np.intp))
