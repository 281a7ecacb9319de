"""No device: time passes as it would with one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from musicapi_desktop.dsp.types import Samples


class NullOutput:
    """Takes sound at the rate of the monotonic clock and lets nobody hear it."""

    name = "null"
    silent = True
    device = ""
    underruns = 0

    def __init__(self, rate: int, latency: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._depth = latency
        self._clock = clock
        self._end = 0.0
        self._pause = threading.Event()

    def write(self, block: Samples) -> None:
        """Wait until the queue is no deeper than it may be."""
        now = self._clock()
        self._end = max(self._end, now) + len(block) / self._rate
        ahead = self._end - now - self._depth
        if ahead > 0.0:
            self._pause.wait(ahead)

    def latency(self) -> float:
        """Seconds that are queued."""
        return max(0.0, self._end - self._clock())

    def rewindable(self) -> int:
        """Everything that is queued."""
        return int(self.latency() * self._rate)

    def rewind(self, frames: int) -> None:
        """Shorten the queue."""
        self._end -= frames / self._rate

    def flush(self) -> None:
        """Empty the queue."""
        self._end = 0.0

    def rest(self) -> None:
        """Nothing sleeps."""

    def close(self) -> None:
        """Nothing is held."""
