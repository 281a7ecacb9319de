"""Practising: speed and key without each other, a click on the beats, and a bar counted before the start."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from musicapi_desktop.domain.kept_mix import KEYS, SPEEDS
from musicapi_desktop.domain.mix import level_words
from musicapi_desktop.presenters.player import PlayerPresenter
from musicapi_desktop.presenters.player_state import PlayerState
from musicapi_desktop.ui.theme import fonts
from musicapi_desktop.ui.widgets.even_slider import EvenSlider
from musicapi_desktop.ui.widgets.fader import Fader
from musicapi_desktop.ui.widgets.fields import heading

_WIDTH = 300
_MARGIN = 8


def speed_words(percent: int) -> str:
    """``85 %``."""
    return f"{percent} %"


def key_words(semitones: int) -> str:
    """``±0``, ``+3``, ``−2``."""
    return "±0" if semitones == 0 else f"{semitones:+d}".replace("-", "−")


class _Speed(EvenSlider):
    def value_words(self) -> str:
        return self.tr("{percent} percent").format(percent=self.value())


class _Key(EvenSlider):
    def value_words(self) -> str:
        if self.value() == 0:
            return self.tr("as it was made")
        words = self.tr("{count} semitones up") if self.value() > 0 else self.tr("{count} semitones down")
        return words.format(count=abs(self.value()))


class TunePanel(QFrame):
    """Follows a PlayerState. Opens over what asked for it, and closes with a press beside it or Esc."""

    def __init__(self, presenter: PlayerPresenter, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._presenter = presenter
        self.setProperty("kind", "panel")
        self.setAccessibleName(self.tr("Speed, key and click"))
        self.setFixedWidth(_WIDTH)
        self._make()
        self._lay_out()
        self._connect()
        self.show_state(presenter.state)

    def open_at(self, button: QWidget) -> None:
        """Show it above or below ``button``, wherever there is room, the first slider ready for keys."""
        self.adjustSize()
        room = button.screen().availableGeometry()
        below = button.mapToGlobal(QPoint(button.width() - self.width(), button.height() + _MARGIN))
        above = button.mapToGlobal(QPoint(button.width() - self.width(), -self.height() - _MARGIN))
        place = below if below.y() + self.height() <= room.bottom() else above
        place.setX(max(room.left() + _MARGIN, place.x()))
        self.move(place)
        self.show()
        self.speed.setFocus(Qt.FocusReason.PopupFocusReason)

    def _make(self) -> None:
        self.speed = _Speed(self.tr("Speed"), SPEEDS, 100)
        self.speed.setSingleStep(5)
        self.speed.setPageStep(10)
        self.key = _Key(self.tr("Key"), KEYS, 0)
        self.key.setPageStep(5)
        self.reset = self._button(self.tr("As it was made"), "link")
        self.click = self._button(self.tr("Click"), "chip", checkable=True)
        self.level = Fader()
        self.level.set_title(self.tr("Click, level"))
        self.count_in = self._button(self.tr("Count in"), "chip", checkable=True)
        self.count_in.setToolTip(self.tr("Count one bar before playing"))
        self.figures = [QLabel() for _ in range(3)]
        for label in self.figures:
            label.setFont(fonts.font(tabular=True))
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            label.setFixedWidth(52)
        self.note = heading("", "caption")
        self.note.setWordWrap(True)

    def _button(self, words: str, kind: str, *, checkable: bool = False) -> QPushButton:
        button = QPushButton(words)
        button.setProperty("kind", kind)
        button.setCheckable(checkable)
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        rows = ((heading(self.tr("Speed"), "dim"), self.speed), (heading(self.tr("Key"), "dim"), self.key))
        for row, (label, slider) in enumerate(rows):
            grid.addWidget(label, row, 0)
            grid.addWidget(slider, row, 1)
            grid.addWidget(self.figures[row], row, 2)
        grid.addWidget(self.reset, 2, 1, 1, 2, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self.click, 3, 0)
        grid.addWidget(self.level, 3, 1)
        grid.addWidget(self.figures[2], 3, 2)
        last = QHBoxLayout()
        last.addWidget(self.count_in)
        last.addWidget(self.note, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        column.addLayout(grid)
        column.addLayout(last)

    def _connect(self) -> None:
        presenter = self._presenter
        self.speed.valueChanged.connect(presenter.set_speed)
        self.key.valueChanged.connect(presenter.set_key)
        self.reset.clicked.connect(presenter.reset_speed)
        self.click.clicked.connect(presenter.toggle_click)
        self.level.level_edited.connect(presenter.set_click_level)
        self.count_in.clicked.connect(presenter.toggle_count_in)
        presenter.state_changed.connect(self.show_state)

    def show_state(self, state: PlayerState) -> None:
        """Show what is set, and what this take has no beats for."""
        self.speed.show_value(state.speed)
        self.key.show_value(state.key)
        self.level.set_level(state.click_level)
        for label, words in zip(
            self.figures, (speed_words(state.speed), key_words(state.key), level_words(state.click_level)), strict=True
        ):
            label.setText(words)
        self.reset.setEnabled((state.speed, state.key) != (100, 0))
        for button, on, named in (
            (self.click, state.click, self.tr("Click")),
            (self.count_in, state.count_in, self.tr("Count in one bar")),
        ):
            button.setChecked(on)
            button.setEnabled(state.click_ready)
            words = self.tr("{name}, on") if on else self.tr("{name}, off")
            button.setAccessibleName(words.format(name=named))
        self.level.setEnabled(state.click_ready)
        no_beat = self.tr("No beat was found in this take.")
        self.note.setText("" if state.click_ready or state.empty else no_beat)


def tune_words(state: PlayerState) -> str:
    """What a button that opens the panel is called: ``Speed 100 %, key ±0, click off``."""
    words = QCoreApplication.translate("Tune", "Speed {speed}, key {key}, click on")
    if not state.click:
        words = QCoreApplication.translate("Tune", "Speed {speed}, key {key}, click off")
    return words.format(speed=speed_words(state.speed), key=key_words(state.key))
