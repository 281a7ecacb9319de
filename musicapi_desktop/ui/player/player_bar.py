"""The bar at the foot of the window: what plays, the transport, the waveform, takes and volume."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from musicapi_desktop.presenters.player import PlayerPresenter
from musicapi_desktop.presenters.player_state import PlayerState
from musicapi_desktop.ui.theme import theme
from musicapi_desktop.ui.theme.icons import icon
from musicapi_desktop.ui.widgets.fader import VolumeSlider
from musicapi_desktop.ui.widgets.time_label import TimeLabel

from .pieces import PlayButton, SongLines
from .seek_bar import SeekBar
from .takes import Takes
from .tune_button import TuneButtons

_FRAME_MS = 33
_IDLE_MS = 1000
_GAP = 6
_WIDE = 1000
"""Pixels from which there is room for everything."""


class PlayerBar(QFrame):
    """92 pixels, always there."""

    def __init__(self, presenter: PlayerPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self.setProperty("kind", "bar")
        self.setFixedHeight(theme.current().size("player"))
        self.setAccessibleName(self.tr("Player"))
        self._make()
        self._lay_out()
        self._connect()
        self._frames = QTimer(self, interval=_IDLE_MS)
        self._frames.timeout.connect(self._look)
        self._show(presenter.state)

    def _make(self) -> None:
        self.song = SongLines()
        self.heart = self._button("heart", self.tr("Favourite"))
        self.previous = self._button("skip-back", self.tr("Previous"))
        self.play = PlayButton()
        self.next = self._button("skip-forward", self.tr("Next"))
        self.time = TimeLabel()
        self.wave = SeekBar()
        self.loop = self._button("repeat", self.tr("Loop"), "play")
        self.loop.setCheckable(True)
        self.takes = Takes(self._presenter)
        self.tune = TuneButtons(self._presenter, wide=False)
        self.quiet = self._button("volume-2", self.tr("Mute"))
        self.volume = VolumeSlider()
        self.volume.set_title(self.tr("Volume"))
        self.volume.setFixedWidth(self.volume.sizeHint().width())
        # it stands under the row on its own, so that a device that comes or goes moves nothing
        self.device = QLabel(self)
        self.device.setProperty("kind", "caption")

    def _button(self, name: str, words: str, on: str = "") -> QToolButton:
        button = QToolButton()
        button.setProperty("kind", "icon")
        button.setIcon(icon(name, "text", on))
        button.setIconSize(QSize(18, 18))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(words)
        button.setToolTip(words)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(18, 0, 18, 0)
        row.setSpacing(_GAP)
        row.addWidget(self.song, 10)
        for widget in (self.heart, self.previous, self.play, self.next):
            row.addWidget(widget)
        row.addSpacing(6)
        row.addWidget(self.time)
        row.addSpacing(10)
        row.addWidget(self.wave, 17)
        row.addSpacing(4)
        row.addWidget(self.loop)
        row.addWidget(self.tune)
        row.addSpacing(6)
        row.addWidget(self.takes)
        row.addWidget(self.quiet)
        row.addWidget(self.volume)
        self.setLayout(row)

    def _connect(self) -> None:
        presenter = self._presenter
        self.heart.clicked.connect(presenter.toggle_favourite)
        self.previous.clicked.connect(presenter.previous)
        self.play.clicked.connect(presenter.toggle)
        self.next.clicked.connect(presenter.next)
        self.time.remaining_toggled.connect(presenter.set_remaining)
        self.wave.sought.connect(presenter.seek)
        self.wave.loop_dragged.connect(presenter.set_loop)
        self.loop.clicked.connect(presenter.toggle_loop)
        self.quiet.clicked.connect(presenter.toggle_quiet)
        self.volume.level_edited.connect(presenter.set_volume)
        self.volume.edit_ended.connect(presenter.keep_volume)
        presenter.state_changed.connect(self._show)
        presenter.moved.connect(self._place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the line about the device in its corner; where there is little room practising is set in the mixer."""
        super().resizeEvent(event)
        self._place_tune()
        self._place_device()

    def minimumSizeHint(self) -> QSize:
        """What is left out where there is little room asks for none."""
        least = super().minimumSizeHint()
        spare = self.tune.minimumSizeHint().width() + _GAP if self.tune.isVisible() else 0
        return QSize(least.width() - spare, least.height())

    def _place_tune(self) -> None:
        self.tune.setVisible(not self._presenter.state.empty and self.width() >= _WIDE)

    def _place_device(self) -> None:
        size = self.device.sizeHint()
        self.device.setGeometry(self.width() - 18 - size.width(), self.height() - 24, size.width(), size.height())

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the transport while visible."""
        super().showEvent(event)
        self._frames.start()
        self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        """Look no more."""
        super().hideEvent(event)
        self._frames.stop()

    def _look(self) -> None:
        self._place(self._presenter.look().position)

    def _place(self, position: float) -> None:
        self.time.show_time(position, self._presenter.state.seconds)
        self.wave.set_position(position)

    def _show(self, state: PlayerState) -> None:
        on = not state.empty
        interval = _FRAME_MS if state.playing else _IDLE_MS
        if self._frames.interval() != interval:
            self._frames.setInterval(interval)
        title = state.title if on else self.tr("Nothing playing")
        self.song.show_song(state.song_id, title, state.error or state.style, bool(state.error))
        for widget in (self.previous, self.play, self.next, self.wave, self.loop, self.time, self.volume, self.quiet):
            widget.setEnabled(on)
        for widget in (self.heart, self.loop, self.time):
            widget.setVisible(on)
        self._place_tune()
        self.play.setEnabled(on and not state.error)
        self.play.set_playing(state.playing)
        self.heart.setIcon(
            icon("heart:fill" if state.favourite else "heart", "accent" if state.favourite else "text_dim")
        )
        words = self.tr("Favourite, on") if state.favourite else self.tr("Favourite, off")
        self.heart.setAccessibleName(words)
        self.time.set_remaining(state.remaining)
        self.time.show_time(self.wave.position if on else 0.0, state.seconds)
        self.wave.set_time(state.seconds, tuple((s.name, s.start, s.end) for s in state.sections))
        self.wave.set_lines(tuple((line.text, line.start, line.end) for line in state.lines))
        self.wave.set_beat(state.beat, state.beats)
        self.wave.set_overview(state.overview)
        self.wave.set_loop(state.loop, state.loop_on)
        self.loop.setChecked(state.loop_on)
        self.takes.show_state(state)
        self._show_sound(state)

    def _show_sound(self, state: PlayerState) -> None:
        self.volume.set_level(state.volume)
        self.quiet.setIcon(icon("volume-x" if state.quiet else "volume-2", "text"))
        self.quiet.setAccessibleName(self.tr("Sound on") if state.quiet else self.tr("Sound off"))
        lost = self.tr("No sound device: playback is paused")
        self.device.setText(lost if state.lost else self.tr("No sound device: playing silently"))
        self.device.setVisible(state.silent and not state.empty)
        self._place_device()
