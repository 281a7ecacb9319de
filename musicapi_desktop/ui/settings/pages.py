"""The small pages: look, folder."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from musicapi_desktop.presenters.settings import SettingsPresenter, SettingsState
from musicapi_desktop.ui.widgets.elided import ElidedLabel
from musicapi_desktop.ui.widgets.fields import heading
from musicapi_desktop.ui.widgets.segmented import Segmented

from .said import sentence

_CHOICE_WIDTH = 300


class LookPage(QWidget):
    """System, dark or light."""

    def __init__(self, presenter: SettingsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = Segmented(
            self.tr("Colours"),
            (
                ("system", self.tr("System"), self.tr("as the system says")),
                ("dark", self.tr("Dark"), self.tr("dark")),
                ("light", self.tr("Light"), self.tr("light")),
            ),
        )
        self.choice.setFixedWidth(_CHOICE_WIDTH)
        self.choice.chosen.connect(presenter.choose_look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(heading(self.tr("Colours"), "field"))
        column.addWidget(self.choice)
        column.addWidget(sentence(self.tr("System follows light and dark as the system changes.")))
        column.addStretch(1)

    def show_state(self, state: SettingsState) -> None:
        """Show the choice."""
        self.choice.set_value(state.look)


class FolderPage(QWidget):
    """Where the songs are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = ""
        self.path = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.open = QPushButton(self.tr("Show in folder"))
        self.open.setAccessibleName(self.tr("Show the music folder"))
        self.open.setAutoDefault(False)
        self.open.clicked.connect(self._open)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(heading(self.tr("Music folder"), "field"))
        column.addWidget(self.path)
        column.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(
            sentence(self.tr("Every song is a folder of plain files. They are yours with or without this app."))
        )
        column.addStretch(1)

    def show_state(self, state: SettingsState) -> None:
        """Show the folder."""
        self._folder = str(state.music)
        self.path.set_text(self._folder)

    @Slot()
    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder))
