"""How loud a take's stems are together: as they are, to compare the take with them, or as the mixer is set."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from musicapi_desktop.domain.mix import MixState
from musicapi_desktop.domain.units import RATE

if TYPE_CHECKING:
    from musicapi_desktop.audio.track import Track

_BLOCK = 16384

Ranges = Mapping[str, tuple[tuple[int, int], ...]]
"""Muted ranges in frames by stem id."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Integrated loudness in LUFS and true peak in dBTP; None for silence, or where it was stopped."""

    loudness: float | None = None
    true_peak: float | None = None


def figures_of_sum(track: Track, stopped: Callable[[], bool], state: MixState | None, ranges: Ranges) -> Figures:
    """Measure a decoded track's stems together: as ``state`` mixes them, or at 0 dB each (no true peak then)."""
    from musicapi_desktop.audio.track import ORIGINAL, Track
    from musicapi_desktop.dsp.loudness import LoudnessMeter, TruePeakMeter

    parts = {name: source for name, source in zip(track.ids, track.sources, strict=True) if name != ORIGINAL}
    # memory of its own: the feeder gathers in the track's
    stems = Track(parts, _BLOCK)
    mix = stems.compile(state, ranges=ranges) if state is not None else stems.alone()
    meter, peak = LoudnessMeter(RATE), TruePeakMeter(RATE, 2)
    for first in range(0, stems.frames if parts else 0, _BLOCK):
        if stopped():
            return Figures()
        rows = stems.gather(first, min(_BLOCK, stems.frames - first), mix.ranges)
        if mix.centred is not None:
            block = (mix.centred @ rows).reshape(-1, 2)
        else:
            left, right = mix.gains.T @ rows
            block = left.reshape(-1, 2)
            block[:, 1] = right[1::2]
        if mix.mono:
            block[:] = block.mean(axis=1, keepdims=True)
        meter.add(block)
        if state is not None:
            peak.add(block)
    loudness = meter.integrated() if parts else -math.inf
    decibels = peak.decibels()
    return Figures(loudness if math.isfinite(loudness) else None, decibels if math.isfinite(decibels) else None)
