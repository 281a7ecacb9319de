"""Loudness after ITU-R BS.1770-4 (gated, K-weighted) and true peak (annex 2, four times oversampled).

The K-weighting is a convolution with the impulse response of the two standard biquads, cut where it has fallen
below 1e-7. Left and right travel as one complex signal: the filter is real, so |y|² is the sum of both powers.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .resample import Resampler
from .types import Samples

_RESPONSE_SECONDS = 0.08
_HOPS_PER_STEP = 6
_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0
_OFFSET = -0.691
_OVERSAMPLING = 4
_CHUNK = 8192
"""Frames resampled at a time: four times that fits the processor's cache."""


def integrated(samples: Samples, rate: int) -> float:
    """Integrated loudness in LUFS of ``(frames, 2) float32``; −∞ for silence or less than 0.4 s."""
    meter = LoudnessMeter(rate)
    meter.add(samples)
    return meter.integrated()


def loudness_of(hops: NDArray[np.float64], rate: int) -> float:
    """Integrated loudness in LUFS of K-weighted energies per tenth of a second; −∞ for silence or less than 0.4 s."""
    if len(hops) < 4:
        return -math.inf
    return _gated((hops[:-3] + hops[1:-2] + hops[2:-1] + hops[3:]) / (0.4 * rate))


def true_peak(samples: Samples, rate: int) -> float:
    """True peak in dBTP of ``(frames, channels) float32``; −∞ for silence."""
    meter = TruePeakMeter(rate, samples.shape[1])
    meter.add(samples)
    return meter.decibels()


class LoudnessMeter:
    """Integrated loudness of a stereo stream, fed in blocks of any size."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._step = round(_HOPS_PER_STEP * rate / 10)
        taps = math.ceil(_RESPONSE_SECONDS * rate)
        self._size = _fast_length(self._step + taps - 1)
        self._response = _k_response(rate, taps, self._size)
        self._buffer = np.zeros(self._size, np.complex64)
        self._past = self._size - self._step
        self._fill = 0
        self._frames = 0
        self._hops: list[NDArray[np.float64]] = []

    def add(self, samples: Samples) -> None:
        """Measure ``(frames, 2) float32`` more."""
        signal = np.ascontiguousarray(samples, np.float32).view(np.complex64).reshape(-1)
        at = 0
        while at < len(signal):
            n = min(len(signal) - at, self._step - self._fill)
            start = self._past + self._fill
            self._buffer[start : start + n] = signal[at : at + n]
            self._fill += n
            self._frames += n
            at += n
            if self._fill == self._step:
                self._measure()

    def integrated(self) -> float:
        """Integrated loudness in LUFS of what was added so far; −∞ for silence. More may be added afterwards."""
        return loudness_of(self.hops(), self._rate)

    def hops(self) -> NDArray[np.float64]:
        """K-weighted energy of each whole tenth of a second so far (loudness_of)."""
        return np.concatenate([*self._hops, self._open_hops()])[: int(self._frames * 10 / self._rate)]

    def _measure(self) -> None:
        self._hops.append(self._powers())
        self._buffer[: self._past] = self._buffer[self._step :].copy()
        self._fill = 0

    def _open_hops(self) -> NDArray[np.float64]:
        if not self._fill:
            return np.empty(0, np.float64)
        self._buffer[self._past + self._fill :] = 0
        return self._powers()

    def _powers(self) -> NDArray[np.float64]:
        weighted = np.fft.ifft(np.fft.fft(self._buffer) * self._response)[self._past :]
        power = np.square(weighted.real) + np.square(weighted.imag)
        edges = [round(i * self._rate / 10) for i in range(_HOPS_PER_STEP)]
        return np.add.reduceat(power, edges, dtype=np.float64)


class TruePeakMeter:
    """True peak of a stream, fed in blocks."""

    def __init__(self, rate: int, channels: int) -> None:
        self._stream = Resampler(rate, rate * _OVERSAMPLING, channels)
        self._peak = 0.0

    def add(self, samples: Samples) -> None:
        """Measure ``(frames, channels) float32`` more."""
        for start in range(0, len(samples), _CHUNK):
            chunk = samples[start : start + _CHUNK]
            self._peak = max(self._peak, magnitude(chunk), magnitude(self._stream.feed(chunk)))

    def decibels(self) -> float:
        """Return the true peak in dBTP, −∞ for silence. Ends the stream."""
        self._peak = max(self._peak, magnitude(self._stream.rest()))
        return 20.0 * math.log10(self._peak) if self._peak > 0.0 else -math.inf


def magnitude(samples: Samples) -> float:
    """Largest absolute sample; 0 where there is none."""
    return max(float(samples.max()), -float(samples.min())) if samples.size else 0.0


def _gated(blocks: NDArray[np.float64]) -> float:
    loud = blocks[blocks > _power(_ABSOLUTE_GATE)]
    if not len(loud):
        return -math.inf
    gate = _power(_level(float(loud.mean())) + _RELATIVE_GATE)
    loud = loud[loud > gate]
    return _level(float(loud.mean()))


def _level(power: float) -> float:
    return _OFFSET + 10.0 * math.log10(power)


def _power(level: float) -> float:
    return 10.0 ** ((level - _OFFSET) / 10.0)


def _k_response(rate: int, taps: int, size: int) -> NDArray[np.complex64]:
    """Spectrum of length ``size`` of the K filter's impulse response cut to ``taps``."""
    long = 1 << (4 * taps - 1).bit_length()
    z = np.exp(-2j * np.pi * np.arange(long // 2 + 1) / long)
    spectrum = np.ones(len(z), np.complex128)
    for b, a in _k_biquads(rate):
        spectrum *= (b[0] + b[1] * z + b[2] * z * z) / (a[0] + a[1] * z + a[2] * z * z)
    impulse = np.fft.irfft(spectrum, long)[:taps]
    return np.fft.fft(impulse, size).astype(np.complex64)


_Biquad = tuple[tuple[float, float, float], tuple[float, float, float]]


def _k_biquads(rate: int) -> tuple[_Biquad, _Biquad]:
    """The shelf and the high-pass of BS.1770 at any rate (their analogue prototypes, bilinear transform)."""
    k = math.tan(math.pi * 1681.974450955533 / rate)
    q, high = 0.7071752369554196, 10.0 ** (3.999843853973347 / 20.0)
    band = high**0.4996667741545416
    norm = 1.0 + k / q + k * k
    shelf = (
        ((high + band * k / q + k * k) / norm, 2.0 * (k * k - high) / norm, (high - band * k / q + k * k) / norm),
        (1.0, 2.0 * (k * k - 1.0) / norm, (1.0 - k / q + k * k) / norm),
    )
    k = math.tan(math.pi * 38.13547087602444 / rate)
    q = 0.5003270373238773
    norm = 1.0 + k / q + k * k
    high_pass = ((1.0, -2.0, 1.0), (1.0, 2.0 * (k * k - 1.0) / norm, (1.0 - k / q + k * k) / norm))
    return shelf, high_pass


def _fast_length(least: int) -> int:
    """Return the smallest 2^a·3^b·5^c from ``least`` up."""
    n = least
    while True:
        rest = n
        for prime in (2, 3, 5):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return n
        n += 1
