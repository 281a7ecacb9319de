"""Sending the next job: claimed on disk first, sent once, and the answer kept before anything else happens."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from musicapi_desktop.domain.errors import (
    DiskError,
    InvalidRequest,
    KeyRefused,
    KnownError,
    NotReady,
    Offline,
    PlaceError,
    StoreError,
    TooFast,
)
from musicapi_desktop.domain.events import Notice
from musicapi_desktop.domain.job import Blame, Charge, Failure, Job, JobState, JobTask
from musicapi_desktop.domain.profile import Profile
from musicapi_desktop.domain.request import Request
from musicapi_desktop.domain.retry import decide, perhaps_sent
from musicapi_desktop.domain.song import Link
from musicapi_desktop.domain.units import Credits
from musicapi_desktop.store.jobs import Change
from musicapi_desktop.wire.codec import body_of
from musicapi_desktop.wire.errors import NothingHere
from musicapi_desktop.wire.operations import SPECS

from .context import Connect, Records, Service, new_id
from .holds import Holds
from .limiter import Limiter
from .money import Money
from .outside import Hooks, NoHooks, NoSources, Sources
from .placeholders import remove_songs
from .request_secrets import RequestSecrets
from .verdicts import charge_of_refused_post, failure_of

log = logging.getLogger(__name__)

S = JobState
_FIRST_PAUSE = 2.0
_LONGEST_PAUSE = 60.0
_NOT_CONFIRMED = "The service did not confirm this song."
_OUR_MISTAKE = Failure(
    "This app made a mistake while it sent this.", "Compare the balance before you go on.", "", Blame.OURS
)


@dataclass(frozen=True, slots=True)
class _Posted:
    tasks: tuple[JobTask, ...]
    answer: Mapping[str, object] | None = None
    uploaded: str = ""
    batch: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """What stands between the queue and the service.

    The holds of the profiles, the limiter of their keys, the place for source files, the webhooks, and the secrets that
    requests came with.
    """

    holds: Holds
    limiter: Limiter
    sources: Sources = field(default_factory=NoSources)
    hooks: Hooks = field(default_factory=NoHooks)
    secrets: RequestSecrets = field(default_factory=RequestSecrets)


class Sender:
    """Sends jobs. Used by the job pump alone."""

    def __init__(self, records: Records, connect: Connect, gate: Gate, money: Money) -> None:
        self._records = records
        self._connect = connect
        self._gate = gate
        self._money = money
        self._unsaved: dict[str, tuple[Change, object]] = {}
        self.hooked: set[str] = set()
        """The jobs in flight that were sent with webhooks by this process."""

    def save_again(self) -> None:
        """Write down answers that the disk refused when they came. Raises StoreError, DiskError while it still does."""
        for job_id, (change, answer) in list(self._unsaved.items()):
            self._records.job(job_id, change, durable=True, answer=answer)
            del self._unsaved[job_id]

    def send(self, profile: Profile, now: float) -> None:
        """Send the next waiting job of a profile. Failures of the world end in the job or in a hold, never here.

        Raises StoreError or DiskError where the job cannot be claimed; nothing was sent then.
        """
        job = self._records.jobs.next_waiting(profile.id, self._gate.sources.busy(), at=self._records.clock())
        prepared = None if job is None else self._prepared(job, profile, now)
        if job is None or prepared is None:
            return
        claimed = self._records.job(job.id, self._claim, durable=True)
        if claimed is None:
            return
        try:
            posted = _post(prepared[0], claimed, prepared[1])
        except KnownError as error:
            self._not_accepted(claimed, profile, error, now)
        except Exception:
            # a mistake of ours, when bytes may have left already: for the person to decide, and to be reported
            self._end(claimed, S.PERHAPS_SENT, _OUR_MISTAKE, Charge.UNKNOWN, now)
            raise
        else:
            self._gate.holds.clear(profile.id)
            self._accepted(claimed, posted, now)

    def _prepared(self, job: Job, profile: Profile, now: float) -> tuple[Service, list[dict[str, object]]] | None:
        """Return the client and the bodies of a job; None where it cannot be sent, or not yet: nothing is sent here."""
        try:
            client = self._connect(profile)
            url = self._gate.sources.address(job, profile)
            if url is None:
                # the file is on its way to its place; the pump is woken when it is there
                return None
            request = self._gate.secrets.put_back(replace(job.request, url=url), job.batch)
            return client, self._bodies(request, job)
        except (InvalidRequest, PlaceError, DiskError) as error:
            self._refused(job, error, now)
        except Offline as error:
            self._not_accepted(replace(job, attempts=job.attempts + 1), profile, error, now)
        except KnownError as error:
            self._gate.holds.stop(profile.id, f"{error.message} {error.hint}".strip())
        return None

    def _bodies(self, request: Request, job: Job) -> list[dict[str, object]]:
        """Return the bodies to send; the secret of webhooks is in them alone, never in the request that is kept."""
        body = body_of(request)
        if "webhook_url" in SPECS[request.operation].names and "webhook_url" not in body:
            hooks = self._gate.hooks.fields(job.profile_id)
            body |= hooks
            if hooks:
                self.hooked.add(job.id)
        self._gate.secrets.sent(body)
        return [body] * (request.songs if request.operation.makes_songs else 1)

    def _claim(self, job: Job) -> Job | None:
        if job.state is not S.WAITING:
            return None
        return job.moved(
            S.SENDING,
            sent_at=self._records.clock(),
            attempts=job.attempts + 1,
            failure=None,
            progress="",
            balance_before=self._money.last_balance(job.profile_id),
        )

    def _accepted(self, claimed: Job, posted: _Posted, now: float) -> None:
        clean = (replace(task, error=self._gate.secrets.redacted(task.error)) for task in posted.tasks)
        posted = replace(posted, tasks=tuple(clean))
        refused = tuple(task.error for task in posted.tasks if task.error)
        if _NOT_CONFIRMED in refused and len(refused) == len(posted.tasks):
            failure = Failure(
                "The service answered without a word on any song.", "Compare the balance before you go on."
            )
            self._end(claimed, S.PERHAPS_SENT, failure, Charge.UNKNOWN, now)
            return
        if len(refused) == len(posted.tasks):
            error = Failure("The service refused every song of this request.", "Change it and try again.", refused[0])
            self._end(claimed, S.FAILED, error, Charge.NONE, now)
            return
        charge = Charge.CHARGED if claimed.estimate > 0 else Charge.NONE

        def accept(job: Job) -> Job | None:
            if job.state is not S.SENDING:
                return None
            answered = posted.answer is not None
            return job.moved(
                S.ACCEPTED, tasks=posted.tasks, answered=answered, service_batch=posted.batch, charge=charge
            )

        try:
            accepted = self._records.job(claimed.id, accept, durable=True, answer=posted.answer)
        except (StoreError, DiskError) as error:
            # paid for, and nowhere written down: kept here until the disk takes it
            self._unsaved[claimed.id] = (accept, posted.answer)
            ids = ", ".join(task.task_id for task in posted.tasks)
            log.exception("job %s was accepted as %s and could not be written down", claimed.id, ids)
            self._records.sink.publish(Notice(error.message, error.hint, error.detail))
            return
        if accepted is not None:
            self._money.sent(accepted)
            _drop_refused(self._records, accepted)
            if posted.uploaded and posted.answer is None:
                link = Link("", "", posted.uploaded, str(accepted.request.operation))
                self._records.song(accepted.tasks[0].song_id, lambda song: replace(song, parents=(link,)))

    def _not_accepted(self, job: Job, profile: Profile, error: KnownError, now: float) -> None:
        if isinstance(error, NothingHere) and len(job.tasks) > 1:
            self._one_by_one(job)
        elif isinstance(error, KeyRefused):
            self._gate.holds.stop(profile.id, f"{error.message} {error.hint}")
            self._wait_again(job, 0.0)
        elif isinstance(error, Offline):
            until = self._gate.holds.back_off(profile.id, error.message, now, _FIRST_PAUSE, _LONGEST_PAUSE)
            self._wait_again(replace(job, attempts=job.attempts - 1), until - now)
        elif perhaps_sent(error):
            self._end(job, S.PERHAPS_SENT, failure_of(error), Charge.UNKNOWN, now)
        else:
            self._judge(job, profile, error, now)

    def _judge(self, job: Job, profile: Profile, error: KnownError, now: float) -> None:
        retry = decide(error, is_post=True, attempts=job.attempts)
        if retry.again and isinstance(error, NotReady):
            # only this job waits: the others may go on
            self._wait_again(job, retry.delay)
        elif retry.again and isinstance(error, TooFast):
            self._gate.limiter.slow_down(profile.id, now + retry.delay)
            self._wait_again(job, retry.delay)
        else:
            self._end(job, S.FAILED, failure_of(error), charge_of_refused_post(error), now)

    def _refused(self, job: Job, error: KnownError, now: float) -> None:
        self._end(job, S.FAILED, failure_of(error), Charge.NONE, now)

    def _wait_again(self, job: Job, pause: float) -> None:
        due = self._records.clock() + pause
        attempts = job.attempts
        self._records.job(job.id, lambda known: known.moved(S.WAITING, sent_at=None, due=due, attempts=attempts))

    def _end(self, job: Job, state: JobState, failure: Failure, charge: Charge, now: float) -> None:
        # the service may quote what it was sent
        failure = replace(failure, detail=self._gate.secrets.redacted(failure.detail))
        ended = self._records.job(
            job.id,
            lambda known: known.moved(
                state, failure=failure, charge=charge, ended_at=self._records.clock() if state is S.FAILED else None
            ),
            durable=True,
        )
        if ended is None:
            return
        if state is S.FAILED:
            remove_songs(self._records, ended)
        if charge is Charge.UNKNOWN:
            self._money.sent(ended)
        self._money.ended(ended, now)

    def _one_by_one(self, job: Job) -> None:
        """Where a host has no batches, the songs go out one by one: this job keeps the first, the rest become jobs."""
        share = Credits(int(job.estimate) // len(job.tasks))
        request = replace(job.request, songs=1)
        rest = [
            Job(new_id(), request, job.profile_id, tasks=(JobTask(0, task.song_id),), created_at=job.created_at,
                estimate=share, batch=job.batch)
            for task in job.tasks[1:]
        ]  # fmt: skip
        added = self._records.jobs.split(
            job.id,
            lambda known: known.moved(S.WAITING, request=request, tasks=job.tasks[:1], estimate=share, sent_at=None),
            rest,
        )
        for each in added:
            self._records.job(each.id, lambda known: known)
            for task in each.tasks:
                self._records.song(task.song_id, lambda song, owner=each.id: replace(song, job_id=owner))


def _post(client: Service, job: Job, bodies: list[dict[str, object]]) -> _Posted:
    if len(bodies) == 1:
        posted = client.perform(job.request.operation, bodies[0])
        return _Posted((replace(job.tasks[0], task_id=posted.task_id),), posted.answer, posted.clip_id)
    submitted = client.batch(bodies)
    told = {entry.index: entry for entry in submitted.entries}
    tasks: list[JobTask] = []
    for task in job.tasks:
        entry = told.get(task.index)
        if entry is not None and entry.task_id:
            tasks.append(replace(task, task_id=entry.task_id))
        else:
            error = entry.error if entry is not None and entry.error else _NOT_CONFIRMED
            tasks.append(replace(task, done=True, error=error))
    return _Posted(tuple(tasks), batch=submitted.batch_id)


def _drop_refused(records: Records, job: Job) -> None:
    if job.request.operation.makes_songs:
        for task in job.tasks:
            if task.error:
                records.song_gone(task.song_id)
