"""Which of the documented spellings this server speaks (wire/dialects.py), and the rules that follow from it.

What a spelling changes about an answer is in accent.py; what it changes about a request is asked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from musicapi_desktop.wire.dialects import BY_NAME, spoken
from musicapi_desktop.wire.hosts import AIMUSICAPI, MUSICAPI
from musicapi_desktop.wire.prices import PRICES

_PRICES_OF: Final[Mapping[str, str]] = {
    "prices-musicapi": MUSICAPI,
    "prices-musicapi-2026-10": MUSICAPI,
    "prices-aimusicapi": AIMUSICAPI,
}
_NEWER_PRICES: Final[Mapping[str, int]] = {"create_music": 20, "stems/basic": 30}
"""What the first host's list of 2026-10 has changed (contract §13)."""


class Manner:
    """The dialects in force, one per topic."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        """Take the usual dialects and ``names`` in their place. Raises InvalidRequest for an unknown name."""
        self._spoken = spoken(names)

    def speaks(self, name: str) -> bool:
        """Tell whether a dialect is in force. Raises KeyError for a name the table does not have."""
        return BY_NAME[name].name in self._spoken

    @property
    def title(self) -> int:
        """The longest title in characters."""
        return 120 if self.speaks("title-120") else 80

    @property
    def description(self) -> int:
        """The longest description in characters."""
        return 200 if self.speaks("description-200") else 400

    @property
    def upload_seconds(self) -> tuple[float, float]:
        """The shortest and the longest upload."""
        return (6.0, 60.0) if self.speaks("upload-60-seconds") else (2.0, 480.0)

    def price(self, operation: str) -> int:
        """Return what an operation costs; a name without a price is free."""
        if operation == "wav":
            return 1 if self.speaks("wav-costs-1") else 2
        newer = _NEWER_PRICES.get(operation) if self.speaks("prices-musicapi-2026-10") else None
        host = next(host for name, host in _PRICES_OF.items() if self.speaks(name))
        return PRICES[host].get(operation, PRICES[MUSICAPI].get(operation, 0)) if newer is None else newer
