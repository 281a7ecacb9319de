"""Files read side by side for a mixdown, from the originals, at the transport's rate."""

from __future__ import annotations

from io import FileIO
from pathlib import Path
from typing import Protocol

import numpy as np

from musicapi_desktop.domain.errors import DiskError
from musicapi_desktop.domain.units import RATE
from musicapi_desktop.dsp.files import Reader, to_stereo
from musicapi_desktop.dsp.resample import Resampler
from musicapi_desktop.dsp.types import Samples, Words

from .wav import wav_data

_BLOCK = 16384
"""Frames decoded at a time: as many as are mixed, so that each block costs the same."""


class Strand(Protocol):
    """One file on its way into a mix."""

    @property
    def unit(self) -> float:
        """What its samples are to be multiplied by."""
        ...

    def fill(self, out: Samples) -> int:
        """Put the next frames into ``out (n, 2)``, zeros after the end; return how many there were."""
        ...

    def skip(self, frames: int) -> None:
        """Leave frames out."""
        ...

    def close(self) -> None:
        """Close the file."""
        ...


def open_strand(path: Path) -> Strand:
    """Open ``path``. Raises AudioUnreadable, DiskError."""
    return _Plain.of(path) or _Decoded(path)


class _Plain:
    """A 16-bit WAV at the transport's rate, read as it lies there: no decoder is as quick."""

    unit = 1.0 / 32768.0

    def __init__(self, file: FileIO, frames: int, channels: int) -> None:
        self._file = file
        self._left = frames
        self._channels = channels
        self._words: Words = np.empty((0, channels), np.int16)

    @classmethod
    def of(cls, path: Path) -> _Plain | None:
        try:
            file = FileIO(path)
        except OSError:
            return None  # the decoder says why
        found = wav_data(file)
        if found is None or found.rate != RATE:
            file.close()
            return None
        file.seek(found.start)
        return cls(file, found.frames, found.channels)

    def fill(self, out: Samples) -> int:
        if len(self._words) < len(out):
            self._words = np.empty((len(out), self._channels), np.int16)
        count = self._read(self._words[: min(len(out), self._left)])
        out[:count] = self._words[:count]
        out[count:] = 0.0
        self._left -= count
        return count

    def skip(self, frames: int) -> None:
        frames = min(frames, self._left)
        self._file.seek(frames * 2 * self._channels, 1)
        self._left -= frames

    def close(self) -> None:
        self._file.close()

    def _read(self, words: Words) -> int:
        view = words.data.cast("B") if len(words) else memoryview(b"")
        done = 0
        while done < len(view):
            got = self._file.readinto(view[done:])
            if not got:
                break
            done += got
        return done // (2 * self._channels)


class _Decoded:
    """Any other file."""

    unit = 1.0

    def __init__(self, path: Path) -> None:
        self._reader = Reader(path)
        self._blocks = self._reader.blocks(_BLOCK)
        self._resampler = Resampler(self._reader.rate, RATE, 2) if self._reader.rate != RATE else None
        self._ready: Samples = np.empty((0, 2), np.float32)
        self._over = False

    def fill(self, out: Samples) -> int:
        done = 0
        while done < len(out) and self._more():
            part = self._ready[: len(out) - done]
            out[done : done + len(part)] = part
            self._ready = self._ready[len(part) :]
            done += len(part)
        out[done:] = 0.0
        return done

    def skip(self, frames: int) -> None:
        while frames and self._more():
            part = min(frames, len(self._ready))
            self._ready = self._ready[part:]
            frames -= part

    def close(self) -> None:
        self._reader.close()

    def _more(self) -> bool:
        while not len(self._ready) and not self._over:
            block = next(self._blocks, None)
            if block is None:
                self._over = True
                if self._reader.damaged:
                    raise DiskError("A file breaks off early.", "Fetch it again before exporting.")
                self._ready = self._resampler.rest() if self._resampler else self._ready
            else:
                stereo = to_stereo(block)
                self._ready = self._resampler.feed(stereo) if self._resampler else stereo
        return len(self._ready) > 0
