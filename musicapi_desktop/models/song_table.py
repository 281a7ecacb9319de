"""The library as a Qt table: an array of keys, and a cache of the songs around what is on the screen.

Sorting and filtering happen in the database (findings: a proxy takes seconds at 100 000 rows); this model only shows
the order it is given, and tells the view the smallest difference when the order changes.
"""

from __future__ import annotations

import time
from array import array
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QUrl,
)

from musicapi_desktop.domain.row_number import BEING_MADE, place_of, row_number, song_of
from musicapi_desktop.domain.song import Song

from .song_rows import Column, Flight, Row, RowKey
from .song_words import cell, spoken
from .splice import Change, splice

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
"""The Row itself, for the delegate."""

_PAGE = 64
_KEPT = 32 * _PAGE
"""Songs in memory, some 5 kB each; a page that was dropped is read again in a few milliseconds."""
_NOWHERE = QModelIndex()

_Index = QModelIndex | QPersistentModelIndex
Fetch = Callable[[Sequence[int]], Mapping[int, Song]]
"""From songs' own numbers to the songs."""


class SongTableModel(QAbstractTableModel):
    """Rows are given by ``set_rows``; songs are fetched a page at a time when a row is first looked at."""

    def __init__(
        self,
        fetch: Fetch,
        path_of: Callable[[str], Path],
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._path_of = path_of
        self._clock = clock
        self._rows: array[int] = array("q")
        self._songs: OrderedDict[int, Song] = OrderedDict()
        self._numbers: dict[str, int] = {}
        self._flights: Mapping[str, Flight] = {}
        self._current: RowKey = ("", "")
        self._playing = False

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """As many as there are keys: the scroll bar tells the truth."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """All columns; the view hides what does not fit."""
        return 0 if parent.isValid() else len(Column)

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:  # noqa: ANN401  # Qt's signature
        """The Row for the delegate, words for everyone else."""
        if not index.isValid():
            return None
        row = self.row(index.row())
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return cell(row, Column(index.column()), self._clock())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(row, Column(index.column()), self._clock())
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:  # noqa: ANN401  # Qt's signature
        """Names of the columns."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return column_title(Column(section))
        if role == Qt.ItemDataRole.AccessibleTextRole and section == Column.WAVEFORM:
            return QCoreApplication.translate("Library", "Waveform")
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Rows can be selected, and dragged out once they have a file."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return flags | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else Qt.ItemFlag.NoItemFlags

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The files of the dragged takes, for other programs."""
        rows = [self.row(row) for row in sorted({index.row() for index in indexes})]
        paths = [row.take.path for row in rows if row is not None and row.take is not None and row.take.path]
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(self._path_of(path))) for path in paths])
        return mime

    def mimeTypes(self) -> list[str]:
        """Files go out as a list of addresses."""
        return ["text/uri-list"]

    def supportedDragActions(self) -> Qt.DropAction:
        """The other program copies; the file stays."""
        return Qt.DropAction.CopyAction

    @property
    def rows(self) -> array[int]:
        """The order that is shown (see domain.row_number). Not to be changed."""
        return self._rows

    def key(self, row: int) -> RowKey:
        """Which song and take a row shows; empty ids where the song vanished from the database a moment ago."""
        shown = self.row(row)
        return ("", "") if shown is None else (shown.song.id, shown.take.id if shown.take else "")

    def row(self, row: int) -> Row | None:
        """What a row shows; None where its song vanished from the database a moment ago."""
        if not 0 <= row < len(self._rows):
            return None
        number, place = song_of(self._rows[row]), place_of(self._rows[row])
        song = self._songs.get(number) or self._fetch_around(row)
        if song is None:
            return None
        take = song.takes[place] if place < min(len(song.takes), BEING_MADE) else None
        flight = self._flights.get(song.id) if take is None else None
        current = take is not None and (song.id, take.id) == self._current
        return Row(song, take, flight, current and self._playing, current)

    def find(self, number: int, place: int) -> int:
        """Where the take at ``place`` of the song ``number`` is, −1 where it is not shown."""
        try:
            return self._rows.index(row_number(number, place))
        except ValueError:
            return -1

    def set_rows(self, rows: array[int], changes: Sequence[Change] | None = None) -> None:
        """Show ``rows`` in this order; selection and scrolling survive, for only the difference is announced.

        ``changes`` is ``splice(self.rows, rows)`` where it has been worked out already.
        """
        for change in splice(self._rows, rows) if changes is None else changes:
            if change.removed:
                self.beginRemoveRows(_NOWHERE, change.at, change.at + change.removed - 1)
                del self._rows[change.at : change.at + change.removed]
                self.endRemoveRows()
            if change.added:
                self.beginInsertRows(_NOWHERE, change.at, change.at + change.added - 1)
                self._rows[change.at : change.at] = rows[change.source : change.source + change.added]
                self.endInsertRows()

    def song_changed(self, song: Song) -> None:
        """A song has new values; which rows it has is the order's business (``set_rows``)."""
        number = self._numbers.get(song.id)
        if number is not None:
            self._songs[number] = song
            self._touch((song.id,))

    def set_flights(self, flights: Mapping[str, Flight]) -> None:
        """How the songs that are being made get on, by song."""
        either = flights.keys() | self._flights.keys()
        changed = [song_id for song_id in either if flights.get(song_id) != self._flights.get(song_id)]
        self._flights = flights
        self._touch(changed, flights_only=True)

    def set_playing(self, key: RowKey, playing: bool) -> None:
        """Mark the take in the player."""
        if (key, playing) == (self._current, self._playing):
            return
        before, self._current, self._playing = self._current, key, playing
        self._touch({before[0], key[0]} - {""})

    def _touch(self, song_ids: Collection[str], *, flights_only: bool = False) -> None:
        # a song that was never fetched was never on the screen
        numbers = [self._numbers[song_id] for song_id in song_ids if song_id in self._numbers]
        left: set[int] = set()
        for number in numbers:
            places = () if flights_only else range(len(self._songs[number].takes))
            left.update(row_number(number, place) for place in (*places, BEING_MADE))
        for row, shown in enumerate(self._rows) if left else ():
            if shown in left:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))
                left.discard(shown)
                if not left:
                    break

    def _fetch_around(self, row: int) -> Song | None:
        first = row - row % _PAGE
        wanted = dict.fromkeys(song_of(number) for number in self._rows[first : first + _PAGE])
        found = self._fetch([number for number in wanted if number not in self._songs])
        self._songs.update(found)
        self._numbers.update((song.id, number) for number, song in found.items())
        while len(self._songs) > _KEPT:
            _, dropped = self._songs.popitem(last=False)
            self._numbers.pop(dropped.id, None)
        return self._songs.get(song_of(self._rows[row]))


def column_title(column: Column) -> str:
    """The header's word for a column."""
    return {
        Column.TITLE: QCoreApplication.translate("Library", "Title"),
        Column.WAVEFORM: "",
        Column.LENGTH: QCoreApplication.translate("Library", "Length"),
        Column.BPM: QCoreApplication.translate("Library", "BPM"),
        Column.KEY: QCoreApplication.translate("Library", "Key"),
        Column.MADE: QCoreApplication.translate("Library", "Made"),
    }[column]
