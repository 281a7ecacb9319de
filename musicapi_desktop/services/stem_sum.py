"""How loud a take's stems are together, so that the take itself can be compared with them at one level."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from musicapi_desktop.audio.track import Track

_BLOCK = 16384


def loudness_of_sum(track: Track, stopped: Callable[[], bool]) -> float | None:
    """Return the integrated loudness in LUFS of a decoded track's stems at 0 dB; None for silence, or when stopped."""
    from musicapi_desktop.audio.sources import RATE
    from musicapi_desktop.audio.track import ORIGINAL, Track
    from musicapi_desktop.dsp.loudness import LoudnessMeter

    parts = {name: source for name, source in zip(track.ids, track.sources, strict=True) if name != ORIGINAL}
    # memory of its own: the feeder gathers in the track's
    stems = Track(parts, _BLOCK)
    gains = stems.alone().gains
    meter = LoudnessMeter(RATE)
    for first in range(0, stems.frames, _BLOCK):
        if stopped():
            return None
        # as they are, both sides of a stem have one gain
        rows = stems.gather(first, min(_BLOCK, stems.frames - first), {})
        meter.add((gains[:, 0] @ rows).reshape(-1, 2))
    loudness = meter.integrated() if parts else -math.inf
    return loudness if math.isfinite(loudness) else None
