"""A box for plain text of several lines that tells its edits apart from what it is given."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QTextBlockFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QTextEdit, QWidget

_LINE_HEIGHT = 118
"""Percent of the font's own: lines of verse want air."""


class TextBox(QTextEdit):
    """``edited`` carries the text whenever the person changes it; ``focused`` whether the box has the focus."""

    edited = Signal(str)
    focused = Signal(bool)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setAcceptRichText(False)
        self._space_lines()
        self._placeholder = ""
        self._loading = False
        self.textChanged.connect(self._changed)

    def set_text(self, text: str) -> None:
        """Show ``text``; says nothing, and leaves the cursor alone where nothing changes."""
        if text != self.toPlainText():
            self._loading = True
            self.setPlainText(text)
            self._space_lines()
            self._loading = False

    def set_placeholder(self, text: str) -> None:
        """Show ``text``, on as many lines as it needs, while the box is empty."""
        self._placeholder = text
        self.setAccessibleDescription(text)
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """A box asks for little and takes what there is."""
        return QSize(240, 80)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text; Qt's own placeholder has one line only."""
        super().paintEvent(event)
        if self._placeholder and self.document().isEmpty():
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            margin = round(self.document().documentMargin())
            room = self.viewport().rect().adjusted(margin, margin, -margin, -margin)
            painter.drawText(room, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self._placeholder)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Return on an empty line make another one: Qt would take the line's spacing away instead."""
        if event.matches(QKeySequence.StandardKey.InsertParagraphSeparator):
            cursor = self.textCursor()
            cursor.insertBlock(cursor.blockFormat())
            self.setTextCursor(cursor)
            self.ensureCursorVisible()
            event.accept()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell whoever draws the ring."""
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell whoever draws the ring."""
        super().focusOutEvent(event)
        self.focused.emit(False)

    def _space_lines(self) -> None:
        spaced = QTextBlockFormat()
        spaced.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        # this is how text looks here, not something the person did: it is no step of undo
        self.document().setUndoRedoEnabled(False)
        cursor.mergeBlockFormat(spaced)
        self.document().setUndoRedoEnabled(True)

    @Slot()
    def _changed(self) -> None:
        if not self._loading:
            self.edited.emit(self.toPlainText())
