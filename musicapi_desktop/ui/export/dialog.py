"""The export dialog: choose, decide about names that are taken, wait or cancel, see what was written."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from musicapi_desktop.models.words import plural
from musicapi_desktop.presenters.export import ExportPresenter
from musicapi_desktop.presenters.export_state import ExportState, Stage
from musicapi_desktop.ui.widgets.elided import ElidedLabel
from musicapi_desktop.ui.widgets.fields import heading

from .choices import AskingPage, ChoicesPage
from .results import DonePage, WritingPage

_STAGES = (Stage.CHOOSING, Stage.ASKING, Stage.WRITING, Stage.DONE)


class ExportDialog(QDialog):
    """Shows an ExportPresenter that was opened with a take. Closing it while it writes cancels."""

    def __init__(self, presenter: ExportPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self.setWindowTitle(self.tr("Export"))
        self.title = heading("")
        self.song = ElidedLabel()
        self.song.setProperty("kind", "dim")
        self.choices = ChoicesPage(presenter)
        self.asking = AskingPage()
        self.writing = WritingPage()
        self.results = DonePage()
        self._stack = QStackedWidget()
        for page in (self.choices, self.asking, self.writing, self.results):
            self._stack.addWidget(page)
        self._make_buttons()
        self._lay_out()
        presenter.state_changed.connect(self._show)
        self._stage: Stage | None = None
        self._show(presenter.state)
        self.resize(640, 0)

    def _make_buttons(self) -> None:
        presenter = self._presenter
        self.close_button = self._button(self.tr("Cancel"), "quiet", self.reject)
        self.back = self._button(self.tr("Back"), "plain", presenter.back)
        self.keep_both = self._button(self.tr("Keep both"), "plain", presenter.keep_both)
        self.overwrite = self._button(self.tr("Overwrite"), "danger", presenter.overwrite)
        self.reveal = self._button(self.tr("Show in folder"), "primary", presenter.reveal)
        self.start = self._button("", "primary", presenter.start)

    def _button(self, text: str, kind: str, pressed: object) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("kind", kind)
        button.setAutoDefault(False)
        button.clicked.connect(pressed)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.close_button)
        row.addStretch(1)
        for button in (self.back, self.keep_both, self.overwrite, self.reveal, self.start):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(2)
        column.addWidget(self.title)
        column.addWidget(self.song)
        column.addSpacing(14)
        column.addWidget(self._stack, 1)
        column.addSpacing(16)
        column.addLayout(row)

    def reject(self) -> None:
        """Esc, or the button: while it writes stop that, else close."""
        if self._presenter.state.stage is Stage.WRITING:
            self._presenter.cancel()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing stops what is being written."""
        self._presenter.cancel()
        super().closeEvent(event)

    @Slot(object)
    def _show(self, state: ExportState) -> None:
        self.song.set_text(state.title)
        for page in (self.choices, self.asking, self.writing, self.results):
            page.show_state(state)
        self.start.setText(plural("Export", "Export {0} file(s)", len(state.names)))
        self.start.setEnabled(not state.problem)
        if state.stage is not self._stage:
            self._stage = state.stage
            self._turn(state.stage)

    def _turn(self, stage: Stage) -> None:
        titles = (
            self.tr("Export"),
            self.tr("Overwrite?"),
            self.tr("Exporting"),
            self.tr("Exported"),
        )
        self.title.setText(titles[_STAGES.index(stage)])
        self._stack.setCurrentIndex(_STAGES.index(stage))
        shown = {
            Stage.CHOOSING: (self.close_button, self.start),
            Stage.ASKING: (self.close_button, self.back, self.keep_both, self.overwrite),
            Stage.WRITING: (self.close_button,),
            Stage.DONE: (self.close_button, self.reveal),
        }[stage]
        for button in (self.close_button, self.back, self.keep_both, self.overwrite, self.reveal, self.start):
            button.setVisible(button in shown)
        self.close_button.setText(self.tr("Close") if stage is Stage.DONE else self.tr("Cancel"))
        self.start.setDefault(stage is Stage.CHOOSING)
        # the safe answer has the focus: Enter must not overwrite by habit
        first = {Stage.ASKING: self.keep_both, Stage.DONE: self.reveal, Stage.CHOOSING: self.start}
        first.get(stage, self.close_button).setFocus(Qt.FocusReason.OtherFocusReason)
