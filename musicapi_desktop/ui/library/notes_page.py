"""The notes of a take as a piano roll, an instrument at a time or all together."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from musicapi_desktop.ui.widgets.fields import heading
from musicapi_desktop.ui.widgets.piano_roll import PianoRoll

if TYPE_CHECKING:
    from musicapi_desktop.domain.notes import Track
    from musicapi_desktop.presenters.inspector import InspectorState

_LOOK_MS = 40
_HEIGHT = 150


class NotesPage(QWidget):
    """``sought`` carries a time in seconds. Takes no room while no notes are known."""

    sought = Signal(float)

    def __init__(self, here: Callable[[], float | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._here = here
        self._tracks: tuple[Track, ...] = ()
        self.roll = PianoRoll(self.tr("Notes"))
        self.roll.setFixedHeight(_HEIGHT)
        self.roll.sought.connect(self.sought)
        self.choice = QComboBox()
        for part in (self.choice, self.choice.view()):
            part.setAccessibleName(self.tr("Instrument"))
        self.choice.activated.connect(self._show_track)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 8, 16, 14)
        box.setSpacing(8)
        box.addWidget(heading(self.tr("Notes"), "field"))
        box.addWidget(self.choice)
        box.addWidget(self.roll)
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._follow)
        self.hide()

    def show_notes(self, state: InspectorState) -> None:
        """Show the notes of the take that is chosen."""
        seconds = state.take.facts.seconds if state.take is not None and state.take.facts is not None else 0.0
        self.setVisible(bool(state.tracks))
        self.roll.set_time(seconds)
        if state.tracks == self._tracks:
            return
        self._tracks = state.tracks
        self.choice.clear()
        self.choice.addItem(self.tr("All instruments"))
        self.choice.addItems([track.name for track in state.tracks])
        self._show_track(0)

    def showEvent(self, event: QShowEvent) -> None:
        """Follow only while it can be seen."""
        super().showEvent(event)
        self._look.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self._look.stop()

    @Slot(int)
    def _show_track(self, place: int) -> None:
        shown = self._tracks if place < 1 else self._tracks[place - 1 : place]
        self.roll.set_notes(tuple(note for track in shown for note in track.notes))

    @Slot()
    def _follow(self) -> None:
        self.roll.set_position(self._here() or 0.0)
