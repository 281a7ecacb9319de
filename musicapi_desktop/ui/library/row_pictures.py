"""Rows of the library as pictures: a row is painted once and only copied while it scrolls.

Painting a row takes some fifty calls of Qt, each of which gives other threads a turn (measured: while songs are made,
a screenful of rows then takes up to ten times as long as when nothing else runs).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QPainter, QPixmap

from musicapi_desktop.domain.song import Song
from musicapi_desktop.models.song_rows import Row

_KEPT = 48
"""Two screenfuls of rows, about 7 MB."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a row's picture depends on besides its song. ``made`` is the text of the column that changes with time."""

    selected: bool
    hovered: bool
    action: bool
    made: str
    size: QSize
    dpr: float

    def key(self, row: Row) -> tuple[object, ...]:
        """What tells one picture from another, the song's own values aside."""
        take = row.take.id if row.take is not None else ""
        state = (row.flight, row.playing, row.current)
        seen = (self.selected, self.hovered, self.action, self.made)
        return (row.song.id, take, *state, *seen, self.size.width(), self.size.height(), self.dpr)


class RowPictures:
    """The pictures of the rows that were painted last. Belongs to the GUI thread."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], tuple[Song, QPixmap]] = OrderedDict()

    def picture(self, row: Row, look: Look, ground: QColor, paint: Callable[[QPainter], None]) -> QPixmap:
        """Return the picture of a row; ``paint`` paints a new one on ``ground``."""
        key = look.key(row)
        known = self._kept.get(key)
        # songs are values: one that was changed is another object
        if known is not None and known[0] is row.song:
            self._kept.move_to_end(key)
            return known[1]
        fresh = QPixmap(look.size * look.dpr)
        fresh.setDevicePixelRatio(look.dpr)
        fresh.fill(ground)
        painter = QPainter(fresh)
        paint(painter)
        painter.end()
        self._kept[key] = (row.song, fresh)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return fresh

    def forget(self) -> None:
        """The colours, the fonts or the widths of the columns changed."""
        self._kept.clear()
