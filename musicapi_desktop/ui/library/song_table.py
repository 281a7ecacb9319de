"""The table of songs: selection, keys and clicks; painting is the delegate's, meaning the presenter's."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from musicapi_desktop.models.song_rows import Column, Row, RowKey
from musicapi_desktop.ui.theme import theme

from .columns import COVER, MARGIN, fit, natural_widths
from .header import ColumnHeader
from .row_pictures import Look, RowPictures
from .song_delegate import Cell, SongDelegate

if TYPE_CHECKING:
    from musicapi_desktop.models.song_table import SongTableModel

_STEP = 28
"""Pixels per wheel step of the scroll bar: half a row."""


class SongTable(QTableView):
    """Rows of songs. ``selection_changed`` says that keys() differ; ``key_pressed`` names what a key asked for."""

    selection_changed = Signal()
    play_pressed = Signal(int)
    action_pressed = Signal(int)
    walked = Signal()
    """The keyboard came to another row."""
    key_pressed = Signal(str)

    def __init__(self, model: SongTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._delegate = SongDelegate(self)
        self._pictures = RowPictures()
        self.header = ColumnHeader(self)
        self._behave()
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setHorizontalHeader(self.header)
        self.renew()
        theme.current().changed.connect(self.renew)
        self.selectionModel().selectionChanged.connect(self._selected)
        self.selectionModel().currentRowChanged.connect(self._selected)

    def keys(self) -> list[RowKey]:
        """The selected rows, top to bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._model.key(row) for row in rows]

    def rows(self) -> list[Row]:
        """What the selected rows show, top to bottom."""
        numbers = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [row for number in numbers if (row := self._model.row(number)) is not None]

    def current_key(self) -> RowKey | None:
        """The row of the keyboard, None where there is none."""
        index = self.currentIndex()
        return self._model.key(index.row()) if index.isValid() and index.row() < self._model.rowCount() else None

    def show_row(self, row: int) -> None:
        """Select a row and bring it into view."""
        # selectRow would take the selection off a row that has it already
        how = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self._model.index(row, 0), how)
        self.scrollTo(self._model.index(row, 0))

    def action_area(self, row: int) -> QRect:
        """Where a row's button is, in the viewport; empty where it has none."""
        shown = self._model.row(row)
        if shown is None or shown.flight is None or not shown.flight.act:
            return QRect()
        return self._delegate.action_rect(self._bounds(), self.rowViewportPosition(row), shown.flight)

    def cover_area(self, row: int) -> QRect:
        """Where a row's cover is, in the viewport."""
        top = self.rowViewportPosition(row) + (self.rowHeight(row) - COVER) // 2
        return QRect(MARGIN, top, COVER, COVER)

    @Slot()
    def renew(self) -> None:
        """Take the theme's fonts and sizes again."""
        self._delegate.renew()
        self._pictures.forget()
        self.verticalHeader().setDefaultSectionSize(theme.current().size("row"))
        self._fit()
        self.viewport().update()

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here; searching has its own box."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width out again."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, then the ring around the keyboard's row."""
        painter = QPainter(self.viewport())
        area = event.rect()
        first, last = self.rowAt(area.top()), self.rowAt(area.bottom())
        if first >= 0:
            self._paint_rows(painter, range(first, (last if last >= 0 else self._model.rowCount() - 1) + 1))
        index = self.currentIndex()
        if self.hasFocus() and index.isValid():
            self._paint_ring(painter, index.row())
        painter.end()

    def _paint_rows(self, painter: QPainter, rows: range) -> None:
        size, dpr = QSize(self.viewport().width(), self.rowHeight(rows.start)), self.devicePixelRatioF()
        ground, delegate, chosen = theme.current().color("bg"), self._delegate, self.selectionModel()
        top = self.rowViewportPosition(rows.start)
        for number in rows:
            row = self._model.row(number)
            if row is not None:
                hovered = number == delegate.hover_row
                selected = chosen.isRowSelected(number)
                made = str(self._model.index(number, Column.MADE).data())
                look = Look(selected, hovered, hovered and delegate.hover_action, made, size, dpr)
                paint = partial(self._paint_row, row, number, selected)
                painter.drawPixmap(0, top, self._pictures.picture(row, look, ground, paint))
            top += size.height()

    def _paint_row(self, row: Row, number: int, selected: bool, painter: QPainter) -> None:
        height = self.rowHeight(number)
        for column in Column:
            if not self.isColumnHidden(column):
                left, width = self.columnViewportPosition(column), self.columnWidth(column)
                text = self._model.index(number, column).data()
                self._delegate.paint_cell(
                    painter, QRect(left, 0, width, height), row, Cell(number, column, str(text)), selected
                )

    def _paint_ring(self, painter: QPainter, row: int) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.current().color("focus"), 2))
        area = QRect(0, self.rowViewportPosition(row), self.viewport().width(), self.rowHeight(row))
        painter.drawRoundedRect(area.adjusted(2, 2, -2, -3), 5, 5)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn keys into what the person asked for; the rest moves about as lists do."""
        asked = self._asked(event)
        if asked and self.currentIndex().isValid():
            self.key_pressed.emit(asked)
            event.accept()
            return
        before = self.currentIndex().row()
        super().keyPressEvent(event)
        if self.currentIndex().row() != before:
            self.walked.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A row's button and its cover act at the press; elsewhere the press selects."""
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid() and self._hit(event, index.row()):
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click plays."""
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.play_pressed.emit(index.row())
            return
        super().mouseDoubleClickEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer, for the row under it shows what it can do."""
        super().mouseMoveEvent(event)
        point = event.position().toPoint()
        index = self.indexAt(point)
        row = index.row() if index.isValid() else -1
        on_action = row >= 0 and self.action_area(row).contains(point)
        on_cover = row >= 0 and self.cover_area(row).contains(point)
        self.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor if on_action or on_cover else Qt.CursorShape.ArrowCursor
        )
        self._hover(row, on_action)

    def leaveEvent(self, event: QEvent) -> None:
        """No row is under the pointer."""
        super().leaveEvent(event)
        self._hover(-1, False)

    def _behave(self) -> None:
        self.setProperty("kind", "songs")
        # here Ctrl and a digit give stars
        self.setProperty("takes_keys", "songs")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(_STEP)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setAccessibleName(self.tr("Songs"))

    def _bounds(self) -> QRect:
        return QRect(0, 0, self.viewport().width(), self.viewport().height())

    def _fit(self) -> None:
        widths = fit(self.viewport().width(), natural_widths())
        for column in Column:
            self.setColumnHidden(column, column not in widths)
            if column in widths:
                self.header.resizeSection(column, widths[column])
        self._delegate.narrow = Column.WAVEFORM not in widths
        self._pictures.forget()

    def _hit(self, event: QMouseEvent, row: int) -> bool:
        point = event.position().toPoint()
        if self.action_area(row).contains(point):
            self.action_pressed.emit(row)
            return True
        shown = self._model.row(row)
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if plain and shown is not None and shown.take is not None and self.cover_area(row).contains(point):
            self.play_pressed.emit(row)
            return True
        return False

    def _hover(self, row: int, on_action: bool) -> None:
        if (row, on_action) == (self._delegate.hover_row, self._delegate.hover_action):
            return
        before = self._delegate.hover_row
        self._delegate.hover_row, self._delegate.hover_action = row, on_action
        for number in {before, row} - {-1}:
            top = self.rowViewportPosition(number)
            self.viewport().update(0, top, self.viewport().width(), self.rowHeight(number))

    def _asked(self, event: QKeyEvent) -> str:
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return "library.open_mixer" if ctrl else "play.selected"
        if ctrl:
            return ""
        return _KEYS.get(Qt.Key(event.key()), "")

    @Slot()
    def _selected(self, *_changed: object) -> None:
        self.selection_changed.emit()


_KEYS = {
    Qt.Key.Key_F: "library.favourite",
    Qt.Key.Key_Delete: "library.trash",
    Qt.Key.Key_Backspace: "library.trash",
    Qt.Key.Key_F2: "library.rename",
}
