"""Asking after tasks, and bringing what they made into the library, take by take."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from musicapi_desktop.domain.errors import (
    KeyRefused,
    KnownError,
    NotFound,
    Offline,
    Refused,
    ServiceError,
    TooFast,
)
from musicapi_desktop.domain.job import Job, JobState, JobTask
from musicapi_desktop.domain.profile import Profile
from musicapi_desktop.wire.schema import Clip, ClipPhase, TaskPhase, TaskResult

from .absorbing import with_clips
from .answered import completed, result_of_answer
from .context import Connect, Records
from .downloads import FetchCancelled
from .fetching import Checking, Landed, Lost, Plan, Report, keep
from .finishing import Finisher
from .pacing import MOST_FETCHES, MOST_POLLS_WITHOUT_FILE, UNKNOWN_TASK_GRACE, Watch, Watches
from .placeholders import restore_songs
from .sending import Gate
from .verdicts import error_of_result

log = logging.getLogger(__name__)

S = JobState
_FIRST_PAUSE = 2.0
_LONGEST_PAUSE = 60.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One task to ask after: its job, whose it is, how many tasks of that profile run, whether webhooks tell of it."""

    job: Job
    task: JobTask
    profile: Profile
    running: int
    heard: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """What the task is remembered by."""
        return self.job.id, self.task.index


