"""What was spent: one row per job that reached the service, and the last balance of each profile."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from .database import Database
from .fields import storable


@dataclass(frozen=True, slots=True)
class Entry:
    """One job's money, in credits. ``at`` in Unix seconds.

    ``charged`` is None while nobody knows. ``exact`` is True where it is the difference of two balances, False where
    it is the estimate. ``balance`` is the balance after it; ``settled`` is False until the job has ended and the
    balance was read.
    """

    job_id: str
    profile_id: str
    at: float
    title: str
    operation: str
    estimate: int
    charged: int | None = None
    refunded: int = 0
    balance: int | None = None
    exact: bool = False
    settled: bool = False


_COLUMNS = "job_id, profile_id, at, title, operation, estimate, charged, refunded, balance, exact, settled"
_SAVE = f"INSERT OR REPLACE INTO ledger ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608  # constants


class Ledger:
    """Keeps entries and balances. Every method may raise StoreError or DiskError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, entries: Iterable[Entry]) -> None:
        """Keep entries, new or changed; durable."""
        with self._database.transaction(durable=True) as db:
            db.executemany(_SAVE, [_values(entry) for entry in entries])

    def of_job(self, job_id: str) -> Entry | None:
        """The entry of a job, or None."""
        found = self._select("WHERE job_id = ?", job_id)
        return found[0] if found else None

    def open_entries(self, profile_id: str) -> list[Entry]:
        """The entries of a profile that are not settled, oldest first."""
        return self._select("WHERE profile_id = ? AND settled = 0 ORDER BY at", profile_id)

    def entries(self, since: float = 0.0) -> list[Entry]:
        """All entries after ``since``, latest first."""
        return self._select("WHERE at >= ? ORDER BY at DESC", since)

    def balance(self, profile_id: str) -> int | None:
        """The last balance the service told, or None."""
        with self._database.reading() as db:
            row = db.execute("SELECT credits FROM balance WHERE profile_id = ?", (profile_id,)).fetchone()
            return None if row is None else int(row[0])

    def keep_balance(self, profile_id: str, amount: int, at: float) -> None:
        """Remember a balance."""
        with self._database.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO balance (profile_id, credits, at) VALUES (?, ?, ?)", (profile_id, amount, at)
            )

    def _select(self, rest: str, *values: object) -> list[Entry]:
        with self._database.reading() as db:
            return [_entry(row) for row in db.execute(f"SELECT {_COLUMNS} FROM ledger {rest}", values)]  # noqa: S608  # constants


def _values(entry: Entry) -> tuple[object, ...]:
    return (
        entry.job_id,
        entry.profile_id,
        entry.at,
        storable(entry.title),
        entry.operation,
        entry.estimate,
        entry.charged,
        entry.refunded,
        entry.balance,
        int(entry.exact),
        int(entry.settled),
    )


def _entry(row: sqlite3.Row) -> Entry:
    return Entry(
        job_id=row["job_id"],
        profile_id=row["profile_id"],
        at=row["at"],
        title=row["title"],
        operation=row["operation"],
        estimate=row["estimate"],
        charged=row["charged"],
        refunded=row["refunded"],
        balance=row["balance"],
        exact=bool(row["exact"]),
        settled=bool(row["settled"]),
    )
