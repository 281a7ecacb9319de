"""The mixer: header, ruler, strips and lanes on one timeline, the mix at the foot."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from musicapi_desktop.presenters.mixer import MixerPresenter
from musicapi_desktop.presenters.mixer_state import MixerState

from .desk import Desk, Heads
from .header import MixerHeader
from .lanes import LaneLook, Lanes
from .master import HEIGHT as MASTER_HEIGHT
from .master import MasterStrip
from .original import HEIGHT as ORIGINAL_HEIGHT
from .original import OriginalStrip
from .ruler import Ruler
from .split_page import SplitPage

_FRAME_MS = 33


class MixerView(QFrame):
    """Takes its presenter; tells it when it is shown."""

    def __init__(self, presenter: MixerPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self.setProperty("kind", "bg")
        self.setAccessibleName(self.tr("Mixer"))
        self.header = MixerHeader(presenter)
        self.heads = Heads()
        self.ruler = Ruler()
        self.desk = Desk(presenter)
        self.master = MasterStrip(presenter)
        self.mix = Lanes()
        self.mix.setFixedHeight(MASTER_HEIGHT)
        self.original = OriginalStrip(presenter)
        self.whole = Lanes()
        self.whole.setAccessibleName(self.tr("Waveform of the original"))
        self.whole.setFixedHeight(ORIGINAL_HEIGHT)
        self._timelines = (self.ruler, self.desk.lanes, self.whole, self.mix)
        self.page = SplitPage(presenter)
        self._lay_out()
        self._connect()
        self._take_id = ""
        self._frames = QTimer(self, interval=_FRAME_MS)
        self._frames.timeout.connect(self._look)
        self._show(presenter.state)

    def mute_focused(self) -> None:
        """M on the strip with the focus."""
        strip = self.desk.focused()
        if strip is not None:
            strip.mute_pressed()

    def solo_focused(self) -> None:
        """S on the strip with the focus."""
        strip = self.desk.focused()
        if strip is not None:
            strip.toggle_solo()

    def show_console(self, on: bool) -> None:
        """Turn the rows into a vertical console, or back."""
        self.header.console.setChecked(on)
        self.heads.setVisible(not on)
        self.ruler.setVisible(not on)
        # more strips than fit side by side are scrolled to; lanes are always as wide as the window
        bar = Qt.ScrollBarPolicy.ScrollBarAsNeeded if on else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self._scroll.setHorizontalScrollBarPolicy(bar)
        self.desk.show_console(on)

    def _lay_out(self) -> None:
        scroll = self._scroll = QScrollArea()
        self._gaps = (QWidget(), QWidget())
        scroll.setWidget(self.desk)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        desk = QWidget()
        grid = QGridLayout(desk)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.heads, 0, 0)
        grid.addWidget(self.ruler, 0, 1)
        grid.addWidget(self._gaps[0], 0, 2)
        grid.addWidget(scroll, 1, 0, 1, 3)
        foot = QFrame()
        foot.setProperty("kind", "foot")
        rows = QGridLayout(foot)
        rows.setContentsMargins(0, 1, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.original, 0, 0)
        rows.addWidget(self.whole, 0, 1)
        rows.addWidget(self.master, 1, 0)
        rows.addWidget(self.mix, 1, 1)
        rows.addWidget(self._gaps[1], 0, 2, 2, 1)
        rows.setColumnStretch(1, 1)
        grid.addWidget(foot, 2, 0, 1, 3)
        grid.setRowStretch(1, 1)
        grid.setColumnStretch(1, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(desk)
        self._stack.addWidget(self.page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        presenter = self._presenter
        player = presenter.player
        for timeline in self._timelines:
            timeline.sought.connect(player.seek)
            timeline.loop_dragged.connect(player.set_loop)
            timeline.view_asked.connect(presenter.show_part)
        self.header.console.toggled.connect(self.show_console)
        self.desk.below.connect(self.original.setFocus)
        self.original.step_asked.connect(self._step_original)
        self._scroll.viewport().installEventFilter(self)
        presenter.state_changed.connect(self._show)
        presenter.peaks_changed.connect(self._peaks)
        presenter.notes_changed.connect(self._show_notes)
        player.moved.connect(self._place)

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the player from now on."""
        super().showEvent(event)
        self._presenter.attend(True)
        self._frames.start()
        self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        """Follow no more."""
        super().hideEvent(event)
        self._frames.stop()
        self._presenter.attend(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A scroll bar beside the lanes narrows them; the ruler and the mix stay as wide as they."""
        if event.type() == QEvent.Type.Resize and watched is self._scroll.viewport():
            spare = self._scroll.width() - self._scroll.viewport().width()
            for gap in self._gaps:
                gap.setFixedWidth(spare)
        return super().eventFilter(watched, event)

    def _step_original(self, by: int) -> None:
        if by < 0:
            self.desk.focus_last()
        else:
            self.master.fader.setFocus(Qt.FocusReason.TabFocusReason)

    def _look(self) -> None:
        if self._presenter.state.empty:
            return
        snapshot = self._presenter.look()
        self._place(snapshot.position)
        now = time.monotonic()
        for strip in self.desk.strips:
            if snapshot.playing or not strip.meter.resting:
                left, right = snapshot.peaks.get(strip.lane.stem_id, (0.0, 0.0))
                strip.meter.feed(left, right, now)
        if snapshot.playing or not self.master.meter.resting:
            self.master.meter.feed(*snapshot.peaks.get("", (0.0, 0.0)), now)

    def _place(self, position: float) -> None:
        for timeline in self._timelines:
            timeline.set_position(position)

    def _peaks(self, key: str, peaks: bytes) -> None:
        for lanes in (self.desk.lanes,) if key else (self.mix, self.whole):
            lanes.set_peaks(key, peaks)

    def _show_notes(self) -> None:
        state = self._presenter.state
        self.desk.lanes.set_notes(dict(self._presenter.notes) if state.notes_on else {})

    def _take_waveforms(self) -> None:
        self.desk.lanes.forget()
        self.mix.forget()
        self.whole.forget()
        for key, peaks in self._presenter.waveforms.items():
            self._peaks(key, peaks)

    def _show(self, state: MixerState) -> None:
        split = bool(state.lanes)
        self._stack.setCurrentIndex(0 if split else 1)
        self.header.setVisible(not state.empty)
        self.page.show_state(state)
        if state.take_id != self._take_id:
            self._take_id = state.take_id
            self._take_waveforms()
        if not split:
            return
        self.desk.show_lanes(state.lanes)
        self.master.show_state(state)
        self.original.show_state(state)
        self.mix.show_lanes((LaneLook("", "", state.mix.master),), [MASTER_HEIGHT])
        match = (state.original_match or 0.0) if state.match_original else 0.0
        self.whole.show_lanes((LaneLook("", "", match, silenced=not state.original),), [ORIGINAL_HEIGHT])
        parts = tuple((section.name, section.start, section.end) for section in state.sections)
        lines = tuple((line.text, line.start, line.end) for line in state.lines)
        self._show_notes()
        for timeline in self._timelines:
            timeline.set_time(state.seconds, parts)
            timeline.set_lines(lines)
            timeline.set_view(state.view)
            timeline.set_beat(state.beat, state.beats)
            timeline.set_loop(state.loop, state.loop_on)
