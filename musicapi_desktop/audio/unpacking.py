"""AAC files unpacked into WAV with float samples, once, beside the decoded audio; the oldest go first."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

import numpy as np

from musicapi_desktop.domain.errors import AudioUnreadable, DiskError
from musicapi_desktop.dsp.aac import AacError, AacFile, libraries
from musicapi_desktop.dsp.files import BLOCK, MOST_SECONDS, RATES
from musicapi_desktop.dsp.packed import no_decoder
from musicapi_desktop.dsp.writer import Encoding, Writer

_VERSION = 1
_LIMIT = 2 << 30
"""Bytes that unpacked files may take."""


class Unpacker:
    """Unpacks into ``folder``. Only for a process that works on files (dsp.aac says why)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def unpack(self, path: Path) -> Path:
        """Return a WAV with the samples of an AAC file, first to last. Raises AudioUnreadable, DiskError."""
        target = self._target(path)
        if target.exists():
            with contextlib.suppress(OSError):
                os.utime(target)
            return target
        if libraries() is None:
            raise no_decoder()
        part = target.with_suffix(f".{os.urandom(6).hex()}.part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _decode(path, part)
            part.replace(target)
            self._keep_within_limit(target)
        except AacError as error:
            raise AudioUnreadable(
                "This file does not hold audio that can be played.", "Fetch it again.", detail=str(error)
            ) from error
        except OSError as error:
            hint = "Make room on the disk."
            raise DiskError("There is no room to unpack a file.", hint, detail=str(error)) from error
        finally:
            part.unlink(missing_ok=True)
        return target

    def _target(self, path: Path) -> Path:
        try:
            stat = path.stat()
        except OSError as error:
            raise DiskError("The file is not there any more.", "Fetch it again.", detail=str(path)) from error
        text = f"{_VERSION}\0{path.absolute()}\0{stat.st_size}\0{stat.st_mtime_ns}"
        return self._folder / (hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32] + ".wav")

    def _keep_within_limit(self, newest: Path) -> None:
        files = sorted((path.stat().st_mtime, path.stat().st_size, path) for path in self._folder.glob("*.wav"))
        total = sum(size for _, size, _ in files)
        for _, size, path in files:
            if total > _LIMIT and path != newest:
                with contextlib.suppress(OSError):
                    # one that is being read goes next time
                    path.unlink()
                total -= size


def _decode(path: Path, target: Path) -> None:
    file = AacFile(path)
    try:
        if file.samplerate not in RATES:
            raise AacError(f"{file.samplerate} Hz")
        block = np.empty((BLOCK, file.channels), np.float32)
        left = MOST_SECONDS * file.samplerate
        with Writer(target, file.samplerate, file.channels, Encoding.WAV32F) as writer:
            while left > 0 and len(read := file.read(block)):
                writer.write(read)
                left -= len(read)
    finally:
        file.close()
