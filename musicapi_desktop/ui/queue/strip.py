"""The line at the foot of the library: how the queue is getting on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from musicapi_desktop.models import words

if TYPE_CHECKING:
    from musicapi_desktop.presenters.queue import QueuePresenter, QueueState


class QueueStrip(QFrame):
    """Shows a QueuePresenter in one line; hidden where there is nothing to say. ``opened`` asks for the queue."""

    opened = Signal()

    def __init__(self, presenter: QueuePresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "foot")
        self._presenter = presenter
        self._counts = QLabel()
        self._counts.setProperty("kind", "caption")
        self._next = QLabel()
        self._next.setProperty("kind", "caption")
        self._open = QPushButton(self.tr("Open queue"))
        self._open.setProperty("kind", "link")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 11, 4)
        row.setSpacing(14)
        row.addWidget(self._counts)
        row.addWidget(self._next)
        row.addStretch(1)
        row.addWidget(self._open)
        self._open.clicked.connect(self.opened)
        presenter.state_changed.connect(self._show)
        presenter.next_changed.connect(self._tell_next)
        self._show(presenter.state)

    @Slot(object)
    def _show(self, state: QueueState) -> None:
        numbers = (
            (state.running, self.tr("{0} running")),
            (state.waiting, self.tr("{0} waiting")),
            (state.needs_you, self.tr("{0} need you")),
        )
        said = [text.format(f"<b>{words.number(count)}</b>") for count, text in numbers if count]
        self._counts.setText("&nbsp;&nbsp;&nbsp;".join(said))
        self._counts.setAccessibleName(", ".join(text.format(count) for count, text in numbers if count))
        self._tell_next(self._presenter.next_words)
        self.setVisible(bool(said) or state.paused or bool(state.reason))

    @Slot(str)
    def _tell_next(self, said: str) -> None:
        state = self._presenter.state
        held = self.tr("Paused") if state.paused else state.reason
        self._next.setText(held or said)
