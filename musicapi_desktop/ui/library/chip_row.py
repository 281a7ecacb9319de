"""A line of filter chips; those that do not fit move into a menu at its end."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

if TYPE_CHECKING:
    from musicapi_desktop.presenters.library import FilterChip

_GAP = 6


class ChipRow(QWidget):
    """Exclusive filters. Emits ``chosen(id)``."""

    chosen = Signal(str)
    asked = Signal(str, QPoint)
    """The menu of a chip was asked for, at a place of the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: list[FilterChip] = []
        self._buttons: dict[str, QPushButton] = {}
        self._more = QPushButton(self)
        self._more.setProperty("kind", "chip")
        self._more.setCheckable(True)
        self._more.clicked.connect(self._open_menu)
        self._chosen = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Filters"))

    def set_chips(self, chips: Sequence[FilterChip], chosen: str) -> None:
        """Show ``chips`` with ``chosen`` pressed."""
        if list(chips) == self._chips and chosen == self._chosen:
            return
        self._chips, self._chosen = list(chips), chosen
        gone = self._buttons.keys() - {chip.id for chip in chips}
        for name in gone:
            self._buttons.pop(name).deleteLater()
        for chip in chips:
            button = self._buttons.get(chip.id) or self._new(chip.id)
            button.setText(chip.text)
            button.setAccessibleName(self.tr("Show: {0}").format(chip.text))
            button.setChecked(chip.id == chosen)
        self._place()

    def sizeHint(self) -> QSize:
        """As high as one chip."""
        return QSize(200, self._more.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Chips move into the menu rather than widen the window."""
        return QSize(80, self._more.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit what fits."""
        super().resizeEvent(event)
        self._place()

    def _new(self, name: str) -> QPushButton:
        button = QPushButton(self)
        button.setProperty("kind", "chip")
        button.setProperty("filter", name)
        button.setCheckable(True)
        button.clicked.connect(self._pressed)
        button.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        button.customContextMenuRequested.connect(partial(self._ask, button))
        self._buttons[name] = button
        return button

    def _place(self) -> None:
        widths = [self._buttons[chip.id].sizeHint().width() for chip in self._chips]
        room = self.width()
        shown = self._fitting(widths, room)
        x = 0
        for number, chip in enumerate(self._chips):
            button = self._buttons[chip.id]
            button.setVisible(number < shown)
            button.setGeometry(x, 0, widths[number], button.sizeHint().height())
            x += widths[number] + _GAP if number < shown else 0
        self._place_more(shown, x)

    def _fitting(self, widths: Sequence[int], room: int) -> int:
        if sum(widths) + _GAP * (len(widths) - 1) <= room:
            return len(widths)
        room -= 96
        shown = 0
        for width in widths:
            room -= width + _GAP
            if room < 0:
                break
            shown += 1
        return max(1, shown)

    def _place_more(self, shown: int, x: int) -> None:
        hidden = self._chips[shown:]
        self._more.setVisible(bool(hidden))
        if not hidden:
            return
        inside = next((chip for chip in hidden if chip.id == self._chosen), None)
        self._more.setText(f"{inside.text if inside else self.tr('More')} ▾")
        self._more.setAccessibleName(self.tr("More filters"))
        self._more.setChecked(inside is not None)
        self._more.setGeometry(x, 0, self._more.sizeHint().width(), self._more.sizeHint().height())

    def _ask(self, button: QPushButton, at: QPoint) -> None:
        self.asked.emit(str(button.property("filter")), button.mapToGlobal(at))

    @Slot()
    def _pressed(self) -> None:
        name = str(self.sender().property("filter"))
        self._buttons[name].setChecked(True)
        self.chosen.emit(name)

    @Slot()
    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for chip in self._chips:
            if not self._buttons[chip.id].isVisible():
                action = QAction(chip.text, menu)
                action.setData(chip.id)
                menu.addAction(action)
        menu.triggered.connect(self._picked)
        self._place()
        menu.popup(self.mapToGlobal(self._more.geometry().bottomLeft()))

    @Slot(QAction)
    def _picked(self, action: QAction) -> None:
        self.chosen.emit(str(action.data()))
