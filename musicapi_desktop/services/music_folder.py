"""Keeping songs in another folder: those that are there are carried over first, and only then the old ones go."""

from __future__ import annotations

import filecmp
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from musicapi_desktop.domain.errors import DiskError

from .song_folder import SONG_JSON, SongFolders, disk_error

log = logging.getLogger(__name__)

_ROOM = 1.05
"""How much more than the songs' size must be free on another disk."""


class MusicFolder:
    """The folder songs are kept in. ``idle`` tells whether nothing is on its way into it; ``keep`` notes the choice."""

    def __init__(self, folders: SongFolders, idle: Callable[[], bool], keep: Callable[[str], None]) -> None:
        self._folders = folders
        self._idle = idle
        self._keep = keep

    @property
    def path(self) -> Path:
        """Where songs are kept now."""
        return self._folders.music

    def change(self, chosen: Path) -> Path:
        """Keep songs in ``chosen`` from now on and carry those that are there over; return the folder. Blocks.

        Raises DiskError with a sentence where that cannot be; every song is then where it was.
        """
        source, target = self._folders.music, chosen.expanduser().absolute()
        if target == source:
            return source
        if source in target.parents:
            raise DiskError("That folder lies inside the present one.", "Choose one beside it.")
        self._must_be_idle()
        songs = _songs(source)
        copied: list[Path] = []
        try:
            self._carry(songs, target, copied)
        except (OSError, DiskError) as error:
            for made in copied:
                shutil.rmtree(made, ignore_errors=True)
            raise (error if isinstance(error, DiskError) else disk_error(error)) from error
        self._folders.music = target
        for song in songs:
            shutil.rmtree(song, ignore_errors=True)
        log.info("songs are kept in another folder now: %d were carried over", len(songs))
        return target

    def _carry(self, songs: list[Path], target: Path, copied: list[Path]) -> None:
        _must_be_writable(target)
        _must_fit(songs, target)
        taken = next((song.name for song in songs if (target / song.name).exists()), None)
        if taken is not None:
            raise DiskError(f"There is a folder “{taken}” already.", "Choose an empty folder.")
        for song in songs:
            copied.append(target / song.name)
            shutil.copytree(song, copied[-1])
        self._must_be_idle()
        for song in songs:
            _catch_up(song, target / song.name)
            _settle(target / song.name)
        self._keep(str(target))

    def _must_be_idle(self) -> None:
        if not self._idle():
            raise DiskError("Songs are being made or fetched.", "Choose the folder again when the queue is empty.")


def _songs(folder: Path) -> list[Path]:
    return sorted(each for each in folder.iterdir() if (each / SONG_JSON).is_file()) if folder.is_dir() else []


def _must_be_writable(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    trial = folder / f".musicapi-{os.getpid()}"
    trial.touch()
    trial.unlink()


def _must_fit(songs: list[Path], target: Path) -> None:
    size = sum(file.stat().st_size for song in songs for file in song.rglob("*") if file.is_file())
    if size * _ROOM > shutil.disk_usage(target).free:
        raise DiskError("The songs do not fit there.", "Make some room, or choose another folder.")


def _settle(made: Path) -> None:
    """Wait until a copy lies on the disk itself: the original goes next, and the power may too. Raises OSError."""
    for file in made.rglob("*"):
        if file.is_file():
            # Windows wants a handle that may write
            handle = os.open(file, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _catch_up(song: Path, made: Path) -> None:
    """Copy what was changed while the rest was being copied, and what is not the same."""
    for file in song.rglob("*"):
        twin = made / file.relative_to(song)
        if file.is_file() and not (twin.is_file() and filecmp.cmp(file, twin)):
            twin.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, twin)
