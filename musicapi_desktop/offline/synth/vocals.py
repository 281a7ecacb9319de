"""The seam of the voice: sung lines in, one mono signal out. ``voice.singer.Singer`` is who sings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from musicapi_desktop.offline.composer.score import VocalLine

from .sound import Floats


class Voice(Protocol):
    """Whoever sings."""

    def sing(self, lines: Sequence[VocalLine], gender: str, frames: int) -> Floats:
        """Sing the lines at their times: mono ``(frames,)``, 48 kHz. ``gender`` is "f" or "m"."""
        ...
