"""The queue as a Qt list model: group headings and jobs in one list, changed in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from .queue_rows import QueueEntry, QueueHeading, QueueRow, Section
from .splice import splice

ENTRY_ROLE = int(Qt.ItemDataRole.UserRole)
"""The QueueHeading or QueueRow itself, for the delegate."""

_JOB = "application/x-musicapi-job"

_Index = QModelIndex | QPersistentModelIndex


class QueueListModel(QAbstractListModel):
    """Shows the entries it is given; the presenter decides which and in what order.

    Rows that wait can be dragged among themselves: ``dropped(job id, id of the job it goes before, or nothing)``.
    """

    dropped = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[QueueEntry] = []

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        """Headings and jobs together."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:  # noqa: ANN401  # Qt's signature
        """The entry for the delegate, and its words for everyone else."""
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        entry = self._entries[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return entry.spoken
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(entry, QueueRow):
            return entry.tip or None
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Headings cannot be selected."""
        if not index.isValid() or isinstance(self._entries[index.row()], QueueHeading):
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        waits = self._entries[index.row()].section is Section.WAITING
        return flags | Qt.ItemFlag.ItemIsDragEnabled if waits else flags

    def mimeTypes(self) -> list[str]:
        """Jobs are dragged inside this list only."""
        return [_JOB]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The job that is dragged."""
        mime = QMimeData()
        mime.setData(_JOB, self._entries[indexes[0].row()].key.encode())
        return mime

    def supportedDropActions(self) -> Qt.DropAction:
        """A dropped job moves."""
        return Qt.DropAction.MoveAction

    def canDropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: _Index) -> bool:
        """Between jobs that wait, and after the last of them."""
        del action, column
        return data.hasFormat(_JOB) and self._waits(row if row >= 0 else parent.row())

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: _Index) -> bool:
        """Tell who was dropped where; the new order comes back from the queue itself."""
        at = row if row >= 0 else parent.row()
        if not self.canDropMimeData(data, action, row, column, parent):
            return False
        before = self._entries[at] if at < len(self._entries) else None
        goes_before = before.key if isinstance(before, QueueRow) and before.section is Section.WAITING else ""
        self.dropped.emit(bytes(data.data(_JOB).data()).decode(), goes_before)
        # the view would otherwise take the row out that it thinks has moved
        return False

    def _waits(self, row: int) -> bool:
        near = self._entries[max(0, row - 1) : row + 1]
        return any(isinstance(entry, QueueRow) and entry.section is Section.WAITING for entry in near)

    def entry(self, row: int) -> QueueEntry:
        """The entry at ``row``."""
        return self._entries[row]

    def row_of(self, job_id: str) -> int:
        """Where a job is, −1 where it is not shown."""
        return next((i for i, entry in enumerate(self._entries) if entry.key == job_id), -1)

    def set_entries(self, entries: Sequence[QueueEntry]) -> None:
        """Show ``entries``; only the rows that differ are told to the view, so selection and scrolling hold."""
        old = [entry.key for entry in self._entries]
        new = [entry.key for entry in entries]
        for change in splice(old, new):
            if change.removed:
                self.beginRemoveRows(QModelIndex(), change.at, change.at + change.removed - 1)
                del self._entries[change.at : change.at + change.removed]
                self.endRemoveRows()
            if change.added:
                added = entries[change.source : change.source + change.added]
                self.beginInsertRows(QModelIndex(), change.at, change.at + change.added - 1)
                self._entries[change.at : change.at] = added
                self.endInsertRows()
        for row, entry in enumerate(entries):
            if self._entries[row] != entry:
                self._entries[row] = entry
                self.dataChanged.emit(self.index(row), self.index(row))
