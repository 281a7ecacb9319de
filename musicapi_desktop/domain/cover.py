"""Covers drawn from the song itself: no network, the same song always looks the same."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cover:
    """A radial gradient: ``inner`` glows at (``x``, ``y``) (0–1 of the width and height) into ``outer``, then ``edge``.

    Colours are (hue 0–359, saturation 0–255, lightness 0–255) in HSL.
    """

    inner: tuple[int, int, int]
    outer: tuple[int, int, int]
    edge: tuple[int, int, int]
    x: float
    y: float


def cover_of(song_id: str) -> Cover:
    """Return the cover of a song. Pure: depends on the id alone."""
    seed = hashlib.sha256(song_id.encode()).digest()
    hue = seed[0] * 360 // 256
    turn = 60 + seed[1] * 100 // 256
    outer = (hue + turn) % 360
    return Cover(
        inner=(hue, 150 + seed[2] // 8, 150),
        outer=(outer, 150, 72),
        edge=((outer + 14) % 360, 160, 44),
        x=0.25 + seed[3] / 256 * 0.55,
        y=0.15 + seed[4] / 256 * 0.5,
    )
