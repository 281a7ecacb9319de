"""SQLite's failures as sentences: which of them the person can do something about, and what."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

from musicapi_desktop.domain.errors import DiskError, KnownError, StoreError

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_DISK = {
    sqlite3.SQLITE_FULL: ("The disk is full.", "Make some room, then try again. Nothing you have paid for is lost."),
    sqlite3.SQLITE_READONLY: (
        "The library cannot be changed: its file or folder is read-only.",
        "Allow this app to write there, then try again.",
    ),
    sqlite3.SQLITE_IOERR: ("The disk of the library could not be read or written.", "Check the disk, then try again."),
}


class LibraryInUse(StoreError):
    """Another program holds the library file."""


class LibraryTooNew(StoreError):
    """The library was written by a newer version of the app."""


class LibraryDamaged(StoreError):
    """The library file is not a library, or no longer a whole one."""


def told(error: sqlite3.Error) -> KnownError | None:
    """Return the sentence for a failure of the world; None where the mistake is ours (a wrong statement)."""
    code = int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF
    detail = str(error)
    if code in _BUSY:
        return LibraryInUse(
            "The library is in use by another program.",
            "Close the other program or window that uses it, then try again.",
            detail=detail,
        )
    if code in _DAMAGED:
        return LibraryDamaged(
            "The library file is damaged.",
            "Your songs are safe in the music folder: set the file aside and build the library again from them.",
            detail=detail,
        )
    if code == sqlite3.SQLITE_CANTOPEN:
        return StoreError(
            "The library file could not be opened.", "Check that its folder exists and can be written.", detail=detail
        )
    if code in _DISK:
        message, hint = _DISK[code]
        return DiskError(message, hint, detail=detail)
    return None


@contextmanager
def translated() -> Generator[None]:
    """Raise sqlite3's failures of the world as StoreError or DiskError; a mistake of ours passes as it is."""
    try:
        yield
    except sqlite3.Error as error:
        known = told(error)
        if known is None:
            raise
        raise known from error
