"""Choices that only operations on a take have: how far a remaster goes, whether the parts are joined, a link."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from musicapi_desktop.presenters.create_state import CreateState
from musicapi_desktop.ui.widgets.fields import FieldHead
from musicapi_desktop.ui.widgets.segmented import Segmented


class EditFields(QWidget):
    """``varied`` carries how far to go, ``joined`` whether the parts are put together."""

    varied = Signal(str)
    joined = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.variation = Segmented(
            self.tr("How far it goes"),
            (
                ("", self.tr("Auto"), self.tr("left to the service")),
                ("subtle", self.tr("Subtle"), self.tr("subtle")),
                ("normal", self.tr("Normal"), self.tr("normal")),
                ("high", self.tr("High"), self.tr("high")),
            ),
        )
        self.variation.chosen.connect(self.varied)
        self._variation = QWidget()
        inside = QVBoxLayout(self._variation)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(5)
        inside.addWidget(FieldHead(self.tr("How far it goes")))
        inside.addWidget(self.variation)
        self.join = QCheckBox(self.tr("Join it to the rest: one whole song"))
        self.join.setAccessibleName(self.join.text())
        self.join.clicked.connect(self.joined)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._variation)
        column.addWidget(self.join)

    def show_state(self, state: CreateState) -> None:
        """Show what the operation has."""
        self.variation.set_value(state.draft.variation)
        self.join.setChecked(state.draft.join)
        self._variation.setVisible("variation" in state.shown)
        self.join.setVisible("join" in state.shown)
        self.setVisible(bool({"variation", "join"} & state.shown))
