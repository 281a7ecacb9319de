"""The take an operation works on: what it is, and the range of it that is picked by ear."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from musicapi_desktop.presenters.create_source import SourceView
from musicapi_desktop.ui.theme.icons import icon
from musicapi_desktop.ui.widgets.cover import CoverLabel
from musicapi_desktop.ui.widgets.elided import ElidedLabel
from musicapi_desktop.ui.widgets.fields import FieldNote, heading
from musicapi_desktop.ui.widgets.range_picker import RangePicker, Rule
from musicapi_desktop.ui.widgets.time_field import TimeField

_COVER = 40
_LOOK_MS = 40

Position = Callable[[str], float | None]
"""Where a take is played now, in seconds; None where it is not the one in the player."""


class SourceCard(QFrame):
    """Cover, title and take of a source; ``dropped`` asks to leave it."""

    dropped = Signal()

    def __init__(self, drop: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cover = CoverLabel()
        self._cover.setFixedSize(_COVER, _COVER)
        self._title = ElidedLabel()
        self._title.setProperty("kind", "strong")
        self._line = ElidedLabel()
        self._line.setProperty("kind", "caption")
        self.cross = QPushButton(icon("x", "text_dim"), "")
        self.cross.setProperty("kind", "icon")
        self.cross.setIconSize(QSize(16, 16))
        self.cross.setFixedSize(28, 28)
        self.cross.setAccessibleName(drop)
        self.cross.setToolTip(drop)
        self.cross.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.cross.clicked.connect(self.dropped)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._title)
        words.addWidget(self._line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._cover)
        row.addLayout(words, 1)
        row.addWidget(self.cross)

    def show_source(self, source: SourceView) -> None:
        """Show a take."""
        self._cover.set_song(source.song_id)
        self._title.set_text(source.title)
        self._line.set_text(source.line)


class SourceBlock(QFrame):
    """``moved`` carries start and end in seconds; ``heard`` asks to play the range; ``left`` and ``second_dropped``."""

    moved = Signal(float, float)
    heard = Signal()
    left = Signal()
    second_dropped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._source: SourceView | None = None
        self.position: Position | None = None
        self.card = SourceCard(self.tr("Cancel: back to the plain form"))
        self.second = SourceCard(self.tr("Choose another second take"))
        self._wanted = heading(
            self.tr("Now choose the other take in the library, and press “Mash up with this”."), "caption"
        )
        self._wanted.setWordWrap(True)
        self.picker = RangePicker(self.tr("Range on the waveform"))
        self.start = TimeField(self.tr("From"))
        self.end = TimeField(self.tr("To"))
        self._from, self._to = heading(self.tr("From"), "caption"), heading(self.tr("to"), "caption")
        self.hear = QPushButton(icon("play"), self.tr("Hear it"))
        self.hear.setProperty("kind", "chip")
        self.hear.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._range = QWidget()
        self._note = FieldNote()
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._follow)
        self._lay_out()
        self._connect()

    def show_state(self, source: SourceView | None, second: SourceView | None, *, two: bool) -> None:
        """Show the source, and a second one where the operation takes ``two``."""
        self._source = source
        self.setVisible(source is not None)
        self.second.setVisible(two and second is not None)
        self._wanted.setVisible(two and second is None)
        if second is not None:
            self.second.show_source(second)
        if source is None:
            return
        self.card.show_source(source)
        self._note.say("", source.warning)
        self._range.setVisible(source.ranged)
        if source.ranged:
            self._show_range(source)

    def showEvent(self, event: QShowEvent) -> None:
        """The playhead moves only while it can be seen."""
        super().showEvent(event)
        self._look.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self._look.stop()

    def _show_range(self, source: SourceView) -> None:
        picker = self.picker
        picker.set_time(source.seconds, source.parts)
        picker.set_beat(source.beat)
        picker.set_overview(source.overview)
        picker.set_rule(Rule(source.point, source.least, source.most))
        picker.set_range(source.start, source.seconds if source.point else source.end)
        for field, value in ((self.start, source.start), (self.end, source.end)):
            field.set_step(source.beat)
            field.set_time(value, source.seconds)
        self.end.setVisible(not source.point)
        self._to.setVisible(not source.point)
        self._from.setText(self.tr("From here on") if source.point else self.tr("From"))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        for part in (self._from, self.start, self._to, self.end):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.hear)
        inside = QVBoxLayout(self._range)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(6)
        inside.addWidget(self.picker)
        inside.addLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(8)
        for part in (self.card, self.second, self._wanted, self._range, self._note):
            column.addWidget(part)

    def _connect(self) -> None:
        self.card.dropped.connect(self.left)
        self.second.dropped.connect(self.second_dropped)
        self.picker.changed.connect(self.moved)
        self.start.valueChanged.connect(self._typed)
        self.end.valueChanged.connect(self._typed)
        self.hear.clicked.connect(self.heard)

    @Slot()
    def _typed(self) -> None:
        start, end = self.start.value(), self.end.value()
        self.moved.emit(start, max(start, end))

    @Slot()
    def _follow(self) -> None:
        source = self._source
        if source is None or self.position is None or not source.ranged:
            return
        there = self.position(source.take_id)
        self.picker.set_position(there if there is not None else source.start)
