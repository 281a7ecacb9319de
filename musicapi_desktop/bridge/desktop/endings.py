"""Being asked to end: log-out, SIGTERM, Ctrl+C and a closed terminal become one Qt signal."""

from __future__ import annotations

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

NUMBERS = [getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)]


class Endings(QObject):
    """``asked`` is emitted on the GUI thread. Make one, on the main thread; ``release`` puts things back.

    Python runs its handlers only between two steps of Python, and the event loop makes none while nothing happens: the
    interpreter's wake-up pipe makes one.
    """

    asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ours, theirs = socket.socketpair()
        self._ours.setblocking(False)
        theirs.setblocking(False)
        self._theirs = theirs
        self._wakeup_before = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, _noted) for number in NUMBERS}
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._arrived)

    def release(self) -> None:
        """Give the signals back to whoever had them. Safe to call twice."""
        if self._before:
            self._notifier.setEnabled(False)
            signal.set_wakeup_fd(self._wakeup_before)
            for number, before in self._before.items():
                signal.signal(number, before)
            self._before.clear()
            self._ours.close()
            self._theirs.close()

    @Slot()
    def _arrived(self) -> None:
        numbers = set(self._ours.recv(64))
        if numbers & {int(number) for number in NUMBERS}:
            self.asked.emit()


def _noted(_number: int, _frame: FrameType | None) -> None:
    """Stand in for the system's own handler, which would end the process at once; the pipe tells the window."""
