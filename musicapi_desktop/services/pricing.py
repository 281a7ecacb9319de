"""What an operation costs: the table of the host, with what the person set in its place. Any thread."""

from __future__ import annotations

import threading
from typing import Final

from musicapi_desktop.domain.errors import InvalidRequest
from musicapi_desktop.domain.profile import Profile
from musicapi_desktop.domain.request import Operation
from musicapi_desktop.domain.units import Credits
from musicapi_desktop.settings.preferences import Preferences
from musicapi_desktop.store.fields import Fields
from musicapi_desktop.wire.capabilities import operations
from musicapi_desktop.wire.prices import price

PRICES_KEY: Final = "prices"
DEAREST: Final = 100_000


class PriceBook:
    """Prices by profile. This computer asks for nothing."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self._lock = threading.Lock()

    def price(
        self, profile: Profile, operation: Operation, *, model: str = "", described: bool = False
    ) -> Credits | None:
        """Return the credits of one operation, None where nobody knows.

        ``described`` is True where the request is a description rather than own words.
        """
        if profile.local:
            return Credits(0)
        own = self.overrides(profile.id).get(str(operation))
        if own is not None:
            return Credits(own)
        return price(profile.base_url, str(operation), model=model, described=described)

    def listed(self, profile: Profile) -> dict[Operation, Credits | None]:
        """Return the prices in force of everything that can be had with a profile."""
        return {operation: self.price(profile, operation) for operation in operations(profile.base_url)}

    def overrides(self, profile_id: str) -> dict[str, int]:
        """Return the prices the person set for a profile, by operation."""
        kept = self._kept().get(profile_id)
        fields = Fields(kept)
        return {str(each): value for each in Operation if (value := fields.whole(str(each), -1)) >= 0}

    def set_override(self, profile_id: str, operation: Operation, amount: int | None) -> None:
        """Set the price of an operation; None takes the table's again.

        Raises InvalidRequest("price") for a number that is no price, OSError where it cannot be kept.
        """
        if amount is not None and not 0 <= amount <= DEAREST:
            raise InvalidRequest({"price": f"Between 0 and {DEAREST:,} credits."})
        with self._lock:
            kept = self._kept()
            own = {name: value for name, value in self.overrides(profile_id).items() if name != operation}
            if amount is not None:
                own[str(operation)] = amount
            if own:
                kept[profile_id] = own
            else:
                kept.pop(profile_id, None)
            self._preferences.set(PRICES_KEY, kept)

    def _kept(self) -> dict[str, object]:
        return Fields({PRICES_KEY: self._preferences.get(PRICES_KEY, dict[str, object]())}).plain(PRICES_KEY)
