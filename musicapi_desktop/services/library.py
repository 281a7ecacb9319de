"""The person's songs: finding, naming, rating, throwing away and bringing back. Works with no network. Any thread."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from musicapi_desktop.domain.errors import DownloadError
from musicapi_desktop.domain.events import SongChanged
from musicapi_desktop.domain.song import Song, Take, TakeState
from musicapi_desktop.store.search import Search, Sort, parse
from musicapi_desktop.store.song_codec import song_of

from .context import Records, new_id
from .downloads import Downloads
from .placeholders import UNTITLED
from .song_folder import SONG_JSON, SongFolders, disk_error

log = logging.getLogger(__name__)

_LONGEST_TITLE = 200
_BIGGEST_SONG_JSON = 32 * 1024 * 1024


class Library:
    """The library as the window sees it. Methods that write publish what changed.

    Every method may raise StoreError or DiskError.
    """

    def __init__(self, records: Records, folders: SongFolders, downloads: Downloads) -> None:
        self._records = records
        self._folders = folders
        self._downloads = downloads

    def songs(self, query: str = "", sort: Sort = Sort.CREATED, *, descending: bool = True) -> list[str]:
        """The ids of all songs that match what was typed, in order. The trash is shown for ``is:trashed``."""
        return self._records.library.ids(self.search(query), sort, descending=descending)

    def page(self, ids: Sequence[str]) -> list[Song]:
        """The songs with these ids, in this order; ids of songs that are gone are left out."""
        return self._records.library.many(ids)

    def search(self, text: str) -> Search:
        """What a text means: the clause, and its parts for the chips. Never raises."""
        return parse(text, self._records.clock())

    def count(self, query: str = "") -> int:
        """How many songs match."""
        return self._records.library.count(self.search(query))

    def song(self, song_id: str) -> Song | None:
        """One song, or None."""
        return self._records.library.get(song_id)

    def siblings(self, song_id: str) -> list[Song]:
        """The songs of one press of the button, the song itself among them; alone where nobody knows of others."""
        song = self.song(song_id)
        if song is None:
            return []
        return self._records.library.of_batch(song.batch) if song.batch else [song]

    def trashed(self) -> list[str]:
        """The ids of the songs in the trash, latest first."""
        return self._records.library.trashed()

    @property
    def folders(self) -> SongFolders:
        """The folders of the songs, below the music folder."""
        return self._folders

    def path(self, relative: str) -> Path:
        """The path of a file that a song names."""
        return self._folders.path(relative)

    def folder(self, song: Song) -> Path:
        """The song's folder (the music folder while it has none)."""
        return self._folders.path(song.folder)

    def trash(self, ids: Iterable[str]) -> list[str]:
        """Move songs to the trash; files stay. Return the ids that were moved, for Undo."""
        now = self._records.clock()
        return self._each(ids, lambda song: replace(song, trashed_at=now) if song.trashed_at is None else None)

    def restore(self, ids: Iterable[str]) -> list[str]:
        """Bring songs back from the trash."""
        return self._each(ids, lambda song: replace(song, trashed_at=None) if song.trashed_at is not None else None)

    def delete_for_good(self, ids: Iterable[str]) -> None:
        """Delete songs of the trash with their folders. Raises DiskError where a file resists; that song stays.

        A song that is still being made is kept: it is paid for.
        """
        for song_id in list(ids):
            song = self.song(song_id)
            if song is None or song.trashed_at is None or song.job_id:
                continue
            self._delete_folder(song)
            self._records.song_gone(song.id)

    def rename(self, song_id: str, title: str) -> Song | None:
        """Give a song another title; its folder keeps its name. An empty title changes nothing."""
        clean = " ".join(title.split())[:_LONGEST_TITLE]
        if not clean:
            return None
        return self._records.song(song_id, lambda song: replace(song, title=clean))

    def favourite(self, song_id: str, on: bool) -> Song | None:
        """Mark a song, or take the mark off."""
        return self._records.song(song_id, lambda song: replace(song, favourite=on))

    def rate(self, song_id: str, rating: int) -> Song | None:
        """Give a song 0 to 5 stars."""
        return self._records.song(song_id, lambda song: replace(song, rating=min(5, max(0, rating))))

    def note(self, song_id: str, text: str) -> Song | None:
        """Keep a note about a song."""
        return self._records.song(song_id, lambda song: replace(song, notes=text))

    def check_files(self) -> list[str]:
        """Look whether the files are where they should be; publish songs whose takes are missing or back.

        Return the ids of those that changed. Reads the whole library: call it in the background.
        """
        changed: list[str] = []
        for song_id in self._records.library.every_id():
            if self._records.song(song_id, self._with_files_checked) is not None:
                changed.append(song_id)
        return changed

    def fetch_again(self, song_id: str, take_id: str) -> Song | None:
        """Fetch a missing take's file again from where it came. Blocks.

        Raises DownloadError where the service no longer keeps it, Offline, DiskError.
        """
        song = self.song(song_id)
        take = song.take(take_id) if song is not None else None
        if song is None or take is None or not take.audio_url:
            raise DownloadError("Nobody knows where this file came from.", "Locate it on this computer, or forget it.")
        relative = take.path or f"{song.folder}/{take.letter}.mp3"
        fetched = self._downloads.fetch_file(take.audio_url, self.path(relative), tags=None)
        path = f"{song.folder}/{fetched.path.name}"

        def landed(current: Song) -> Song:
            return _with_take(current, replace(take, state=TakeState.READY, path=path, facts=fetched.facts), take_id)

        return self._records.song(song_id, landed)

    def forget_take(self, song_id: str, take_id: str) -> None:
        """Drop a take whose file is missing; a song without takes is forgotten."""
        changed = self._records.song(
            song_id, lambda song: replace(song, takes=tuple(take for take in song.takes if take.id != take_id))
        )
        if changed is not None and not changed.takes:
            self._records.song_gone(song_id)

    def rebuild_from_folder(self, progress: Callable[[int], None] | None = None) -> int:
        """Read every ``song.json`` of the music folder into the library; return how many songs were read.

        What the library knows already is replaced by what the folder says. A folder whose file is damaged is logged and
        left alone.
        """
        found = 0
        seen: set[str] = set()
        for folder in self._song_folders():
            song = _read_song(folder)
            if song is None:
                continue
            song = _of_its_own(song, seen)
            known = self._records.library.get(song.id)
            checked = self._with_files_checked(song) or song
            self._records.library.save(replace(checked, job_id=known.job_id if known is not None else ""))
            self._records.sink.publish(SongChanged(checked))
            found += 1
            if progress is not None:
                progress(found)
        return found

    def _song_folders(self) -> list[Path]:
        try:
            return sorted(entry for entry in self._folders.music.iterdir() if (entry / SONG_JSON).is_file())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise disk_error(error) from error

    def _each(self, ids: Iterable[str], change: Callable[[Song], Song | None]) -> list[str]:
        return [song_id for song_id in list(ids) if self._records.song(song_id, change) is not None]

    def _with_files_checked(self, song: Song) -> Song | None:
        takes = tuple(self._take_checked(take) for take in song.takes)
        return None if takes == song.takes else replace(song, takes=takes)

    def _take_checked(self, take: Take) -> Take:
        if take.state not in (TakeState.READY, TakeState.MISSING) or not take.path:
            return take
        there = self.path(take.path).is_file()
        return replace(take, state=TakeState.READY if there else TakeState.MISSING)

    def _delete_folder(self, song: Song) -> None:
        # a folder outside the music folder, or the music folder itself, is never deleted
        if song.folder == ".." or Path(song.folder).name != song.folder or not song.folder:
            return
        folder = self.path(song.folder)
        if not folder.is_dir():
            return
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise disk_error(error) from error


