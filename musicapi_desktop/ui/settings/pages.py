"""The small pages: look, folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from musicapi_desktop.presenters.music_choice import MusicChoice, MusicState
from musicapi_desktop.presenters.settings import ZOOMS, SettingsPresenter, SettingsState
from musicapi_desktop.ui.widgets.elided import ElidedLabel
from musicapi_desktop.ui.widgets.fields import heading
from musicapi_desktop.ui.widgets.segmented import Segmented

from .said import sentence

_CHOICE_WIDTH = 300


class LookPage(QWidget):
    """System, dark or light; and how large everything is."""

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
        self._presenter = presenter
        self.zoom = QComboBox()
        self.zoom.setFixedWidth(_CHOICE_WIDTH)
        for part in (self.zoom, self.zoom.view()):
            part.setAccessibleName(self.tr("Size"))
        for percent in ZOOMS:
            self.zoom.addItem(self.tr("{0} %").format(percent), percent)
        self.zoom.activated.connect(self._zoomed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(heading(self.tr("Colours"), "field"))
        column.addWidget(self.choice)
        column.addWidget(sentence(self.tr("System follows light and dark as the system changes.")))
        column.addSpacing(10)
        column.addWidget(heading(self.tr("Size"), "field"))
        column.addWidget(self.zoom)
        column.addWidget(sentence(self.tr("Of everything in the window. Takes effect at the next start.")))
        column.addStretch(1)

    def show_state(self, state: SettingsState) -> None:
        """Show the choice."""
        self.choice.set_value(state.look)
        self.zoom.setCurrentIndex(self.zoom.findData(state.zoom))

    @Slot(int)
    def _zoomed(self, row: int) -> None:
        self._presenter.choose_zoom(int(self.zoom.itemData(row)))


class FolderPage(QWidget):
    """Where the songs are, and where they shall be."""

    def __init__(self, choice: MusicChoice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = choice
        self._folder = ""
        self.path = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.open = self._button(self.tr("Show in folder"), self.tr("Show the music folder"))
        self.open.clicked.connect(self._open)
        self.choose = self._button(self.tr("Choose another folder…"), self.tr("Choose another music folder"))
        self.choose.clicked.connect(self._ask)
        self.said = sentence("")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.open)
        buttons.addWidget(self.choose)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(heading(self.tr("Music folder"), "field"))
        column.addWidget(self.path)
        column.addLayout(buttons)
        column.addWidget(self.said)
        column.addWidget(
            sentence(self.tr("Every song is a folder of plain files. They are yours with or without this app."))
        )
        column.addStretch(1)
        choice.state_changed.connect(self.show_choice)
        self.show_choice(choice.state)

    @Slot(object)
    def show_choice(self, state: MusicState) -> None:
        """Show the folder, and what the last choice came to."""
        self._folder = str(state.folder)
        self.path.set_text(self._folder)
        self.choose.setEnabled(not state.moving)
        said = self.tr("Songs are kept there from now on; those you had were carried over.") if state.said else ""
        self.said.setText(self.tr("Carrying the songs over…") if state.moving else state.trouble or said)
        self.said.setVisible(bool(self.said.text()))

    def _button(self, text: str, spoken: str) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(spoken)
        button.setAutoDefault(False)
        return button

    @Slot()
    def _ask(self) -> None:
        dialog = QFileDialog(self, self.tr("Keep songs in"), self._folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _chosen(self, folder: str) -> None:
        self._choice.choose(Path(folder))

    @Slot()
    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder))
