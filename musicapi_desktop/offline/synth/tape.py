"""Sound files read into the engine's one shape, and pieces of sound put together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from musicapi_desktop.dsp.files import Reader, to_stereo
from musicapi_desktop.dsp.resample import Resampler

from .shelf import WavWriter
from .sound import RATE, Floats

SEAM = 576
"""Frames over which one sound gives way to another: 12 ms."""


def read(path: Path, begin: int = 0, end: int | None = None) -> Floats:
    """Frames ``begin`` to ``end`` of a 48 kHz stereo WAV or FLAC as ``(2, n)``; what lies outside is silence."""
    with soundfile.SoundFile(str(path)) as file:
        stop = file.frames if end is None else end
        out = np.zeros((2, max(0, stop - begin)), np.float32)
        first = max(0, begin)
        if first < file.frames and stop > first:
            file.seek(first)
            found: Any = file.read(min(stop, file.frames) - first, dtype="float32", always_2d=True)
            out[:, first - begin : first - begin + len(found)] = found.T
    return out


def frames_in(path: Path) -> int:
    """Length of a sound file in its own frames."""
    with soundfile.SoundFile(str(path)) as file:
        return int(file.frames)


def to_wav(source: Path, target: Path, longest: float) -> int:
    """Decode any sound file to a 48 kHz stereo 16-bit WAV of at most ``longest`` seconds; returns its frames.

    Raises AudioUnreadable and DiskError.
    """
    left = round(longest * RATE)
    with Reader(source) as reader, WavWriter(target) as writer:
        stream = Resampler(reader.rate, RATE, 2) if reader.rate != RATE else None
        written = 0
        for raw in reader.blocks():
            block = to_stereo(raw)
            block = (stream.feed(block) if stream else block)[:left]
            writer.write(np.ascontiguousarray(block.T))
            written += len(block)
            left -= len(block)
            if left <= 0:
                return written
        if stream:
            rest = stream.rest()[:left]
            writer.write(np.ascontiguousarray(rest.T))
            written += len(rest)
    return written


def ramp(count: int) -> Floats:
    """A rise from 0 to 1; with its own mirror image it always sums to 1."""
    share = (np.arange(count, dtype=np.float32) + np.float32(0.5)) / np.float32(max(1, count))
    return np.square(np.sin(share * np.float32(np.pi / 2))).astype(np.float32)


def joined(before: Floats, after: Floats, seam: int = SEAM) -> Floats:
    """Two sounds one after the other; the last ``seam`` frames of the first lie over the first of the second."""
    seam = min(seam, before.shape[1], after.shape[1])
    rise = ramp(seam)
    both = before[:, before.shape[1] - seam :] * rise[::-1] + after[:, :seam] * rise
    whole: Floats = np.concatenate([before[:, : before.shape[1] - seam], both.astype(np.float32), after[:, seam:]], 1)
    return whole
