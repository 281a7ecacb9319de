"""The one way from services to the window: frozen events in from any thread, one Qt signal out on the GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot

from musicapi_desktop.domain.events import Event


class Relay(QObject):
    """An EventSink that lives on the GUI thread.

    ``publish`` may be called from any thread; ``published`` is emitted on the GUI thread, in order. Connect only bound
    methods of QObjects that live there (architecture §3).
    """

    published = Signal(object)
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._arrived.connect(self._forward, Qt.ConnectionType.QueuedConnection)

    def publish(self, event: Event) -> None:
        """Deliver ``event``; returns at once."""
        self._arrived.emit(event)

    @Slot(object)
    def _forward(self, event: object) -> None:
        self.published.emit(event)
