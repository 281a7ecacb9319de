"""The table's header: words over the columns, an arrow on the one that sorts."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from musicapi_desktop.models.song_rows import Column
from musicapi_desktop.models.song_table import column_title
from musicapi_desktop.ui.theme import fonts, theme

from .columns import TEXT_LEFT

_HEIGHT = 30


class ColumnHeader(QHeaderView):
    """Emits ``sort_asked(column, descending)`` when a word is pressed; a second press turns the order round."""

    sort_asked = Signal(int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._column = Column.MADE
        self._descending = True
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(0)
        self.setStretchLastSection(False)
        self.setAccessibleName(self.tr("Columns; press one to sort by it"))
        self.sectionClicked.connect(self._pressed)

    def set_sorted(self, column: Column, descending: bool) -> None:
        """Show which column sorts."""
        self._column, self._descending = column, descending
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """A low line: it is read once."""
        return QSize(super().sizeHint().width(), _HEIGHT)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803  # Qt's own name
        """Paint a word and, where it sorts, its arrow."""
        now = theme.current()
        painter.save()
        painter.fillRect(rect, now.color("bg"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), now.color("line"))
        column = Column(logicalIndex)
        text = column_title(column)
        sorts = column is self._column
        if sorts:
            text += " ↓" if self._descending else " ↑"
        font = fonts.font("small", weight=600 if sorts else 400)
        metrics = QFontMetricsF(font)
        left = rect.left() + (TEXT_LEFT if column is Column.TITLE else 0)
        painter.setFont(font)
        painter.setPen(now.color("text" if sorts else "text_dim"))
        painter.drawText(QPointF(left, rect.center().y() + (metrics.ascent() - metrics.descent()) / 2), text)
        painter.restore()

    def _pressed(self, section: int) -> None:
        column = Column(section)
        if column is Column.WAVEFORM:
            return
        first_down = column is Column.MADE
        descending = not self._descending if column is self._column else first_down
        self.sort_asked.emit(int(column), descending)
