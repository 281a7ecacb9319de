"""Source files of requests on their way to the service: up before the request is sent, gone when it has ended.

Uploads run one after the other in the download pool, so that neither a poll nor the window waits for them.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from musicapi_desktop.client.places_upload import Cancelled, Progress, UploadCancelled
from musicapi_desktop.domain.job import IN_FLIGHT, Job, JobState
from musicapi_desktop.domain.place import local_file
from musicapi_desktop.domain.profile import Profile

from .context import Clock, Records, Spawn
from .song_folder import disk_error

log = logging.getLogger(__name__)

_FRESH = 120.0
"""Seconds after which a link is made anew rather than sent: signed ones end by themselves."""
_STEP = 5
"""Per cent between two notes of how far an upload is."""
_NEEDED = IN_FLIGHT | {JobState.WAITING, JobState.PERHAPS_SENT}


class Keeper(Protocol):
    """Where the files are put (services.places.Places)."""

    def public_url(self, file: Path, owner: str, progress: Progress = ..., cancelled: Cancelled = ...) -> str:
        """Put a file there and return a public address."""
        ...

    def release(self, owner: str) -> None:
        """Delete what nobody else needs."""
        ...

    def owners(self) -> frozenset[str]:
        """Whose files lie there."""
        ...

    def sweep(self, alive: frozenset[str]) -> None:
        """Delete what no owner in ``alive`` needs."""
        ...


@dataclass(slots=True)
class _Way:
    """One job's file: on its way, up (``url`` since ``made``, in monotonic seconds), or refused."""

    url: str = ""
    made: float = 0.0
    error: Exception | None = None
    running: bool = False


class SourceFiles:
    """Brings the source files of jobs up and away. ``monotonic`` tells the age of links; ``wake`` wakes the job pump.

    Any thread.
    """

    def __init__(
        self, keeper: Keeper, records: Records, spawn: Spawn, wake: Callable[[], None], monotonic: Clock
    ) -> None:
        self._keeper = keeper
        self._records = records
        self._spawn = spawn
        self._wake = wake
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._ways: dict[str, _Way] = {}
        self._queue: deque[tuple[str, Path]] = deque()
        self._working = False
        self._stopped = False

    def recover(self) -> None:
        """Delete what an earlier process left there; what its jobs still need stays until they have ended."""
        alive = frozenset(job.id for job in self._records.jobs.in_states(_NEEDED - {JobState.WAITING}))
        with self._lock:
            self._ways.update({owner: _Way() for owner in self._keeper.owners() & alive})
        self._in_pool(partial(self._keeper.sweep, alive))

    def address(self, job: Job, profile: Profile) -> str | None:
        """Return the address to send with a job; None while its file is on its way, and the pump is woken then.

        An address of the network stays as it is, and so does a file's for the engine of this computer, which reads it
        itself. Raises PlaceError, Offline, KeyringError, DiskError: nothing was sent.
        """
        file = local_file(job.request.url)
        if file is None or profile.local:
            return job.request.url
        with self._lock:
            way = self._ways.setdefault(job.id, _Way())
            if way.running:
                return None
            error, way.error = way.error, None
            if error is None and way.url and self._monotonic() - way.made < _FRESH:
                return way.url
            if error is None:
                way.running = True
                self._queue.append((job.id, file))
        if error is not None:
            raise error
        self._work_on()
        return None

    def busy(self) -> frozenset[str]:
        """The jobs whose files are on their way: others may go first."""
        with self._lock:
            return frozenset(job_id for job_id, way in self._ways.items() if way.running)

    def settle(self) -> None:
        """Delete the files of jobs that have ended or were taken back."""
        with self._lock:
            known = list(self._ways)
        for job_id in known:
            job = self._records.jobs.get(job_id)
            if job is None or job.state not in _NEEDED:
                with self._lock:
                    self._ways.pop(job_id, None)
                self._in_pool(partial(self._keeper.release, job_id))

    def stop(self) -> None:
        """End the upload under way and begin no other."""
        self._stopped = True

    def _work_on(self) -> None:
        with self._lock:
            if self._working or not self._queue:
                return
            self._working = True
        self._in_pool(self._bring_all)

    def _bring_all(self) -> None:
        while True:
            with self._lock:
                if not self._queue or self._stopped:
                    self._working = False
                    return
                job_id, file = self._queue.popleft()
            try:
                self._bring(job_id, file)
            except Exception:  # the library or the preferences cannot be written: the files behind this one go on
                log.exception("an upload of job %s", job_id)

    def _bring(self, job_id: str, file: Path) -> None:
        url = ""
        failure: Exception | None = None
        try:
            url = self._keeper.public_url(file, job_id, self._noting(job_id), lambda: self._unwanted(job_id))
        except UploadCancelled:
            log.info("an upload was stopped: its request was taken back")
        except OSError as error:
            failure = disk_error(error)
        except Exception as error:  # noqa: BLE001  # the boundary of the pool: the pump raises it
            failure = error
        with self._lock:
            way = self._ways.get(job_id)
            if way is not None:
                way.url, way.made, way.error, way.running = url, self._monotonic(), failure, False
        self._note(job_id, "")
        if way is None:
            self._keeper.release(job_id)
        self._wake()

    def _unwanted(self, job_id: str) -> bool:
        with self._lock:
            return self._stopped or job_id not in self._ways

    def _noting(self, job_id: str) -> Progress:
        told = 0

        def note(gone: int, whole: int) -> None:
            nonlocal told
            share = gone * 100 // max(1, whole)
            if (share >= told + _STEP or gone == whole) and not self._stopped:
                told = share
                self._note(job_id, f"{share} %")
                self.settle()

        return note

    def _note(self, job_id: str, progress: str) -> None:
        self._records.job(
            job_id,
            lambda job: (
                replace(job, progress=progress) if job.state is JobState.WAITING and job.progress != progress else None
            ),
        )

    def _in_pool(self, work: Callable[[], None]) -> None:
        if not self._stopped:
            self._spawn(work)
