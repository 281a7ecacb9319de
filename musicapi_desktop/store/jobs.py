"""Jobs on disk. A job is read, changed by a function and written in one transaction, so no move is made twice."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence

from musicapi_desktop.domain.job import IN_FLIGHT, UNSENT, Charge, Job, JobState, JobTask
from musicapi_desktop.domain.retry import LONGEST_WAIT
from musicapi_desktop.domain.units import Credits

from .database import Database
from .fields import storable
from .request_codec import failure_from_text, failure_text, parsed, request_from_text, request_text

_COLUMNS = (
    "id, batch, profile_id, state, position, request, attempts, created_at, sent_at, ended_at, due, estimate, charge, "
    "balance_before, balance_after, failure, progress, answered, service_batch"
)
_SAVE = f"""
INSERT INTO job ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
    batch = excluded.batch, profile_id = excluded.profile_id, state = excluded.state, position = excluded.position,
    request = excluded.request, attempts = excluded.attempts, created_at = excluded.created_at,
    sent_at = excluded.sent_at, ended_at = excluded.ended_at, due = excluded.due, estimate = excluded.estimate,
    charge = excluded.charge, balance_before = excluded.balance_before, balance_after = excluded.balance_after,
    failure = excluded.failure, progress = excluded.progress, answered = excluded.answered,
    service_batch = excluded.service_batch
"""  # noqa: S608  # column names are constants
_IN_FLIGHT = IN_FLIGHT - {JobState.SENDING}

_PUT_OFF = f"(due > ? AND due <= ? + {LONGEST_WAIT})"
"""Nothing is put off for longer than a retry asks for: a job due later than that was, before the clock was set back."""

Change = Callable[[Job], Job | None]
"""Given the job as it is now, return it changed, or None to leave it."""


class JobStore:
    """Keeps jobs. Every method may raise StoreError or DiskError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, jobs: Iterable[Job]) -> tuple[Job, ...]:
        """Keep new jobs at the end of the queue, in one durable transaction; return them with their positions."""
        kept: list[Job] = []
        with self._database.transaction(durable=True) as db:
            last = db.execute("SELECT coalesce(max(position), 0) FROM job").fetchone()[0]
            for place, job in enumerate(jobs, start=1):
                placed = job.moved(job.state, position=float(last) + place)
                _write(db, placed)
                kept.append(placed)
        return tuple(kept)

    def get(self, job_id: str) -> Job | None:
        """The job with this id, or None."""
        found = self._select("WHERE id = ?", (job_id,))
        return found[0] if found else None

    def change(self, job_id: str, change: Change, *, durable: bool = False, answer: object = None) -> Job | None:
        """Read a job, change it and write it, as one step; return it as written.

        None where it does not exist or ``change`` declines. ``answer`` is kept with it in the same step. A BugError of
        ``Job.moved`` leaves the job as it was.
        """
        with self._database.transaction(durable=durable) as db:
            job = self.get(job_id)
            changed = None if job is None else change(job)
            if changed is not None:
                _write(db, changed)
                if answer is not None:
                    self.keep_answer(job_id, answer)
                db.execute("UPDATE job SET cleared = 0 WHERE id = ? AND cleared", (job_id,))
            return changed

    def split(self, job_id: str, change: Change, rest: Iterable[Job]) -> tuple[Job, ...]:
        """Change a job and add others that take over a part of it, in one durable transaction; return all of them."""
        with self._database.transaction(durable=True):
            changed = self.change(job_id, change)
            return () if changed is None else (changed, *self.add(rest))

    def keep_answer(self, job_id: str, body: object) -> None:
        """Keep the answer that holds a job's result; None forgets it."""
        with self._database.transaction(durable=True) as db:
            if body is None:
                db.execute("DELETE FROM job_answer WHERE job_id = ?", (job_id,))
            else:
                text = storable(json.dumps(body, ensure_ascii=False))
                db.execute("INSERT OR REPLACE INTO job_answer (job_id, body) VALUES (?, ?)", (job_id, text))

    def answer(self, job_id: str) -> object:
        """The answer that holds a job's result, as the service gave it; None where there is none."""
        with self._database.reading() as db:
            row = db.execute("SELECT body FROM job_answer WHERE job_id = ?", (job_id,)).fetchone()
            return None if row is None else parsed(row["body"])

    def shown(self) -> tuple[Job, ...]:
        """Every job that was not cleared away, in the order of the queue."""
        return self._select("WHERE NOT cleared ORDER BY position, created_at")

    def in_states(self, states: Collection[JobState]) -> tuple[Job, ...]:
        """The jobs in any of these states, in the order of the queue."""
        marks = ", ".join("?" * len(states))
        return self._select(f"WHERE state IN ({marks}) ORDER BY position, created_at", tuple(map(str, states)))

    def in_flight(self) -> tuple[Job, ...]:
        """The jobs the service works on, or whose files are being fetched."""
        return self.in_states(_IN_FLIGHT)

    def next_waiting(self, profile_id: str, without: Collection[str] = (), *, at: float = float("inf")) -> Job | None:
        """The job of a profile that is to be sent next: due at that moment (Unix seconds), and not in ``without``."""
        marks = ", ".join("?" * len(without))
        found = self._select(
            f"WHERE state = ? AND profile_id = ? AND NOT {_PUT_OFF} AND id NOT IN ({marks}) "
            "ORDER BY position, created_at LIMIT 1",
            (JobState.WAITING, profile_id, at, at, *without),
        )
        return found[0] if found else None

    def next_due(self, profile_id: str, without: Collection[str], at: float) -> float:
        """When the first waiting job of a profile may go out (Unix seconds); 0 where one may at once, or none waits."""
        marks = ", ".join("?" * len(without))
        with self._database.reading() as db:
            row = db.execute(
                f"SELECT min(CASE WHEN {_PUT_OFF} THEN due ELSE 0 END) FROM job "  # noqa: S608  # constants and marks
                f"WHERE state = ? AND profile_id = ? AND id NOT IN ({marks})",
                (at, at, JobState.WAITING, profile_id, *without),
            ).fetchone()
            return float(row[0] or 0.0)

    def waiting_profiles(self) -> tuple[str, ...]:
        """The profiles that have a job waiting, the one whose job is first in the queue first."""
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT profile_id FROM job WHERE state = ? GROUP BY profile_id ORDER BY min(position)",
                (JobState.WAITING,),
            )
            return tuple(row["profile_id"] for row in rows)

    def abandoned_since(self, moment: float) -> tuple[Job, ...]:
        """The jobs nobody waits for any more that ended after ``moment`` and might still be finished by the service."""
        return self._select("WHERE state = ? AND ended_at > ? ORDER BY ended_at", (JobState.ABANDONED, moment))

    def reorder(self, job_id: str, before: str | None) -> tuple[Job, ...]:
        """Put an unsent job before another one (None: last); return the jobs whose position changed."""
        with self._database.transaction() as db:
            unsent = list(self.in_states(UNSENT))
            moving = next((job for job in unsent if job.id == job_id), None)
            if moving is None or before == job_id:
                return ()
            others = [job for job in unsent if job.id != job_id]
            at = next((place for place, job in enumerate(others) if job.id == before), len(others))
            order = [*others[:at], moving, *others[at:]]
            changed: list[Job] = []
            for job, old in zip(order, unsent, strict=True):
                if job.position != old.position:
                    changed.append(job.moved(job.state, position=old.position))
                    _write(db, changed[-1])
            return tuple(changed)

    def clear(self, states: Collection[JobState]) -> int:
        """Take the jobs in these states out of sight; return how many."""
        marks = ", ".join("?" * len(states))
        with self._database.transaction() as db:
            cursor = db.execute(
                f"UPDATE job SET cleared = 1 WHERE NOT cleared AND state IN ({marks})",  # noqa: S608  # only marks
                tuple(map(str, states)),
            )
            return cursor.rowcount

    def clear_one(self, job_id: str) -> None:
        """Take one job out of sight."""
        with self._database.transaction() as db:
            db.execute("UPDATE job SET cleared = 1 WHERE id = ?", (job_id,))

    def paused(self) -> bool:
        """True where the person paused the queue; it stays so over a restart."""
        with self._database.reading() as db:
            return db.execute("SELECT 1 FROM meta WHERE key = 'paused'").fetchone() is not None

    def pause(self, paused: bool) -> None:
        """Keep whether the queue is paused."""
        with self._database.transaction() as db:
            if paused:
                db.execute("INSERT OR IGNORE INTO meta (key, value) VALUES ('paused', '1')")
            else:
                db.execute("DELETE FROM meta WHERE key = 'paused'")

    def _select(self, rest: str, values: Sequence[object] = ()) -> tuple[Job, ...]:
        with self._database.reading() as db:
            rows = db.execute(f"SELECT {_COLUMNS} FROM job {rest}", tuple(values)).fetchall()  # noqa: S608  # constants
            return tuple(_job(row, _tasks(db, row["id"])) for row in rows)


