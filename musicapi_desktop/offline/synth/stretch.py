"""Sound in another tempo or key: a phase vocoder whose peaks keep their neighbours in step (Laroche, Dolson 1999)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from musicapi_desktop.dsp.resample import resample

from .sound import RATE, Floats

_WINDOW, _HOP = 4096, 1024
Doubles = npt.NDArray[np.float64]


def stretched(sound: Floats, longer: float, semitones: float = 0.0) -> Floats:
    """``(2, n)`` made ``longer`` times as long and moved by ``semitones``, deterministic."""
    ratio = 2.0 ** (semitones / 12.0)
    slower = longer * ratio
    wanted = round(sound.shape[1] * longer)
    wide = sound if abs(slower - 1.0) < 1e-4 else _slowed(sound, slower)
    if abs(ratio - 1.0) > 1e-6:
        # heard faster by the ratio, it is higher by it and has its length back
        wide = np.ascontiguousarray(resample(np.ascontiguousarray(wide.T), round(RATE * ratio), RATE).T)
    out = np.zeros((2, wanted), np.float32)
    count = min(wanted, wide.shape[1])
    out[:, :count] = wide[:, :count]
    return out


def _slowed(sound: Floats, factor: float) -> Floats:
    """``factor`` times as long at the same pitch. Both channels turn by the phases of their sum, so the image stays."""
    shape = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)
    step = _HOP / factor
    wide = np.pad(sound, ((0, 0), (_WINDOW // 2, _WINDOW + _HOP)))
    count = int(sound.shape[1] / step) + 1
    out = np.zeros((2, count * _HOP + _WINDOW), np.float32)
    advance: Doubles = 2 * np.pi * _HOP * np.arange(_WINDOW // 2 + 1) / _WINDOW
    turn: Doubles = np.zeros(_WINDOW // 2 + 1)
    before: Doubles | None = None
    for row in range(count):
        at = int(row * step)
        both = np.fft.rfft(wide[:, at : at + _WINDOW] * shape)
        now: Doubles = np.angle(both.sum(0)).astype(np.float64)
        if before is not None:
            begin = max(0, at - _HOP)
            earlier: Doubles = np.angle(np.fft.rfft(wide[:, begin : begin + _WINDOW] * shape).sum(0)).astype(np.float64)
            gone: Doubles = now - earlier - advance
            gone -= 2 * np.pi * np.round(gone / (2 * np.pi))
            turn = _locked(np.abs(both).sum(0).astype(np.float64), before + advance + gone - now)
        before = now + turn
        waves = np.fft.irfft(both * np.exp(1j * turn), _WINDOW) * (shape / 1.5)
        out[:, row * _HOP : row * _HOP + _WINDOW] += waves.astype(np.float32)
    return out[:, _WINDOW // 2 : _WINDOW // 2 + round(sound.shape[1] * factor)]


def _locked(size: Doubles, turn: Doubles) -> Doubles:
    """Every bin turns as the peak nearest to it."""
    inner = size[2:-2]
    peak = np.flatnonzero((inner >= size[1:-3]) & (inner > size[3:-1]) & (inner >= size[:-4]) & (inner > size[4:])) + 2
    if not len(peak):
        return turn
    borders = (peak[1:] + peak[:-1]) // 2 + 1
    return turn[peak[np.searchsorted(borders, np.arange(len(size)), side="right")]]
