"""Decoded audio on disk: one file of 16-bit samples per source, mapped for reading, the oldest dropped first.

A file is written with plain writes and read through a map of its final size, so that a full disk is an error of the
write and never a fault of the map. Only files of this folder are mapped here: nobody else writes to them.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import mmap
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from musicapi_desktop.dsp.types import Words

log = logging.getLogger(__name__)

_HEAD = 4096
_VERSION = 1
_SUFFIX = ".pcm"
DEFAULT_LIMIT = 4 << 30


@dataclass(frozen=True, slots=True)
class Decoded:
    """What the head of a finished file says. ``scale``: sample = word · scale / 32768."""

    frames: int
    channels: int
    scale: float


class CacheFile:
    """A file being filled with ``(frames, channels) int16``. ``words`` shows what was written, zeros elsewhere."""

    def __init__(self, path: Path, capacity: int, channels: int) -> None:
        self._path = path
        self._channels = channels
        self._part = path.with_suffix(f".{os.urandom(6).hex()}.part")  # the same file may be decoded twice
        size = _HEAD + capacity * channels * 2
        self._file: BinaryIO = cast(BinaryIO, self._part.open("w+b", buffering=0))
        try:
            self._file.truncate(size)
            self.words = _mapped(self._file, capacity, channels)
            self._file.seek(_HEAD)
        except OSError:
            self.drop()
            raise

    def write(self, words: Words) -> None:
        """Append. Raises OSError where the disk is full."""
        left = np.ascontiguousarray(words).data.cast("B")
        while left:
            left = left[self._file.write(left) :]

    def finish(self, decoded: Decoded) -> None:
        """Write the head and give the file its name. Raises OSError."""
        head = json.dumps(
            {"v": _VERSION, "frames": decoded.frames, "channels": decoded.channels, "scale": decoded.scale}
        ).encode()
        self._file.seek(0)
        self._file.write(head.ljust(_HEAD, b"\0"))
        self._file.close()
        self._part.replace(self._path)

    def drop(self) -> None:
        """Give up: remove the unfinished file. What is mapped stays readable where the system allows it."""
        self._file.close()
        with contextlib.suppress(OSError):
            self._part.unlink(missing_ok=True)


class DecodedCache:
    """The folder of decoded files, at most ``limit`` bytes."""

    def __init__(self, folder: Path, limit: int = DEFAULT_LIMIT) -> None:
        self._folder = folder
        self._limit = limit

    def key(self, path: Path, scale: float, rate: int) -> str:
        """Name of ``path`` as it is now, decoded to ``rate`` with ``scale``. Raises OSError."""
        stat = path.stat()
        text = f"{_VERSION}\0{path.absolute()}\0{stat.st_size}\0{stat.st_mtime_ns}\0{scale!r}\0{rate}"
        return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]

    def find(self, key: str) -> tuple[Decoded, Words, Path] | None:
        """Return what a finished file is, its samples and its path, and mark it used; None where none is whole."""
        path = self._folder / (key + _SUFFIX)
        try:
            with path.open("rb") as file:
                decoded = _head(file.read(_HEAD))
                size = os.fstat(file.fileno()).st_size
                if decoded is None or size < _HEAD + decoded.frames * decoded.channels * 2:
                    return None
                words = _mapped(file, decoded.frames, decoded.channels)
            os.utime(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            log.info("decoded file %s cannot be used: %s", key, error)
            return None
        return decoded, words, path

    def create(self, key: str, capacity: int, channels: int) -> CacheFile:
        """Begin a file for at most ``capacity`` frames. Raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return CacheFile(self._folder / (key + _SUFFIX), capacity, channels)

    def keep_within_limit(self) -> None:
        """Remove the files that were used longest ago, and parts that another run left, until the limit holds."""
        entries: list[tuple[float, int, Path]] = []
        with contextlib.suppress(OSError):
            for path in self._folder.iterdir():
                with contextlib.suppress(OSError):
                    stat = path.stat()
                    entries.append((stat.st_mtime, stat.st_size, path))
        total = sum(size for _, size, path in entries if path.suffix == _SUFFIX)
        newest = max((used for used, _, _ in entries), default=0.0)
        for used, size, path in sorted(entries):
            stale = path.suffix == ".part" and used < newest - 3600
            if stale or (path.suffix == _SUFFIX and total > self._limit):
                total -= size
                _remove(path)


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except OSError as error:  # Windows keeps files that are mapped
        log.debug("%s stays: %s", path.name, error)


def _mapped(file: BinaryIO, frames: int, channels: int) -> Words:
    if not frames:
        return np.zeros((0, channels), np.int16)
    view = mmap.mmap(file.fileno(), _HEAD + frames * channels * 2, access=mmap.ACCESS_READ)
    return np.frombuffer(view, np.int16, frames * channels, _HEAD).reshape(frames, channels)


def _head(data: bytes) -> Decoded | None:
    try:
        head = cast("dict[str, float]", json.loads(data.rstrip(b"\0")))
        if head["v"] != _VERSION:
            return None
        decoded = Decoded(int(head["frames"]), int(head["channels"]), float(head["scale"]))
    except (ValueError, KeyError, TypeError):
        return None
    return decoded if decoded.frames >= 0 and decoded.channels in (1, 2) and decoded.scale > 0 else None
