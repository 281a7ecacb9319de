"""Paints the queue: headings, and for each job its stage, its money and its buttons."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from musicapi_desktop.models.queue_list import ENTRY_ROLE
from musicapi_desktop.models.queue_rows import Act, QueueEntry, QueueHeading, QueueRow, Section, Segment, Tone
from musicapi_desktop.ui.theme import fonts, theme
from musicapi_desktop.ui.widgets.badge import Badge, letter_badges, paint_badges
from musicapi_desktop.ui.widgets.cover import cover_pixmap

from .geometry import COVER, HEADING, MARGIN, ROW, ROW_NEEDS_YOU, buttons, parts
from .labels import label

_TITLE_LINE = 21
_SECOND_LINE = 40
_SEGMENT_GAP = 4
_SEGMENT_HEIGHT = 4
_COVER_RADIUS = 6.0

_SEGMENT_ROLES = {
    Segment.DONE: "play",
    Segment.ACTIVE: "accent",
    Segment.TODO: "line",
    Segment.FAILED: "bad",
    Segment.UNSURE: "warn",
}

_Index = QModelIndex | QPersistentModelIndex


class JobDelegate(QStyledItemDelegate):
    """``hover`` is the row and button under the pointer, ``chosen`` the button the keyboard would press."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.hover: tuple[int, Act | None] = (-1, None)
        self.chosen: tuple[int, Act | None] = (-1, None)
        self._fonts: dict[str, QFont] = {}
        self.renew()

    def renew(self) -> None:
        """Make the fonts again after the theme changed."""
        self._fonts = {
            "title": fonts.font("base", weight=600),
            "second": fonts.font("small", tabular=True),
            "heading": fonts.font("small", weight=600),
            "button": fonts.font("small", weight=500),
            "mark": fonts.font("base", tabular=True),
        }

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Headings are lower than jobs, failures higher."""
        del option
        entry: QueueEntry | None = index.data(ENTRY_ROLE)
        if isinstance(entry, QueueHeading):
            return QSize(0, HEADING)
        needs_you = entry is not None and entry.section is Section.NEEDS_YOU
        return QSize(0, ROW_NEEDS_YOU if needs_you else ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one entry."""
        entry: QueueEntry | None = index.data(ENTRY_ROLE)
        rect = QRect(option.rect)  # type: ignore[attr-defined]  # PySide's stubs leave out the option's fields
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]  # as above
        painter.save()
        if isinstance(entry, QueueHeading):
            self._heading(painter, rect, entry)
        elif entry is not None:
            self._job(painter, rect, entry, index.row(), bool(state & QStyle.StateFlag.State_Selected))
        painter.restore()

    def _heading(self, painter: QPainter, rect: QRect, entry: QueueHeading) -> None:
        y = rect.top() + HEADING / 2 + 2
        self._text(painter, QPointF(rect.left() + MARGIN, y), entry.title, "heading", entry.tone)
        x = rect.left() + MARGIN + QFontMetricsF(self._fonts["heading"]).horizontalAdvance(entry.title) + 8
        self._text(painter, QPointF(x, y), entry.note, "second", Tone.DIM)

    def _job(self, painter: QPainter, rect: QRect, row: QueueRow, number: int, selected: bool) -> None:
        now = theme.current()
        if selected:
            painter.fillRect(rect, now.color("selection"))
        elif number == self.hover[0]:
            painter.fillRect(rect, now.color("panel"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), now.color("line"))
        place = parts(rect)
        middle = rect.center().y() + 0.5
        tone = Tone.BAD if row.section is Section.NEEDS_YOU else Tone.DIM
        self._text(painter, QPointF(place.mark.left(), middle), row.mark, "mark", tone)
        self._cover(painter, place.cover, row)
        self._words(painter, place.text, row)
        self._stages(painter, place.stages, row)
        if place.clock.width():
            self._text(painter, QPointF(place.clock.left(), middle), row.elapsed, "second", Tone.DIM)
        self._text(
            painter, QPointF(place.money.left(), middle), row.money, "second", row.money_tone, place.money.width()
        )
        for act, area in buttons(rect, row):
            self._button(painter, area, act, number)

    def _cover(self, painter: QPainter, rect: QRect, row: QueueRow) -> None:
        if row.has_cover and row.song_id:
            dpr = painter.device().devicePixelRatioF()
            painter.drawPixmap(rect.topLeft(), cover_pixmap(row.song_id, COVER, _COVER_RADIUS, dpr))
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().color("raised"))
        painter.drawRoundedRect(QRectF(rect), _COVER_RADIUS, _COVER_RADIUS)

    def _words(self, painter: QPainter, rect: QRect, row: QueueRow) -> None:
        badges = letter_badges(row.letters) + ([Badge(row.badge)] if row.badge else [])
        metrics = QFontMetricsF(self._fonts["title"])
        room = rect.width() - sum(badge.width + 6 for badge in badges) - 8
        title = metrics.elidedText(row.title, Qt.TextElideMode.ElideRight, max(40.0, room))
        self._text(painter, QPointF(rect.left(), rect.top() + _TITLE_LINE), title, "title", Tone.PLAIN)
        x = rect.left() + metrics.horizontalAdvance(title) + 8
        paint_badges(painter, QPointF(x, rect.top() + _TITLE_LINE), badges, rect.right() - x)
        if row.section is Section.NEEDS_YOU:
            self._sentence(painter, QRect(rect.left(), rect.top() + _TITLE_LINE + 11, rect.width(), 36), row.second)
            return
        at = QPointF(rect.left(), rect.top() + _SECOND_LINE)
        self._text(painter, at, row.second, "second", Tone.DIM, rect.width())

    def _sentence(self, painter: QPainter, rect: QRect, text: str) -> None:
        metrics = QFontMetricsF(self._fonts["second"])
        # two lines hold a little less than twice the width, for lines break at words
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width() * 1.8)
        painter.setFont(self._fonts["second"])
        painter.setPen(theme.current().color("text_dim"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, shown)

    def _stages(self, painter: QPainter, rect: QRect, row: QueueRow) -> None:
        now = theme.current()
        count = len(row.segments)
        width = (rect.width() - _SEGMENT_GAP * (count - 1)) / count
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        top = rect.top() + _TITLE_LINE - 3
        for number, segment in enumerate(row.segments):
            painter.setBrush(now.color(_SEGMENT_ROLES[segment]))
            area = QRectF(rect.left() + number * (width + _SEGMENT_GAP), top, width, _SEGMENT_HEIGHT)
            painter.drawRoundedRect(area, 2, 2)
        at = QPointF(rect.left(), rect.top() + _SECOND_LINE - 3)
        self._text(painter, at, row.stage, "second", Tone.DIM, rect.width() + 8)

    def _button(self, painter: QPainter, rect: QRect, act: Act, number: int) -> None:
        now = theme.current()
        hovered, chosen = (number, act) == self.hover, (number, act) == self.chosen
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(now.color("focus"), 2) if chosen else QPen(now.color("line_strong"), 1))
        painter.setBrush(now.color("selection" if hovered else "raised"))
        edge = 1.0 if chosen else 0.5
        painter.drawRoundedRect(QRectF(rect).adjusted(edge, edge, -edge, -edge), 7, 7)
        painter.setFont(self._fonts["button"])
        painter.setPen(now.color("text"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, label(act))

    def _text(self, painter: QPainter, at: QPointF, text: str, font: str, tone: Tone, room: float = 0.0) -> None:
        metrics = QFontMetricsF(self._fonts[font])
        painter.setFont(self._fonts[font])
        painter.setPen(theme.current().color(tone.value))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room) if room else text
        painter.drawText(QPointF(at.x(), at.y() + (metrics.ascent() - metrics.descent()) / 2), shown)