def _tasks(db: sqlite3.Connection, job_id: str) -> tuple[JobTask, ...]:
    rows = db.execute(
        "SELECT number, song_id, task_id, done, error FROM job_task WHERE job_id = ? ORDER BY number", (job_id,)
    )
    return tuple(
        JobTask(row["number"], row["song_id"], row["task_id"], bool(row["done"]), row["error"]) for row in rows
    )


def _write(db: sqlite3.Connection, job: Job) -> None:
    db.execute(
        _SAVE,
        (
            job.id,
            job.batch,
            job.profile_id,
            str(job.state),
            job.position,
            request_text(job.request),
            job.attempts,
            job.created_at,
            job.sent_at,
            job.ended_at,
            job.due,
            int(job.estimate),
            str(job.charge),
            job.balance_before,
            job.balance_after,
            failure_text(job.failure),
            storable(job.progress),
            int(job.answered),
            storable(job.service_batch),
        ),
    )
    db.execute("DELETE FROM job_task WHERE job_id = ?", (job.id,))
    db.executemany(
        "INSERT INTO job_task (job_id, number, song_id, task_id, done, error) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (job.id, task.index, task.song_id, storable(task.task_id), int(task.done), storable(task.error))
            for task in job.tasks
        ],
    )


def _job(row: sqlite3.Row, tasks: tuple[JobTask, ...]) -> Job:
    return Job(
        id=row["id"],
        request=request_from_text(row["request"]),
        profile_id=row["profile_id"],
        state=JobState(row["state"]),
        tasks=tasks,
        position=row["position"],
        attempts=row["attempts"],
        created_at=row["created_at"],
        sent_at=row["sent_at"],
        ended_at=row["ended_at"],
        due=row["due"],
        estimate=Credits(row["estimate"]),
        charge=Charge(row["charge"]),
        balance_before=row["balance_before"],
        balance_after=row["balance_after"],
        failure=failure_from_text(row["failure"]),
        progress=row["progress"],
        batch=row["batch"],
        answered=bool(row["answered"]),
        service_batch=row["service_batch"],
    )
