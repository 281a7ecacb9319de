"""Writing audio files: the one place where soundfile writes.

Samples are scaled, dithered, rounded and clipped here, because libsndfile rounds towards minus infinity.
"""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from musicapi_desktop.domain.errors import DiskError

from .types import Samples

_MP3_BLOCK = 16384
"""LAME in libsndfile overflows its stack on very large writes."""


class Encoding(StrEnum):
    """The encodings that can be written. The value is what song.json and preferences store."""

    WAV16 = "wav16"
    WAV24 = "wav24"
    WAV32F = "wav32f"
    FLAC16 = "flac16"
    FLAC24 = "flac24"
    MP3 = "mp3"

    @property
    def suffix(self) -> str:
        """File name suffix with its dot."""
        return "." + self.value.rstrip("0123456789f") if self is not Encoding.MP3 else ".mp3"

    @property
    def bits(self) -> int:
        """Bits per sample of integer encodings, 0 for the others."""
        return {"wav16": 16, "flac16": 16, "wav24": 24, "flac24": 24}.get(self.value, 0)


_FORMATS = {
    Encoding.WAV16: ("WAV", "PCM_16"),
    Encoding.WAV24: ("WAV", "PCM_24"),
    Encoding.WAV32F: ("WAV", "FLOAT"),
    Encoding.FLAC16: ("FLAC", "PCM_16"),
    Encoding.FLAC24: ("FLAC", "PCM_24"),
    Encoding.MP3: ("MP3", "MPEG_LAYER_III"),
}


class Writer:
    """A file being written. Use as a context manager; leaving it closes, syncs and checks the file.

    ``dither`` adds triangular noise of one step before rounding to 16 bits (nothing else is dithered).
    ``clipped`` counts samples beyond full scale. Raises DiskError where the disk is full or read-only.
    """

    def __init__(self, path: Path, rate: int, channels: int, encoding: Encoding, *, dither: bool = False) -> None:
        self._path = path
        self._encoding = encoding
        self._noise = np.random.default_rng(0) if dither and encoding.bits == 16 else None
        self._frames = 0
        self.clipped = 0
        self._file: Any = _created(path, rate, channels, encoding)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._file.close()
        except (RuntimeError, OSError) as failure:
            raise _refused(self._path, failure) from failure
        if error is None:
            self._settle()

    def write(self, samples: Samples) -> None:
        """Append ``(frames, channels) float32``. Raises DiskError."""
        for start in range(0, len(samples), _MP3_BLOCK if self._encoding is Encoding.MP3 else max(1, len(samples))):
            part = samples[start : start + _MP3_BLOCK] if self._encoding is Encoding.MP3 else samples
            try:
                self._file.write(self._encoded(part))
            except (RuntimeError, OSError, AssertionError) as error:  # soundfile asserts that all frames were taken
                raise _refused(self._path, error) from error
        self._frames += len(samples)

    def _encoded(self, samples: Samples) -> object:
        bits = self._encoding.bits
        if not bits:
            self.clipped += int(np.count_nonzero(np.abs(samples) > 1.0)) if _beyond(samples) else 0
            return np.ascontiguousarray(samples)
        return self._rounded(samples, bits)

    def _rounded(self, samples: Samples, bits: int) -> object:
        full = float(1 << (bits - 1))
        # float32 holds 24 bits: the product with a power of two is exact, so rounding decides alone.
        scaled = samples * np.float32(full)
        if self._noise is not None:
            scaled += self._noise.random(scaled.shape, np.float32)
            scaled -= self._noise.random(scaled.shape, np.float32)
        np.rint(scaled, out=scaled)
        if scaled.size and (float(scaled.max()) > full - 1 or float(scaled.min()) < -full):
            self.clipped += int(np.count_nonzero((scaled > full - 1) | (scaled < -full)))
            np.clip(scaled, -full, full - 1, out=scaled)
        if bits == 16:
            return scaled.astype(np.int16)
        words = scaled.astype(np.int32)
        np.left_shift(words, 8, out=words)  # libsndfile takes the upper three bytes
        return words

    def _settle(self) -> None:
        """Put the bytes on the disk and see that they are all there."""
        try:
            with self._path.open("rb+") as file:
                os.fsync(file.fileno())
                size = os.fstat(file.fileno()).st_size
        except OSError as error:
            raise _refused(self._path, error) from error
        if self._frames and not size:
            raise _refused(self._path, OSError("nothing was written"))


def write_pcm16(path: Path, samples: Samples, rate: int, *, dither: bool = False) -> None:
    """Write ``(frames, channels) float32`` as 16-bit WAV. Raises DiskError."""
    _write(path, samples, rate, Encoding.WAV16, dither=dither)


def write_pcm24(path: Path, samples: Samples, rate: int) -> None:
    """Write ``(frames, channels) float32`` as 24-bit WAV. Raises DiskError."""
    _write(path, samples, rate, Encoding.WAV24)


def write_float(path: Path, samples: Samples, rate: int) -> None:
    """Write ``(frames, channels) float32`` as 32-bit float WAV. Raises DiskError."""
    _write(path, samples, rate, Encoding.WAV32F)


def write_mp3(path: Path, samples: Samples, rate: int) -> None:
    """Write ``(frames, channels ≤ 2) float32`` as MP3. Raises DiskError."""
    _write(path, samples, rate, Encoding.MP3)


def write_flac(path: Path, samples: Samples, rate: int, *, bits: int = 24) -> None:
    """Write ``(frames, channels) float32`` as FLAC of 16 or 24 bits. Raises DiskError."""
    _write(path, samples, rate, Encoding.FLAC16 if bits == 16 else Encoding.FLAC24)


def _write(path: Path, samples: Samples, rate: int, encoding: Encoding, *, dither: bool = False) -> None:
    with Writer(path, rate, samples.shape[1], encoding, dither=dither) as writer:
        for start in range(0, len(samples), 65536):
            writer.write(samples[start : start + 65536])


def _created(path: Path, rate: int, channels: int, encoding: Encoding) -> object:
    import soundfile  # loaded when the first file is written

    container, subtype = _FORMATS[encoding]
    # Level 0 of a constant rate is 320 kbit/s: as close to the mix as an MP3 can be.
    options: dict[str, Any] = {"bitrate_mode": "CONSTANT", "compression_level": 0.0} if container == "MP3" else {}
    try:
        return soundfile.SoundFile(str(path), "w", rate, channels, subtype, format=container, **options)
    except (RuntimeError, OSError, TypeError, ValueError) as error:
        raise _refused(path, error) from error


def _beyond(samples: Samples) -> bool:
    return bool(samples.size) and (float(samples.max()) > 1.0 or float(samples.min()) < -1.0)


def _refused(path: Path, error: Exception) -> DiskError:
    return DiskError(
        "The file could not be written.",
        "See that the disk has room and that the folder may be written to.",
        detail=f"{path.name}: {error}",
    )
