"""What the library is asked, and the whole answer. Runs in the background; touches no Qt object."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from PySide6.QtCore import QCoreApplication

from musicapi_desktop.domain.song import Song
from musicapi_desktop.models import words
from musicapi_desktop.models.song_rows import Column
from musicapi_desktop.models.splice import Change, splice

from .smart_lists import PREFIX

translate = QCoreApplication.translate

ALL = "all"
MISSING = "missing"
TRASH = "trash"
_OPERATORS: Mapping[str, str] = {
    ALL: "",
    "favourites": "is:fav",
    "stems": "has:stems",
    MISSING: "is:missing",
    TRASH: "is:trashed",
}
_MOST_DROPS = 4
_SORTS = {
    Column.TITLE: "title",
    Column.WAVEFORM: "created",
    Column.LENGTH: "length",
    Column.BPM: "bpm",
    Column.KEY: "key",
    Column.MADE: "created",
}


@dataclass(frozen=True, slots=True)
class Query:
    """What the person set: the search, a filter chip, and the order."""

    text: str = ""
    chosen: str = ALL
    column: Column = Column.MADE
    descending: bool = True

    @property
    def whole(self) -> str:
        """The search with the filter as an operator in front."""
        kept = self.chosen.removeprefix(PREFIX) if self.chosen.startswith(PREFIX) else ""
        return f"{_OPERATORS.get(self.chosen, kept)} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class Drop:
    """A way out of an empty answer: leave out a word, or the filter. ``label`` says which, and what that finds."""

    label: str
    text: str
    chosen: str


@dataclass(frozen=True, slots=True)
class FilterChip:
    """One filter and its words."""

    id: str
    text: str


class Rows(Protocol):
    """Where rows come from (store.rows.RowStore). Called from any thread."""

    def order(self, text: str, sort: str, *, descending: bool, now: float) -> array[int]:
        """Row numbers (domain.row_number) of what ``text`` finds, in order."""
        ...

    def count(self, text: str, now: float) -> int:
        """How many songs ``text`` finds."""
        ...

    def parts(self, text: str, now: float) -> tuple[str, ...]:
        """The words and operators of ``text``."""
        ...

    def songs(self, numbers: Sequence[int]) -> dict[int, Song]:
        """Songs by number."""
        ...

    def number(self, song_id: str) -> int | None:
        """A song's number."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows in order, and what the window says around them. ``songs`` and ``trashed`` are counts.

    ``changes`` lead from the order that was shown when the question was put.
    """

    query: Query
    rows: array[int]
    changes: Sequence[Change]
    songs: int
    trashed: int
    nothing_at_all: bool
    drops: tuple[Drop, ...] = ()


def ask(source: Rows, query: Query, shown: array[int], now: float) -> Answer:
    """Put ``query`` to the library; ``shown`` is the order on the screen."""
    rows = source.order(query.whole, _SORTS[query.column], descending=query.descending, now=now)
    trashed = source.count(_OPERATORS[TRASH], now)
    plain = query.whole == ""
    return Answer(
        query=query,
        rows=rows,
        changes=splice(shown, rows),
        songs=source.count(query.whole, now),
        trashed=trashed,
        nothing_at_all=plain and not rows and not trashed,
        drops=() if rows or plain else tuple(_drops(source, query, now)),
    )


def count_missing(source: Rows, now: float) -> int:
    """How many songs have a take whose file is gone. Reads every take: about a second at 100 000 songs."""
    return source.count(_OPERATORS[MISSING], now)


def _drops(source: Rows, query: Query, now: float) -> Sequence[Drop]:
    """Each way to leave one thing out that would find something."""
    found: list[Drop] = []
    if query.text and query.chosen != ALL:
        _offer(found, source, replace(query, chosen=ALL), translate("Library", "Search all songs"), now)
    parts = source.parts(query.text, now)
    for at, part in enumerate(parts if len(parts) > 1 else ()):
        rest = " ".join((*parts[:at], *parts[at + 1 :]))
        label = translate("Library", "Leave out {0}").format(part)
        _offer(found, source, replace(query, text=rest), label, now)
    for part in parts if len(parts) > 2 and not found else ():
        _offer(found, source, replace(query, text=part), translate("Library", "Only {0}").format(part), now)
    if query.text:
        found.append(Drop(translate("Library", "Clear the search"), "", query.chosen))
    else:
        found.append(Drop(translate("Library", "Show all songs"), "", ALL))
    return (*found[: _MOST_DROPS - 1], *found[-1:]) if len(found) > _MOST_DROPS else found


def _offer(found: list[Drop], source: Rows, query: Query, label: str, now: float) -> None:
    count = source.count(query.whole, now)
    if count:
        songs = words.plural("Library", "{0} song(s)", count)
        found.append(Drop(f"{label} · {songs}", query.text, query.chosen))


def filter_chips(chosen: str, counts: Mapping[str, int], kept: Sequence[tuple[str, str]]) -> tuple[FilterChip, ...]:
    """The filters, with their counts where they have one, then the lists that were kept; an empty one is left out."""
    names = {
        ALL: translate("LibraryPresenter", "All songs"),
        "favourites": translate("LibraryPresenter", "Favourites"),
        "stems": translate("LibraryPresenter", "With stems"),
        MISSING: translate("LibraryPresenter", "Not downloaded"),
        TRASH: translate("LibraryPresenter", "Trash"),
    }
    own = [
        FilterChip(name, f"{text} {words.number(counts[name])}" if counts.get(name) else text)
        for name, text in names.items()
        if counts.get(name) != 0 or name == chosen
    ]
    return (*own, *(FilterChip(f"{PREFIX}{search}", name) for name, search in kept))
