"""The threads of sound: one that mixes and writes, and two that decode.

The feeder is the one thread that makes sound: it mixes a block and writes it, blocking, to the device.

It is the only owner of the stream. Per block it does arithmetic in memory that exists already: no file, no lock, no
log, no signal. When a control was moved, what is queued but not heard yet is rendered again and replaced, so that the
queue can be deep and the controls quick.

The application sets ``sys.setswitchinterval(0.001)`` and ``OPENBLAS_NUM_THREADS=1`` at its start: without the first
a busy Python thread starves this one (measured), without the second numpy wakes threads for each small product.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from musicapi_desktop.domain.errors import SoundError
from musicapi_desktop.domain.events import EventSink, Notice
from musicapi_desktop.domain.units import RATE

if TYPE_CHECKING:
    from musicapi_desktop.audio.outputs import Latency, Output
    from musicapi_desktop.audio.player import Player

log = logging.getLogger(__name__)

_RETRY_SECONDS = 2.0
_REST_SECONDS = 3.0
_SETTLE_SECONDS = 1.0
"""A stream that has just begun may run dry once."""


class AudioWorkers:
    """The two threads that decode: ahead of what is heard, and for exports."""

    def __init__(self, workers: int = 2) -> None:
        self._workers = workers
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="decode")

    def spawn(self, work: Callable[[], None]) -> None:
        """Run ``work`` soon. What it raises is logged; after ``stop()`` nothing runs any more."""
        try:
            self._pool.submit(work).add_done_callback(_tell)
        except RuntimeError:  # the pool was shut down: the program ends
            log.debug("no more decoding")

    def together(self, works: Sequence[Callable[[], int]]) -> list[int]:
        """Do the pieces of work on this thread and those of the pool that are free; return the results in order.

        Whoever is ready takes the next piece: the longest should come first.
        """
        results = [0] * len(works)
        # taking the next of a list's iterator is one step of the interpreter: two threads never get the same
        left = iter(list(enumerate(works)))

        def take() -> None:
            for place, work in left:
                results[place] = work()

        helpers: list[Future[None]] = []
        with contextlib.suppress(RuntimeError):  # the pool was shut down: this thread does it all
            helpers = [self._pool.submit(take) for _ in range(min(self._workers, len(works) - 1))]
        try:
            take()
        finally:
            for helper in helpers:
                # one that has not begun finds nothing left to do
                if not helper.cancel():
                    helper.result()
        return results

    def stop(self) -> None:
        """Drop what has not begun and wait for the rest (Playback.close() ends it first)."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _tell(ended: Future[None]) -> None:
    error = None if ended.cancelled() else ended.exception()
    if error is not None:
        log.error("decoding failed", exc_info=error)


