"""Searches that were kept under a name: they fill themselves."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol, cast

from musicapi_desktop.domain.errors import DiskError
from musicapi_desktop.settings.preferences import Preferences

if TYPE_CHECKING:
    from musicapi_desktop.bridge.calls import Calls

LISTS_KEY: Final = "library.lists"
PREFIX: Final = "list:"
"""What the id of a smart list's chip begins with; the search follows."""
ALL_SONGS: Final = "all"
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


class Shown(Protocol):
    """presenters.library.LibraryPresenter, as keeping lists needs it."""

    @property
    def whole_search(self) -> str:
        """The search with the filter it is in."""
        ...

    def show_list(self, chip: str) -> None:
        """Show a list, or all songs."""
        ...

    def renew_chips(self) -> None:
        """Look at the lists again."""
        ...

    @property
    def chosen(self) -> str:
        """The chip that is pressed."""
        ...


class ListKeeper:
    """Keeps and forgets lists for the library. ``refused`` is told what the disk said."""

    def __init__(
        self, lists: SmartLists, library: Shown, calls: Calls, refused: Callable[[BaseException], None]
    ) -> None:
        self._lists = lists
        self._library = library
        self._calls = calls
        self._refused = refused

    def keep(self, name: str) -> None:
        """Keep the search that is shown under a name."""
        search = self._library.whole_search
        if search:
            self._calls.run(partial(self._lists.keep, name, search), self._library.show_list, self._failed)

    def forget(self, chip: str) -> None:
        """Forget a list; its songs stay."""

        def gone(_nothing: object) -> None:
            if self._library.chosen == chip:
                self._library.show_list(ALL_SONGS)
            else:
                self._library.renew_chips()

        self._calls.run(partial(self._lists.forget, chip), gone, self._failed)

    def _failed(self, error: BaseException) -> None:
        said = DiskError("The list could not be kept.", "Look whether the disk is full.", detail=str(error))
        self._refused(said if isinstance(error, OSError) else error)
