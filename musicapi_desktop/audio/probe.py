"""Decoding a file once, to prove that it plays and to learn what the library keeps of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

from musicapi_desktop.domain.errors import AudioUnreadable
from musicapi_desktop.domain.song import AudioFacts
from musicapi_desktop.dsp.files import Reader, to_stereo
from musicapi_desktop.dsp.loudness import LoudnessMeter, TruePeakMeter
from musicapi_desktop.dsp.peaks import PeakBuilder, overview

_BLOCK = 32768


class ProbeCancelled(Exception):
    """The caller asked to stop."""


def probe(path: Path, *, cancelled: Callable[[], bool] | None = None) -> AudioFacts:
    """Decode ``path`` once in blocks (bounded memory) and return what it holds.

    ``frames`` are those really read, the untold delay of an MP3 taken off; loudness is that of both loudspeakers, so
    a mono file counts twice, as it sounds. Raises AudioUnreadable, DiskError, ProbeCancelled.
    """
    with Reader(path) as reader:
        loudness, peak, peaks = LoudnessMeter(reader.rate), TruePeakMeter(reader.rate, 2), PeakBuilder()
        frames = 0
        for block in reader.blocks(_BLOCK):
            if cancelled is not None and cancelled():
                raise ProbeCancelled
            stereo = to_stereo(block)
            frames += len(stereo)
            loudness.add(stereo)
            peak.add(stereo)
            peaks.add(stereo)
        if not frames:
            raise AudioUnreadable("This file holds no sound.", "Fetch it again, or choose another file.")
        return AudioFacts(
            frames=frames,
            rate=reader.rate,
            channels=reader.channels,
            format=reader.format,
            overview=overview(peaks.pairs()),
            loudness=_finite(loudness.integrated()),
            true_peak=_finite(peak.decibels()),
        )


def _finite(level: float) -> float | None:
    return level if math.isfinite(level) else None
