"""The ledger beside the queue: the balance, what each job cost, the sum of the day."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from musicapi_desktop.ui.theme import fonts
from musicapi_desktop.ui.widgets.elided import ElidedLabel

if TYPE_CHECKING:
    from musicapi_desktop.presenters.ledger import LedgerLine, LedgerPresenter, LedgerState

_SIDE = 16
_WIDTH = 332


class LedgerPanel(QFrame):
    """Shows a LedgerPresenter."""

    def __init__(self, presenter: LedgerPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self.setFixedWidth(_WIDTH)
        self._presenter = presenter
        self._profile = QLabel()
        self._profile.setMaximumWidth(180)
        self._profile.setProperty("kind", "tag")
        self._balance = QLabel()
        self._balance.setFont(fonts.font("display", tabular=True))
        self._balance.setProperty("kind", "display")
        self._left = QLabel()
        self._left.setProperty("kind", "dim")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        self._shown: tuple[LedgerLine, ...] | None = None
        self._today = _Line(bold=True)
        self._export = QPushButton(self.tr("Export as CSV"))
        self._export.setProperty("kind", "plain")
        self.guard = QPushButton()
        self.guard.setProperty("kind", "link")
        self.guard.setToolTip(self.tr("Change it in the settings"))
        self.guard.clicked.connect(presenter.settings_wanted)
        self._lay_out()
        presenter.state_changed.connect(self._show)
        self._export.clicked.connect(self._ask_where)
        self._show(presenter.state)

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Ledger"))
        title.setProperty("kind", "title")
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self._profile)
        balance = QHBoxLayout()
        balance.setSpacing(8)
        balance.addWidget(self._balance)
        balance.addWidget(self._left, 1, Qt.AlignmentFlag.AlignBottom)
        line = QFrame()
        line.setProperty("kind", "line")
        top = QVBoxLayout()
        top.setContentsMargins(_SIDE, 14, _SIDE, 14)
        top.setSpacing(10)
        top.addLayout(head)
        top.addLayout(balance)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(top)
        box.addWidget(line)
        box.addWidget(self._bookings(), 1)
        box.addWidget(self._foot())

    def _foot(self) -> QWidget:
        foot = QFrame()
        foot.setProperty("kind", "foot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(_SIDE - 6, 10, _SIDE, 10)
        row.addWidget(self.guard)
        row.addStretch(1)
        return foot

    def _bookings(self) -> QScrollArea:
        inside = QWidget()
        lines = QVBoxLayout(inside)
        lines.setContentsMargins(_SIDE, 8, _SIDE, _SIDE)
        lines.setSpacing(0)
        lines.addLayout(self._lines)
        lines.addWidget(self._today)
        lines.addSpacing(8)
        lines.addWidget(self._export)
        lines.addStretch(1)
        area = QScrollArea()
        area.setAccessibleName(self.tr("Bookings"))
        area.setWidget(inside)
        area.setWidgetResizable(True)
        # both are filled by setWidget; the panel's own colour is meant to show
        inside.setAutoFillBackground(False)
        area.viewport().setAutoFillBackground(False)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return area

    @Slot(object)
    def _show(self, state: LedgerState) -> None:
        self._profile.setText(state.profile)
        self._profile.setToolTip(state.profile)
        self._balance.setVisible(bool(state.balance))
        self._balance.setText(state.balance)
        if state.local:
            self._left.setText(self.tr("Songs made on this computer cost nothing."))
        else:
            self._left.setText(self.tr("credits left") if state.balance else self.tr("The balance is not known yet."))
        self.guard.setText(state.guard)
        self.guard.setAccessibleName(state.guard)
        self.guard.setVisible(bool(state.guard))
        self._show_lines(state)

    def _show_lines(self, state: LedgerState) -> None:
        self._today.setVisible(bool(state.lines))
        self._export.setVisible(bool(state.lines))
        self._today.set_words(self.tr("Today"), state.today, dim=False)
        if state.lines == self._shown:
            return
        self._shown = state.lines
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for line in state.lines:
            shown = _Line()
            shown.set_words(line.text, line.amount, dim=line.dim)
            self._lines.addWidget(shown)

    @Slot()
    def _ask_where(self) -> None:
        dialog = QFileDialog(self, self.tr("Export the ledger"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(["CSV (*.csv)"])
        dialog.setDefaultSuffix("csv")
        dialog.selectFile("MusicAPI ledger.csv")
        dialog.fileSelected.connect(self._write)
        dialog.open()

    @Slot(str)
    def _write(self, path: str) -> None:
        self._presenter.export_csv(Path(path))


class _Line(QWidget):
    def __init__(self, *, bold: bool = False) -> None:
        super().__init__()
        self._text = ElidedLabel()
        self._amount = QLabel()
        self._amount.setFont(fonts.font("base", weight=700 if bold else 400, tabular=True))
        if bold:
            self._text.setProperty("kind", "strong")
            self._amount.setProperty("kind", "strong")
        row = QHBoxLayout()
        row.setContentsMargins(0, 7, 0, 7)
        row.addWidget(self._text, 1)
        row.addWidget(self._amount)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(row)
        if not bold:
            line = QFrame()
            line.setProperty("kind", "line")
            box.addWidget(line)

    def set_words(self, text: str, amount: str, *, dim: bool) -> None:
        self._text.set_text(text)
        self._amount.setText(amount)
        if dim:
            self._amount.setProperty("kind", "dim")
