"""The one idiom for background work: ``run(work, done, failed)``.

``work`` runs on a small pool and gets values, never widgets; ``done`` and ``failed`` run on the GUI thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from musicapi_desktop.domain.errors import KnownError

log = logging.getLogger(__name__)

Done = Callable[[Any], object]
Failed = Callable[[BaseException], object]


class Calls(QObject):
    """A pool of ``workers`` threads whose answers come back to the GUI thread in the order they end."""

    bug = Signal(object)
    """An exception that is ours to report, emitted on the GUI thread where no ``failed`` was given."""

    _ended = Signal(object)

    def __init__(self, workers: int = 3, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="call")
        self._open = True
        self._ended.connect(self._answer, Qt.ConnectionType.QueuedConnection)

    def run(self, work: Callable[[], Any], done: Done | None = None, failed: Failed | None = None) -> None:
        """Run ``work`` in the background, then ``done(result)`` or ``failed(exception)`` on the GUI thread."""
        if not self._open:
            return
        future = self._pool.submit(work)

        def ended(ended_future: Future[Any]) -> None:
            if self._open and not ended_future.cancelled():
                self._ended.emit((ended_future, done, failed))

        future.add_done_callback(ended)

    def stop(self) -> None:
        """Start nothing more, wait for what runs, deliver nothing more. Safe to call twice."""
        self._open = False
        self._pool.shutdown(wait=True, cancel_futures=True)

    @Slot(object)
    def _answer(self, ended: tuple[Future[Any], Done | None, Failed | None]) -> None:
        if not self._open:
            return
        future, done, failed = ended
        error = future.exception()
        if error is None:
            if done is not None:
                done(future.result())
        elif failed is not None:
            failed(error)
        else:
            self._unasked(error)

    def _unasked(self, error: BaseException) -> None:
        known = isinstance(error, KnownError)
        log.error("background call failed: %s", error, exc_info=None if known else error)
        self.bug.emit(error)