def _with_take(song: Song, take: Take, take_id: str) -> Song:
    return replace(song, takes=tuple(take if known.id == take_id else known for known in song.takes))


def _of_its_own(song: Song, seen: set[str]) -> Song:
    """Return a song with new ids where one of its ids was ``seen``: a folder that the person copied is another song."""
    ids = {song.id, *(take.id for take in song.takes), *(stem.id for take in song.takes for stem in take.stems)}
    if ids & seen:
        song_id = new_id()
        takes: list[Take] = []
        for take in song.takes:
            take_id = new_id()
            stems = tuple(replace(stem, id=new_id(), take_id=take_id) for stem in take.stems)
            takes.append(replace(take, id=take_id, song_id=song_id, stems=stems))
        song = replace(song, id=song_id, takes=tuple(takes))
    seen |= ids
    return song


def _read_song(folder: Path) -> Song | None:
    file = folder / SONG_JSON
    try:
        if file.stat().st_size > _BIGGEST_SONG_JSON:
            raise ValueError("too large")
        song = song_of(json.loads(file.read_bytes()), folder.name)
    except (OSError, ValueError, RecursionError) as error:
        log.warning("%s was not read: %s", file, error)
        return None
    if song is None:
        log.warning("%s is not a song", file)
        return None
    takes = tuple(take for take in song.takes if take.path)
    return replace(song, takes=takes, title=song.title or UNTITLED)
