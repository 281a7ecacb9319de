"""Money the person decides on: what operations cost with a profile, and above what they want to be asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication, QObject, Signal

from musicapi_desktop.domain.errors import KnownError
from musicapi_desktop.domain.profile import Profile
from musicapi_desktop.domain.request import Operation
from musicapi_desktop.domain.units import Credits
from musicapi_desktop.models import words
from musicapi_desktop.settings.preferences import Preferences

from .operations import name_of
from .toast import Toast

if TYPE_CHECKING:
    from musicapi_desktop.bridge.calls import Calls
    from musicapi_desktop.store.ledger import Entry

    from .profiles import AccountsLike

translate = QCoreApplication.translate
REQUEST_KEY = "guard.request"
DAY_KEY = "guard.day"
FIRST = (100, 500)
"""Credits above which the person is asked first: for one request, and for a day."""
_DAY_SECONDS = 86400.0


class Prices(Protocol):
    """services.pricing.PriceBook, as the settings use it."""

    def listed(self, profile: Profile) -> Mapping[Operation, Credits | None]:
        """The prices in force."""
        ...

    def overrides(self, profile_id: str) -> Mapping[str, int]:
        """The prices the person set."""
        ...

    def set_override(self, profile_id: str, operation: Operation, amount: int | None) -> None:
        """Set a price, or take the table's again. Raises InvalidRequest, OSError."""
        ...


class Bookings(Protocol):
    """store.ledger.Ledger, as the guard uses it. Blocks on the disk."""

    def entries(self, since: float = 0.0) -> list[Entry]:
        """Entries after ``since``, latest first."""
        ...


@dataclass(frozen=True, slots=True)
class PriceLine:
    """The price of one operation. ``own`` where the person set it; ``amount`` is None where nobody knows."""

    operation: Operation
    name: str
    amount: int | None
    own: bool


@dataclass(frozen=True, slots=True)
class MoneyState:
    """``profiles`` are those that cost money; ``lines`` the prices of the one that is ``shown``."""

    profiles: tuple[Profile, ...] = ()
    shown: str = ""
    lines: tuple[PriceLine, ...] = ()
    per_request: int = FIRST[0]
    per_day: int = FIRST[1]


class MoneyPresenter(QObject):
    """The page of prices and of the spend guard. Everything is kept at once."""

    state_changed = Signal(object)
    toast = Signal(object)

    def __init__(self, prices: Prices, accounts: AccountsLike, preferences: Preferences, calls: Calls) -> None:
        super().__init__()
        self._prices = prices
        self._accounts = accounts
        self._preferences = preferences
        self._calls = calls
        self.state = MoneyState()

    def opened(self) -> None:
        """The page is shown."""
        paid = tuple(profile for profile in self._accounts.profiles() if not profile.local)
        active = self._accounts.active().id
        shown = self.state.shown or active
        shown = shown if any(profile.id == shown for profile in paid) else (paid[0].id if paid else "")
        limits = limits_of(self._preferences)
        self._show(replace(self.state, profiles=paid, shown=shown, per_request=limits[0], per_day=limits[1]))
        self._list()

    def choose(self, profile_id: str) -> None:
        """Show another profile's prices."""
        self._show(replace(self.state, shown=profile_id))
        self._list()

    def set_price(self, operation: Operation, amount: int | None) -> None:
        """The person knows a price better; None takes the table's again."""
        work = partial(self._prices.set_override, self.state.shown, operation, amount)
        self._calls.run(work, self._listed, self._failed)

    def ask_above(self, per_request: int, per_day: int) -> None:
        """Ask above so many credits; 0 asks never."""
        self._show(replace(self.state, per_request=per_request, per_day=per_day))
        for key, value in ((REQUEST_KEY, per_request), (DAY_KEY, per_day)):
            self._calls.run(partial(self._preferences.set, key, value), None, self._failed)

    def _listed(self, _nothing: object) -> None:
        self._list()

    def _list(self) -> None:
        profile = next((each for each in self.state.profiles if each.id == self.state.shown), None)
        if profile is None:
            return
        own = self._prices.overrides(profile.id)
        lines = tuple(
            PriceLine(operation, name_of(operation), None if amount is None else int(amount), str(operation) in own)
            for operation, amount in self._prices.listed(profile).items()
        )
        self._show(replace(self.state, lines=lines))

    def _show(self, state: MoneyState) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, KnownError):
            self.toast.emit(Toast(f"{error.message} {error.hint}".strip(), detail=error.detail))
        elif isinstance(error, OSError):
            self.toast.emit(Toast(translate("Money", "This could not be saved: {0}.").format(error.strerror or error)))
        else:
            self._calls.bug.emit(error)


