"""AAC files: told by their first bytes, and read by way of a file that another process unpacks them into.

No arithmetic is loaded here, so that a process can be put together with it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from musicapi_desktop.domain.errors import AudioUnreadable

Unpack = Callable[[Path], Path]
"""Decodes an AAC file into a WAV and returns that. Raises AudioUnreadable, DiskError."""


class _Unpacking:
    """How this process reads AAC."""

    by: Unpack | None = None


def unpack_by(unpack: Unpack) -> None:
    """Let AAC files be unpacked by this function from now on, in the whole process."""
    _Unpacking.by = unpack


def unpacked(path: Path) -> Path | None:
    """Return the file to read in place of an AAC file; None for any other. Raises AudioUnreadable, DiskError."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        if not is_aac(file.read(12)):
            return None
        if _Unpacking.by is None:
            raise no_decoder()
        return _Unpacking.by(path)
    return None  # opening it says why


def is_aac(head: bytes) -> bool:
    """Tell from its first eight bytes whether a file is MP4, or a bare AAC stream (ADTS)."""
    return head[4:8] == b"ftyp" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0)


def no_decoder() -> AudioUnreadable:
    """Return the error of an AAC file where its decoder is missing."""
    return AudioUnreadable(
        "This is an AAC (M4A) file, and its decoder cannot be loaded on this computer.",
        "Ask for the WAV instead, or install PySide6-Addons and, on Linux, libpulse.",
    )
