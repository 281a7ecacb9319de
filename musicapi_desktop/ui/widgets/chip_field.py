"""A field of words between commas, shown as chips: the chips and the text are two views of one string."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QSize, QStringListModel, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QCompleter, QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QSizePolicy, QWidget

from musicapi_desktop.domain.text import words_between_commas
from musicapi_desktop.ui.theme.icons import icon
from musicapi_desktop.ui.theme.theme import repolish

from .flow import FlowLayout

_LEAST_INPUT = 14
_MOST_INPUT = 220
"""The line needs room for its text, but may scroll past this."""
_ENDS_WORD = frozenset({Qt.Key.Key_Comma, Qt.Key.Key_Return, Qt.Key.Key_Enter})
_TAKES_BACK = frozenset({Qt.Key.Key_Backspace, Qt.Key.Key_Delete})


class Chip(QFrame):
    """One word and its ×. A click on the word takes it back into the line to be changed."""

    removed = Signal(object)
    reopened = Signal(object)

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.setProperty("kind", "chip")
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("kind", "chip_text")
        cross = QPushButton(icon("x", "text_dim"), "")
        cross.setProperty("kind", "chip_cross")
        cross.setIconSize(QSize(12, 12))
        cross.setAccessibleName(self.tr("Remove {0}").format(text))
        # Backspace and the arrows reach chips from the line: as stops of Tab they would stand in the way
        cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        cross.clicked.connect(self._remove)
        row = QHBoxLayout(self)
        row.setContentsMargins(9, 0, 3, 0)
        row.setSpacing(1)
        row.addWidget(label)
        row.addWidget(cross)
        self.setFixedHeight(24)

    def mark(self, on: bool) -> None:
        """Show that the keyboard has reached this chip."""
        self.setProperty("marked", on)
        repolish(self)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Change the word."""
        event.accept()
        self.reopened.emit(self)

    @Slot()
    def _remove(self) -> None:
        self.removed.emit(self)


