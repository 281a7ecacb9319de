"""Bringing the person's own audio files into the library: copied, proved to play, and kept like any other song."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from musicapi_desktop.domain.errors import DownloadError
from musicapi_desktop.domain.song import Song, Take, TakeState

from .context import Records, new_id
from .downloads import Probe
from .placeholders import letter_of
from .song_folder import SongFolders, disk_error, folder_name
from .tags import kind_of, read_tags

ENDINGS = frozenset({".mp3", ".wav", ".flac", ".ogg", ".m4a", ".aif", ".aiff", ".opus"})
_HEAD = 12


@dataclass(frozen=True, slots=True)
class Brought:
    """What came in, and what did not: the file's name and a sentence."""

    songs: tuple[Song, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()


def audio_files(folder: Path) -> list[Path]:
    """Every audio file below a folder, by the ending of its name. Raises DiskError."""
    try:
        return sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file())
    except OSError as error:
        raise disk_error(error) from error


class Importing:
    """Copies files in. Belongs on a worker: every file is decoded once."""

    def __init__(self, records: Records, folders: SongFolders, probe: Probe) -> None:
        self._records = records
        self._folders = folders
        self._probe = probe

    def bring_in(self, files: Iterable[Path]) -> Brought:
        """Bring files in, each as a song of one take. One that cannot be read or copied is told and left out.

        Raises StoreError where the library cannot be written, DiskError where the disk is full.
        """
        songs: list[Song] = []
        refused: list[tuple[str, str]] = []
        for file in files:
            try:
                songs.append(self._bring(file))
            except DownloadError as error:
                refused.append((file.name, error.message))
            except FileNotFoundError:
                refused.append((file.name, "The file is not there."))
        return Brought(tuple(songs), tuple(refused))

    def _bring(self, file: Path) -> Song:
        facts = self._probe(file)
        tags = read_tags(file)
        title = (tags.title if tags is not None else "") or file.stem
        song_id, now = new_id(), self._records.clock()
        folder = folder_name(title, song_id)
        with file.open("rb") as head:
            kind = kind_of(head.read(_HEAD)) or file.suffix.lstrip(".").lower()
        path = f"{folder}/{letter_of(0)}.{kind}"
        self._copy(file, self._folders.path(path))
        take = Take(
            new_id(),
            song_id,
            letter_of(0),
            state=TakeState.READY,
            path=path,
            lyrics=tags.lyrics if tags is not None else "",
            created_at=now,
            seconds=facts.seconds,
            facts=facts,
        )
        song = Song(song_id, title, lyrics=take.lyrics, folder=folder, created_at=now, takes=(take,))
        self._records.add_song(song)
        self._folders.keep(song)
        return song

    def _copy(self, file: Path, target: Path) -> None:
        part = target.with_name(f".{target.name}.part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, part)
            part.replace(target)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise disk_error(error) from error
