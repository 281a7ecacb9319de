"""All keys on one sheet, read from the table of commands."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from .actions import ACTIONS, Actions, Command, Group, keys_text
from .widgets.fields import heading

_COLUMNS = ((Group.PLAYING,), (Group.MIXER, Group.CREATE), (Group.LIBRARY, Group.WINDOW))


class ShortcutList(QWidget):
    """The commands that do something now, by group, each with its keys."""

    def __init__(
        self,
        actions: Actions,
        columns: int = 3,
        margins: tuple[int, int, int, int] = (0, 0, 0, 0),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        row = QHBoxLayout(self)
        row.setContentsMargins(*margins)
        row.setSpacing(32)
        groups = _COLUMNS if columns > 1 else (tuple(group for column in _COLUMNS for group in column),)
        for column_groups in groups:
            found = [(group, _bound(actions, group)) for group in column_groups]
            if not any(commands for _group_name, commands in found):
                continue
            column = QVBoxLayout()
            column.setSpacing(18)
            for group, commands in found:
                if commands:
                    column.addWidget(_group(group, commands))
            column.addStretch(1)
            row.addLayout(column, 1)


def _bound(actions: Actions, group: Group) -> list[Command]:
    return [command for command in ACTIONS if command.group is group and actions.is_bound(command)]


def _group(group: Group, commands: list[Command]) -> QWidget:
    block = QWidget()
    grid = QGridLayout(block)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(0, 1)
    grid.addWidget(heading(QCoreApplication.translate("Actions", str(group)), "strong"), 0, 0, 1, 2)
    for row, command in enumerate(commands, 1):
        _id, text, _keys = next(command.members())
        if command.count > 1:
            text = text.replace("1", f"1 – {command.count}")
        name = heading(text, "caption")
        name.setWordWrap(True)
        key = QLabel(keys_text(command))
        key.setProperty("kind", "key")
        key.setAccessibleName(f"{text}: {keys_text(command)}")
        grid.addWidget(name, row, 0)
        grid.addWidget(key, row, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return block


class ShortcutSheet(QDialog):
    """The sheet. Esc closes it."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        listed = ShortcutList(actions, margins=(24, 0, 24, 24))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(listed)
        area.setAccessibleName(self.tr("Keyboard shortcuts"))
        title = heading(self.tr("Keyboard shortcuts"))
        title.setContentsMargins(24, 20, 24, 12)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(title)
        column.addWidget(area, 1)
        self.resize(940, 620)
