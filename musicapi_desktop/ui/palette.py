"""The command palette: every command of the window, and what the service can do with the chosen take, by typing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from musicapi_desktop.ui.theme import fonts, theme

from .actions import ACTIONS, Actions

_WIDTH = 560
_HEIGHT = 420
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to do: its words, its keys or price, and doing it."""

    text: str
    note: str
    run: Callable[[], object]


def entries_of(actions: Actions) -> list[Entry]:
    """All commands that can be done now, in the order of the table."""
    found: list[Entry] = []
    for command in ACTIONS:
        for member, text, usual in command.members():
            action = actions.action(member)
            if action is not None and action.isEnabled():
                keys = QKeySequence(usual[0] if usual else "").toString(QKeySequence.SequenceFormat.NativeText)
                found.append(Entry(text, keys, action.trigger))
    return found


class _WithNote(QStyledItemDelegate):
    """Keys and prices stand at the right."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The item, then its note."""
        super().paint(painter, option, index)
        entry: Entry = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        painter.setFont(fonts.font("small"))
        painter.setPen(theme.current().color("text_dim"))
        area = option.rect.adjusted(0, 0, -12, 0)  # type: ignore[attr-defined]  # the stub leaves Qt's own members out
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, entry.note)
        painter.restore()


class Palette(QDialog):
    """Type to narrow, Up and Down to choose, Enter to do."""

    def __init__(self, entries: Sequence[Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self._entries = list(entries)
        self.line = QLineEdit()
        self.line.setPlaceholderText(self.tr("What would you like to do?"))
        self.line.setAccessibleName(self.tr("Search commands"))
        self.line.textChanged.connect(self._narrow)
        self.line.returnPressed.connect(self._do)
        self.line.installEventFilter(self)
        self.list = QListWidget()
        self.list.setProperty("kind", "popup")
        self.list.setAccessibleName(self.tr("Commands"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setItemDelegate(_WithNote(self.list))
        self.list.itemClicked.connect(self._do)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(8)
        column.addWidget(self.line)
        column.addWidget(self.list, 1)
        self.resize(_WIDTH, _HEIGHT)
        self._narrow("")

    def open_over(self, window: QWidget) -> None:
        """Open in the upper middle of a window."""
        there = window.mapToGlobal(window.rect().topLeft())
        self.move(there.x() + (window.width() - self.width()) // 2, there.y() + 72)
        self.show()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def shown(self) -> list[str]:
        """The words in the list, in order."""
        return [self._entry(row).text for row in range(self.list.count())]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows move in the list while the line is typed in."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = _STEPS.get(Qt.Key(event.key()))
            if step is not None and self.list.count():
                row = min(max(0, self.list.currentRow() + step), self.list.count() - 1)
                self.list.setCurrentRow(row)
                self.line.setAccessibleDescription(self._entry(row).text)
                return True
        return super().eventFilter(watched, event)

    def _entry(self, row: int) -> Entry:
        entry: Entry = self.list.item(row).data(Qt.ItemDataRole.UserRole)
        return entry

    @Slot(str)
    def _narrow(self, text: str) -> None:
        wanted = text.casefold().split()
        self.list.clear()
        found = [entry for entry in self._entries if all(word in entry.text.casefold() for word in wanted)]
        # what begins with the words comes before what only holds them
        found.sort(key=lambda entry: not entry.text.casefold().startswith(text.casefold()))
        for entry in found:
            item = QListWidgetItem(entry.text)
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole, f"{entry.text}, {entry.note}" if entry.note else entry.text
            )
            item.setData(Qt.ItemDataRole.UserRole, entry)
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    @Slot()
    def _do(self) -> None:
        row = self.list.currentRow()
        if row < 0:
            return
        run = self._entry(row).run
        self.close()
        run()
