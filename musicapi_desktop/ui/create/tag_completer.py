"""Offers the tags of sections while one is typed: ``[`` opens the list, Enter or Tab takes a tag."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QStringListModel, Qt, Slot
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QCompleter, QTextEdit

TAGS: Final = (
    "Intro",
    "Verse",
    "Pre-Chorus",
    "Chorus",
    "Post-Chorus",
    "Hook",
    "Bridge",
    "Break",
    "Interlude",
    "Instrumental",
    "Solo",
    "Outro",
    "End",
)
"""The service's own words: they stay English in every language."""

_OF_THE_LIST: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Escape})
_WIDTH: Final = 150


class TagCompleter(QObject):
    """Completes tags in ``editor``, which hands its key presses over."""

    def __init__(self, editor: QTextEdit) -> None:
        super().__init__(editor)
        self._editor = editor
        self._list = QCompleter(QStringListModel(list(TAGS), self), self)
        self._list.setWidget(editor)
        self._list.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._list.activated.connect(self._take)
        popup = self._list.popup()
        if popup is not None:
            popup.setProperty("kind", "popup")
            popup.setAccessibleName(self.tr("Tags of sections"))

    def takes(self, event: QKeyEvent) -> bool:
        """True where the open list acts on the key, so the editor must not."""
        popup = self._list.popup()
        return popup is not None and popup.isVisible() and Qt.Key(event.key()) in _OF_THE_LIST

    def look(self) -> None:
        """Open, narrow or close the list for what stands before the cursor."""
        popup = self._list.popup()
        begun = self._begun()
        if popup is None:
            return
        if begun is None:
            popup.hide()
            return
        self._list.setCompletionPrefix(begun)
        popup.setCurrentIndex(self._list.completionModel().index(0, 0))
        place = self._editor.cursorRect()
        place.setWidth(_WIDTH)
        self._list.complete(place)

    def _begun(self) -> str | None:
        """What was typed of a tag since its bracket; None outside of one."""
        cursor = self._editor.textCursor()
        before, bracket, begun = cursor.block().text()[: cursor.positionInBlock()].rpartition("[")
        return begun if bracket and not before.strip() and "]" not in begun else None

    @Slot(str)
    def _take(self, tag: str) -> None:
        begun = self._begun()
        if begun is None:
            return
        cursor = self._editor.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(begun))
        closed = cursor.block().text()[cursor.positionInBlock() + len(begun) :].startswith("]")
        cursor.insertText(tag if closed else f"{tag}]\n")
        self._editor.setTextCursor(cursor)
