"""Searches that were kept under a name: they fill themselves."""

from __future__ import annotations

from typing import Final, cast

from musicapi_desktop.settings.preferences import Preferences

LISTS_KEY: Final = "library.lists"
PREFIX: Final = "list:"
"""What the id of a smart list's chip begins with; the search follows."""
_LONGEST_NAME = 40


class SmartLists:
    """Names and searches, in the order they were kept. Writing may raise OSError."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    def all(self) -> tuple[tuple[str, str], ...]:
        """(name, search) of every list."""
        kept = self._preferences.get(LISTS_KEY, cast("list[object]", []))
        pairs = [cast("list[object]", each) for each in kept if isinstance(each, list)]
        return tuple((str(pair[0]), str(pair[1])) for pair in pairs if len(pair) == 2 and str(pair[1]).strip())

    def keep(self, name: str, search: str) -> str:
        """Keep a search under a name, in the place of an older one of the same search; return its chip's id."""
        clean = " ".join(name.split())[:_LONGEST_NAME] or search[:_LONGEST_NAME]
        others = [[known, text] for known, text in self.all() if text != search]
        self._preferences.set(LISTS_KEY, [*others, [clean, search]])
        return f"{PREFIX}{search}"

    def forget(self, chip: str) -> None:
        """Forget the list of a chip; its songs stay."""
        search = chip.removeprefix(PREFIX)
        self._preferences.set(LISTS_KEY, [[name, text] for name, text in self.all() if text != search])
