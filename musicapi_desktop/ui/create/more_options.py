"""What most songs leave alone: closed, with a chip for everything that is not at its default."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSlider, QWidget

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
    """Weirdness and style weight (percent), length (seconds). Signals carry 0–1 or seconds, None where left alone."""

    weirdness = Signal(object)
    style_weight = Signal(object)
    duration = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._weirdness = OptionRow(self.tr("Weirdness"), 0, 100, _HALF, _hundredths)
        self._style_weight = OptionRow(self.tr("Style weight"), 0, 100, _HALF, _hundredths)
        self._duration = OptionRow(self.tr("Length"), 10, 360, _MINUTE, length_text)
        self._weirdness.chosen.connect(self._weirdness_chosen)
        self._style_weight.chosen.connect(self._style_weight_chosen)
        self._duration.chosen.connect(self.duration)
        grid = QGridLayout(self)
        grid.setContentsMargins(6, 0, 0, 0)
        grid.setVerticalSpacing(4)
        for row, option in enumerate((self._weirdness, self._style_weight, self._duration)):
            grid.addWidget(option, row, 0)

    def show_state(self, state: CreateState) -> None:
        """Show the options of the draft that its model has."""
        draft = state.draft
        self._weirdness.set_value(_percent(draft.weirdness))
        self._style_weight.set_value(_percent(draft.style_weight))
        if state.limits.duration:
            self._duration.set_range(*state.limits.duration)
        self._duration.set_value(None if draft.duration is None else round(draft.duration))
        self._duration.setVisible("duration" in state.shown)

    @Slot(object)
    def _weirdness_chosen(self, value: int | None) -> None:
        self.weirdness.emit(_part(value))

    @Slot(object)
    def _style_weight_chosen(self, value: int | None) -> None:
        self.style_weight.emit(_part(value))


def _hundredths(percent: int) -> str:
    return f"{percent / 100:.2f}"


def _percent(part: float | None) -> int | None:
    return None if part is None else round(part * 100)


def _part(percent: int | None) -> float | None:
    return None if percent is None else percent / 100
