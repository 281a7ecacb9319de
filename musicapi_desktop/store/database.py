"""The library's database file: connections, transactions, migrations. One writer, readers of their own."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .failures import LibraryDamaged, LibraryTooNew, translated
from .migrations import MIGRATIONS

PATIENCE = 3.0
"""Seconds to wait for another program that holds the file, before saying so."""


class Database:
    """A library file, opened and brought up to date. Safe from any thread.

    Reading uses one connection per thread; writing goes through one connection behind a lock, so two threads of the app
    never meet SQLITE_BUSY. Raises StoreError (LibraryInUse, LibraryTooNew, LibraryDamaged) or DiskError with a
    sentence where the file cannot be used; the file is then untouched.
    """

    def __init__(self, path: Path, *, patience: float = PATIENCE, migrations: Sequence[str] = MIGRATIONS) -> None:
        self.path = path
        self._patience = patience
        self._lock = threading.RLock()
        self._depth = 0
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._readers_lock = threading.Lock()
        self._closed = False
        path.parent.mkdir(parents=True, exist_ok=True)
        with translated():
            self._writer = self._connect()
        try:
            with translated():
                self._prepare(migrations)
        except BaseException:
            self._writer.close()
            raise

    def close(self) -> None:
        """Close every connection; the write-ahead log is folded into the file. Safe to call twice."""
        with self._lock, self._readers_lock:
            if self._closed:
                return
            self._closed = True
            for reader in self._readers:
                reader.close()
            self._readers.clear()
            with translated():
                self._writer.close()

    @contextmanager
    def transaction(self, *, durable: bool = False) -> Generator[sqlite3.Connection]:
        """Write: all of the block or nothing. Blocks inside one another are one transaction.

        ``durable`` waits until the disk has it (for what costs money: an intent, an accepted task id). It is honoured
        for the outermost block.
        """
        with self._lock, translated():
            if self._depth:
                self._depth += 1
                try:
                    yield self._writer
                finally:
                    self._depth -= 1
                return
            if durable:
                self._writer.execute("PRAGMA synchronous=FULL")
            self._writer.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise
            finally:
                self._depth = 0
                if durable:
                    self._writer.execute("PRAGMA synchronous=NORMAL")

    @contextmanager
    def reading(self) -> Generator[sqlite3.Connection]:
        """Read: this thread's own connection, or the writer's inside a transaction of this thread."""
        with translated():
            if self._depth and self._owned():
                yield self._writer
            else:
                yield self._reader()

    def interrupt(self) -> None:
        """End a search that another thread runs; it raises sqlite3.OperationalError there."""
        with self._readers_lock:
            for reader in self._readers:
                reader.interrupt()

    def version(self) -> int:
        """The version of the schema."""
        with self.reading() as connection:
            return int(connection.execute("PRAGMA user_version").fetchone()[0])

    def sound(self) -> bool:
        """Read the whole file and tell whether it is in order. Takes about a second per 300 MB."""
        try:
            with self.reading() as connection:
                return connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
        except LibraryDamaged:
            return False

    def _owned(self) -> bool:
        # an RLock that this thread holds is taken again at once; one that another thread holds is not
        if not self._lock.acquire(blocking=False):
            return False
        try:
            return self._depth > 0
        finally:
            self._lock.release()

    def _reader(self) -> sqlite3.Connection:
        reader: sqlite3.Connection | None = getattr(self._local, "reader", None)
        if reader is None:
            reader = self._connect()
            reader.execute("PRAGMA query_only=ON")
            with self._readers_lock:
                self._readers.append(reader)
            self._local.reader = reader
        return reader

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=self._patience, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection

    def _roll_back(self) -> None:
        if self._writer.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                # the failure that led here is the one to tell; SQLite undoes the rest at the next start
                self._writer.execute("ROLLBACK")

    def _prepare(self, migrations: Sequence[str]) -> None:
        found = int(self._writer.execute("PRAGMA user_version").fetchone()[0])
        if found > len(migrations):
            raise LibraryTooNew(
                "This library was last used by a newer version of MusicAPI Desktop.",
                "Install the newer version again; the library has not been touched.",
                detail=f"version {found}, this app knows {len(migrations)}",
            )
        if found == 0 and self._writer.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise LibraryDamaged(
                "The library file holds something else.",
                "Set the file aside; your songs are in the music folder and can be read in again.",
            )
        self._writer.execute("PRAGMA journal_mode=WAL")
        if found and found < len(migrations):
            self._back_up(found)
        for number in range(found, len(migrations)):
            self._migrate(number, migrations[number])

    def _migrate(self, number: int, sql: str) -> None:
        try:
            self._writer.executescript(f"BEGIN IMMEDIATE;{sql};PRAGMA user_version={number + 1};COMMIT;")
        except BaseException:
            self._roll_back()
            raise

    def _back_up(self, version: int) -> None:
        target = self.path.with_name(f"{self.path.stem}.version-{version}.backup.db")
        part = target.with_name(target.name + ".part")
        part.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(part)) as copy:
            self._writer.backup(copy)
        part.replace(target)


def set_aside(path: Path) -> Path:
    """Rename a library that cannot be used, with its log files, and return its new name. Raises OSError."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    target = path.with_name(f"{path.stem}.set-aside-{stamp}{path.suffix}")
    path.replace(target)
    for suffix in ("-wal", "-shm"):
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.replace(target.with_name(target.name + suffix))
    return target
