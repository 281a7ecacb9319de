"""Watches the event loop of the GUI thread: how long it did not turn, and what the thread did meanwhile."""

from __future__ import annotations

import faulthandler
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, replace
from types import TracebackType
from typing import IO

from PySide6.QtCore import QObject, Qt, QTimer, Slot

_EVERY_MS = 4
_LATE = 0.030
"""Seconds without a turn of the loop after which the thread's stack is looked at."""
_PATIENCE = 5.0
_DEEP = 8
_CONTROL = f"""
import select, sys, time
last = time.monotonic()
while not select.select([sys.stdin], [], [], {_EVERY_MS / 1000})[0]:
    now = time.monotonic()
    if now - last > {_LATE / 2}:
        print(last, now)
    last = now
"""
"""Prints from when to when it did not run."""


@dataclass(frozen=True)
class Stall:
    """The loop did not turn for ``ms``; the GUI thread computed for ``cpu_ms`` of them.

    ``machine_ms`` of them a process that only waits did not run either. ``where`` is the thread's stack.
    """

    began: float
    ended: float
    cpu_ms: float
    where: str = ""
    machine_ms: float = 0.0

    @property
    def ms(self) -> float:
        """How long it was."""
        return (self.ended - self.began) * 1000

    @property
    def own_ms(self) -> float:
        """What of it is the window's own doing."""
        return self.ms - self.machine_ms


class Watchdog(QObject):
    """Measures between ``with`` and its end. Belongs to the GUI thread.

    A second process only waits meanwhile: when it did not run either, the machine was busy with something else.
    ``machine_ms`` is its longest pause.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stalls: list[Stall] = []
        self.turns = 0
        self.machine_ms = 0.0
        self._timer = QTimer(self, interval=_EVERY_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._last = self._cpu = 0.0
        self._where = ""
        self._gui = threading.get_ident()
        self._leaving = threading.Event()
        self._sampler = threading.Thread(target=self._sample, name="watchdog", daemon=True)
        self._control: subprocess.Popen[str] | None = None

    @property
    def longest(self) -> Stall:
        """The longest stall, whoever made it."""
        return max(self.stalls, key=lambda stall: stall.ms, default=Stall(0.0, 0.0, 0.0))

    @property
    def longest_own(self) -> Stall:
        """The longest stall of the window's own doing."""
        return max(self.stalls, key=lambda stall: stall.own_ms, default=Stall(0.0, 0.0, 0.0))

    def __enter__(self) -> Watchdog:
        """Begin."""
        self._control = subprocess.Popen(
            [sys.executable, "-c", _CONTROL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._last, self._cpu = time.monotonic(), time.thread_time()
        self._timer.start()
        self._sampler.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """End."""
        self._tick()
        self._timer.stop()
        self._leaving.set()
        self._sampler.join(_PATIENCE)
        if self._control is not None:
            said = self._control.communicate("\n", _PATIENCE)[0]
            pauses = [(float(began), float(ended)) for began, ended in map(str.split, said.splitlines())]
            self.machine_ms = max(((ended - began) * 1000 for began, ended in pauses), default=0.0)
            self.stalls = [replace(stall, machine_ms=_shared(stall, pauses)) for stall in self.stalls]

    @Slot()
    def _tick(self) -> None:
        now, cpu = time.monotonic(), time.thread_time()
        due = self._last + _EVERY_MS / 1000
        self.turns += 1
        if now - due > _LATE:
            self.stalls.append(Stall(due, now, (cpu - self._cpu) * 1000, self._where))
        self._last, self._cpu, self._where = now, cpu, ""

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


def _shared(stall: Stall, pauses: list[tuple[float, float]]) -> float:
    """Milliseconds of a stall that fall into pauses of the machine."""
    both = (min(stall.ended, ended) - max(stall.began, began) for began, ended in pauses)
    return sum(max(0.0, each) for each in both) * 1000
