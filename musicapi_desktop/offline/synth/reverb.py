"""Reverberation and echo. Both are linear, so that every stem carries its own and the stems still sum to the mix.

The room is made of noise in bands that decay at their own speed. It is worked at half the rate (it has nothing above
10 kHz) by blocked FFT.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from .filters import Tone, good_length, shaped
from .sound import RATE, Floats, noise

_HALF = RATE // 2
_BLOCK = 1 << 16
_PIECE = 1 << 14
_BANDS = ((120.0, 500.0, 1.05), (500.0, 2000.0, 1.0), (2000.0, 5000.0, 0.72), (5000.0, 9500.0, 0.45))
# 31-tap half-band low-pass (Kaiser, beta 7): every other tap but the middle is zero
_TAPS = 15


@cache
def _half_band() -> Floats:
    place = np.arange(-_TAPS, _TAPS + 1)
    ideal = np.sinc(place / 2.0) / 2.0
    return (ideal * np.kaiser(2 * _TAPS + 1, 7.0)).astype(np.float32)


def _halved(sound: Floats) -> Floats:
    """Mono ``(n,)`` at half the rate."""
    kernel = _half_band()
    wide = np.concatenate([np.zeros(_TAPS, np.float32), sound, np.zeros(_TAPS + 1, np.float32)])
    count = (len(sound) + 1) // 2
    even, odd = wide[0::2].copy(), wide[1::2].copy()
    out = np.empty(count, np.float32)
    # pieces that stay in the processor's cache; the kernel is its own mirror image
    for start in range(0, count, _PIECE):
        stop = min(count, start + _PIECE)
        sums = odd[start + _TAPS // 2 : stop + _TAPS // 2] * kernel[_TAPS]
        for tap in range(0, _TAPS, 2):
            first, last = start + tap // 2, start + _TAPS - tap // 2
            sums += (even[first : first + stop - start] + even[last : last + stop - start]) * kernel[tap]
        out[start:stop] = sums
    return out


def _add_doubled(target: Floats, sound: Floats) -> None:
    """Add a half-rate mono sound into a full-rate channel."""
    kernel = _half_band() * np.float32(2.0)
    count = (len(target) + 1) // 2
    wide = np.concatenate([np.zeros(_TAPS, np.float32), sound[:count], np.zeros(_TAPS * 2, np.float32)])
    target[0::2] += wide[_TAPS : _TAPS + count][: len(target[0::2])]
    base = _TAPS // 2 + 1
    for start in range(0, count, _PIECE):
        stop = min(count, start + _PIECE)
        odd = np.zeros(stop - start, np.float32)
        for tap in range(0, _TAPS, 2):
            first, last = start + base + tap // 2, start + base + _TAPS - tap // 2
            odd += (wide[first : first + stop - start] + wide[last : last + stop - start]) * kernel[tap]
        there = target[2 * start + 1 : 2 * stop + 1 : 2]
        there += odd[: len(there)]


@cache
def room(seconds: float, size: float) -> Floats:
    """Impulse response ``(2, n)`` at half rate of a room that falls by 60 dB in ``seconds``; ``size`` 0-1."""
    count = int(min(4.0, seconds * 1.05) * _HALF)
    time = np.arange(count, dtype=np.float32) / np.float32(_HALF)
    before = int((0.004 + 0.03 * size) * _HALF)
    out = np.zeros((2, count), np.float32)
    for channel in (0, 1):
        sound = np.zeros(count, np.float32)
        for low, high, share in _BANDS:
            band = shaped(noise(count, 11 + channel), Tone(low_cut=low, low_pass=high), _HALF)
            sound += band * np.exp(-time * np.float32(6.9078 / (seconds * share)))
        sound *= np.minimum(time / np.float32(0.004 + 0.02 * size), np.float32(1.0))
        for place, strength in ((0.011 + 0.004 * channel, 2.5), (0.019 - 0.003 * channel, 2.0), (0.031, 1.4)):
            sound[int(place * (0.6 + size) * _HALF)] += np.float32(strength)
        out[channel, before:] = sound[: count - before]
    return out / np.float32(np.sqrt(np.square(out).sum(1).mean()))


def add_reverb(target: Floats, send: Floats, seconds: float, size: float) -> None:
    """Add the room's answer to mono ``send`` ``(n,)`` into ``target`` ``(2, n)``; silence is passed over."""
    response = room(seconds, size)
    length = good_length(_BLOCK + response.shape[1])
    step = length - response.shape[1]
    transfer = np.fft.rfft(response, length).astype(np.complex64, copy=False)
    for begin, end in _sounding(send, 2 * step):
        stop = min(len(send), end + 2 * response.shape[1])
        low = _halved(send[begin:end])
        # one channel at a time: the wet sound of a long song is as large as a stem
        for channel in (0, 1):
            wet = np.zeros(len(low) + length, np.float32)
            for start in range(0, len(low), step):
                part = np.fft.rfft(low[start : start + step], length).astype(np.complex64, copy=False)
                found = np.fft.irfft(part * transfer[channel], length)
                wet[start : start + length] += found.astype(np.float32, copy=False)
            _add_doubled(target[channel, begin:stop], wet)


def _sounding(sound: Floats, size: int) -> list[tuple[int, int]]:
    """Stretches of whole blocks in which something sounds."""
    found: list[tuple[int, int]] = []
    for start in range(0, len(sound), size):
        stop = min(len(sound), start + size)
        if not sound[start:stop].any():
            continue
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], stop)
        else:
            found.append((start, stop))
    return found


def add_echo(target: Floats, sound: Floats, seconds: float, amount: float) -> None:
    """Add echoes of ``sound`` (mono, or ``(2, n)``) that cross from side to side into ``target`` (may be the same)."""
    step = int(seconds * RATE)
    source = sound * np.float32(amount) if sound.ndim == 1 else (sound[0] + sound[1]) * np.float32(0.5 * amount)
    count = target.shape[1]
    for number in range(1, 5):
        shift = step * number
        if shift >= count:
            return
        strength = np.float32(0.52**number * 1.6)
        near, far = (0, 1) if number % 2 else (1, 0)
        for start in range(shift, count, _BLOCK):
            stop = min(count, start + _BLOCK)
            part = source[start - shift : stop - shift] * strength
            target[near, start:stop] += part
            part *= np.float32(0.35)
            target[far, start:stop] += part
