"""The person's commands on jobs. Each is one step on disk, so it never meets the job pump half-way. Any thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from musicapi_desktop.domain.events import JobChanged, QueueChanged
from musicapi_desktop.domain.job import UNSENT, Charge, Job, JobState
from musicapi_desktop.store.jobs import Change

from .context import Records
from .holds import Holds
from .placeholders import remove_songs, restore_songs

S = JobState
_WAITED_FOR = frozenset({S.ACCEPTED, S.MAKING, S.DOWNLOADING, S.CHECKING})
_SAFE_TO_REPEAT = frozenset({Charge.NONE, Charge.REFUNDED})

ReadBalance = Callable[[str], int]
"""Reads a profile's balance from the service (accounts.Accounts.balance); blocks, raises KnownError."""


class Queue:
    """What a person can do to the queue. Commands on a job that has moved on meanwhile change nothing.

    ``balance`` is asked by ``look_for`` alone. Every method may raise StoreError or DiskError.
    """

    def __init__(self, records: Records, holds: Holds, wake: Callable[[], None], balance: ReadBalance) -> None:
        self._records = records
        self._holds = holds
        self._wake = wake
        self._balance = balance

    def jobs(self) -> tuple[Job, ...]:
        """Every job that was not cleared away, in the order of the queue."""
        return self._records.jobs.shown()

    def job(self, job_id: str) -> Job | None:
        """One job."""
        return self._records.jobs.get(job_id)

    def promised(self, profile_id: str) -> int:
        """Credits that what is not sent yet will cost a profile, as far as is known."""
        unsent = self._records.jobs.in_states(UNSENT)
        return sum(int(job.estimate) for job in unsent if job.profile_id == profile_id)

    @property
    def paused(self) -> bool:
        """True where the person paused the queue."""
        return self._records.jobs.paused()

    @property
    def reason(self) -> str:
        """Why nothing goes out although the person did not pause it; empty where nothing holds it."""
        return self._holds.reason()

    def remove(self, job_id: str) -> None:
        """Take out a job that was not sent (free), or put away one that failed."""
        job = self._change(job_id, _only(UNSENT | {S.FAILED}, lambda job: job.moved(S.REMOVED, ended_at=self._now())))
        if job is not None:
            remove_songs(self._records, job)
            self._records.jobs.clear_one(job_id)

    def hold(self, job_id: str) -> None:
        """Keep a waiting job back."""
        self._change(job_id, _only({S.WAITING}, lambda job: job.moved(S.HELD)))

    def release(self, job_id: str) -> None:
        """Let a held job go out in its turn."""
        self._change(job_id, _only({S.HELD}, lambda job: job.moved(S.WAITING, due=0.0)))

    def run_next(self, job_id: str) -> None:
        """Send this one before all others; a held one is released."""
        self.release(job_id)
        first = next((job for job in self.jobs() if job.state in UNSENT), None)
        if first is not None:
            self.move(job_id, first.id)

    def move(self, job_id: str, before: str | None) -> None:
        """Put an unsent job before another one; None puts it last."""
        for job in self._records.jobs.reorder(job_id, before):
            self._records.sink.publish(JobChanged(job))
        self._wake()

    def pause_all(self) -> None:
        """Send nothing more. What the service already works on is still fetched."""
        self._records.jobs.pause(paused=True)
        self._records.sink.publish(QueueChanged(paused=True))
        self._wake()

    def resume(self) -> None:
        """Go on; also tries again what a refused key or a missing engine had stopped."""
        self._records.jobs.pause(paused=False)
        self._holds.clear_all()
        self._records.sink.publish(QueueChanged(paused=False))
        self._wake()

    def stop_waiting(self, job_id: str) -> None:
        """Stop asking for a job the service has accepted. It may still charge; it is picked up if it is finished."""
        job = self._change(
            job_id, _only(_WAITED_FOR, lambda job: _leave_checking(job).moved(S.ABANDONED, ended_at=self._now()))
        )
        if job is not None:
            remove_songs(self._records, job)

    def try_again(self, job_id: str) -> None:
        """Try a failed, removed or abandoned job again: paid work is picked up, only unpaid work is sent again."""
        job = self._change(job_id, self._again)
        if job is not None:
            restore_songs(self._records, job)
            self._wake()

    def try_failed_again(self) -> None:
        """Try every failed job again that cannot be charged twice: it has a task, or is known not to be charged."""
        for job in self.jobs():
            if job.state is S.FAILED and (_paid(job) or job.charge in _SAFE_TO_REPEAT):
                self.try_again(job.id)

    def clear_finished(self) -> int:
        """Take what is over out of sight: ready, removed, no longer waited for. Return how many."""
        return self._records.jobs.clear({S.READY, S.REMOVED, S.ABANDONED})

    def look_for(self, job_id: str) -> str:
        """Compare the balance with the one before a job that was perhaps sent; say what that means. Blocks.

        Raises KnownError where the service cannot be asked.
        """
        job = self.job(job_id)
        if job is None or job.state is not S.PERHAPS_SENT:
            return "This request has moved on."
        after = self._balance(job.profile_id)
        job = self._change(job_id, _only({S.PERHAPS_SENT}, lambda job: replace(job, balance_after=after))) or job
        return _compared(job, after)

    def send_again(self, job_id: str) -> None:
        """Send a perhaps-sent job again: the person's decision, it may be charged twice."""
        job = self._change(job_id, _only({S.PERHAPS_SENT}, _fresh))
        if job is not None:
            restore_songs(self._records, job)
            self._wake()

    def forget(self, job_id: str) -> None:
        """Put away a job that failed or was perhaps sent."""
        job = self.job(job_id)
        if job is None:
            return
        if job.state is S.PERHAPS_SENT:
            changed = self._change(
                job_id, _only({S.PERHAPS_SENT}, lambda job: job.moved(S.ABANDONED, ended_at=self._now()))
            )
            if changed is not None:
                remove_songs(self._records, changed)
                self._records.jobs.clear_one(job_id)
            return
        self.remove(job_id)

    def _again(self, job: Job) -> Job | None:
        if job.state not in (S.FAILED, S.REMOVED, S.ABANDONED):
            return None
        if _paid(job) and job.state is not S.REMOVED:
            state = S.DOWNLOADING if job.answered else S.ACCEPTED
            return job.moved(state, ended_at=None, failure=None, progress="", due=0.0)
        if job.state is S.ABANDONED:
            return None
        return _fresh(job)

    def _change(self, job_id: str, change: Change) -> Job | None:
        changed = self._records.job(job_id, change)
        if changed is not None:
            self._wake()
        return changed

    def _now(self) -> float:
        return self._records.clock()


