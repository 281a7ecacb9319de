"""The ledger: what each job cost, what is left, and the sum of the day."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from musicapi_desktop.domain.errors import DiskError, KnownError
from musicapi_desktop.domain.events import BalanceChanged, JobChanged
from musicapi_desktop.domain.profile import LOCAL_PROFILE_ID, Profile
from musicapi_desktop.domain.request import Operation
from musicapi_desktop.models import words

from .create_fields import PLAIN
from .operations import name_of
from .toast import Toast

if TYPE_CHECKING:
    from musicapi_desktop.bridge.calls import Calls
    from musicapi_desktop.bridge.relay import Relay
    from musicapi_desktop.services.accounts import Accounts
    from musicapi_desktop.store.ledger import Entry

_COALESCE_MS = 250
_DAYS = 31
_LINES = 100


class Bookings(Protocol):
    """Where entries are kept (store.ledger.Ledger). Any thread."""

    def entries(self, since: float = 0.0) -> list[Entry]:
        """Entries after ``since``, latest first."""
        ...

    def balance(self, profile_id: str) -> int | None:
        """The last balance the service told."""
        ...


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One booking: what it was for, and the change of the balance (−30, ±0, or a question mark)."""

    text: str
    amount: str
    dim: bool
    spoken: str


@dataclass(frozen=True, slots=True)
class LedgerState:
    """What the ledger shows. ``balance`` is empty where nobody knows it; ``local`` where nothing costs anything."""

    profile: str = ""
    local: bool = True
    balance: str = ""
    lines: tuple[LedgerLine, ...] = ()
    today: str = ""
    guard: str = ""
    """Above what the person is asked before anything is sent, in words."""


class LedgerPresenter(QObject):
    """Shows the entries of the profile in use."""

    state_changed = Signal(object)
    toast = Signal(object)
    settings_wanted = Signal()
    """The person wants to change above what they are asked."""
    guard: Callable[[], tuple[int, int]] | None = None
    """The credits above which is asked: of a request and of a day; 0 never."""

    def __init__(
        self,
        bookings: Bookings,
        accounts: Accounts,
        calls: Calls,
        relay: Relay,
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bookings = bookings
        self._accounts = accounts
        self._calls = calls
        self._clock = clock
        self.state = LedgerState()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_COALESCE_MS)
        self._soon.timeout.connect(self.load)
        relay.published.connect(self._hear)

    @Slot()
    def load(self) -> None:
        """Read the entries again; also after another profile was chosen."""
        self._calls.run(self._read, self._show, self._failed)

    def export_csv(self, target: Path) -> None:
        """Write every entry of every profile as comma-separated values."""

        def written(count: object) -> None:
            self.toast.emit(Toast(words.plural("Ledger", "{0} booking(s) written", int(str(count)))))

        self._calls.run(lambda: write_csv(self._bookings.entries(), target), written, self._failed)

    @Slot(object)
    def _hear(self, event: object) -> None:
        if isinstance(event, BalanceChanged | JobChanged) and not self._soon.isActive():
            self._soon.start()

    def _read(self) -> LedgerState:
        profile = self._accounts.active()
        return self._state(profile, self._bookings.entries(self._clock() - _DAYS * 86400.0))

    def _state(self, profile: Profile, entries: Sequence[Entry]) -> LedgerState:
        guard = self._guarded()
        if profile.id == LOCAL_PROFILE_ID:
            return LedgerState(profile=self.tr("On this computer"), guard=guard)
        mine = [entry for entry in entries if entry.profile_id == profile.id]
        balance = self._bookings.balance(profile.id)
        today = time.localtime(self._clock())[:3]
        spent = sum(_cost(entry) or 0 for entry in mine if time.localtime(entry.at)[:3] == today)
        return LedgerState(
            profile=profile.name,
            local=False,
            balance=words.number(balance) if balance is not None else "",
            lines=tuple(self._line(entry) for entry in mine[:_LINES]),
            today=_change(spent),
            guard=guard,
        )

    def _guarded(self) -> str:
        per_request, per_day = self.guard() if self.guard is not None else (0, 0)
        if per_request and per_day:
            said = self.tr("Ask me above {0} credits a request, {1} a day")
            return said.format(words.number(per_request), words.number(per_day))
        if per_request or per_day:
            said = self.tr("Ask me above {0} credits a request") if per_request else self.tr("Ask me above {0} a day")
            return said.format(words.number(per_request or per_day))
        return self.tr("Never ask before spending")

    def _line(self, entry: Entry) -> LedgerLine:
        cost = _cost(entry)
        what = self._what(entry, cost)
        text = f"{entry.title} · {what}" if what else entry.title
        if cost is None:
            # counted as spent until the service says otherwise, and marked as a guess
            amount = f"−{words.number(entry.estimate)} ?"
        else:
            amount = "±0" if cost == 0 and entry.refunded else _change(cost)
        return LedgerLine(text, amount, not cost, f"{text}, {amount}")

    def _what(self, entry: Entry, cost: int | None) -> str:
        named = {
            Operation.STEMS_BASIC: self.tr("2 stems"),
            Operation.STEMS_FULL: self.tr("all stems"),
            Operation.WAV: self.tr("WAV"),
        }
        operation = next((each for each in Operation if each == entry.operation), Operation.CREATE)
        what = named.get(operation, "" if operation in PLAIN else name_of(operation))
        if cost is None:
            return what or self.tr("not settled")
        if entry.refunded and cost == 0:
            return self.tr("refunded")
        return what

    def _show(self, state: LedgerState) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, KnownError):
            self.toast.emit(Toast(f"{error.message} {error.hint}".strip(), detail=error.detail))
        else:
            self._calls.bug.emit(error)


def write_csv(entries: Sequence[Entry], target: Path) -> int:
    """Write ``entries`` to ``target`` and return how many there are. Raises DiskError."""
    try:
        with target.open("w", encoding="utf-8-sig", newline="") as file:
            out = csv.writer(file)
            out.writerow(("time", "profile", "title", "operation", "estimate", "charged", "refunded", "balance"))
            for entry in entries:
                when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(entry.at))
                out.writerow(
                    (
                        when,
                        entry.profile_id,
                        _plain(entry.title),
                        entry.operation,
                        entry.estimate,
                        "" if entry.charged is None else entry.charged,
                        entry.refunded,
                        "" if entry.balance is None else entry.balance,
                    )
                )
    except OSError as error:
        raise DiskError(
            "The file could not be written.", "Choose another folder.", detail=error.strerror or ""
        ) from error
    return len(entries)


def _plain(title: str) -> str:
    # a title that a spreadsheet would run as a formula
    return f"'{title}" if title[:1] in "=+-@\t\r" and title else title


def _cost(entry: Entry) -> int | None:
    return None if entry.charged is None else entry.charged - entry.refunded


def _change(cost: int) -> str:
    return "0" if cost == 0 else f"−{words.number(cost)}"
