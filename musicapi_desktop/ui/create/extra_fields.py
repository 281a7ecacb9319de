"""Fields that only some models have, made from the table of capabilities: lists of words, weights, texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from musicapi_desktop.domain.text import words_between_commas
from musicapi_desktop.presenters.create_fields import ExtraField
from musicapi_desktop.ui.widgets.chip_field import ChipField
from musicapi_desktop.ui.widgets.fields import FieldHead, FieldNote

from .more_options import OptionRow, hundredths

_HALF = 50


class ExtraFields(QWidget):
    """``filled`` carries a field's name and its value: a text, a list of texts, a part of one, or None."""

    filled = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._made: dict[str, QWidget] = {}
        self._notes: dict[str, FieldNote] = {}
        self._shape: tuple[tuple[str, str], ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def field(self, name: str) -> QWidget:
        """The widget of a field. Raises KeyError where it is not shown."""
        return self._made[name]

    def show_fields(self, fields: tuple[ExtraField, ...], problems: Mapping[str, str]) -> None:
        """Show fields with their values; their widgets stay while the same fields are shown."""
        shape = tuple((each.name, each.kind) for each in fields)
        if shape != self._shape:
            self._shape = shape
            self._build(fields)
        for each in fields:
            self._show(each)
            self._notes[each.name].say(problems.get(each.name, ""))
        self.setVisible(bool(fields))

    def _build(self, fields: tuple[ExtraField, ...]) -> None:
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._made, self._notes = {}, {}
        for each in fields:
            widget = self._widget(each)
            self._made[each.name], self._notes[each.name] = widget, FieldNote()
            block = QWidget()
            inside = QVBoxLayout(block)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.setSpacing(5)
            if each.kind != "part":
                inside.addWidget(FieldHead(each.label, widget))
            inside.addWidget(widget)
            inside.addWidget(self._notes[each.name])
            self._column.addWidget(block)

    def _widget(self, each: ExtraField) -> QWidget:
        match each.kind:
            case "one":
                return self._choice(each)
            case "many":
                return self._words(each)
            case "part":
                return self._part(each)
            case _:
                return self._line(each)

    def _choice(self, each: ExtraField) -> QWidget:
        box = QComboBox()
        box.setAccessibleName(each.label)
        box.view().setAccessibleName(each.label)
        box.addItem(self.tr("Any"), "")
        for word in each.choices:
            box.addItem(word, word)

        def chosen(row: int) -> None:
            self.filled.emit(each.name, box.itemData(row))

        box.activated.connect(chosen)
        return box

    def _words(self, each: ExtraField) -> QWidget:
        chips = ChipField(each.label, self.tr("Up to {0}…").format(each.most))
        chips.complete_from(each.choices)

        def edited(text: str) -> None:
            self.filled.emit(each.name, list(words_between_commas(text)))

        chips.edited.connect(edited)
        return chips

    def _part(self, each: ExtraField) -> QWidget:
        option = OptionRow(each.label, round(each.least * 100), 100, _HALF, hundredths)

        def chosen(percent: int | None) -> None:
            self.filled.emit(each.name, None if percent is None else percent / 100)

        option.chosen.connect(chosen)
        return option

    def _line(self, each: ExtraField) -> QWidget:
        line = QLineEdit()
        line.setAccessibleName(each.label)
        parts = each.kind == "parts"
        line.setPlaceholderText(self.tr("intro 10, verse 30, chorus 30") if parts else self.tr("Left to the service"))

        def ended() -> None:
            self.filled.emit(each.name, line.text())

        # the parts are read when they are complete: half a word is no part
        (line.editingFinished if parts else line.textEdited).connect(ended)
        return line

    def _show(self, each: ExtraField) -> None:
        widget, value = self._made[each.name], each.value
        if isinstance(widget, QComboBox):
            widget.setCurrentIndex(max(0, widget.findData(value)))
        elif isinstance(widget, ChipField):
            widget.set_text(", ".join(cast("tuple[str, ...]", value)) if isinstance(value, tuple) else "")
        elif isinstance(widget, OptionRow):
            widget.set_value(round(value * 100) if isinstance(value, float) else None)
        elif isinstance(widget, QLineEdit) and not widget.hasFocus():
            widget.setText(value if isinstance(value, str) else "")
