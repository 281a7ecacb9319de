"""The thread that talks to the service: it owns the job pump and steps it when something is due."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from PySide6.QtCore import QThread

from .coverage_hook import trace_this_thread

log = logging.getLogger(__name__)

_AFTER_A_BUG = 5.0
"""Seconds to wait after a mistake of ours, so that it is reported and not repeated in a tight loop."""


class Pump(Protocol):
    """What the thread drives; services.job_runner.JobRunner."""

    def recover(self) -> None:
        """Pick up what an earlier process left."""
        ...

    def step(self, now: float) -> float | None:
        """Do one thing; return when the next is due (monotonic seconds), None where there is nothing."""
        ...

    def stop(self) -> None:
        """Cancel what is under way."""
        ...


class DownloadPool:
    """The small pool that downloads run in, so that a slow CDN never delays a poll."""

    def __init__(self, workers: int = 3) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="download")

    def spawn(self, work: Callable[[], None]) -> None:
        """Run ``work`` in the pool."""
        self._pool.submit(work)

    def stop(self) -> None:
        """Drop what has not begun and wait for the rest (each is told to stop by its own cancel token)."""
        self._pool.shutdown(wait=True, cancel_futures=True)


class ClientThread(QThread):
    """Runs ``build()`` and then the pump it returns, on this thread alone.

    ``build`` runs here so that the HTTP clients and the database connection belong to this thread.
    """

    def __init__(self, build: Callable[[], Pump], report: Callable[[BaseException], None]) -> None:
        super().__init__()
        self._build = build
        self._report = report
        self._wake = threading.Event()
        self._leaving = threading.Event()
        self._pump: Pump | None = None

    def wake(self) -> None:
        """Look again at once. Any thread."""
        self._wake.set()

    def leave(self) -> None:
        """Ask the thread to end; ``wait()`` then returns within the pump's own time-outs. Any thread."""
        self._leaving.set()
        pump = self._pump
        if pump is not None:
            pump.stop()
        self._wake.set()

    def run(self) -> None:
        """Build the pump, then step it until told to leave."""
        trace_this_thread()
        try:
            self._pump = self._build()
            self._pump.recover()
        except Exception as error:  # noqa: BLE001  # the boundary of the thread: reported, never lost
            self._report(error)
            return
        while not self._leaving.is_set():
            self._wake.clear()
            self._wake.wait(self._step(self._pump))

    def _step(self, pump: Pump) -> float | None:
        try:
            due = pump.step(time.monotonic())
        except Exception as error:  # the boundary of the thread: reported, never lost
            log.exception("job pump")
            self._report(error)
            return _AFTER_A_BUG
        return None if due is None else max(0.0, due - time.monotonic())