class AudioFeeder:
    """Feeds ``player`` to the system's sound. ``start()``, then ``stop()`` before the program ends.

    ``open_device`` opens the device (tests give their own); state changes of the device are told to ``sink``.
    """

    def __init__(
        self, player: Player, sink: EventSink, open_device: Callable[[Latency, str], Output] | None = None
    ) -> None:
        from musicapi_desktop.audio import outputs

        self._player = player
        self._sink = sink
        self._rate = RATE
        self._outputs = outputs
        self._open_device = open_device or self._system_device
        self._choice = (outputs.Latency.NORMAL, "")
        self._opened = self._choice
        self._output: Output = outputs.open_null(RATE, outputs.Latency.NORMAL)
        self._leaving = False
        self._told_silent = False
        self._told_skips = False
        self._underruns, self._opened_at = 0, 0.0
        self._device_id = ""
        self._retry = 0.0
        self._idle_since = 0.0
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="audio", daemon=False)
        player.listen(self._wake.set)

    @property
    def device(self) -> str:
        """Which kind of output is open: 'pulse', 'portaudio' or 'null' (nobody hears it)."""
        return self._output.name

    @property
    def device_id(self) -> str:
        """The system's name of the device that is played to; empty where it is not known."""
        return self._device_id

    def start(self) -> None:
        """Open the device and begin, on the feeder's own thread."""
        self._thread.start()

    def stop(self) -> None:
        """Fall silent, close the device and wait for the thread. Safe to call twice."""
        self._leaving = True
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join()

    def choose(self, latency: Latency, device: str = "") -> None:
        """Use another depth of the queue, or another device ('' follows the system)."""
        self._choice = (latency, device)
        self._wake.set()

    def _run(self) -> None:
        try:
            self._work()
        except Exception:
            log.exception("the sound thread ended")
            self._player.silent = True
            self._sink.publish(Notice("Sound has stopped because of a mistake in this app.", "Start the app again."))
        finally:
            self._output.close()

    def _work(self) -> None:
        self._open()
        while not self._leaving:
            try:
                if self._choice is not self._opened:
                    self._open()
                if self._player.idle:
                    self._rest()
                else:
                    self._idle_since = 0.0
                    self._feed()
            except SoundError as error:
                self._lost(error)

    def _feed(self) -> None:
        """Hand on one block, or all that is queued anew where a control was moved."""
        player, output = self._player, self._output
        back = player.unrender(output.rewindable()) if player.changed else 0
        if back:
            output.rewind(back)
            output.write(player.render_again(back))
        else:
            output.write(player.render())
        now = time.monotonic()
        player.wrote(output.latency(), now)
        if output.underruns != self._underruns:
            self._deepen(output.underruns)
        if output.silent and now >= self._retry:
            self._open()

    def _deepen(self, underruns: int) -> None:
        """The queue ran empty: keep more in it from now on, until the person chooses."""
        self._underruns = underruns
        latency, device = self._choice
        if latency.deeper is latency or time.monotonic() - self._opened_at < _SETTLE_SECONDS:
            return
        log.warning("the sound queue ran empty %d times; it is made deeper", underruns)
        self._choice = (latency.deeper, device)
        if not self._told_skips:
            self._told_skips = True
            self._sink.publish(Notice("Sound skipped, because the computer was busy. More of it is kept ready now."))

    def _rest(self) -> None:
        """Feed silence for a while, so that the next sound starts in a queue that runs; then let the device sleep."""
        now = time.monotonic()
        self._idle_since = self._idle_since or now
        if now - self._idle_since < _REST_SECONDS:
            self._feed()
            return
        self._wake.clear()
        if not self._player.idle or self._leaving or self._choice is not self._opened:
            return
        self._output.rest()
        self._wake.wait()
        if self._output.silent:
            self._retry = 0.0

    def _open(self) -> None:
        """Open the chosen device; where there is none, let time pass and try again later."""
        choice = self._choice
        if not self._output.silent:
            self._take_back()
            self._output.close()
            self._output = self._outputs.open_null(self._rate, choice[0])
        try:
            output = self._open_device(*choice)
        except SoundError as error:
            self._retry = time.monotonic() + _RETRY_SECONDS
            self._opened = choice
            self._player.device, self._player.silent = self._output.name, True
            self._tell_silent(error)
            return
        self._output.close()
        self._output = output
        self._opened = choice
        self._underruns, self._opened_at = output.underruns, time.monotonic()
        self._device_id = output.device
        self._player.device, self._player.silent = output.name, output.silent
        log.info("sound goes to %s", output.name)
        if self._told_silent:
            self._told_silent = False
            self._sink.publish(Notice("Sound is back."))

    def _take_back(self) -> None:
        """What is queued and was not heard is rendered again for the next device."""
        with contextlib.suppress(SoundError):
            # a lost device does not say what it had played
            self._player.unrender(int(self._output.latency() * self._rate))

    def _system_device(self, latency: Latency, device: str) -> Output:
        return self._outputs.open_device(self._rate, latency, device)

    def _lost(self, error: SoundError) -> None:
        log.warning("the sound device was lost: %s", error.detail)
        self._open()

    def _tell_silent(self, error: SoundError) -> None:
        if not self._told_silent:
            self._told_silent = True
            self._sink.publish(Notice(error.message, error.hint, error.detail))