class ChipLine(QLineEdit):
    """The line behind the chips. Says which key meant a chip rather than the line."""

    ended = Signal()
    taken_back = Signal(bool)
    """Backspace (True) or Delete (False) with nothing to the left of the cursor."""
    stepped = Signal(int)
    focused = Signal(bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Comma and Enter end a word; at the start of the line Backspace and Left go to the chips."""
        key = Qt.Key(event.key())
        at_start = self.cursorPosition() == 0 and not self.hasSelectedText()
        if key in _ENDS_WORD and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            self.ended.emit()
        elif key in _TAKES_BACK and at_start and (key == Qt.Key.Key_Backspace or not self.text()):
            self.taken_back.emit(key == Qt.Key.Key_Backspace)
        elif key == Qt.Key.Key_Left and at_start:
            self.stepped.emit(-1)
        elif key == Qt.Key.Key_Right and not self.text():
            self.stepped.emit(1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell the frame, which shows the ring."""
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell the frame."""
        super().focusOutEvent(event)
        self.focused.emit(False)


class ChipField(QFrame):
    """The field. ``edited`` carries the whole text (``a, b, c``) whenever the person changes it."""

    edited = Signal(str)

    def __init__(self, name: str, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "sunk")
        self._name = name
        self._placeholder = placeholder
        self._chips: list[Chip] = []
        self._marked = -1
        self._flow = FlowLayout(self)
        self._flow.setContentsMargins(6, 5, 6, 5)
        self._line = ChipLine()
        self._line.setProperty("kind", "bare")
        self._line.setMinimumWidth(_LEAST_INPUT)
        self._line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._line.textEdited.connect(self._typed)
        self._line.ended.connect(self._end_word)
        self._line.taken_back.connect(self._take_back)
        self._line.stepped.connect(self._step)
        self._line.focused.connect(self._ring)
        self._flow.addWidget(self._line)
        self.setFocusProxy(self._line)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self._describe()

    def text(self) -> str:
        """The words between commas, with the one being typed last."""
        return ", ".join([chip.text for chip in self._chips] + [w for w in (self._line.text().strip(),) if w])

    def set_text(self, text: str) -> None:
        """Show ``text``; says nothing. A text that means the same as what is shown changes nothing."""
        words = words_between_commas(text)
        if words == words_between_commas(self.text()):
            return
        for chip in list(self._chips):
            self._drop(chip)
        self._line.clear()
        for word in words:
            self._add(word)
        self._describe()

    def words(self) -> tuple[str, ...]:
        """The words on chips."""
        return tuple(chip.text for chip in self._chips)

    def line(self) -> QLineEdit:
        """The line that is typed in."""
        return self._line

    def complete_from(self, words: Sequence[str]) -> None:
        """Offer ``words`` while typing."""
        completer = QCompleter(QStringListModel(list(words), self), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(7)
        popup = completer.popup()
        if popup is not None:
            popup.setProperty("kind", "popup")
        # queued: the completer writes the word into the line after it says so
        completer.activated.connect(self._end_word, Qt.ConnectionType.QueuedConnection)
        self._line.setCompleter(completer)

    def set_wrong(self, wrong: bool) -> None:
        """Frame the field as one that holds a problem."""
        if self.property("wrong") != wrong:
            self.setProperty("wrong", wrong)
            repolish(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click anywhere goes to the line."""
        super().mousePressEvent(event)
        self._line.setFocus(Qt.FocusReason.MouseFocusReason)

    @Slot(str)
    def _typed(self, text: str) -> None:
        self._mark(-1)
        self._fit(text)
        words = words_between_commas(text)
        if any(sign in text for sign in ",，、\n"):
            self._line.clear()
            for word in words:
                self._add(word)
        self._changed()

    @Slot()
    def _end_word(self) -> None:
        for word in words_between_commas(self._line.text()):
            self._add(word)
        self._line.clear()
        self._changed()

    @Slot(bool)
    def _take_back(self, before: bool) -> None:
        if self._marked >= 0:
            self._remove(self._chips[self._marked])
        elif before and self._chips:
            self._remove(self._chips[-1])

    @Slot(int)
    def _step(self, by: int) -> None:
        here = self._marked if self._marked >= 0 else len(self._chips)
        there = max(0, here + by)
        self._mark(there if there < len(self._chips) else -1)

    @Slot(bool)
    def _ring(self, on: bool) -> None:
        if not on:
            self._mark(-1)
            if self._line.text().strip() and not self._completing():
                self._end_word()
        self.setProperty("ring", on)
        repolish(self)

    def _completing(self) -> bool:
        # the stub knows no line without a completer
        completer = cast("QCompleter | None", self._line.completer())
        popup = completer.popup() if completer is not None else None
        return popup is not None and popup.isVisible()

    @Slot(object)
    def _remove(self, chip: Chip) -> None:
        self._mark(-1)
        self._drop(chip)
        self._line.setFocus()
        self._changed()

    @Slot(object)
    def _reopen(self, chip: Chip) -> None:
        self._end_word()
        self._drop(chip)
        self._line.setText(chip.text)
        self._line.setFocus()
        self._changed()

    def _add(self, word: str) -> None:
        if word.casefold() in {chip.text.casefold() for chip in self._chips}:
            return
        chip = Chip(word)
        chip.removed.connect(self._remove)
        chip.reopened.connect(self._reopen)
        self._flow.insert_widget(len(self._chips), chip)
        self._chips.append(chip)
        chip.show()

    def _drop(self, chip: Chip) -> None:
        self._chips.remove(chip)
        self._flow.removeWidget(chip)
        chip.hide()
        chip.deleteLater()

    def _mark(self, index: int) -> None:
        if index == self._marked:
            return
        for i, chip in enumerate(self._chips):
            if i in (index, self._marked):
                chip.mark(i == index)
        self._marked = index
        self._describe()

    def _changed(self) -> None:
        self._describe()
        self.updateGeometry()
        self.edited.emit(self.text())

    def _fit(self, text: str) -> None:
        wanted = self._line.fontMetrics().horizontalAdvance(text) + _LEAST_INPUT
        self._line.setMinimumWidth(min(wanted, _MOST_INPUT))

    def _describe(self) -> None:
        self._fit(self._line.text())
        self._line.setPlaceholderText("" if self._chips else self._placeholder)
        self._line.setAccessibleName(self._name)
        marked = self._chips[self._marked].text if 0 <= self._marked < len(self._chips) else ""
        self._line.setAccessibleDescription(marked or ", ".join(self.words()))