def _only(states: frozenset[JobState] | set[JobState], change: Callable[[Job], Job]) -> Change:
    return lambda job: change(job) if job.state in states else None


def _leave_checking(job: Job) -> Job:
    return job.moved(S.DOWNLOADING) if job.state is S.CHECKING else job


def _fresh(job: Job) -> Job:
    """Return a job as if it had never been sent."""
    tasks = tuple(replace(task, task_id="", done=False, error="") for task in job.tasks)
    return job.moved(
        S.WAITING, tasks=tasks, sent_at=None, ended_at=None, failure=None, progress="", due=0.0, answered=False,
        charge=Charge.NONE, balance_before=None, balance_after=None, service_batch="",
    )  # fmt: skip


def _paid(job: Job) -> bool:
    """True where the service holds work of this job that is not fetched yet."""
    return job.answered or any(task.task_id and not task.done for task in job.tasks)


def _compared(job: Job, after: int) -> str:
    if job.balance_before is None:
        return f"The balance is {after} credits; what it was before is not known."
    spent = job.balance_before - after
    if spent <= 0:
        return f"The balance is still {after} credits: it was most likely not sent, and can be sent again."
    if spent >= job.estimate > 0:
        return (
            f"{spent} credits less than before: it was most likely sent. Look at the service's own page for the song."
        )
    return f"{spent} credits less than before; other requests may have cost them."
