"""The queue: what runs, what waits, what needs the person, what is ready; the ledger beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from musicapi_desktop.models.queue_list import QueueListModel
from musicapi_desktop.models.queue_rows import Act

from .job_list import JobList
from .ledger_panel import LedgerPanel

if TYPE_CHECKING:
    from musicapi_desktop.presenters.ledger import LedgerPresenter
    from musicapi_desktop.presenters.queue import QueuePresenter, QueueState


class QueueView(QFrame):
    """Shows a QueuePresenter; with a LedgerPresenter also the ledger."""

    def __init__(
        self, presenter: QueuePresenter, ledger: LedgerPresenter | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bg")
        self._presenter = presenter
        self._model = QueueListModel(self)
        self.jobs = JobList(self._model)
        self._next = QLabel()
        self._next.setProperty("kind", "caption")
        self._pause = self._button(self.tr("Pause all"))
        self._again = self._button(self.tr("Try failed again"))
        self._clear = self._button(self.tr("Clear finished"))
        self._why = QLabel()
        self._why.setProperty("kind", "warn")
        self._why.setWordWrap(True)
        self._why.setContentsMargins(18, 8, 18, 8)
        self._pages = QStackedWidget()
        self._lay_out(ledger)
        self._connect()
        self._show(presenter.state)

    def move_up(self) -> None:
        """The waiting job of the keyboard goes out earlier."""
        self._move(-1)

    def move_down(self) -> None:
        """The waiting job of the keyboard goes out later."""
        self._move(1)

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("kind", "plain")
        return button

    def _lay_out(self, ledger: LedgerPresenter | None) -> None:
        title = QLabel(self.tr("Queue"))
        title.setProperty("kind", "title")
        head = QFrame()
        head.setProperty("kind", "head")
        row = QHBoxLayout(head)
        row.setContentsMargins(18, 12, 18, 12)
        row.setSpacing(8)
        row.addWidget(title)
        row.addStretch(1)
        for widget in (self._next, self._pause, self._again, self._clear):
            row.addWidget(widget)
        self._pages.addWidget(self.jobs)
        self._pages.addWidget(self._nothing())
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(head)
        left.addWidget(self._why)
        left.addWidget(self._pages, 1)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(left, 1)
        if ledger is not None:
            edge = QFrame()
            edge.setProperty("kind", "edge")
            edge.setFixedWidth(1)
            box.addWidget(edge)
            box.addWidget(LedgerPanel(ledger))

    def _nothing(self) -> QWidget:
        page = QWidget()
        said = QLabel(self.tr("Nothing in the queue"))
        said.setProperty("kind", "title")
        hint = QLabel(self.tr("Press Create and the request appears here, before any answer."))
        hint.setProperty("kind", "dim")
        box = QVBoxLayout(page)
        box.addStretch(2)
        for label in (said, hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            box.addWidget(label)
        box.addStretch(3)
        return page

    def _connect(self) -> None:
        presenter = self._presenter
        presenter.state_changed.connect(self._show)
        presenter.next_changed.connect(self._next.setText)
        self.jobs.asked.connect(self._asked)
        self.jobs.moved.connect(presenter.move)
        self._model.dropped.connect(presenter.move_before)
        self._pause.clicked.connect(presenter.pause_or_resume)
        self._again.clicked.connect(presenter.try_failed_again)
        self._clear.clicked.connect(presenter.clear_finished)

    @Slot(object)
    def _show(self, state: QueueState) -> None:
        self._model.set_entries(state.entries)
        self._pages.setCurrentIndex(0 if state.entries else 1)
        self._next.setText(self._presenter.next_words)
        held = state.paused or bool(state.reason)
        self._pause.setText(self.tr("Go on") if held else self.tr("Pause all"))
        self._again.setEnabled(state.can_try_again)
        self._clear.setEnabled(state.can_clear)
        paused = self.tr("Paused: nothing is sent and nothing is spent until you go on.") if state.paused else ""
        self._why.setText(state.reason or paused)
        self._why.setVisible(held)

    @Slot(str, object)
    def _asked(self, job_id: str, act: Act) -> None:
        if act is Act.COPY_DETAILS:
            QGuiApplication.clipboard().setText(self._presenter.details(job_id))
        else:
            self._presenter.act(job_id, act)

    def _move(self, step: int) -> None:
        row = self.jobs.row(self.jobs.currentIndex())
        if row is not None:
            self._presenter.move(row.job_id, step)
