"""What jobs really cost: the difference of two balances where one job alone explains it, else the estimate."""

from __future__ import annotations

from dataclasses import replace

from musicapi_desktop.domain.events import BalanceChanged
from musicapi_desktop.domain.job import Charge, Job, JobState
from musicapi_desktop.domain.profile import LOCAL_PROFILE_ID
from musicapi_desktop.store.ledger import Entry, Ledger

from .context import Records
from .placeholders import provisional_title

_SETTLE = 5.0
"""Seconds after a failure before the balance is read: a refund takes a moment."""


class Money:
    """Keeps the ledger. Used by the job pump alone."""

    def __init__(self, records: Records, ledger: Ledger) -> None:
        self._records = records
        self._ledger = ledger
        self._wanted: dict[str, float] = {}

    def want_balance(self, profile_id: str, at: float) -> None:
        """Read the balance of a profile at ``at`` (monotonic seconds); this computer has none to speak of."""
        if profile_id != LOCAL_PROFILE_ID:
            self._wanted[profile_id] = max(at, self._wanted.get(profile_id, at))

    def wanted(self) -> dict[str, float]:
        """When which profile's balance is to be read."""
        return self._wanted

    def last_balance(self, profile_id: str) -> int | None:
        """The last balance the service told."""
        return self._ledger.balance(profile_id)

    def sent(self, job: Job) -> None:
        """Book a job that reached the service, or may have."""
        if job.profile_id != LOCAL_PROFILE_ID:
            self._ledger.save([self._entry(job)])

    def ended(self, job: Job, now: float) -> None:
        """A job came to an end: book what is known, and read the balance for the rest."""
        if job.profile_id == LOCAL_PROFILE_ID:
            return
        entry = self._ledger.of_job(job.id)
        if entry is None and job.charge is not Charge.NONE:
            entry = self._entry(job)
        if entry is not None:
            if job.charge is Charge.REFUNDED:
                entry = replace(entry, refunded=entry.charged or entry.estimate)
            self._ledger.save([replace(entry, charged=None if job.charge is Charge.UNKNOWN else entry.charged)])
        self.want_balance(job.profile_id, now + (0.0 if job.state is JobState.READY else _SETTLE))

    def told(self, profile_id: str, balance: int) -> None:
        """The service told a balance: settle what has ended, and note it on what was perhaps sent."""
        self._wanted.pop(profile_id, None)
        self._ledger.keep_balance(profile_id, balance, self._records.clock())
        if not any(job.profile_id == profile_id for job in self._records.jobs.in_flight()):
            self._settle(profile_id, balance)
        for job in self._records.jobs.in_states({JobState.PERHAPS_SENT}):
            if job.profile_id == profile_id and job.balance_after is None:
                self._records.job(job.id, lambda known: replace(known, balance_after=balance))
        self._records.sink.publish(BalanceChanged(profile_id, balance))

    def _settle(self, profile_id: str, balance: int) -> None:
        entries = [replace(entry, balance=balance, settled=True) for entry in self._ledger.open_entries(profile_id)]
        first = self._records.jobs.get(entries[0].job_id) if entries else None
        before = first.balance_before if first is not None else None
        # more than before: credits were bought meanwhile, and the difference says nothing
        if before is not None and before >= balance:
            entries = _explained(entries, before - balance)
        if entries:
            self._ledger.save(entries)
        for entry in entries:
            self._records.job(entry.job_id, lambda job, entry=entry: _with_charge(job, entry))

    def _entry(self, job: Job) -> Entry:
        return Entry(
            job_id=job.id,
            profile_id=job.profile_id,
            at=job.sent_at or self._records.clock(),
            title=provisional_title(job.request),
            operation=str(job.request.operation),
            estimate=int(job.estimate),
            charged=int(job.estimate) if job.charge is Charge.CHARGED else None,
            balance=job.balance_before,
        )


def _explained(entries: list[Entry], spent: int) -> list[Entry]:
    """Return the entries with what ``spent`` credits say of them: all of it where there is one, else a confirmation."""
    charged = [entry.estimate if entry.charged is None else entry.charged for entry in entries]
    if len(entries) == 1:
        most = max(charged[0], spent)
        return [replace(entries[0], charged=most, refunded=most - spent, exact=True)]
    if sum(charged) - sum(entry.refunded for entry in entries) == spent:
        return [replace(entry, charged=each, exact=True) for entry, each in zip(entries, charged, strict=True)]
    return entries


def _with_charge(job: Job, entry: Entry) -> Job | None:
    """Return a job with what the balance says of its money; None where nothing is new."""
    if not entry.exact or job.charge is not Charge.UNKNOWN:
        return replace(job, balance_after=entry.balance) if job.balance_after != entry.balance else None
    cost = (entry.charged or 0) - entry.refunded
    charge = Charge.CHARGED if cost > 0 else Charge.REFUNDED if any(t.task_id for t in job.tasks) else Charge.NONE
    return replace(job, charge=charge, balance_after=entry.balance)
