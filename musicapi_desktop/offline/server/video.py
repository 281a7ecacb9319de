"""A song as an MP4 video: its sound, lossless, under a still picture of its wave."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from . import masters
from .boxes import write_movie
from .m4a import encoded
from .still import Plane, still

WIDTH, HEIGHT = 640, 352
_BAR, _STEP = 6, 10  # pixels of a bar of the wave, and from one to the next
_DARK, _LIGHT = 24, 208
_NEUTRAL = 128


def make_video(sources: Sequence[Path], target: Path, colour: int) -> None:
    """Write the sum of ``sources`` (masters) with a picture as MP4. Any ``colour`` gives one. Raises as make_m4a."""
    sound = encoded(sources, target)
    seconds = max(1, -(-sound.track.duration // sound.track.scale))
    picture, samples = still(*_picture(masters.outline(sources, WIDTH // _STEP), colour), seconds)
    write_movie(target, b"isom", [picture, sound.track], [samples, [sound.data]])


def _picture(outline: npt.NDArray[np.float32], colour: int) -> tuple[Plane, Plane, Plane]:
    luma = np.full((HEIGHT, WIDTH), _DARK, np.uint8)
    luma += np.linspace(0, 24, HEIGHT, dtype=np.uint8)[:, None]
    bars = np.zeros((HEIGHT, WIDTH), bool)
    loudest = max(float(outline.max()), 1e-6)
    for place, loud in enumerate(outline):
        half = max(2, int(loud / loudest * HEIGHT * 0.4))
        left = place * _STEP + (_STEP - _BAR) // 2
        bars[HEIGHT // 2 - half : HEIGHT // 2 + half, left : left + _BAR] = True
    luma[bars] = _LIGHT
    angle = colour % 360 * np.pi / 180
    inked = bars[::2, ::2]
    blue = np.where(inked, _NEUTRAL + int(70 * np.cos(angle)), _NEUTRAL + 6).astype(np.uint8)
    red = np.where(inked, _NEUTRAL + int(70 * np.sin(angle)), _NEUTRAL - 2).astype(np.uint8)
    return luma, blue, red
