"""Where sound goes, and how deep its queue is."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from musicapi_desktop.presenters.settings import SettingsPresenter, SettingsState
from musicapi_desktop.presenters.sound_settings import SoundSettings, SoundState
from musicapi_desktop.ui.widgets.fields import heading
from musicapi_desktop.ui.widgets.segmented import Segmented

from .said import sentence

_CHOICE_WIDTH = 300
_LOOK_MS = 2000
"""How often devices are looked for while the page is in view."""


class SoundPage(QWidget):
    """The output device and the response of the controls."""

    def __init__(self, presenter: SettingsPresenter, output: SoundSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._output = output
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(output.refresh)
        self.device = QComboBox()
        self.device.setAccessibleName(self.tr("Output device"))
        self.device.view().setAccessibleName(self.tr("Output devices"))
        self.device.setMinimumWidth(_CHOICE_WIDTH)
        self.device.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.device.activated.connect(self._chosen)
        self.trouble = sentence("")
        self.trouble.setProperty("kind", "warn")
        self.queue_depth = Segmented(
            self.tr("Response"),
            (
                ("low", self.tr("Fast"), self.tr("fast")),
                ("normal", self.tr("Normal"), self.tr("normal")),
                ("safe", self.tr("Safe"), self.tr("safe")),
            ),
        )
        self.queue_depth.setFixedWidth(_CHOICE_WIDTH)
        self.queue_depth.chosen.connect(presenter.choose_depth)
        self._lay_out()
        output.state_changed.connect(self.show_output)
        self.show_output(output.state)

    def show_state(self, state: SettingsState) -> None:
        """Show what is open now."""
        self.trouble.setText(state.sound.trouble)
        self.trouble.setVisible(bool(state.sound.trouble))
        self.queue_depth.set_value(state.depth)

    @Slot(object)
    def show_output(self, state: SoundState) -> None:
        """Show the devices and the one that is chosen."""
        shown = [("", self.tr("The system's output, as it changes")), *self._named(state)]
        if shown != [(self.device.itemData(i), self.device.itemText(i)) for i in range(self.device.count())]:
            self.device.clear()
            for key, name in shown:
                self.device.addItem(name, key)
        self.device.setCurrentIndex(max(0, self.device.findData(state.chosen)))

    def showEvent(self, event: QShowEvent) -> None:
        """Look for devices while the page is in view."""
        self._output.refresh()
        self._look.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Look no more."""
        self._look.stop()
        super().hideEvent(event)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(heading(self.tr("Output device"), "field"))
        column.addWidget(self.device, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.trouble)
        column.addWidget(
            sentence(self.tr("A device that is chosen here is waited for when it goes; the system's is followed."))
        )
        column.addSpacing(8)
        column.addWidget(heading(self.tr("Response"), "field"))
        column.addWidget(self.queue_depth)
        column.addWidget(sentence(self.tr("Safe helps where sound breaks up while the computer is busy.")))
        column.addStretch(1)

    def _named(self, state: SoundState) -> list[tuple[str, str]]:
        gone = self.tr("{device} (not connected)")
        names = [(key, name or key) for key, name in state.devices]
        if not state.missing:
            return names
        return [(key, gone.format(device=name) if key == state.chosen else name) for key, name in names]

    @Slot(int)
    def _chosen(self, index: int) -> None:
        self._output.choose_device(str(self.device.itemData(index)))
