"""The pages after the start: how far it is, and what was written with its loudness and true peak."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from musicapi_desktop.presenters.export_state import ExportState, Written
from musicapi_desktop.ui.theme import fonts
from musicapi_desktop.ui.widgets.elided import ElidedLabel
from musicapi_desktop.ui.widgets.fields import heading

_STEPS = 1000


class WritingPage(QWidget):
    """A bar and the file that is being written."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.current = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of the export"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addStretch(2)
        column.addWidget(self.current)
        column.addWidget(self.bar)
        column.addStretch(3)

    def show_state(self, state: ExportState) -> None:
        """Show how far it is."""
        self.current.set_text(self.tr("Writing {name}").format(name=state.current))
        self.bar.setValue(round(state.progress * _STEPS))


class DonePage(QWidget):
    """One row a file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName(self.tr("Files that were written"))
        frame = QFrame()
        frame.setProperty("kind", "sunk")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(12, 8, 4, 8)
        inside.addWidget(self._area)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.sentence)
        column.addWidget(frame, 1)
        self._shown: tuple[Written, ...] = ()

    def show_state(self, state: ExportState) -> None:
        """Show what was written."""
        words = self.tr("In “{folder}”:")
        self.sentence.setText(words.format(folder=state.folder))
        if state.written == self._shown:
            return
        self._shown = state.written
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setVerticalSpacing(2)
        grid.setHorizontalSpacing(16)
        grid.setColumnStretch(0, 1)
        for row, one in enumerate(state.written):
            name = ElidedLabel(one.name, mode=Qt.TextElideMode.ElideMiddle)
            figures = heading(one.figures, "caption")
            figures.setFont(fonts.font("small", tabular=True))
            figures.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(name, 2 * row, 0)
            grid.addWidget(figures, 2 * row, 1)
            if one.clipped:
                grid.addWidget(heading(one.clipped, "warn"), 2 * row + 1, 0, 1, 2)
        grid.setRowStretch(2 * len(state.written), 1)
        body.setAutoFillBackground(False)
        self._area.setWidget(body)
        self._area.viewport().setAutoFillBackground(False)
        body.setAutoFillBackground(False)
