"""Credits: an append-only file of grants, charges and refunds, and the balance they add up to."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path

from musicapi_desktop.wire.values import Json, mapping, text, whole

log = logging.getLogger(__name__)

FREE_BALANCE = 1_000_000
"""What get-credits shows where nothing is charged."""


class NotEnough(Exception):
    """The balance does not cover the price."""


class Ledger:
    """The balance of one key.

    ``opening`` is what there is to spend; None means that everything is free. A number the ledger was opened with
    before goes on where it stood; another number sets the balance to it.
    """

    def __init__(self, path: Path, opening: int | None = None) -> None:
        """Read the ledger, or begin it. Raises OSError where the disk refuses."""
        self._path = path
        self._counted = opening is not None
        self._balance = 0
        self._granted = -1  # no opening balance yet
        self._charges: dict[str, int] = {}
        self._refunds: set[str] = set()
        for line in _lines(path):
            self._apply(line)
        if opening is not None and opening != self._granted:
            self._append({"kind": "grant", "amount": opening - self._balance, "opening": opening})

    @property
    def balance(self) -> int:
        """What can be spent."""
        return self._balance if self._counted else FREE_BALANCE

    @property
    def charged(self) -> dict[str, int]:
        """What each task was charged, by its id."""
        return dict(self._charges)

    def require(self, amount: int) -> None:
        """Raise NotEnough where ``amount`` is not there."""
        if amount > self.balance:
            raise NotEnough

    def charge(self, amount: int, what: str, task_id: str = "") -> int:
        """Take ``amount`` and return what was taken: nothing where everything is free.

        Raises NotEnough, or OSError where it cannot be written down; nothing is taken then.
        """
        self.require(amount)
        if not self._counted or not amount:
            return 0
        self._append({"kind": "charge", "amount": -amount, "what": what, "task": task_id})
        return amount

    def refund(self, amount: int, task_id: str, clip_id: str = "") -> None:
        """Give ``amount`` back for a task, or for one clip of it; a second time is no refund. Raises OSError."""
        if amount and f"{task_id}/{clip_id}" not in self._refunds:
            self._append({"kind": "refund", "amount": amount, "task": task_id, "clip": clip_id})

    def refunded(self, task_id: str, clip_id: str = "") -> bool:
        """Tell whether a task, or one clip of it, was given back."""
        return f"{task_id}/{clip_id}" in self._refunds

    def _append(self, line: dict[str, object]) -> None:
        line["at"] = round(time.time(), 3)
        with self._path.open("ab") as file:
            # the line of a process that was killed while writing has no end: this one must not grow onto it
            torn = file.tell() > 0 and not _ends_whole(self._path)
            file.write((b"\n" if torn else b"") + json.dumps(line).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self._apply(line)

    def _apply(self, line: Json) -> None:
        amount = whole(line.get("amount")) or 0
        task_id = text(line.get("task"))
        match line.get("kind"):
            case "grant":
                self._granted = whole(line.get("opening")) or 0
            case "charge" if task_id:
                self._charges[task_id] = -amount
            case "refund":
                self._refunds.add(f"{task_id}/{text(line.get('clip'))}")
            case _:
                pass
        self._balance += amount


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _lines(path: Path) -> Iterator[Json]:
    if not path.exists():
        return
    for line in path.read_bytes().splitlines():
        try:
            yield mapping(json.loads(line))
        except ValueError:
            log.warning("a line of %s cannot be read and is left out", path)
