"""What every service is given: time, a way to run work elsewhere, the seams to the service and to keys, and records."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from musicapi_desktop.domain.events import EventSink, JobChanged, SongChanged, SongGone
from musicapi_desktop.domain.job import Job
from musicapi_desktop.domain.profile import Profile
from musicapi_desktop.domain.request import Operation, System
from musicapi_desktop.domain.song import Song
from musicapi_desktop.store.jobs import Change as JobChange
from musicapi_desktop.store.jobs import JobStore
from musicapi_desktop.store.songs import Change as SongChange
from musicapi_desktop.store.songs import LibraryStore
from musicapi_desktop.wire.schema import Balance, BatchResult, BatchSubmitted, Posted, TaskResult

Clock = Callable[[], float]
"""The wall clock in Unix seconds: for records, never for pacing (it jumps)."""

Spawn = Callable[[Callable[[], None]], None]
"""Runs work somewhere else, now or later (bridge.client_thread.DownloadPool.spawn)."""


def new_id() -> str:
    """Return an id nobody else has: 32 hexadecimal digits."""
    return uuid.uuid4().hex


class Service(Protocol):
    """The typed client of one profile (client.client.Client). Raises domain.errors only."""

    def perform(self, operation: Operation, body: Mapping[str, object]) -> Posted:
        """POST any operation."""
        ...

    def task(self, task_id: str, system: System = System.SONIC) -> TaskResult:
        """Poll a task."""
        ...

    def task_at(self, path: str) -> TaskResult:
        """Poll the task of a path."""
        ...

    def batch_status(self, batch_id: str) -> BatchResult:
        """Poll a batch."""
        ...

    def credits(self) -> Balance:
        """Read the balance."""
        ...

    def batch(self, items: Sequence[Mapping[str, object]]) -> BatchSubmitted:
        """POST up to ten create bodies."""
        ...

    def cancel(self) -> None:
        """End the requests other threads are waiting for."""
        ...

    def close(self) -> None:
        """End everything; later calls raise Offline."""
        ...


Connect = Callable[[Profile], Service]
"""Returns a profile's client. May block (the local engine starts); raises EngineError, KeyRefused, KeyringError."""


class KeyStore(Protocol):
    """Where keys are kept (secrets.keys.Keys). Every method may block."""

    def get(self, profile_id: str) -> str | None:
        """The key of a profile."""
        ...

    def set(self, profile_id: str, key: str, *, session_only: bool = False) -> None:
        """Keep a key."""
        ...

    def delete(self, profile_id: str) -> None:
        """Forget a key."""
        ...

    def where(self, profile_id: str) -> str:
        """Say in words where a key is."""
        ...


class SongFiles(Protocol):
    """Writes what lies beside the audio (services.song_folder.SongFolders)."""

    def keep(self, song: Song) -> None:
        """Write ``song.json`` and the cover; a disk that refuses is logged, never raised."""
        ...


@dataclass(frozen=True, slots=True)
class Records:
    """Jobs and songs: whatever is changed here is committed first and published then."""

    jobs: JobStore
    library: LibraryStore
    sink: EventSink
    clock: Clock
    files: SongFiles

    def job(self, job_id: str, change: JobChange, *, durable: bool = False, answer: object = None) -> Job | None:
        """Change a job, ``answer`` with it, as one step; return what was written, None where ``change`` declined."""
        changed = self.jobs.change(job_id, change, durable=durable, answer=answer)
        if changed is not None:
            self.sink.publish(JobChanged(changed))
        return changed

    def song(self, song_id: str, change: SongChange) -> Song | None:
        """Change a song as one step; return it as written, None where ``change`` declined."""
        changed = self.library.change(song_id, change)
        if changed is not None:
            self.files.keep(changed)
            self.sink.publish(SongChanged(changed))
        return changed

    def add_song(self, song: Song) -> None:
        """Keep a new song."""
        self.library.save(song)
        self.sink.publish(SongChanged(song))

    def song_gone(self, song_id: str) -> None:
        """Forget a song."""
        if self.library.delete(song_id):
            self.sink.publish(SongGone(song_id))
