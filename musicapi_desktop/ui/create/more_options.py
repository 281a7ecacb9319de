"""What most songs leave alone: closed, with a chip for everything that is not at its default."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from musicapi_desktop.presenters.create_state import CreateState, length_text
from musicapi_desktop.ui.theme.icons import icon
from musicapi_desktop.ui.widgets.flow import FlowLayout

_HALF = 50
_MINUTE = 120


class MoreHeader(QWidget):
    """The line that opens and closes the options."""

    toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._button = QPushButton(icon("chevron-right", "text_dim"), self.tr("More options"))
        self._button.setProperty("kind", "disclosure")
        self._button.setIconSize(QSize(16, 16))
        self._button.setCheckable(True)
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.setAccessibleName(self.tr("More options"))
        self._button.toggled.connect(self._toggled)
        self._chips = QWidget()
        self._chips.setAccessibleName(self.tr("Options that are set"))
        self._flow = FlowLayout(self._chips, 4)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._chips, 1)
        self._shown: tuple[str, ...] = ()

    def is_open(self) -> bool:
        """True while the options are to be seen."""
        return self._button.isChecked()

    def set_open(self, on: bool) -> None:
        """Open or close."""
        self._button.setChecked(on)

    def show_chips(self, chips: tuple[str, ...]) -> None:
        """Show what is not at its default."""
        if chips == self._shown:
            return
        self._shown = chips
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for text in chips:
            label = QLabel(text)
            label.setProperty("kind", "chip_on")
            self._flow.addWidget(label)
        self._chips.updateGeometry()

    @Slot(bool)
    def _toggled(self, on: bool) -> None:
        self._button.setIcon(icon("chevron-down" if on else "chevron-right", "text_dim"))
        self.toggled.emit(on)


class OptionRow(QWidget):
    """One option: a box that takes it up, a slider, its value in words. ``chosen`` carries None where it is left."""

    chosen = Signal(object)

    def __init__(self, name: str, least: int, most: int, start: int, words: Callable[[int], str]) -> None:
        super().__init__()
        self._words = words
        self._box = QCheckBox(name)
        self._box.setAccessibleName(name)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(least, most)
        self._slider.setValue(start)
        self._slider.setPageStep(10)
        self._slider.setAccessibleName(self.tr("{0}: value").format(name))
        self._value = QLabel()
        self._value.setProperty("kind", "caption")
        self._value.setMinimumWidth(44)
        self._value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnMinimumWidth(0, 120)
        grid.setColumnStretch(1, 1)
        for column, part in enumerate((self._box, self._slider, self._value)):
            grid.addWidget(part, 0, column)
        self._box.toggled.connect(self._say)
        self._slider.valueChanged.connect(self._moved)
        self._show()

    def set_range(self, least: int, most: int) -> None:
        """Other ends of the slider; an option that is not taken up stays so."""
        blocked = self._slider.blockSignals(True)
        self._slider.setRange(least, most)
        self._slider.blockSignals(blocked)

    def set_value(self, value: int | None) -> None:
        """Show a value, or that the option is left alone; says nothing."""
        for part in (self._box, self._slider):
            part.blockSignals(True)
        self._box.setChecked(value is not None)
        if value is not None:
            self._slider.setValue(value)
        for part in (self._box, self._slider):
            part.blockSignals(False)
        self._show()

    @Slot()
    def _moved(self) -> None:
        # moving the slider means wanting it
        if self._box.isChecked():
            self._say()
        else:
            self._box.setChecked(True)

    @Slot()
    def _say(self) -> None:
        self._show()
        self.chosen.emit(self._slider.value() if self._box.isChecked() else None)

    def _show(self) -> None:
        self._value.setText(self._words(self._slider.value()) if self._box.isChecked() else self.tr("auto"))


class MoreOptions(QWidget):
    """Weights (percent), length (seconds), persona. Signals carry 0–1 or seconds, None where left alone."""

    weirdness = Signal(object)
    style_weight = Signal(object)
    audio_weight = Signal(object)
    duration = Signal(object)
    persona = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._weights = {
            "audio_weight": (OptionRow(self.tr("Keep of the source"), 0, 100, _HALF, hundredths), self.audio_weight),
            "weirdness": (OptionRow(self.tr("Weirdness"), 0, 100, _HALF, hundredths), self.weirdness),
            "style_weight": (OptionRow(self.tr("Style weight"), 0, 100, _HALF, hundredths), self.style_weight),
        }
        self._duration = OptionRow(self.tr("Length"), 10, 360, _MINUTE, length_text)
        self._duration.chosen.connect(self.duration)
        self._singer = self._build_singer()
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 0, 0, 0)
        column.setSpacing(4)
        for option, signal in self._weights.values():
            option.chosen.connect(partial(_say_part, signal))
            column.addWidget(option)
        column.addWidget(self._duration)
        column.addWidget(self._singer)

    def show_state(self, state: CreateState) -> None:
        """Show the options of the draft that its operation and model have."""
        draft = state.draft
        for name, (option, _signal) in self._weights.items():
            option.set_value(_percent(getattr(draft, name)))
            option.setVisible(name in state.shown)
        if state.length:
            self._duration.set_range(*state.length)
        self._duration.set_value(None if draft.duration is None else round(draft.duration))
        self._duration.setVisible("duration" in state.shown)
        self._show_personas(state)

    def has_any(self, state: CreateState) -> bool:
        """Whether there is anything to open."""
        return bool({*self._weights, "duration", "persona_id"} & state.shown)

    def _build_singer(self) -> QWidget:
        self._personas: tuple[tuple[str, str], ...] = ()
        self.singer = QComboBox()
        self.singer.setAccessibleName(self.tr("Persona"))
        self.singer.view().setAccessibleName(self.tr("Persona"))
        self.singer.addItem(self.tr("No persona"), "")
        self.singer.activated.connect(self._singer_chosen)
        row = QWidget()
        inside = QHBoxLayout(row)
        inside.setContentsMargins(0, 2, 0, 0)
        label = QLabel(self.tr("Persona"))
        label.setFixedWidth(120)
        label.setBuddy(self.singer)
        inside.addWidget(label)
        inside.addWidget(self.singer, 1)
        return row

    def _show_personas(self, state: CreateState) -> None:
        if state.personas != self._personas:
            self._personas = state.personas
            while self.singer.count() > 1:
                self.singer.removeItem(1)
            for persona_id, name in state.personas:
                self.singer.addItem(name, persona_id)
        self.singer.setCurrentIndex(max(0, self.singer.findData(state.draft.persona_id)))
        self._singer.setVisible("persona_id" in state.shown)

    @Slot(int)
    def _singer_chosen(self, row: int) -> None:
        self.persona.emit(str(self.singer.itemData(row)))


def _say_part(signal: SignalInstance, percent: int | None) -> None:
    signal.emit(None if percent is None else percent / 100)


def hundredths(percent: int) -> str:
    """A part of one with two places."""
    return f"{percent / 100:.2f}"


def _percent(part: float | None) -> int | None:
    return None if part is None else round(part * 100)
