"""Audio files block by block: the one place where soundfile reads. Writing is in writer.py.

What a header claims is never trusted: frames are counted as they are read, channels and rates have limits, and
samples are made finite. Formats: WAV, FLAC, MP3, Ogg Vorbis, Opus, AIFF (libsndfile 1.2); AAC (M4A) by a file that
another process unpacks it into.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from musicapi_desktop.domain.errors import AudioUnreadable, DiskError

from .mp3 import untold_delay
from .packed import unpacked
from .types import Samples

log = logging.getLogger(__name__)

BLOCK = 65536
MOST_CHANNELS = 8
RATES = range(8_000, 192_001)
MOST_SECONDS = 4 * 3600
"""No song is longer; what claims to be is a damaged or hostile file."""

_UNREADABLE = "This file does not hold audio that can be played."
_AGAIN = "Fetch it again, or choose another file."
_SIDE = 0.7071067811865476


class Reader:
    """An open audio file, read once from front to back. Use as a context manager.

    ``rate`` in Hz, ``channels`` of the file, ``format`` in small letters ('mp3', 'wav', 'flac', 'ogg'),
    ``exact16`` where every sample is a 16-bit integer, ``claimed`` the frames the header speaks of (not to be
    trusted), ``damaged`` after reading where the file broke off. Raises AudioUnreadable, DiskError.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        plain = unpacked(path)
        self._skip = _delay(path) if plain is None else 0
        self._file: Any = _opened(plain or path)
        self.rate = int(self._file.samplerate)
        self.channels = int(self._file.channels)
        self.format = "m4a" if plain else str(self._file.format).lower()
        self.exact16 = self._file.subtype in ("PCM_16", "PCM_S8", "PCM_U8")
        self.may_exceed = self._file.subtype in ("FLOAT", "DOUBLE", "VORBIS", "OPUS", "MPEG_LAYER_III")
        self.claimed = max(0, int(self._file.frames) - self._skip)
        self.damaged = False
        self._left = MOST_SECONDS * self.rate
        if self.channels > MOST_CHANNELS or self.rate not in RATES:
            self._file.close()
            detail = f"{self.channels} channels at {self.rate} Hz"
            raise AudioUnreadable("This file has an unusual number of channels or sample rate.", _AGAIN, detail=detail)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. Safe to call twice."""
        self._file.close()

    def blocks(self, frames: int = BLOCK) -> Iterator[Samples]:
        """Yield ``(n, channels) float32``, n ≤ ``frames``, finite, until the end or the damage.

        Called again, it goes on where the last one was left.
        """
        while self._left > 0:
            block = self._read(frames)
            if not len(block):
                return
            self._left -= len(block)
            if self._skip:
                block, self._skip = block[self._skip :], max(0, self._skip - len(block))
            if len(block):
                yield block

    def _read(self, frames: int) -> Samples:
        block = np.empty((frames, self.channels), np.float32)
        try:
            count = len(self._file.read(out=block))
        except (RuntimeError, OSError, MemoryError) as error:  # LibsndfileError is a RuntimeError
            log.info("%s breaks off: %s", self._path.name, error)
            self.damaged = True
            return block[:0]
        return _finite(block[:count])


def read_blocks(path: Path, frames: int = BLOCK) -> Iterator[Samples]:
    """Yield the file as ``(n, channels) float32``. Raises AudioUnreadable, DiskError."""
    with Reader(path) as reader:
        yield from reader.blocks(frames)


def read_all(path: Path) -> tuple[Samples, int]:
    """Return a whole short file as ``(frames, channels) float32`` and its rate. Raises AudioUnreadable, DiskError."""
    with Reader(path) as reader:
        parts = list(reader.blocks())
        return (np.concatenate(parts) if parts else np.zeros((0, reader.channels), np.float32)), reader.rate


def to_stereo(block: Samples) -> Samples:
    """Return ``(frames, 2)``: mono on both sides; surround folded down (centre and sides −3 dB, ITU-R BS.775)."""
    channels = block.shape[1]
    if channels == 2:
        return block
    if channels == 1:
        return np.repeat(block, 2, axis=1)
    left, right = block[:, 0].copy(), block[:, 1].copy()
    centre = block[:, 2] * np.float32(_SIDE) if channels != 4 else None
    if centre is not None:
        left += centre
        right += centre
    first_side = {4: 2, 5: 3}.get(channels, 4)  # from six channels on the fourth is the low-frequency effect
    for i in range(first_side, channels):
        side = left if (i - first_side) % 2 == 0 else right
        side += block[:, i] * np.float32(_SIDE)
    return np.stack((left, right), axis=1)


def _opened(path: Path) -> object:
    import soundfile  # loaded when the first file is opened

    class Forward(soundfile.SoundFile):
        """Reads without the seek that soundfile puts after each read.

        The seek costs up to eight times the decoding, and fails at the end of FLAC files of unknown length.
        """

        def seekable(self) -> bool:
            return False

    try:
        return Forward(str(path))
    except (RuntimeError, OSError, MemoryError, TypeError, ValueError) as error:
        raise _translated(path, error) from error


def _translated(path: Path, error: Exception) -> AudioUnreadable | DiskError:
    if not path.is_file():
        return DiskError("The file is not there any more.", "Fetch it again.", detail=str(path))
    with contextlib.suppress(OSError), path.open("rb") as file:
        head = file.read(12)
        if not head:
            return AudioUnreadable("This file is empty.", _AGAIN)
    return AudioUnreadable(_UNREADABLE, _AGAIN, detail=str(error))


def _delay(path: Path) -> int:
    try:
        return untold_delay(path) if _may_be_mp3(path) else 0
    except OSError as error:
        raise _translated(path, error) from error


def _may_be_mp3(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(4)
    return head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0)


def _finite(block: Samples) -> Samples:
    # One sum tells whether anything is not finite; a whole comparison is only paid where something is.
    if not np.isfinite(np.dot(block.reshape(-1), block.reshape(-1))):
        np.nan_to_num(block, copy=False, nan=0.0, posinf=1.0, neginf=-1.0)
        np.clip(block, -1e4, 1e4, out=block)
    return block
