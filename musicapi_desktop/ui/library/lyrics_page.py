"""The lyrics of the inspector: read, or followed while the song plays, and written out as LRC or SRT."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from musicapi_desktop.domain.request import Operation
from musicapi_desktop.ui.theme import theme
from musicapi_desktop.ui.theme.icons import icon

from .timed_lyrics import TimedLyrics

if TYPE_CHECKING:
    from musicapi_desktop.presenters.inspector import InspectorState
    from musicapi_desktop.presenters.operations import Offer

_SIDE = 16
_LOOK_MS = 33
_TAG = re.compile(r"\s*\[[^\]]*\]\s*")
"""A section's tag on a line of its own."""


class LyricsPage(QWidget):
    """``sought`` carries a time, ``saved`` a file ending (lrc, srt), ``asked`` the offer to find the words' times."""

    sought = Signal(float)
    saved = Signal(str)
    asked = Signal(object)

    def __init__(self, here: Callable[[], float | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._here = here
        self._text = ""
        self._offer: Offer | None = None
        self.timed = TimedLyrics()
        self.timed.sought.connect(self.sought)
        self.timed.sung.connect(self._keep_in_sight)
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.RichText)
        self._words.setWordWrap(True)
        self._words.setContentsMargins(_SIDE, 0, _SIDE, 0)
        self._words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._words.setAccessibleName(self.tr("Lyrics"))
        self.follow = QPushButton(icon("mic", "text_dim"), "")
        self.follow.setProperty("kind", "link")
        self.follow.clicked.connect(self._ask)
        self._exports = self._build_exports()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 12, 0, 14)
        box.setSpacing(10)
        box.addWidget(self.timed)
        box.addWidget(self._words)
        box.addWidget(self.follow, 0, Qt.AlignmentFlag.AlignLeft)
        box.addWidget(self._exports)
        box.addStretch(1)
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._follow)
        theme.current().changed.connect(self._renew)

    def show_state(self, state: InspectorState) -> None:
        """Show the words, with their times where they are known."""
        timed = bool(state.lines)
        self.timed.setVisible(timed)
        self.timed.set_lines(state.lines)
        self._words.setVisible(not timed)
        self._exports.setVisible(timed)
        self._offer = None if timed else state.offer(Operation.ALIGNED_LYRICS)
        self.follow.setVisible(self._offer is not None)
        if self._offer is not None:
            self.follow.setText(self.tr("Follow the words while it plays · {0}").format(self._offer.price))
        if state.lyrics != self._text or not self._words.text():
            self._text = state.lyrics
            self._renew()

    def showEvent(self, event: QShowEvent) -> None:
        """Follow only while it can be seen."""
        super().showEvent(event)
        self._look.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self._look.stop()

    def _build_exports(self) -> QWidget:
        row = QWidget()
        inside = QHBoxLayout(row)
        inside.setContentsMargins(_SIDE - 6, 0, _SIDE, 0)
        inside.setSpacing(4)
        for ending, text in (("lrc", self.tr("Save as LRC…")), ("srt", self.tr("Save as SRT…"))):
            button = QPushButton(icon("download", "text_dim"), text)
            button.setProperty("kind", "link")
            button.setAccessibleName(text)
            button.setObjectName(ending)
            button.clicked.connect(self._save)
            inside.addWidget(button)
        inside.addStretch(1)
        return row

    @Slot()
    def _follow(self) -> None:
        if self.timed.isVisible():
            self.timed.set_position(self._here())

    @Slot()
    def _save(self) -> None:
        self.saved.emit(self.sender().objectName())

    @Slot()
    def _ask(self) -> None:
        if self._offer is not None:
            self.asked.emit(self._offer)

    @Slot(QRect)
    def _keep_in_sight(self, line: QRect) -> None:
        parent = self.parentWidget()
        area = parent.parentWidget() if parent is not None else None
        if isinstance(area, QScrollArea):
            middle = self.timed.mapTo(self, line.center())
            area.ensureVisible(0, middle.y(), 0, area.viewport().height() // 3)

    @Slot()
    def _renew(self) -> None:
        now = theme.current()
        if not self._text.strip():
            none = escape(self.tr("No words: this one is instrumental."))
            self._words.setText(f'<span style="color:{now.color("text_dim").name()}">{none}</span>')
            return
        tag = now.color("accent").name()
        lines = [
            f'<span style="color:{tag};font-weight:600">{escape(line)}</span>' if _TAG.fullmatch(line) else escape(line)
            for line in self._text.splitlines()
        ]
        self._words.setText(f'<div style="line-height:150%">{"<br>".join(lines)}</div>')