@dataclass(frozen=True, slots=True)
class Question:
    """Something to be agreed to before credits are spent. ``go_on`` sends; doing nothing keeps them."""

    text: str
    hint: str
    button: str
    go_on: Callable[[], object]


class SpendGuard(QObject):
    """Lets requests pass, or asks first. ``asked`` carries a Question."""

    asked = Signal(object)

    def __init__(self, bookings: Bookings, preferences: Preferences, calls: Calls) -> None:
        super().__init__()
        self._bookings = bookings
        self._preferences = preferences
        self._calls = calls
        self.clock: Callable[[], float] = time.time
        self.promised: Callable[[str], int] = _nothing
        """What waits in the queue will cost a profile (services.queue.Queue.promised); blocks on the disk."""

    def allow(
        self, profile: Profile, cost: int, then: Callable[[], object], asks: Callable[[], object] | None = None
    ) -> None:
        """Call ``then`` where ``cost`` is within what the person set; else ask, and tell ``asks`` so."""
        per_request, per_day = limits_of(self._preferences)
        if profile.local or cost <= 0 or not (per_request or per_day):
            then()
        elif per_request and cost > per_request:
            said = translate("Money", "This request costs about {0}.").format(_credits(cost))
            hint = translate("Money", "You asked to be told above {0} a request.").format(_credits(per_request))
            self._ask(Question(said, hint, _button(cost), then), asks)
        elif per_day:
            weigh = partial(self._weigh, cost, then, asks)
            self._calls.run(partial(self._spent, profile.id), weigh, self._unread(then))
        else:
            then()

    def _spent(self, profile_id: str) -> int:
        now = self.clock()
        midnight = time.mktime((*time.localtime(now)[:3], 0, 0, 0, 0, 0, -1))
        mine = [entry for entry in self._bookings.entries(midnight) if entry.profile_id == profile_id]
        charged = (entry.estimate if entry.charged is None else entry.charged - entry.refunded for entry in mine)
        return sum(charged) + self.promised(profile_id)

    def _weigh(self, cost: int, then: Callable[[], object], asks: Callable[[], object] | None, spent: int) -> None:
        per_day = limits_of(self._preferences)[1]
        if spent + cost <= per_day:
            then()
            return
        said = translate("Money", "With this, today comes to about {0}.").format(_credits(spent + cost))
        hint = translate("Money", "You asked to be told above {0} a day.").format(_credits(per_day))
        self._ask(Question(said, hint, _button(cost), then), asks)

    def _unread(self, then: Callable[[], object]) -> Callable[[BaseException], None]:
        def unread(error: BaseException) -> None:
            # a ledger that cannot be read is no reason to keep anybody from making songs
            if not isinstance(error, KnownError):
                self._calls.bug.emit(error)
            then()

        return unread

    def _ask(self, question: Question, asks: Callable[[], object] | None) -> None:
        if asks is not None:
            asks()
        self.asked.emit(question)


def _nothing(_profile_id: str) -> int:
    return 0


def limits_of(preferences: Preferences) -> tuple[int, int]:
    """Above how many credits to ask: for one request, and for a day; 0 never."""
    return max(0, preferences.get(REQUEST_KEY, FIRST[0])), max(0, preferences.get(DAY_KEY, FIRST[1]))


def _button(cost: int) -> str:
    return translate("Money", "Send it · {0}").format(_credits(cost))


def _credits(amount: int) -> str:
    return words.plural("Money", "{0} credit(s)", amount)
