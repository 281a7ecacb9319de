"""Watches the event loop of the GUI thread: how long it did not turn, and what the thread did meanwhile."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

import psutil
from PySide6.QtCore import QObject, Qt, QTimer, Slot

_EVERY_MS = 4
_LATE = 0.030
"""Seconds without a turn of the loop after which the thread's stack is looked at."""
_PATIENCE = 5.0
_DEEP = 8
_SCHEDULED = Path("/proc/thread-self/schedstat")
_CONTROL = f"""
import select, sys, time
last = time.monotonic()
while not select.select([sys.stdin], [], [], {_EVERY_MS / 1000})[0]:
    now = time.monotonic()
    if now - last > {_LATE / 2}:
        print(1000 * (now - last))
    last = now
"""
"""Prints for how many milliseconds it did not run, each time that was long."""


@dataclass(frozen=True)
class Stall:
    """The loop did not turn for ``ms``; the GUI thread computed for ``cpu_ms`` of them.

    For ``queue_ms`` of them it was ready to run and waited for a core (Linux). ``where`` is the thread's stack.
    """

    began: float
    ended: float
    cpu_ms: float
    where: str = ""
    queue_ms: float = 0.0

    @property
    def ms(self) -> float:
        """How long it was."""
        return (self.ended - self.began) * 1000

    @property
    def own_ms(self) -> float:
        """How long it was with a core always at hand."""
        return self.ms - self.queue_ms


class Watchdog(QObject):
    """Measures between ``with`` and its end. Belongs to the GUI thread.

    ``others`` is the share of the machine's cores that programs used that are not ours, 0 to 1. ``pause_ms`` is the
    longest pause of a second process that only waits.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stalls: list[Stall] = []
        self.turns = 0
        self.others = self.pause_ms = 0.0
        self._timer = QTimer(self, interval=_EVERY_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._last = self._cpu = self._queue = self._ours = self._all = self._begun = 0.0
        self._where = ""
        self._gui = threading.get_ident()
        self._leaving = threading.Event()
        self._sampler = threading.Thread(target=self._sample, name="watchdog", daemon=True)
        self._control: subprocess.Popen[str] | None = None
        self._scheduled = os.open(_SCHEDULED, os.O_RDONLY) if _SCHEDULED.exists() else None

    @property
    def longest(self) -> Stall:
        """The longest stall, whoever made it."""
        return max(self.stalls, key=lambda stall: stall.ms, default=Stall(0.0, 0.0, 0.0))

    @property
    def longest_own(self) -> Stall:
        """The longest stall, time in which other programs had the cores aside."""
        return max(self.stalls, key=lambda stall: stall.own_ms, default=Stall(0.0, 0.0, 0.0))

    def __enter__(self) -> Watchdog:
        """Begin."""
        self._control = subprocess.Popen(
            [sys.executable, "-c", _CONTROL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._last, self._cpu, self._queue = time.monotonic(), time.thread_time(), self._queued()
        self._ours, self._all, self._begun = _our_cpu(), _all_cpu(), self._last
        self._timer.start()
        self._sampler.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """End."""
        self._tick()
        self._timer.stop()
        spent = (_all_cpu() - self._all) - (_our_cpu() - self._ours)
        self.others = max(0.0, spent / (time.monotonic() - self._begun) / (os.cpu_count() or 1))
        self._leaving.set()
        self._sampler.join(_PATIENCE)
        if self._scheduled is not None:
            os.close(self._scheduled)
        if self._control is not None:
            said = self._control.communicate("\n", _PATIENCE)[0]
            self.pause_ms = max((float(pause) for pause in said.split()), default=0.0)

    @Slot()
    def _tick(self) -> None:
        now, cpu, queue = time.monotonic(), time.thread_time(), self._queued()
        due = self._last + _EVERY_MS / 1000
        self.turns += 1
        if now - due > _LATE:
            self.stalls.append(Stall(due, now, (cpu - self._cpu) * 1000, self._where, (queue - self._queue) * 1000))
        self._last, self._cpu, self._queue, self._where = now, cpu, queue, ""

    def _queued(self) -> float:
        """Seconds this thread has been ready to run and waited for a core; 0 where the system does not tell."""
        # one file kept open: opening it anew at every turn was an eighth of what the window itself did
        return int(os.pread(self._scheduled, 64, 0).split()[1]) / 1e9 if self._scheduled is not None else 0.0

    def _sample(self) -> None:
        with tempfile.TemporaryFile("w+") as file:
            while not self._leaving.wait(_LATE / 4):
                if time.monotonic() - self._last > _LATE and not self._where:
                    self._where = self._stack(file)

    def _stack(self, file: IO[str]) -> str:
        # not sys._current_frames(): a frame held here would hold its painter beyond the paint, and crash Qt
        file.seek(0)
        file.truncate()
        faulthandler.dump_traceback(file)
        file.seek(0)
        threads = file.read().split("\n\n")
        mine = next((text for text in threads if f"{self._gui:#018x}" in text), "")
        return "\n".join(mine.splitlines()[1 : 1 + _DEEP])


def _our_cpu() -> float:
    """CPU seconds of this process and all it started, those that have ended too."""
    me = psutil.Process()
    ended = me.cpu_times().children_user + me.cpu_times().children_system
    times = []
    for process in (me, *me.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            times.append(process.cpu_times())
    return ended + sum(each.user + each.system for each in times)


def _all_cpu() -> float:
    """CPU seconds of everything."""
    times = psutil.cpu_times()
    return sum(times) - times.idle - getattr(times, "iowait", 0.0)
