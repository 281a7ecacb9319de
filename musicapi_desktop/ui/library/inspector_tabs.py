"""The pages of the inspector: lyrics, every parameter, the files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from musicapi_desktop.ui.theme import theme
from musicapi_desktop.ui.theme.icons import icon
from musicapi_desktop.ui.widgets.elided import ElidedLabel

if TYPE_CHECKING:
    from musicapi_desktop.presenters.inspector import FileLine

_SIDE = 16
_TAG = re.compile(r"\s*\[[^\]]*\]\s*")
"""A section's tag on a line of its own."""


def scrolled(inside: QWidget) -> QScrollArea:
    """A page that scrolls up and down only."""
    area = QScrollArea()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    # both are filled by setWidget; the panel's own colour is meant to show
    inside.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def clear(layout: QGridLayout | QVBoxLayout) -> None:
    """Take every widget out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


class LyricsPage(QWidget):
    """The words of a take: to read, select and copy."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.RichText)
        self._words.setWordWrap(True)
        self._words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._words.setAccessibleName(self.tr("Lyrics"))
        box = QVBoxLayout(self)
        box.setContentsMargins(_SIDE, 12, _SIDE, 14)
        box.addWidget(self._words)
        box.addStretch(1)
        theme.current().changed.connect(self._renew)

    def show_text(self, text: str) -> None:
        """Show lyrics; a song without words says so."""
        if text != self._text or not self._words.text():
            self._text = text
            self._renew()

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


class DetailsPage(QWidget):
    """Names and values, each value selectable; one button copies them all (``copied`` asks for the text)."""

    copied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Sequence[tuple[str, str]] = ()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(12)
        copy = QPushButton(icon("copy", "text_dim"), self.tr("Copy all"))
        copy.setProperty("kind", "link")
        copy.clicked.connect(self.copied)
        box = QVBoxLayout(self)
        box.setContentsMargins(_SIDE, 14, _SIDE, 14)
        box.setSpacing(12)
        box.addLayout(self._rows)
        box.addWidget(copy, 0, Qt.AlignmentFlag.AlignLeft)
        box.addStretch(1)

    def show_details(self, details: Sequence[tuple[str, str]]) -> None:
        """Show pairs of a name and a value."""
        if details == self._shown:
            return
        self._shown = details
        clear(self._rows)
        for name, value in details:
            self._rows.addWidget(_Pair(name, value))


class _Pair(QWidget):
    def __init__(self, name: str, value: str) -> None:
        super().__init__()
        head = QLabel(name)
        head.setProperty("kind", "caption")
        body = QLabel(value)
        body.setTextFormat(Qt.TextFormat.PlainText)
        body.setWordWrap(True)
        body.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        body.setAccessibleName(f"{name}: {value}")
        # a clip's id has no space to break at
        body.setMinimumWidth(0)
        body.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addWidget(head)
        box.addWidget(body)


class FilesPage(QWidget):
    """The files of a take; each can be shown in its folder (``asked`` carries the path inside the music folder)."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Sequence[FileLine] = ()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self._none = QLabel(self.tr("No file on this computer yet."))
        self._none.setProperty("kind", "dim")
        box = QVBoxLayout(self)
        box.setContentsMargins(_SIDE, 12, 8, 12)
        box.addLayout(self._rows)
        box.addWidget(self._none)
        box.addStretch(1)

    def show_files(self, files: Sequence[FileLine]) -> None:
        """Show lines of files."""
        self._none.setVisible(not files)
        if files == self._shown:
            return
        self._shown = files
        clear(self._rows)
        for number, line in enumerate(files):
            self._rows.addWidget(self._line(number, line))

    def _line(self, number: int, line: FileLine) -> QWidget:
        name = ElidedLabel(line.name, mode=Qt.TextElideMode.ElideMiddle)
        note = QLabel(line.note)
        note.setProperty("kind", "caption")
        show = QPushButton()
        show.setIcon(icon("folder-open", "text_dim"))
        show.setIconSize(QSize(16, 16))
        show.setProperty("kind", "icon")
        show.setProperty("number", number)
        show.setToolTip(self.tr("Show in folder"))
        show.setAccessibleName(self.tr("Show {0} in its folder").format(line.name))
        show.clicked.connect(self._pressed)
        made = QWidget()
        box = QHBoxLayout(made)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(name, 1)
        box.addWidget(note)
        box.addWidget(show)
        return made

    @Slot()
    def _pressed(self) -> None:
        self.asked.emit(self._shown[int(self.sender().property("number"))].relative)


def copy(text: str) -> None:
    """Put text on the clipboard."""
    QGuiApplication.clipboard().setText(text)
