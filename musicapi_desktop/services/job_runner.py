"""The job pump: one step at a time, the most urgent first. Owned by one thread (bridge.client_thread)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from musicapi_desktop.domain.errors import KnownError
from musicapi_desktop.domain.events import QueueChanged
from musicapi_desktop.domain.job import Blame, Charge, Failure, Job, JobState
from musicapi_desktop.domain.profile import Profile
from musicapi_desktop.wire.schema import TaskPhase

from .batch_polling import BatchPoller
from .context import Connect, Records, Service
from .finishing import Finisher
from .money import Money
from .pacing import LATE_FOR, LATE_POLL
from .polling import Asked, Poller
from .sending import Gate, Sender
from .webhook_mail import Mail
from .webhooks_signed import Event

log = logging.getLogger(__name__)

S = JobState
NEVER = float("inf")
MOST_RUNNING = 40
"""Tasks of a profile that run at once at the service; the rest wait here, where they can still be moved and removed."""
MOST_RUNNING_LOCAL = 4
_BALANCE_PAUSE = 60.0
_CLOSE = 0.25

FindProfile = Callable[[str], Profile | None]


@dataclass(frozen=True, slots=True)
class _Work:
    """One thing that could be done: when (monotonic seconds), for whom, of which kind."""

    due: float
    profile_id: str
    kind: str
    run: Callable[[float], None]


class JobRunner:
    """Sends jobs, asks after tasks, brings files home, reads balances.

    ``step`` is called by one thread alone; ``stop`` by any.
    """

    def __init__(
        self, records: Records, connect: Connect, find: FindProfile, gate: Gate, finisher: Finisher, money: Money
    ) -> None:
        self._records = records
        self._connect = connect
        self._find = find
        self._gate = gate
        self._fetcher = finisher.fetcher
        self._money = money
        self._sender = Sender(records, connect, gate, money)
        self._poller = Poller(records, self._ask_with, gate, finisher)
        self._batches = BatchPoller(self._poller, self._ask_with)
        self._mail = Mail(self._poller)
        self._balanced: set[str] = set()
        self._served: dict[tuple[str, str], int] = {}
        self._turn = 0
        self._told: QueueChanged | None = None
        self._asking_now: Service | None = None

    def recover(self) -> None:
        """Pick up what an earlier process left: what was being sent is put to the person, the rest is asked after."""
        for job in self._records.jobs.in_states({S.SENDING}):
            self._records.job(job.id, _perhaps_sent, durable=True)
        for job in self._records.jobs.in_states({S.PERHAPS_SENT}):
            if job.balance_after is None:
                self._money.want_balance(job.profile_id, float("-inf"))
        self._gate.sources.recover()

    def heard(self, profile_id: str, event: Event) -> None:
        """Leave a verified webhook for the next step. Any thread."""
        self._mail.put(profile_id, event)

    def step(self, now: float) -> float | None:
        """Do one thing; return when the next is due (monotonic seconds), None where there is nothing.

        Raises StoreError, DiskError where the library cannot be written; the same step is done again later.
        """
        self._sender.save_again()
        report = self._fetcher.report()
        if report is not None:
            self._poller.hear(report, now)
            return now
        if self._mail:
            asleep = self._records.jobs.abandoned_since(self._records.clock() - LATE_FOR)
            self._mail.take_in((*self._records.jobs.in_flight(), *asleep), self._find(self._mail.owner()), now)
            return now
        self.settle()
        work = self._work(now)
        due = [each for each in work if each.due <= now]
        if due:
            chosen = min(due, key=lambda each: (self._served.get((each.profile_id, each.kind), 0), each.due))
            self._turn += 1
            self._served[chosen.profile_id, chosen.kind] = self._turn
            try:
                chosen.run(now)
            finally:
                self._asking_now = None
            return now
        self._tell(work, now)
        following = min((each.due for each in work), default=NEVER)
        return None if following == NEVER else following

    def settle(self) -> None:
        """Put away what jobs that have ended needed; every step does so too."""
        self._gate.sources.settle()

    def stop(self) -> None:
        """Cancel the downloads and the question under way; a request being sent is waited for. Any thread."""
        self._fetcher.stop()
        self._gate.sources.stop()
        asking = self._asking_now
        if asking is not None:
            asking.cancel()

    def _ask_with(self, profile: Profile) -> Service:
        # only questions may be cut off at any moment: a cut POST would leave a job that was perhaps sent
        self._asking_now = service = self._connect(profile)
        return service

    def _work(self, now: float) -> list[_Work]:
        in_flight = self._records.jobs.in_flight()
        self._fetcher.keep_only({job.id for job in in_flight})
        self._sender.hooked.intersection_update(job.id for job in in_flight)
        for job in in_flight:
            if self._hears(job):
                self._poller.watches.put_off(job, now)
        running: dict[str, int] = {}
        for job in in_flight:
            running[job.profile_id] = running.get(job.profile_id, 0) + sum(not task.done for task in job.tasks)
        sends = [] if self._records.jobs.paused() else self._sends(running, now)
        work = [each for job in in_flight for each in self._polls(job, running)]
        work += self._late_polls()
        work += [
            self._asking(due, profile_id, "balance", lambda at, owner=profile_id: self._read_balance(owner, at))
            for profile_id, due in self._money.wanted().items()
        ]
        work += sends
        return [each for each in work if each.due < NEVER]

    def _hears(self, job: Job) -> bool:
        return job.id in self._sender.hooked and self._gate.hooks.hears(job.profile_id)

    def _polls(self, job: Job, running: dict[str, int]) -> list[_Work]:
        profile = self._find(job.profile_id)
        if profile is None:
            return [_Work(float("-inf"), job.profile_id, "poll", lambda _now: self._orphaned(job))]
        work: list[_Work] = []
        others, heard = running[job.profile_id], self._hears(job)
        together = self._batches.together(job)
        if together:
            due, first = self._batches.due(job, together), Asked(job, together[0], profile, others, heard)
            work.append(self._asking(due, profile.id, "poll", lambda at: self._batches.ask(job, first, at)))
        for task in job.tasks:
            watch = self._poller.watches.of((job.id, task.index))
            if task.done or watch.stuck or task in together or self._fetching_all(job, task.index):
                continue
            asked = Asked(job, task, profile, others, heard)
            if job.answered:
                work.append(_Work(watch.due, profile.id, "poll", lambda at, a=asked: self._poller.ask(a, at)))
            else:
                work.append(self._asking(watch.due, profile.id, "poll", lambda at, a=asked: self._poller.ask(a, at)))
        return work

    def _fetching_all(self, job: Job, index: int) -> bool:
        watch = self._poller.watches.of((job.id, index))
        return watch.phase is not TaskPhase.RUNNING and bool(self._fetcher.active(job.id, index))

    def _late_polls(self) -> list[_Work]:
        """Ask now and then after jobs nobody waits for: the service may finish them all the same."""
        work: list[_Work] = []
        for job in self._records.jobs.abandoned_since(self._records.clock() - LATE_FOR):
            profile = self._find(job.profile_id)
            for task in job.tasks:
                if profile is None or task.done or not task.task_id:
                    continue
                asked = Asked(job, task, profile, 0)
                watch = self._poller.watches.of(asked.key)
                work.append(self._asking(watch.due, profile.id, "late", lambda at, a=asked: self._ask_late(a, at)))
        return work

    def _ask_late(self, asked: Asked, now: float) -> None:
        self._poller.ask(asked, now)
        watch = self._poller.watches.of(asked.key)
        watch.due = max(watch.due, now + LATE_POLL)

    def _sends(self, running: dict[str, int], now: float) -> list[_Work]:
        work: list[_Work] = []
        busy = self._gate.sources.busy()
        for profile_id in self._records.jobs.waiting_profiles():
            if busy and self._records.jobs.next_waiting(profile_id, busy) is None:
                continue
            profile = self._find(profile_id)
            if profile is None:
                work.append(
                    _Work(float("-inf"), profile_id, "send", lambda _now, owner=profile_id: self._homeless(owner))
                )
                continue
            if profile_id not in self._balanced:
                # once per run, before the first request: what a lost answer cost is told from the balance before it
                self._balanced.add(profile_id)
                self._money.want_balance(profile_id, float("-inf"))
            if running.get(profile_id, 0) < (MOST_RUNNING_LOCAL if profile.local else MOST_RUNNING):
                due = self._sendable_at(profile_id, busy, now)
                work.append(self._asking(due, profile_id, "send", lambda at, p=profile: self._sender.send(p, at)))
        return work

    def _sendable_at(self, profile_id: str, busy: Collection[str], now: float) -> float:
        """When the first waiting job of a profile may go out, in monotonic seconds."""
        clock = self._records.clock()
        pause = self._records.jobs.next_due(profile_id, busy, clock) - clock
        return float("-inf") if pause <= 0.0 else now + pause

    def _asking(self, due: float, profile_id: str, kind: str, run: Callable[[float], None]) -> _Work:
        """Return work that sends one request: not before the profile's turn, and not while it is held."""
        held = self._gate.holds.until(profile_id)
        if held is None:
            return _Work(NEVER, profile_id, kind, run)

        def with_turn(now: float) -> None:
            profile = self._find(profile_id)
            if profile is not None and self._gate.limiter.take(profile_id, profile.interval, now):
                run(now)

        return _Work(max(due, held, self._gate.limiter.free_at(profile_id)), profile_id, kind, with_turn)

    def _read_balance(self, profile_id: str, now: float) -> None:
        profile = self._find(profile_id)
        self._money.want_balance(profile_id, now + _BALANCE_PAUSE)
        if profile is None:
            return
        try:
            balance = self._ask_with(profile).credits().total
        except KnownError as error:
            # the balance is a courtesy: it is asked for again, and holds nothing up
            log.info("balance of %s: %s", profile_id, error)
            return
        self._money.told(profile_id, balance)

    def _orphaned(self, job: Job) -> None:
        failure = Failure(
            "The profile of this request was removed.", "Its key is needed to fetch the result.", "", Blame.OURS
        )
        now = self._records.clock()
        self._records.job(job.id, lambda known: known.moved(S.FAILED, failure=failure, ended_at=now))

    def _homeless(self, profile_id: str) -> None:
        job = self._records.jobs.next_waiting(profile_id)
        if job is not None:
            failure = Failure(
                "The profile of this request was removed.", "Make it again with another one.", "", Blame.OURS
            )
            now = self._records.clock()
            self._records.job(job.id, lambda known: known.moved(S.FAILED, failure=failure, ended_at=now))

    def _tell(self, work: list[_Work], now: float) -> None:
        """Publish the pump's own state where it changed: paused, why, and when the next request may go out."""
        sends = [each.due for each in work if each.kind == "send"]
        waiting = bool(self._records.jobs.waiting_profiles())
        reason = self._gate.holds.reason()
        person = self._records.jobs.paused()
        due = max(now, min(sends)) if sends else None
        told = QueueChanged(paused=person or (waiting and not sends and bool(reason)), reason=reason, next_due=due)
        if _differs(told, self._told):
            self._told = told
            self._records.sink.publish(told)


def _perhaps_sent(job: Job) -> Job | None:
    if job.state is not S.SENDING:
        return None
    failure = Failure(
        "The app ended while this was being sent.",
        "Compare the balance, then send it again or forget it.",
        "",
        Blame.OURS,
    )
    return replace(job.moved(S.PERHAPS_SENT, failure=failure), charge=Charge.UNKNOWN)


def _differs(new: QueueChanged, old: QueueChanged | None) -> bool:
    if old is None:
        return new != QueueChanged(paused=False)
    if (new.paused, new.reason, new.next_due is None) != (old.paused, old.reason, old.next_due is None):
        return True
    return new.next_due is not None and old.next_due is not None and abs(new.next_due - old.next_due) > _CLOSE