class Poller:
    """Asks after tasks. Used by the job pump alone."""

    def __init__(self, records: Records, connect: Connect, gate: Gate, finisher: Finisher) -> None:
        self._records = records
        self._connect = connect
        self._gate = gate
        self._fetcher = finisher.fetcher
        self._finisher = finisher
        self.watches: Watches = finisher.watches

    def ask(self, asked: Asked, now: float) -> None:
        """Ask after one task. Failures of the world end in a later question, a hold or the job; never here."""
        watch = self.watches.of(asked.key)
        if watch.first_seen is None:
            watch.first_seen = now
        try:
            result = self._result_of(asked)
        except KnownError as error:
            self.unanswered(asked, error, now)
        else:
            self.absorb(asked, result, now)

    def absorb(self, asked: Asked, result: TaskResult, now: float) -> None:
        """Take in what was answered of one task, by itself or with its batch."""
        result = completed(asked.job, result)
        self._gate.holds.clear(asked.profile.id)
        self.watches.later(asked.key, asked.profile, now, asked.running, heard=asked.heard)
        if asked.job.state is S.ABANDONED and not self._picked_up(asked, result):
            return
        self.watches.of(asked.key).phase = result.phase
        self._take_in(asked, result, now)

    def hear(self, report: Report, now: float) -> None:
        """Take the report of a fetch."""
        plan = report.plan
        job = self._records.jobs.get(plan.job_id)
        if isinstance(report, Landed):
            keep(self._records, report)
        elif isinstance(report, Lost):
            self._lost(plan, report.error, now)
        if job is None or job.state not in (S.ACCEPTED, S.MAKING, S.DOWNLOADING, S.CHECKING):
            return
        if isinstance(report, Checking):
            self._finisher.checking(job, plan)
        else:
            # what is left of the task is looked at without asking the service again
            self._finisher.look(job, plan.index, now)

    def _result_of(self, asked: Asked) -> TaskResult:
        if asked.job.answered:
            # the result came with the answer to the POST: there is nothing to ask
            return result_of_answer(asked.job, self._records.jobs.answer(asked.job.id))
        return self._connect(asked.profile).task(asked.task.task_id, asked.job.request.operation.system)

    def unanswered(self, asked: Asked, error: KnownError, now: float) -> None:
        """Take in that a question was not answered: asked again later, held, or the end of the task."""
        watch, profile = self.watches.of(asked.key), asked.profile
        self.watches.after_failure(asked.key, now)
        if isinstance(error, Offline):
            watch.failures -= 1
            watch.due = self._gate.holds.back_off(profile.id, error.message, now, _FIRST_PAUSE, _LONGEST_PAUSE)
        elif isinstance(error, TooFast):
            self._gate.limiter.slow_down(profile.id, now + (error.retry_after or profile.interval * 2))
        elif isinstance(error, KeyRefused) or (not isinstance(error, ServiceError) and not error.retryable):
            self._gate.holds.stop(profile.id, f"{error.message} {error.hint}".strip())
        elif isinstance(error, ServiceError) and not error.retryable and not _perhaps_too_early(error, watch, now):
            self._finisher.task_failed(asked.job, asked.task.index, error, now)
        else:
            log.info("task %s: %s", asked.task.task_id, error)

    def _picked_up(self, asked: Asked, result: TaskResult) -> bool:
        """Take up a job again that nobody waits for, where the service has finished it after all."""
        if result.phase in (TaskPhase.RUNNING, TaskPhase.FAILED):
            if result.phase is TaskPhase.FAILED:
                self._finisher.close_abandoned(asked.job, asked.task.index, result.error)
            return False
        revived = self._records.job(
            asked.job.id,
            lambda job: job.moved(S.ACCEPTED, ended_at=None) if job.state is S.ABANDONED else None,
        )
        if revived is not None:
            restore_songs(self._records, revived)
        return revived is not None

    def _take_in(self, asked: Asked, result: TaskResult, now: float) -> None:
        job, index = asked.job, asked.task.index
        watch = self.watches.of(asked.key)
        clips = _with_patience(result.clips, watch)
        watch.clips, watch.data, watch.seen = clips, result.data, True
        if result.phase is TaskPhase.FAILED and not any(clip.audio_url for clip in clips):
            self._finisher.task_failed(job, index, error_of_result(result), now)
            return
        self._note_clips(asked, clips, result.parts)
        for plan in self._finisher.wanted(job, asked.task, watch):
            self._fetcher.start(plan)
        self._finisher.look(job, index, now, progress=result.progress)

    def _note_clips(self, asked: Asked, clips: tuple[Clip, ...], parts: tuple[Clip, ...]) -> None:
        job, song_id = asked.job, asked.task.song_id
        if not job.request.operation.makes_songs:
            return
        if self._records.library.get(song_id) is None:
            restore_songs(self._records, replace(job, tasks=(asked.task,)))
        self._records.song(
            song_id, lambda song: changed if (changed := with_clips(song, clips, job.request, parts)) != song else None
        )

    def _lost(self, plan: Plan, error: Exception, now: float) -> None:
        key = (plan.job_id, plan.index)
        watch = self.watches.of(key)
        if isinstance(error, FetchCancelled):
            # nobody waits for it now; the part that came is kept
            return
        if isinstance(error, KnownError):
            strikes = watch.strikes[plan.name] = watch.strikes.get(plan.name, 0) + (not isinstance(error, Offline))
            if error.retryable and strikes < MOST_FETCHES:
                self.watches.after_failure(key, now)
                return
        else:
            log.error("fetching %s", plan.target, exc_info=error)
        watch.given_up[plan.name] = error


def _perhaps_too_early(error: ServiceError, watch: Watch, now: float) -> bool:
    """A task may be unknown for a moment after it was accepted; older servers say so with 400 (contract §4.4)."""
    unknown = isinstance(error, NotFound | Refused)
    return unknown and watch.first_seen is not None and now - watch.first_seen < UNKNOWN_TASK_GRACE


def _with_patience(clips: tuple[Clip, ...], watch: Watch) -> tuple[Clip, ...]:
    """Return the clips; one that has succeeded and never got an address counts as failed after many polls."""
    if watch.polls < MOST_POLLS_WITHOUT_FILE:
        return clips
    return tuple(
        replace(clip, phase=ClipPhase.FAILED, error=clip.error or "It has no file.")
        if clip.phase is ClipPhase.SUCCEEDED and not clip.audio_url
        else clip
        for clip in clips
    )
