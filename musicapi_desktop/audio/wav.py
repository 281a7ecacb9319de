"""16-bit WAV files as they lie on the disk: where their samples are, and mapping them in place."""

from __future__ import annotations

import mmap
import os
import struct
from io import FileIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np

from musicapi_desktop.dsp.types import Words

_MOST_CHUNKS = 64


class _Format(NamedTuple):
    tag: int
    channels: int
    rate: int
    align: int
    bits: int


class WavData(NamedTuple):
    """Where the samples of a 16-bit PCM WAV lie: ``start`` in bytes, ``frames`` that are really there."""

    start: int
    frames: int
    channels: int
    rate: int


def map_wav(path: Path) -> tuple[Words, int] | None:
    """Return ``(frames, 1 or 2) int16`` mapped from a PCM WAV, and its rate; None where it is anything else.

    Only for files that nobody but the app writes: one that is cut while it is mapped ends the process.
    Raises OSError where the file cannot be opened.
    """
    with path.open("rb") as file:
        found = wav_data(file)
        if found is None or found.start % 2:
            return None
        length = found.start + found.frames * found.channels * 2
        view = mmap.mmap(file.fileno(), length, access=mmap.ACCESS_READ)
    words = np.frombuffer(view, "<i2", found.frames * found.channels, found.start)
    return words.reshape(found.frames, found.channels), found.rate


def wav_data(file: BinaryIO | FileIO) -> WavData | None:
    """Find the samples of an open 16-bit PCM WAV of one or two channels; None where it is anything else."""
    size = os.fstat(file.fileno()).st_size
    found = _data(file, size)
    if found is None:
        return None
    form, start, length = found
    frames = min(length, size - start) // form.align
    return WavData(start, frames, form.channels, form.rate) if frames > 0 else None


def _data(file: BinaryIO | FileIO, size: int) -> tuple[_Format, int, int] | None:
    """Format, start and length in bytes of the samples."""
    head = file.read(12)
    if len(head) < 12 or head[:4] != b"RIFF" or head[8:] != b"WAVE":
        return None
    form: _Format | None = None
    at = 12
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        chunk = file.read(8)
        if len(chunk) < 8 or at > size:
            return None
        length = struct.unpack("<I", chunk[4:])[0]
        if chunk[:4] == b"fmt ":
            form = _format(file.read(min(length, 40)))
            if form is None:
                return None
        elif chunk[:4] == b"data":
            return (form, at + 8, length) if form else None
        at += 8 + length + (length & 1)
    return None


def _format(data: bytes) -> _Format | None:
    if len(data) < 16:
        return None
    tag, channels, rate, _, align, bits = struct.unpack("<HHIIHH", data[:16])
    if tag == 0xFFFE and len(data) >= 26:
        tag = struct.unpack("<H", data[24:26])[0]
    usable = tag == 1 and bits == 16 and channels in (1, 2) and align == channels * 2
    return _Format(tag, channels, rate, align, bits) if usable else None
