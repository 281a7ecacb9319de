"""The order of the library's table: one number per row, so that a hundred thousand songs are a flat array.

A row is one take, or one song that is still being made; domain.row_number says how its number is built.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from musicapi_desktop.domain.row_number import BEING_MADE, PLACES
from musicapi_desktop.domain.song import Song

from .database import Database
from .search import parse
from .songs import LibraryStore

_MARKS: Final = 500


SORTS: Final = {
    "created": "song.created_at {way}",
    "title": "song.title {way}",
    "length": "take.seconds IS NULL, take.seconds {way}",
    "bpm": "take.bpm IS NULL, take.bpm {way}",
    "key": "coalesce(take.key, '') = '', take.key {way}",
}
"""What rows can be sorted by; takes that do not have it come last."""


class RowStore:
    """Reads rows; writes nothing. Every method may raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._songs = LibraryStore(database)

    def order(self, text: str, sort: str, *, descending: bool, now: float) -> array[int]:
        """The rows of all songs that ``text`` finds (store.search), by one of SORTS. About 0.3 s at 100 000 songs."""
        search = parse(text, now)
        way = "DESC" if descending else "ASC"
        by = SORTS[sort].format(way=way)
        with self._database.reading() as db:
            cursor = db.cursor()
            cursor.row_factory = None
            cursor.execute(
                f"SELECT song.n * {PLACES} + CASE WHEN take.state IN ('ready', 'missing') THEN min(take.place, "  # noqa: S608  # values are bound
                f"{BEING_MADE - 1}) ELSE {BEING_MADE} END FROM song LEFT JOIN take ON take.song_id = song.id AND "
                f"take.state <> 'failed' WHERE {search.where} ORDER BY {by}, song.n {way}, take.place",
                search.values,
            )
            return array("q", _without_repeats(cursor))

    def count(self, text: str, now: float) -> int:
        """How many songs ``text`` finds."""
        return self._songs.count(parse(text, now))

    def parts(self, text: str, now: float) -> tuple[str, ...]:
        """The words and operators that ``text`` was understood as."""
        return parse(text, now).parts

    def songs(self, numbers: Sequence[int]) -> dict[int, Song]:
        """Songs by their own number (a row's number without the place)."""
        ids: dict[str, int] = {}
        with self._database.reading() as db:
            for start in range(0, len(numbers), _MARKS):
                some = tuple(numbers[start : start + _MARKS])
                marks = ", ".join("?" * len(some))
                ids.update(db.execute(f"SELECT id, n FROM song WHERE n IN ({marks})", some).fetchall())  # noqa: S608  # values are bound
        return {ids[song.id]: song for song in self._songs.many(list(ids))}

    def number(self, song_id: str) -> int | None:
        """A song's own number, None where it is not there."""
        with self._database.reading() as db:
            row = db.execute("SELECT n FROM song WHERE id = ?", (song_id,)).fetchone()
            return None if row is None else int(row[0])


def _without_repeats(rows: Iterable[tuple[int]]) -> Iterator[int]:
    """Fold the takes of a song that are all still being made into its one row."""
    before = -1
    for (number,) in rows:
        if number != before:
            yield number
        before = number
