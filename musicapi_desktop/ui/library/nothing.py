"""What the table says when there is no row: which word to leave out, or that nothing is there yet."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from musicapi_desktop.presenters.library import LibraryState
from musicapi_desktop.presenters.library_query import ALL, TRASH, Drop


class NothingPage(QWidget):
    """Emits ``dropped(Drop)`` when a way out is pressed."""

    dropped = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drops: Sequence[Drop] = ()
        self._said = QLabel()
        self._said.setProperty("kind", "title")
        self._said.setWordWrap(True)
        self._said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint = QLabel()
        self._hint.setProperty("kind", "dim")
        self._hint.setWordWrap(True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._buttons = QVBoxLayout()
        self._buttons.setSpacing(8)
        box = QVBoxLayout(self)
        box.setContentsMargins(32, 32, 32, 32)
        box.setSpacing(8)
        box.addStretch(2)
        box.addWidget(self._said)
        box.addWidget(self._hint)
        box.addSpacing(8)
        box.addLayout(self._buttons)
        box.addStretch(3)

    def show_state(self, state: LibraryState) -> None:
        """Say why there is nothing, and what would help."""
        said, hint = self._sentences(state)
        self._said.setText(said)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        if state.drops == self._drops:
            return
        self._drops = state.drops
        while (item := self._buttons.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for number, drop in enumerate(state.drops):
            button = QPushButton(drop.label)
            button.setProperty("kind", "plain")
            button.setProperty("number", number)
            button.clicked.connect(self._pressed)
            self._buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)

    def _sentences(self, state: LibraryState) -> tuple[str, str]:
        if state.text:
            return (
                self.tr("Nothing matches “{0}”").format(state.text),
                self.tr("Every word has to match. Leaving something out may help:"),
            )
        if state.chosen == TRASH:
            return self.tr("The trash is empty"), ""
        if state.chosen != ALL:
            return self.tr("No song here yet"), ""
        return self.tr("No songs yet"), self.tr("What you create appears here, and stays on this computer.")

    @Slot()
    def _pressed(self) -> None:
        self.dropped.emit(self._drops[int(self.sender().property("number"))])
