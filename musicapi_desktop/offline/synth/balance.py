"""How loud each track of a take is: measured when it is first played, remembered so that more of it sounds alike."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from .sound import RATE, Floats, gain

REFERENCE = -21.0
"""Loudness in LUFS of a track at level 0, before mastering."""

_LOUDEST_BOOST = 30.0
_SIZE = 8192
_LOOKED_AT = 160


class Balance:
    """The gain in dB of each track by name. What is ``known`` is applied as it is, the rest measured and added."""

    def __init__(self, known: Mapping[str, float] | None = None) -> None:
        self.gains: dict[str, float] = dict(known or {})

    def bring(self, name: str, sound: Floats, level: float) -> None:
        """Bring a track to its place in the mix, in place. Silence stays silence."""
        decibels = self.gains.get(name)
        if decibels is None:
            found = loudness(sound)
            if found <= -70.0:
                return
            decibels = round(min(_LOUDEST_BOOST, REFERENCE + level - found), 4)
            self.gains[name] = decibels
        sound *= np.float32(gain(decibels))


def loudness(sound: Floats) -> float:
    """Quick loudness of what sounds (LUFS to within a decibel or so), from samples of the spectrum."""
    mono_or_both = np.atleast_2d(sound)
    count = sound.shape[-1] // _SIZE
    if count < 1:
        return -120.0
    blocks = mono_or_both[:, : count * _SIZE].reshape(mono_or_both.shape[0], count, _SIZE)
    blocks = blocks[:, :: max(1, count // _LOOKED_AT)]
    power = np.square(np.abs(np.fft.rfft(blocks))).sum(0) * _weights(_SIZE)
    each = power.sum(1) * (2.0 / _SIZE / _SIZE) * (2.0 / mono_or_both.shape[0])
    audible = each[each > 1e-7]
    if not len(audible):
        return -120.0
    loud = audible[audible > audible.mean() * 0.1]
    return float(-0.691 + 10.0 * np.log10(loud.mean()))


def _weights(size: int) -> Floats:
    """The K curve of BS.1770, roughly: +4 dB above 2 kHz, falling below 60 Hz."""
    f = np.maximum(np.fft.rfftfreq(size, 1.0 / RATE), 1.0)
    shelf = 4.0 / (1.0 + (1500.0 / f) ** 2)
    return (10.0 ** (shelf / 10.0) / (1.0 + (38.0 / f) ** 4)).astype(np.float32)
