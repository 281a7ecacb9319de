"""The files of a job: fetched elsewhere, reported back through one queue, and put into the library by the pump."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from musicapi_desktop.domain.errors import BugError, KnownError
from musicapi_desktop.domain.place import local_file
from musicapi_desktop.domain.song import FileKind, Song, Stem, TakeState
from musicapi_desktop.store.songs import Change as SongChange

from .context import Records, Spawn
from .downloads import Cancelled, Downloads, FetchCancelled, Fetched, Progress
from .song_folder import SongFolders
from .tags import Tags


@dataclass(frozen=True, slots=True)
class Plan:
    """One file to fetch. ``name`` tells it from the task's other files; ``target`` is relative to the music folder.

    ``stem`` is the row to add for a stem, ``key`` the file's place in ``Take.files``.
    """

    job_id: str
    index: int
    name: str
    kind: FileKind
    song_id: str
    take_id: str
    url: str
    target: str
    tags: Tags = field(default_factory=Tags)
    stem: Stem | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Landed:
    """A file is in its place."""

    plan: Plan
    fetched: Fetched


@dataclass(frozen=True, slots=True)
class Lost:
    """A file did not come."""

    plan: Plan
    error: Exception


@dataclass(frozen=True, slots=True)
class Checking:
    """All bytes of a file have come; it is being decoded."""

    plan: Plan


_PLAYED = frozenset({".mp3", ".wav"})

Report = Landed | Lost | Checking
_Key = tuple[str, int, str]


class Fetcher:
    """Starts fetches through ``spawn`` and collects their reports. ``wake`` is called from the other thread."""

    def __init__(self, downloads: Downloads, folders: SongFolders, spawn: Spawn, wake: Callable[[], None]) -> None:
        self._downloads = downloads
        self._folders = folders
        self._spawn = spawn
        self._wake = wake
        self._reports: queue.SimpleQueue[Report] = queue.SimpleQueue()
        self._active: dict[_Key, threading.Event] = {}
        self._stopping = threading.Event()

    def start(self, plan: Plan) -> bool:
        """Fetch a file, unless it is under way; True where it was started."""
        key = _key(plan)
        if key in self._active or self._stopping.is_set():
            return False
        cancel = threading.Event()
        self._active[key] = cancel
        self._spawn(lambda: self._fetch(plan, cancel))
        return True

    def report(self) -> Report | None:
        """The next report, None where there is none. The fetch of a final one is no longer under way."""
        try:
            report = self._reports.get_nowait()
        except queue.Empty:
            return None
        if not isinstance(report, Checking):
            self._active.pop(_key(report.plan), None)
        return report

    def active(self, job_id: str, index: int | None = None) -> list[str]:
        """The names of the files under way for a job, or one of its tasks."""
        return [name for job, task, name in self._active if job == job_id and index in (None, task)]

    def keep_only(self, job_ids: set[str]) -> None:
        """Cancel the fetches of all other jobs."""
        for (job_id, _index, _name), cancel in self._active.items():
            if job_id not in job_ids:
                cancel.set()

    def stop(self) -> None:
        """Cancel everything; the parts that came are kept. Any thread."""
        self._stopping.set()

    def _fetch(self, plan: Plan, cancel: threading.Event) -> None:
        def cancelled() -> bool:
            return cancel.is_set() or self._stopping.is_set()

        told = False

        def progress(come: int, total: int | None) -> None:
            nonlocal told
            if come == total and not told:
                told = True
                self._tell(Checking(plan))

        try:
            if cancelled():
                raise FetchCancelled
            target = self._folders.target(plan.target)
            fetched = self._fetched(plan, target, cancelled, progress)
        except (KnownError, FetchCancelled) as error:
            self._tell(Lost(plan, error))
        except Exception as error:  # noqa: BLE001  # the boundary of the download thread: reported by the pump
            self._tell(Lost(plan, error))
        else:
            self._tell(Landed(plan, fetched))

    def _fetched(self, plan: Plan, target: Path, cancelled: Cancelled, progress: Progress) -> Fetched:
        here = local_file(plan.url)
        if here is not None:
            return self._downloads.bring_file(here, target, tags=plan.tags)
        if plan.kind is FileKind.EXTRA and target.suffix.lower() not in _PLAYED:
            return self._downloads.fetch_other(plan.url, target, cancelled=cancelled, progress=progress)
        return self._downloads.fetch_file(plan.url, target, tags=plan.tags, cancelled=cancelled, progress=progress)

    def _tell(self, report: Report) -> None:
        self._reports.put(report)
        self._wake()


def keep(records: Records, landed: Landed) -> Song | None:
    """Put a file that landed into the library; None where its song is gone."""
    return records.song(landed.plan.song_id, _change_of(landed))


def _change_of(landed: Landed) -> SongChange:
    plan, facts = landed.plan, landed.fetched.facts
    path = plan.target.rsplit("/", 1)[0] + "/" + landed.fetched.path.name

    def change(song: Song) -> Song | None:
        take = song.take(plan.take_id)
        if take is None:
            return None
        match plan.kind:
            case FileKind.EXTRA:
                changed = replace(take, files={**take.files, plan.key: path})
            case FileKind.AUDIO if facts is not None:
                changed = replace(take, state=TakeState.READY, path=path, facts=facts, seconds=facts.seconds)
            case FileKind.WAV:
                changed = replace(take, wav_path=path)
            case FileKind.STEM if plan.stem is not None and facts is not None:
                stem = replace(plan.stem, path=path, facts=facts, silent=facts.loudness is None)
                others = tuple(s for s in take.stems if (s.split, s.position) != (stem.split, stem.position))
                stems = tuple(sorted((*others, stem), key=lambda s: (s.split, s.position)))
                changed = replace(take, stems=stems)
            case _:
                raise BugError(f"nothing is known of {plan.kind} files")
        return replace(song, takes=tuple(changed if t.id == take.id else t for t in song.takes))

    return change


def _key(plan: Plan) -> _Key:
    return plan.job_id, plan.index, plan.name
