"""Credits: above what to be asked, and what each operation costs with a profile."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget

from musicapi_desktop.domain.request import Operation
from musicapi_desktop.presenters.money import MoneyPresenter, MoneyState, PriceLine
from musicapi_desktop.ui.theme.icons import icon
from musicapi_desktop.ui.widgets.fields import heading

from .said import sentence

_DEAREST = 100_000
_WIDTH = 92
_UNKNOWN = -1


class MoneyPage(QWidget):
    """Shows a MoneyPresenter."""

    def __init__(self, presenter: MoneyPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self.per_request = _number(self.tr("Ask above, credits a request"), self.tr("never"))
        self.per_day = _number(self.tr("Ask above, credits a day"), self.tr("never"))
        for box in (self.per_request, self.per_day):
            box.valueChanged.connect(self._guarded)
        self.profiles = QComboBox()
        for part in (self.profiles, self.profiles.view()):
            part.setAccessibleName(self.tr("Prices of"))
        self.profiles.activated.connect(self._chosen)
        self._fields: dict[Operation, tuple[QSpinBox, QPushButton]] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self._none = sentence(self.tr("No profile costs money yet. On this computer everything is free."))
        self._lay_out()
        presenter.state_changed.connect(self._show)
        self._show(presenter.state)

    def field(self, operation: Operation) -> QSpinBox:
        """The field of a price. Raises KeyError where the profile does not have the operation."""
        return self._fields[operation][0]

    def _lay_out(self) -> None:
        guard = QHBoxLayout()
        guard.setSpacing(8)
        for text, box in ((self.tr("A request"), self.per_request), (self.tr("A day"), self.per_day)):
            guard.addWidget(QLabel(text))
            guard.addWidget(box)
            guard.addSpacing(12)
        guard.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(heading(self.tr("Ask me above"), "field"))
        column.addLayout(guard)
        column.addWidget(sentence(self.tr("In credits. Nothing above this is sent before you have agreed.")))
        column.addSpacing(10)
        column.addWidget(heading(self.tr("Prices"), "field"))
        column.addWidget(self.profiles)
        column.addWidget(
            sentence(
                self.tr(
                    "What is shown before you press. The service may charge otherwise: the ledger books what it really "
                    "took. Correct a price here where you know it better."
                )
            )
        )
        column.addWidget(self._none)
        column.addLayout(self._grid)
        column.addStretch(1)

    @Slot(object)
    def _show(self, state: MoneyState) -> None:
        for box, value in ((self.per_request, state.per_request), (self.per_day, state.per_day)):
            with QSignalBlocker(box):
                box.setValue(value)
        known = [self.profiles.itemData(row) for row in range(self.profiles.count())]
        if known != [profile.id for profile in state.profiles]:
            self.profiles.clear()
            for profile in state.profiles:
                self.profiles.addItem(profile.name, profile.id)
        self.profiles.setCurrentIndex(self.profiles.findData(state.shown))
        self.profiles.setVisible(bool(state.profiles))
        self._none.setVisible(not state.profiles)
        if list(self._fields) != [line.operation for line in state.lines]:
            self._build(state.lines)
        for line in state.lines:
            self._show_line(line)

    def _build(self, lines: tuple[PriceLine, ...]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._fields = {}
        for row, line in enumerate(lines):
            box = _number(self.tr("{0}: credits").format(line.name), "?", _UNKNOWN)
            box.setKeyboardTracking(False)
            box.valueChanged.connect(partial(self._priced, line.operation))
            reset = QPushButton(icon("rotate-ccw", "text_dim"), "")
            reset.setProperty("kind", "icon")
            reset.setFixedSize(28, 28)
            reset.setAutoDefault(False)
            reset.setAccessibleName(self.tr("{0}: the usual price again").format(line.name))
            reset.setToolTip(self.tr("The usual price again"))
            reset.clicked.connect(partial(self._reset, line.operation))
            self._fields[line.operation] = (box, reset)
            self._grid.addWidget(QLabel(line.name), row, 0)
            self._grid.addWidget(box, row, 1)
            self._grid.addWidget(reset, row, 2)
        self._grid.setColumnMinimumWidth(2, 28)

    def _show_line(self, line: PriceLine) -> None:
        box, reset = self._fields[line.operation]
        with QSignalBlocker(box):
            box.setValue(_UNKNOWN if line.amount is None else line.amount)
        reset.setVisible(line.own)

    @Slot()
    def _guarded(self) -> None:
        self._presenter.ask_above(self.per_request.value(), self.per_day.value())

    @Slot(int)
    def _chosen(self, row: int) -> None:
        self._presenter.choose(str(self.profiles.itemData(row)))

    def _priced(self, operation: Operation, amount: int) -> None:
        self._presenter.set_price(operation, None if amount == _UNKNOWN else amount)

    def _reset(self, operation: Operation, _checked: bool = False) -> None:
        self._presenter.set_price(operation, None)


def _number(name: str, special: str, least: int = 0) -> QSpinBox:
    box = QSpinBox()
    box.setRange(least, _DEAREST)
    box.setSpecialValueText(special)
    box.setAccessibleName(name)
    box.lineEdit().setAccessibleName(name)
    box.setFixedWidth(_WIDTH)
    box.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return box
