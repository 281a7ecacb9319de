"""The workers as one: jobs queue by urgency and run two at a time; what somebody waits for has a worker of its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import IntEnum
from itertools import count
from typing import NamedTuple

from musicapi_desktop.wire.values import Json

from .lane import Lane, WorkFailed

log = logging.getLogger(__name__)

LANES = 2
"""Workers side by side: one take each, and a take is two."""
PATIENCE = 1200.0
"""The longest a job may take, in seconds: a six-minute song on a slow machine, several times over."""


class Urgency(IntEnum):
    """What goes first. A request that waits for its answer stands behind no song, whoever makes one."""

    ANSWERS = 0
    STEMS = 1
    TAKES = 2
    ARCHIVE = 3


class _Waiting(NamedTuple):
    urgency: Urgency
    turn: int
    job: Json
    progress: Callable[[float], None]
    done: asyncio.Future[Json]


class Crew:
    """Runs jobs in worker processes. Belongs to one event loop."""

    def __init__(self, maker: str, lanes: int = LANES, patience: float = PATIENCE) -> None:
        self._lanes = [Lane(maker, patience) for _ in range(lanes)]
        self._front = Lane(maker, patience)
        self._threads = ThreadPoolExecutor(lanes + 1, thread_name_prefix="lane")
        self._queue: asyncio.PriorityQueue[_Waiting] = asyncio.PriorityQueue()
        self._answers: asyncio.PriorityQueue[_Waiting] = asyncio.PriorityQueue()
        self._turns = count()
        self._loops: list[asyncio.Task[None]] = []
        self._at_work: dict[int, Lane] = {}

    @property
    def pids(self) -> list[int]:
        """The process ids of the workers that run."""
        return [lane.pid for lane in (*self._lanes, self._front) if lane.pid is not None]

    def start(self) -> None:
        """Begin to work, and start the workers ahead of the first job; the one for answers when it is needed."""
        self._loops = [asyncio.create_task(self._serve(lane, self._queue), name="lane") for lane in self._lanes]
        self._loops.append(asyncio.create_task(self._serve(self._front, self._answers, warm=False), name="front"))

    async def run(self, urgency: Urgency, job: Json, progress: Callable[[float], None]) -> Json:
        """Do a job when its turn comes and return its outcome. ``progress`` is called in another thread.

        Raises WorkFailed, Unsuited or WorkerDied. Where the caller is cancelled a job under way is ended at once.
        """
        done: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        turn = next(self._turns)
        queue = self._answers if urgency is Urgency.ANSWERS else self._queue
        queue.put_nowait(_Waiting(urgency, turn, job, progress, done))
        try:
            return await done
        except asyncio.CancelledError:
            lane = self._at_work.get(turn)
            if lane is not None:
                lane.stop()
            raise

    async def close(self) -> None:
        """End every worker at once. What was running is not told; it starts anew with the next server."""
        for loop in self._loops:
            loop.cancel()
        for lane in (*self._lanes, self._front):
            lane.close()
        await asyncio.gather(*self._loops, return_exceptions=True)
        self._threads.shutdown()

    async def _serve(self, lane: Lane, queue: asyncio.PriorityQueue[_Waiting], *, warm: bool = True) -> None:
        here = asyncio.get_running_loop()
        if warm:
            await self._warm(lane)
        while True:
            waiting = await queue.get()
            if waiting.done.cancelled():
                continue
            self._at_work[waiting.turn] = lane
            try:
                outcome = await here.run_in_executor(self._threads, lane.run, waiting.job, waiting.progress)
            except Exception as error:  # noqa: BLE001  # handed on whole to who waits for the job; the lane goes on
                if not waiting.done.cancelled():
                    waiting.done.set_exception(error)
            else:
                if not waiting.done.cancelled():
                    waiting.done.set_result(outcome)
            finally:
                del self._at_work[waiting.turn]

    async def _warm(self, lane: Lane) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._threads, lane.warm)
        except (OSError, WorkFailed):
            # the first job tries again, and tells who waits for it
            log.exception("a worker could not be started ahead of time")
