"""Paints the rows of the library: cover, title and badges, waveform, figures; and the songs that are being made."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from musicapi_desktop.models import song_words
from musicapi_desktop.models.song_rows import Column, Flight, Row
from musicapi_desktop.models.song_table import ROW_ROLE
from musicapi_desktop.ui.theme import fonts, theme
from musicapi_desktop.ui.theme.icons import pixmap
from musicapi_desktop.ui.widgets.badge import Badge, letter_badges, paint_badges
from musicapi_desktop.ui.widgets.cover import cover_pixmap
from musicapi_desktop.ui.widgets.mini_waveform import waveform_pixmap

from .columns import COVER, MARGIN, TEXT_LEFT

_TITLE_LINE = 20
_SECOND_LINE = 39
_BAR = 3
_ICON = 20
_COVER_RADIUS = 6.0
_WAVE_HEIGHT = 20
_QUIET = 0.5
"""Opacity of the waveform of a take that is not in the player."""

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Cell:
    """Which cell is painted, and its text."""

    row: int
    column: Column
    text: str


class SongDelegate(QStyledItemDelegate):
    """One delegate for all columns. ``hover_row`` and ``narrow`` are set by the table."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.hover_row = -1
        self.hover_action = False
        self.narrow = False
        self._fonts: dict[str, QFont] = {}
        self.renew()

    def renew(self) -> None:
        """Make the fonts again after the theme or the zoom changed."""
        self._fonts = {
            "title": fonts.font("base", weight=600),
            "second": fonts.font("small"),
            "figure": fonts.font("base", tabular=True),
            "made": fonts.font("small", tabular=True),
        }

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Every row is as high as the token says."""
        del option, index
        return QSize(0, theme.current().size("row"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one cell, as Qt asks for it when a row is dragged; on the screen the table paints whole rows."""
        row: Row | None = index.data(ROW_ROLE)
        rect = QRect(option.rect)  # type: ignore[attr-defined]  # PySide's stubs leave out the option's fields
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]  # as above
        selected = bool(state & QStyle.StateFlag.State_Selected)
        self.paint_cell(painter, rect, row, Cell(index.row(), Column(index.column()), str(index.data())), selected)

    def paint_cell(self, painter: QPainter, rect: QRect, row: Row | None, cell: Cell, selected: bool) -> None:
        """Paint one cell into ``rect``."""
        painter.save()
        self._background(painter, rect, row, cell.row, selected)
        if row is not None:
            self._cell(painter, rect, row, cell)
        painter.restore()

    def action_rect(self, table: QRect, row_top: int, flight: Flight) -> QRect:
        """Where the button of a song that is being made is, in a table's viewport ``table``."""
        width = round(QFontMetricsF(self._fonts["second"]).horizontalAdvance(flight.act)) + 20
        height = 26
        top = row_top + (theme.current().size("row") - height) // 2
        return QRect(table.right() - MARGIN - width + 10, top, width, height)

    def _background(self, painter: QPainter, rect: QRect, row: Row | None, number: int, selected: bool) -> None:
        now = theme.current()
        if selected:
            painter.fillRect(rect, now.color("selection"))
        elif row is not None and row.flight is not None:
            tint = now.color("accent")
            tint.setAlphaF(0.07)
            painter.fillRect(rect, tint)
        elif number == self.hover_row:
            painter.fillRect(rect, now.color("panel"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), now.color("line"))

    def _cell(self, painter: QPainter, rect: QRect, row: Row, cell: Cell) -> None:
        column, hovered = cell.column, cell.row == self.hover_row
        if column is Column.TITLE:
            self._title(painter, rect, row, hovered)
        elif column is Column.WAVEFORM:
            self._waveform(painter, rect, row)
        elif row.flight is None:
            self._figure(painter, rect, column, cell.text)
        if row.flight is not None and column is Column.MADE and row.flight.act:
            self._action(painter, rect, row.flight, hovered)

    def _title(self, painter: QPainter, rect: QRect, row: Row, hovered: bool) -> None:
        cover = QRect(rect.left() + MARGIN, rect.top() + (rect.height() - COVER) // 2, COVER, COVER)
        self._cover(painter, cover, row, hovered)
        left = rect.left() + TEXT_LEFT
        room = rect.right() - left - 8
        badges = letter_badges(song_words.letters(row), row.current)
        metrics = QFontMetricsF(self._fonts["title"])
        # the take letters are what tells two rows apart, so the title gives way to them
        title_room = room - sum(badge.width + 6 for badge in badges) - 8
        title = metrics.elidedText(song_words.title(row), Qt.TextElideMode.ElideRight, max(40.0, title_room))
        self._text(painter, QPointF(left, rect.top() + _TITLE_LINE), title, "title", "text")
        x = left + metrics.horizontalAdvance(title) + 8
        badges += [Badge(word) for word in song_words.badges(row)]
        if row.song.favourite:
            painter.drawPixmap(
                QPointF(x, rect.top() + _TITLE_LINE - 7), self._icon(painter, "heart:fill", "accent", 14)
            )
            x += 20
        paint_badges(painter, QPointF(x, rect.top() + _TITLE_LINE), badges, left + room - x)
        second = QFontMetricsF(self._fonts["second"]).elidedText(
            song_words.second_line(row), Qt.TextElideMode.ElideRight, room
        )
        self._text(painter, QPointF(left, rect.top() + _SECOND_LINE), second, "second", "text_dim")
        if row.flight is not None and self.narrow and row.flight.part > 0:
            self._bar(painter, QRect(left, rect.bottom() - 5, room, _BAR), row.flight)

    def _cover(self, painter: QPainter, rect: QRect, row: Row, hovered: bool) -> None:
        now = theme.current()
        middle = QPointF(rect.center().x() + 1 - _ICON / 2, rect.center().y() + 1 - _ICON / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if row.flight is not None or row.take is None:
            painter.setBrush(now.color("raised"))
            painter.drawRoundedRect(QRectF(rect), _COVER_RADIUS, _COVER_RADIUS)
            painter.drawPixmap(middle, self._icon(painter, "list-music", "accent", _ICON))
            return
        dpr = painter.device().devicePixelRatioF()
        painter.drawPixmap(rect.topLeft(), cover_pixmap(row.song.id, COVER, _COVER_RADIUS, dpr))
        if row.current or hovered:
            painter.setBrush(QColor(0, 0, 0, 150))
            painter.drawRoundedRect(QRectF(rect), _COVER_RADIUS, _COVER_RADIUS)
            name = "pause:fill" if row.playing else "play:fill"
            # on the darkened cover only a light colour can be seen, in either scheme
            role = "panel" if now.scheme == theme.LIGHT else "play"
            painter.drawPixmap(middle, self._icon(painter, name, role, _ICON))

    def _waveform(self, painter: QPainter, rect: QRect, row: Row) -> None:
        width = rect.width() - 16
        if row.flight is not None:
            self._bar(painter, QRect(rect.left(), rect.center().y() - 1, width, _BAR), row.flight)
        elif row.take is not None and row.take.facts is not None:
            colour = theme.current().color("play" if row.current else "text_faint")
            colour.setAlphaF(1.0 if row.current else _QUIET)
            dpr = painter.device().devicePixelRatioF()
            size = QSize(width, _WAVE_HEIGHT)
            wave = waveform_pixmap(row.take.id, row.take.facts.overview, size, colour, dpr)
            painter.drawPixmap(QPointF(rect.left(), rect.center().y() - _WAVE_HEIGHT // 2), wave)

    def _bar(self, painter: QPainter, rect: QRect, flight: Flight) -> None:
        now = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.color("line"))
        painter.drawRoundedRect(QRectF(rect), _BAR / 2, _BAR / 2)
        painter.setBrush(now.color("accent"))
        painter.drawRoundedRect(
            QRectF(rect.left(), rect.top(), max(0.0, rect.width() * flight.part), rect.height()), _BAR / 2, _BAR / 2
        )

    def _figure(self, painter: QPainter, rect: QRect, column: Column, text: str) -> None:
        if column is Column.MADE:
            self._text(painter, QPointF(rect.left(), rect.center().y()), text, "made", "text_dim")
            return
        role = "text" if column is Column.LENGTH else "text_dim"
        self._text(painter, QPointF(rect.left(), rect.center().y()), text, "figure", role)

    def _action(self, painter: QPainter, rect: QRect, flight: Flight, hovered: bool) -> None:
        now = theme.current()
        area = self.action_rect(rect, rect.top(), flight)
        if hovered and self.hover_action:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(now.color("line_strong"))
            painter.setBrush(now.color("raised"))
            painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), _COVER_RADIUS, _COVER_RADIUS)
        painter.setFont(self._fonts["second"])
        painter.setPen(now.color("text"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, flight.act)

    def _text(self, painter: QPainter, at: QPointF, text: str, font: str, role: str) -> None:
        metrics = QFontMetricsF(self._fonts[font])
        painter.setFont(self._fonts[font])
        painter.setPen(theme.current().color(role))
        painter.drawText(QPointF(at.x(), at.y() + (metrics.ascent() - metrics.descent()) / 2), text)

    def _icon(self, painter: QPainter, name: str, role: str, size: int) -> QPixmap:
        return pixmap(name, role, size, painter.device().devicePixelRatioF())
