"""The pages of the inspector: lyrics, every parameter, the files."""

from __future__ import annotations

from collections.abc import Sequence
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

from musicapi_desktop.ui.theme.icons import icon
from musicapi_desktop.ui.widgets.elided import ElidedLabel

if TYPE_CHECKING:
    from musicapi_desktop.presenters.inspector import FileLine
    from musicapi_desktop.presenters.take_details import Detail

_SIDE = 16


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


class DetailsPage(QWidget):
    """Names and values, each value selectable; one button copies them all (``copied`` asks for the text)."""

    copied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Sequence[Detail], str] = ((), "")
        self._differs = QLabel()
        self._differs.setProperty("kind", "caption")
        self._differs.setWordWrap(True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(12)
        copy = QPushButton(icon("copy", "text_dim"), self.tr("Copy all"))
        copy.setProperty("kind", "link")
        copy.clicked.connect(self.copied)
        box = QVBoxLayout(self)
        box.setContentsMargins(_SIDE, 14, _SIDE, 14)
        box.setSpacing(12)
        box.addWidget(self._differs)
        box.addLayout(self._rows)
        box.addWidget(copy, 0, Qt.AlignmentFlag.AlignLeft)
        box.addStretch(1)

    def show_details(self, details: Sequence[Detail], beside: str) -> None:
        """Show what is known, and where the take with the letter ``beside`` differs."""
        if (details, beside) == self._shown:
            return
        self._shown = (details, beside)
        differing = sum(bool(each.beside) for each in details)
        said = self.tr("Take {0} differs where it is named below.") if differing else self.tr("Take {0} is the same.")
        self._differs.setText(said.format(beside))
        self._differs.setVisible(bool(beside))
        clear(self._rows)
        for each in details:
            self._rows.addWidget(_Pair(each, beside))


class _Pair(QWidget):
    def __init__(self, detail: Detail, beside: str) -> None:
        super().__init__()
        name, value = detail.name, detail.value
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
        if detail.beside:
            other = QLabel(self.tr("Take {0}: {1}").format(beside, detail.beside))
            other.setProperty("kind", "warn")
            other.setTextFormat(Qt.TextFormat.PlainText)
            other.setWordWrap(True)
            box.addWidget(other)


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
