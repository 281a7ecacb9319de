"""A source file on its way up: read in pieces, told of, and stopped. Free of HTTP, so that services may make one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from musicapi_desktop.domain.errors import DiskError

CHUNK = 128 * 1024

Progress = Callable[[int, int], None]
"""Told the bytes that have gone and the size of the whole."""
Cancelled = Callable[[], bool]


class UploadCancelled(Exception):
    """The file is no longer wanted there."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of ``size`` bytes to be sent as a body."""

    file: Path
    size: int
    progress: Progress
    cancelled: Cancelled

    def chunks(self) -> Iterator[bytes]:
        """Yield the file's bytes. Raises UploadCancelled, DiskError where the file is gone or became another."""
        gone = 0
        try:
            with self.file.open("rb") as file:
                while gone < self.size and (chunk := file.read(min(CHUNK, self.size - gone))):
                    if self.cancelled():
                        raise UploadCancelled
                    yield chunk
                    gone += len(chunk)
                    self.progress(gone, self.size)
        except OSError as error:
            raise cannot_read(self.file, error) from error
        if gone != self.size:
            raise DiskError(f"“{self.file.name}” changed while it was read.", "Try again when it is finished.")


def cannot_read(file: Path, error: OSError) -> DiskError:
    """Return what it means that a source file does not open."""
    return DiskError(f"“{file.name}” cannot be read.", "Choose the file again.", detail=error.strerror or "")
