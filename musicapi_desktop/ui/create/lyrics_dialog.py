"""Write lyrics for me: say what about, choose between the drafts."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from musicapi_desktop.domain.words import Draft
from musicapi_desktop.presenters.word_tools import WordsState, WordTools
from musicapi_desktop.ui.widgets.fields import FieldHead, FieldNote, heading
from musicapi_desktop.ui.widgets.text_box import TextBox

_BRIEF_HEIGHT = 74


class LyricsDialog(QDialog):
    """Shows WordTools. Stays open while the drafts are on their way; the window behind can be used meanwhile."""

    def __init__(self, tools: WordTools, brief: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Write lyrics for me"))
        self._tools = tools
        self._drafts: tuple[Draft, ...] = ()
        self.brief = TextBox(self.tr("What are they about?"))
        self.brief.set_placeholder(self.tr("A ferry at midnight, and someone who does not get off"))
        self.brief.setFixedHeight(_BRIEF_HEIGHT)
        self.brief.set_text(brief)
        self.brief.edited.connect(self._typed)
        self._head = FieldHead(self.tr("What are they about?"), self.brief)
        self._note = FieldNote()
        self.write = QPushButton()
        self.write.setProperty("kind", "primary")
        self.write.clicked.connect(self._write)
        self._cards = QHBoxLayout()
        self._cards.setSpacing(12)
        self._lay_out()
        self.resize(720, 520)
        tools.state_changed.connect(self._show)
        self._show(tools.state)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self._note, 1)
        row.addStretch(1)
        row.addWidget(self.write)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 20)
        column.setSpacing(8)
        column.addWidget(self._head)
        column.addWidget(self.brief)
        column.addLayout(row)
        column.addLayout(self._cards, 1)

    @Slot(object)
    def _show(self, state: WordsState) -> None:
        said = self.tr("Writing…") if state.writing else self.tr("Write two drafts")
        self.write.setText(said if state.writing or not state.price else f"{said} · {state.price}")
        self.write.setAccessibleName(self.write.text())
        self._note.say(state.problem)
        self._typed()
        if state.drafts != self._drafts:
            self._drafts = state.drafts
            self._renew()

    @Slot()
    def _typed(self) -> None:
        text, most = self.brief.toPlainText(), self._tools.state.most
        if most:
            self._head.set_count(len(text), most)
        fits = bool(text.strip()) and (not most or len(text) <= most)
        self.write.setEnabled(fits and not self._tools.state.writing)

    @Slot()
    def _write(self) -> None:
        self._tools.write(self.brief.toPlainText())

    def _renew(self) -> None:
        while (item := self._cards.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for number, draft in enumerate(self._drafts, 1):
            self._cards.addWidget(self._card(number, draft), 1)

    def _card(self, number: int, draft: Draft) -> QWidget:
        card = QFrame()
        card.setProperty("kind", "card")
        words = QLabel(draft.text)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignTop)
        words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        words.setAccessibleName(self.tr("Draft {0}").format(number))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(words)
        area.viewport().setAutoFillBackground(False)
        words.setAutoFillBackground(False)
        use = QPushButton(self.tr("Use this one"))
        use.setAccessibleName(self.tr("Use draft {0}").format(number))
        use.clicked.connect(partial(self._use, draft))
        column = QVBoxLayout(card)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(8)
        column.addWidget(heading(draft.title or self.tr("Draft {0}").format(number), "title"))
        column.addWidget(area, 1)
        column.addWidget(use)
        return card

    def _use(self, draft: Draft, _checked: bool = False) -> None:
        self._tools.take(draft)
        self.accept()
