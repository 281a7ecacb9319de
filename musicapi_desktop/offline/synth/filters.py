"""Tone shaping by FFT. Curves are magnitudes only (no phase), so they may be applied to a sound once and kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .sound import RATE, Floats


@dataclass(frozen=True, slots=True)
class Tone:
    """A tone control: low cut and low-pass in Hz (0: none), shelves at 150 Hz and 6 kHz and a bell at 3 kHz in dB."""

    low_cut: float = 0.0
    low_pass: float = 0.0
    low: float = 0.0
    high: float = 0.0
    presence: float = 0.0

    def curve(self, hertz: Floats) -> Floats:
        """Linear magnitude at each frequency."""
        f = np.maximum(hertz.astype(np.float64), 1.0)
        decibels = self.low / (1.0 + (f / 150.0) ** 2) + self.high / (1.0 + (6000.0 / f) ** 2)
        decibels += self.presence * np.exp(-((np.log2(f / 3000.0) / 0.9) ** 2))
        size = 10.0 ** (decibels / 20.0)
        if self.low_cut:
            size /= np.sqrt(1.0 + (self.low_cut / f) ** 4)
        if self.low_pass:
            size /= np.sqrt(1.0 + (f / self.low_pass) ** 4)
        return size.astype(np.float32)


PLAIN = Tone()


def good_length(count: int) -> int:
    """A length at least ``count`` that an FFT likes: 2^a, 3·2^a, 5·2^a or 9·2^a."""
    best = 1 << max(4, (count - 1).bit_length())
    for odd in (9, 5, 3):
        size = odd << max(1, ((count + odd - 1) // odd - 1).bit_length())
        if count <= size < best:
            best = size
    return best


def shaped(sound: Floats, tone: Tone, rate: float = RATE) -> Floats:
    """Apply a tone to a whole sound ``(..., n)``; returns a new array."""
    if tone == PLAIN:
        return sound
    count = sound.shape[-1]
    size = good_length(count + 2048)
    spectrum = np.fft.rfft(sound, size)
    spectrum *= tone.curve(np.fft.rfftfreq(size, 1.0 / rate).astype(np.float32))
    return np.ascontiguousarray(np.fft.irfft(spectrum, size)[..., :count], dtype=np.float32)


def shaped_long(sound: Floats, tone: Tone) -> Floats:
    """Apply a tone to a long sound ``(..., n)`` in blocks (linear phase, overlap-add), in place; returns it."""
    if tone == PLAIN:
        return sound
    half, block = 2048, 1 << 16
    response = np.fft.irfft(tone.curve(np.fft.rfftfreq(half * 2, 1.0 / RATE).astype(np.float32)))
    kernel = (np.roll(response, half) * np.hanning(half * 2)).astype(np.float32)
    size = good_length(block + half * 2)
    transfer = np.fft.rfft(kernel, size).astype(np.complex64, copy=False)
    count = sound.shape[-1]
    tail = np.zeros((*sound.shape[:-1], half * 2), np.float32)
    for start in range(0, count + half, block):
        part = sound[..., start : start + block]
        wide = np.fft.irfft(np.fft.rfft(part, size) * transfer, size).astype(np.float32, copy=False)
        wide[..., : half * 2] += tail
        tail = wide[..., block : block + half * 2].copy()
        put = start - half
        begin = max(0, put)
        out = wide[..., begin - put : block]
        room = min(out.shape[-1], count - begin)
        if room > 0:
            # the output lags behind the input by half a kernel, so nothing unread is overwritten
            sound[..., begin : begin + room] = out[..., :room]
    return sound
