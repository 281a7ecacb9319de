"""Lyrics with the buttons of their sections above."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from musicapi_desktop.ui.theme.theme import repolish
from musicapi_desktop.ui.widgets.flow import FlowLayout

from .lyrics_text import LyricsText


class LyricsField(QFrame):
    """The frame of the lyrics: it shows the ring while its text has the focus."""

    edited = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "sunk")
        self.text = LyricsText()
        self.text.edited.connect(self.edited)
        self.text.focused.connect(self._ring)
        self.setFocusProxy(self.text)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(0)
        column.addWidget(self._section_buttons())
        line = QFrame()
        line.setProperty("kind", "line")
        column.addWidget(line)
        column.addSpacing(6)
        column.addWidget(self.text, 1)
        self.setMinimumHeight(190)

    def set_wrong(self, wrong: bool) -> None:
        """Frame the field as one that holds a problem."""
        if self.property("wrong") != wrong:
            self.setProperty("wrong", wrong)
            repolish(self)

    def _section_buttons(self) -> QWidget:
        bar = QWidget()
        row = FlowLayout(bar, 5)
        row.setContentsMargins(6, 6, 4, 6)
        # what the button says, and the tag it writes: the tag is the service's word and stays English
        for text, tag in (
            (self.tr("Intro"), "Intro"),
            (self.tr("Verse"), "Verse"),
            (self.tr("Pre"), "Pre-Chorus"),
            (self.tr("Chorus"), "Chorus"),
            (self.tr("Bridge"), "Bridge"),
            (self.tr("Outro"), "Outro"),
        ):
            button = QPushButton(text)
            button.setProperty("kind", "tag_chip")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(self.tr("Insert {0}").format(f"[{tag}]"))
            button.setToolTip(button.accessibleName())
            button.clicked.connect(partial(self.text.insert_tag, tag))
            row.addWidget(button)
        return bar

    @Slot(bool)
    def _ring(self, on: bool) -> None:
        self.setProperty("ring", on)
        repolish(self)
