"""From the press of a button to jobs on disk: checked, priced, split, and kept before a single byte is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from musicapi_desktop.domain.errors import InvalidRequest
from musicapi_desktop.domain.events import JobChanged, SongChanged
from musicapi_desktop.domain.job import Job, JobState, JobTask
from musicapi_desktop.domain.profile import Profile
from musicapi_desktop.domain.request import Mode, Request
from musicapi_desktop.domain.rules import problems
from musicapi_desktop.domain.units import Credits
from musicapi_desktop.store.database import Database
from musicapi_desktop.wire.capabilities import rules_of
from musicapi_desktop.wire.limits import BATCH_ITEMS
from musicapi_desktop.wire.prices import price

from .context import Records, new_id
from .placeholders import expected_song


class Prices(Protocol):
    """What an operation costs at an address (wire.prices.price)."""

    def __call__(self, base_url: str, operation: str, *, model: str = "", described: bool = False) -> Credits | None:
        """Return the credits, None where nobody knows."""
        ...


class Submit:
    """Takes requests. ``wake`` tells the job pump that there is something to send. Any thread."""

    def __init__(self, database: Database, records: Records, wake: Callable[[], None], prices: Prices = price) -> None:
        self._database = database
        self._records = records
        self._wake = wake
        self._prices = prices

    def create(self, request: Request, profile: Profile, *, hold: bool = False) -> tuple[Job, ...]:
        """Keep a request as jobs of at most ten songs, with a placeholder per song; publish and wake the pump.

        All or nothing, on the disk when this returns. Raises InvalidRequest (a sentence per field), StoreError or
        DiskError.
        """
        found = problems(request, rules_of(request.operation, request.model, profile.base_url))
        if found:
            raise InvalidRequest(found)
        records = self._records
        with self._database.transaction(durable=True):
            jobs = records.jobs.add(self._jobs(request, profile, JobState.HELD if hold else JobState.WAITING))
            songs = [expected_song(job, task) for job in jobs for task in job.tasks] if _makes_songs(jobs) else []
            records.library.save(*songs)
        for song in songs:
            records.sink.publish(SongChanged(song))
        for job in jobs:
            records.sink.publish(JobChanged(job))
        self._wake()
        return jobs

    def estimate(self, request: Request, profile: Profile) -> Credits:
        """What a request will cost, 0 where it is free or nobody knows."""
        songs = request.songs if request.operation.makes_songs else 1
        return Credits(songs * self._one(request, profile))

    def _one(self, request: Request, profile: Profile) -> int:
        if profile.local:
            return 0
        described = request.mode is Mode.DESCRIBE
        return self._prices(profile.base_url, str(request.operation), model=request.model, described=described) or 0

    def _jobs(self, request: Request, profile: Profile, state: JobState) -> list[Job]:
        now = self._records.clock()
        one = self._one(request, profile)
        batch = new_id()
        if request.source is not None and not request.operation.makes_songs:
            tasks = (JobTask(0, request.source.song_id),)
            return [
                Job(new_id(), request, profile.id, state, tasks, created_at=now, estimate=Credits(one), batch=batch)
            ]
        return [
            Job(
                new_id(),
                replace(request, songs=count),
                profile.id,
                state,
                tuple(JobTask(index, new_id()) for index in range(count)),
                created_at=now,
                estimate=Credits(one * count),
                batch=batch,
            )
            for count in _split(request.songs)
        ]


def _split(songs: int) -> list[int]:
    whole, rest = divmod(songs, BATCH_ITEMS)
    return [BATCH_ITEMS] * whole + ([rest] if rest else [])


def _makes_songs(jobs: tuple[Job, ...]) -> bool:
    return all(job.request.operation.makes_songs for job in jobs)
