"""Where a job is, worked out from its tasks and files; and what is done when it ends."""

from __future__ import annotations

from dataclasses import replace

from musicapi_desktop.domain.errors import DownloadError, KnownError, ServiceError
from musicapi_desktop.domain.job import IN_FLIGHT, Blame, Charge, Failure, Job, JobState, JobTask
from musicapi_desktop.domain.request import Outcome
from musicapi_desktop.wire.schema import TaskPhase

from .context import Records
from .fetching import Fetcher, Plan
from .money import Money
from .outcomes import NOTHING, Outcomes
from .pacing import Watch, Watches
from .verdicts import charge_of_failed_task, failure_of, walked

S = JobState
_BUG = Failure("This app made a mistake with a file.", "Try again; if it stays so, report it.", "", Blame.OURS)


class Finisher:
    """Moves jobs to where they are. Used by the job pump alone."""

    def __init__(self, records: Records, fetcher: Fetcher, money: Money, outcomes: Outcomes) -> None:
        self._records = records
        self.fetcher = fetcher
        self._money = money
        self._outcomes = outcomes
        self.watches = Watches()

    def wanted(self, job: Job, task: JobTask, watch: Watch) -> list[Plan]:
        """The files of a task that can be fetched now and are not here, but for those given up."""
        return [plan for plan in self._outcomes.plans(job, task, watch) if plan.name not in watch.given_up]

    def look(self, job: Job, index: int, now: float, *, progress: float | None = None) -> None:
        """Work out where a task and its job are, and write down what changed."""
        task = next((each for each in job.tasks if each.index == index), None)
        watch = self.watches.of((job.id, index))
        if task is None or job.state not in IN_FLIGHT:
            return
        if not task.done and self._is_over(job, task, watch):
            if watch.given_up:
                watch.stuck = True
            else:
                job = self._task_done(job, task, watch)
        self._job_moves(job, now, progress)

    def task_failed(self, job: Job, index: int, error: KnownError, now: float) -> None:
        """A task came to nothing at the service."""
        task = next(each for each in job.tasks if each.index == index)
        watch = self.watches.of((job.id, index))
        watch.error = error
        watch.phase = TaskPhase.FAILED
        if job.state is S.ABANDONED:
            self.close_abandoned(job, index, error.detail or error.message)
            return
        self._job_moves(self._task_done(job, task, watch, error=error.detail or error.message), now, None)

    def close_abandoned(self, job: Job, index: int, error: str) -> None:
        """Ask no more after a task of a job nobody waits for: it failed."""
        self._records.job(job.id, lambda known: _with_task(known, index, error or NOTHING))

    def checking(self, job: Job, plan: Plan) -> None:
        """All bytes of a file have come. The job is said to be checking where it was the last one."""
        running = any(
            not task.done and self.watches.of((job.id, task.index)).phase is TaskPhase.RUNNING for task in job.tasks
        )
        if not running and self.fetcher.active(job.id) == [plan.name]:
            self._move(job, S.CHECKING, plan.name)

    def _is_over(self, job: Job, task: JobTask, watch: Watch) -> bool:
        if watch.phase is TaskPhase.RUNNING or self.fetcher.active(job.id, task.index):
            return False
        if self._outcomes.waits_for_files(job, watch):
            return False
        return not self.wanted(job, task, watch)

    def _task_done(self, job: Job, task: JobTask, watch: Watch, *, error: str = "") -> Job:
        error = self._outcomes.keep(job, task, watch, error)
        return self._records.job(job.id, lambda known: _with_task(known, task.index, error)) or job

    def _job_moves(self, job: Job, now: float, progress: float | None) -> None:
        watches = {task.index: self.watches.of((job.id, task.index)) for task in job.tasks}
        open_tasks = [task for task in job.tasks if not task.done and not watches[task.index].stuck]
        if not open_tasks:
            self._end(job, list(watches.values()), now)
            return
        names = self.fetcher.active(job.id)
        if names:
            self._move(job, S.DOWNLOADING, _listed(names))
        elif all(watches[task.index].phase is not TaskPhase.RUNNING for task in open_tasks):
            # a file did not come and is tried again in a moment
            self._move(job, S.DOWNLOADING, "")
        else:
            self._move(job, S.MAKING, _made(job, progress))

    def _move(self, job: Job, state: JobState, progress: str) -> None:
        def change(known: Job) -> Job | None:
            if known.state not in IN_FLIGHT or (known.state is state and known.progress == progress):
                return None
            return walked(known, state, progress=progress)

        self._records.job(job.id, change)

    def _end(self, job: Job, watches: list[Watch], now: float) -> None:
        lost = next((error for watch in watches for error in watch.given_up.values()), None)
        ended_at = self._records.clock()

        def change(known: Job) -> Job | None:
            if known.state not in IN_FLIGHT:
                return None
            if lost is not None:
                failure = failure_of(lost) if isinstance(lost, KnownError) else _BUG
                answered = known.answered and not (isinstance(lost, DownloadError) and not lost.retryable)
                return known.moved(S.FAILED, failure=failure, ended_at=ended_at, progress="", answered=answered)
            if any(not task.error for task in known.tasks):
                return walked(known, S.READY, ended_at=ended_at, progress=_note(known), failure=None)
            failure, charge = _of_failed(known, watches)
            return known.moved(S.FAILED, failure=failure, charge=charge, ended_at=ended_at, progress="")

        ended = self._records.job(job.id, change, durable=True)
        if ended is not None:
            self.watches.forget(ended)
            if ended.state is S.READY and ended.answered and ended.request.operation.outcome is not Outcome.WORDS:
                # what it held lies in the song's folder now
                self._records.jobs.keep_answer(ended.id, None)
            self._money.ended(ended, now)


def _with_task(job: Job, index: int, error: str) -> Job:
    return replace(
        job,
        tasks=tuple(replace(task, done=True, error=error) if task.index == index else task for task in job.tasks),
    )


def _of_failed(job: Job, watches: list[Watch]) -> tuple[Failure, Charge]:
    errors = [watch.error for watch in watches if watch.error is not None]
    if errors:
        failure = failure_of(errors[0])
    else:
        said = next((task.error for task in job.tasks if task.error), "")
        failure = Failure(NOTHING, "Try again; other words or another style sometimes help.", said)
    if job.charge is not Charge.CHARGED:
        return failure, job.charge
    charges = {charge_of_failed_task(e.refunded if isinstance(e, ServiceError) else None) for e in errors}
    return failure, charges.pop() if len(charges) == 1 else Charge.UNKNOWN


def _listed(names: list[str]) -> str:
    return ", ".join(sorted(names)) if len(names) <= 3 else f"{len(names)} files"


def _made(job: Job, progress: float | None) -> str:
    if len(job.tasks) > 1:
        return f"{sum(task.done for task in job.tasks)} of {len(job.tasks)} songs"
    if progress is None or progress <= 0.0:
        return ""
    # a share (0–1) from some hosts, percent from others; while it runs, 1 is one percent
    return f"{round(progress * 100.0 if progress < 1.0 else min(progress, 100.0))} %"


def _note(job: Job) -> str:
    failed = sum(bool(task.error) for task in job.tasks)
    return f"{failed} of {len(job.tasks)} songs failed at the service" if failed else ""
