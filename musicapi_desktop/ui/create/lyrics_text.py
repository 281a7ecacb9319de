"""The text box for lyrics: tags stand out, asides step back, syllables in the gutter, sections move as a whole."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QCoreApplication, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QWidget

from musicapi_desktop.domain.text import move_section, syllables
from musicapi_desktop.ui.theme import fonts, theme
from musicapi_desktop.ui.widgets.text_box import TextBox

from .tag_completer import TagCompleter

_TAG: Final = re.compile(r"\[[^\]\n]*\]")
_ASIDE: Final = re.compile(r"\([^)\n]*\)")
_GUTTER: Final = 30


class LyricsColours(QSyntaxHighlighter):
    """Tags in the accent, bold; words in parentheses dim: they are sung behind."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        theme.current().changed.connect(self.rehighlight)

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        tag, aside = QTextCharFormat(), QTextCharFormat()
        tag.setForeground(theme.current().color("accent"))
        tag.setFontWeight(QFont.Weight.Bold)
        tag.setFontPointSize(fonts.points("small"))
        aside.setForeground(theme.current().color("text_faint"))
        for found in _ASIDE.finditer(text):
            self.setFormat(found.start(), len(found.group()), aside)
        for found in _TAG.finditer(text):
            self.setFormat(found.start(), len(found.group()), tag)


class _Gutter(QWidget):
    """The numbers left of the lines."""

    def __init__(self, editor: LyricsText) -> None:
        super().__init__(editor)
        self._editor = editor
        self.setToolTip(self.tr("Syllables of each line: a hint"))

    def sizeHint(self) -> QSize:
        """As wide as two digits need."""
        return QSize(_GUTTER, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write the counts of the lines in sight."""
        painter = QPainter(self)
        painter.setFont(fonts.font("small", tabular=True))
        painter.setPen(QColor(theme.current().color("text_faint")))
        for top, height, count in self._editor.lines_in_sight(event.rect()):
            if count:
                rect = QRect(0, top, self.width() - 9, height)
                painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(count))


class LyricsText(TextBox):
    """The box, with its gutter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("LyricsText", "Lyrics"), parent)
        self.setProperty("kind", "bare")
        self._gutter = _Gutter(self)
        self._colours = LyricsColours(self.document())
        self._tags = TagCompleter(self)
        self.setViewportMargins(_GUTTER, 0, 0, 0)
        self.document().setDocumentMargin(2)
        self.document().documentLayout().documentSizeChanged.connect(self._gutter.update)
        self.textChanged.connect(self._gutter.update)
        self.verticalScrollBar().valueChanged.connect(self._gutter.update)

    def insert_tag(self, tag: str) -> None:
        """Put ``[tag]`` on a line of its own where the cursor is, with a line to write on below."""
        cursor = self.textCursor()
        cursor.beginEditBlock()
        before = cursor.block().text()[: cursor.positionInBlock()]
        gap = "" if not before.strip() and cursor.block().blockNumber() == 0 else "\n"
        if before.strip():
            gap = "\n\n"
        elif cursor.block().previous().isValid() and not cursor.block().previous().text().strip():
            gap = ""
        cursor.insertText(f"{gap}[{tag}]\n")
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def move_section(self, by: int) -> bool:
        """Move the section with the cursor up (−1) or down (1), as one step of undo; False where it cannot go."""
        cursor = self.textCursor()
        moved = move_section(self.toPlainText(), cursor.position(), by)
        if moved is None:
            return False
        text, position = moved
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.endEditBlock()
        cursor.setPosition(position)
        self.setTextCursor(cursor)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Write, and offer tags after a bracket."""
        if self._tags.takes(event):
            event.ignore()
            return
        super().keyPressEvent(event)
        if event.text():
            self._tags.look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the gutter as tall as the box."""
        super().resizeEvent(event)
        area = self.contentsRect()
        self._gutter.setGeometry(area.left(), area.top(), _GUTTER, area.height())

    def lines_in_sight(self, rect: QRect) -> list[tuple[int, int, int]]:
        """(top, height of the first row, syllables) of every line that touches ``rect``, in pixels."""
        found: list[tuple[int, int, int]] = []
        scrolled = self.verticalScrollBar().value()
        layout = self.document().documentLayout()
        block = self.document().begin()
        while block.isValid():
            place = layout.blockBoundingRect(block)
            top = round(place.top()) - scrolled
            if top > rect.bottom():
                break
            row = block.layout().lineAt(0)
            if top + place.height() >= rect.top() and row.isValid():
                found.append((top, round(row.height()), syllables(block.text())))
            block = block.next()
        return found
