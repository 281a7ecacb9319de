"""From the press of a button to jobs on disk: checked, priced, split, and kept before a single byte is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from musicapi_desktop.domain.errors import InvalidRequest
from musicapi_desktop.domain.events import JobChanged, SongChanged
from musicapi_desktop.domain.job import Job, JobState, JobTask
from musicapi_desktop.domain.profile import Profile
from musicapi_desktop.domain.request import Mode, Operation, Request
from musicapi_desktop.domain.rules import problems
from musicapi_desktop.domain.units import Credits
from musicapi_desktop.store.database import Database
from musicapi_desktop.wire.capabilities import rules_of
from musicapi_desktop.wire.limits import BATCH_ITEMS
from musicapi_desktop.wire.values import text

from .context import Records, new_id
from .placeholders import expected_song
from .request_secrets import RequestSecrets


class Prices(Protocol):
    """What an operation costs with a profile (pricing.PriceBook.price)."""

    def __call__(
        self, profile: Profile, operation: Operation, *, model: str = "", described: bool = False
    ) -> Credits | None:
        """Return the credits, None where nobody knows."""
        ...


@dataclass(frozen=True, slots=True)
class _Press:
    """One press of the button: what all its jobs share."""

    profile: Profile
    state: JobState
    batch: str
    at: float


class Submit:
    """Takes requests. ``wake`` tells the job pump that there is something to send. Any thread.

    ``secrets`` are the job pump's own: what a request holds of them is remembered there, and not written down.
    """

    def __init__(
        self, database: Database, records: Records, wake: Callable[[], None], prices: Prices, secrets: RequestSecrets
    ) -> None:
        self._database = database
        self._records = records
        self._wake = wake
        self._prices = prices
        self._secrets = secrets

    def create(self, request: Request, profile: Profile, *, hold: bool = False) -> tuple[Job, ...]:
        """Keep a request as jobs of at most ten songs, with a placeholder per song; publish and wake the pump.

        All or nothing, on the disk when this returns. Raises InvalidRequest (a sentence per field), StoreError or
        DiskError.
        """
        return self._keep([request], profile, hold=hold)

    def compare(
        self, request: Request, models: Iterable[str], profile: Profile, *, hold: bool = False
    ) -> tuple[Job, ...]:
        """Ask several models for the same, as one press: their jobs and songs share a ``batch``.

        All or nothing, like ``create``. Raises InvalidRequest where a model does not take the request as it is, or none
        is named.
        """
        requests = [replace(request, model=model) for model in dict.fromkeys(models)]
        if not requests:
            raise InvalidRequest({"model": "Choose the models to compare."})
        return self._keep(requests, profile, hold=hold)

    def estimate(self, request: Request, profile: Profile) -> Credits:
        """What a request will cost, 0 where it is free or nobody knows."""
        songs = request.songs if request.operation.makes_songs else 1
        return Credits(songs * self._one(request, profile))

    def _keep(self, requests: Iterable[Request], profile: Profile, *, hold: bool) -> tuple[Job, ...]:
        state = JobState.HELD if hold else JobState.WAITING
        press = _Press(profile, state, new_id(), self._records.clock())
        requests = [self._secrets.take_out(_checked(request, profile), press.batch) for request in requests]
        records = self._records
        with self._database.transaction(durable=True):
            jobs = records.jobs.add(job for request in requests for job in self._jobs(request, press))
            songs = [
                expected_song(job, task) for job in jobs if job.request.operation.makes_songs for task in job.tasks
            ]
            records.library.save(*songs)
        for song in songs:
            records.sink.publish(SongChanged(song))
        for job in jobs:
            records.sink.publish(JobChanged(job))
        self._wake()
        return jobs

    def _one(self, request: Request, profile: Profile) -> int:
        if profile.local:
            return 0
        described = request.mode is Mode.DESCRIBE
        return self._prices(profile, request.operation, model=request.model, described=described) or 0

    def _jobs(self, request: Request, press: _Press) -> list[Job]:
        one = self._one(request, press.profile)
        counts = _split(request.songs) if request.operation.makes_songs else [1]
        return [
            Job(
                new_id(),
                replace(request, songs=count),
                press.profile.id,
                press.state,
                _tasks(request, count),
                created_at=press.at,
                estimate=Credits(one * count),
                batch=press.batch,
            )
            for count in counts
        ]


def _checked(request: Request, profile: Profile) -> Request:
    """Return a request that breaks no rule. Raises InvalidRequest."""
    rules = rules_of(request.operation, request.model, profile.base_url, version=text(request.extra.get("version")))
    found = problems(request, rules)
    if found:
        raise InvalidRequest(found)
    return request


def _tasks(request: Request, count: int) -> tuple[JobTask, ...]:
    if request.operation.makes_songs:
        return tuple(JobTask(index, new_id()) for index in range(count))
    return (JobTask(0, request.source.song_id if request.source is not None else ""),)


def _split(songs: int) -> list[int]:
    whole, rest = divmod(songs, BATCH_ITEMS)
    return [BATCH_ITEMS] * whole + ([rest] if rest else [])
