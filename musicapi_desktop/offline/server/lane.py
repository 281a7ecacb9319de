"""One worker process seen from the server: a job in, its answer out, a new process after a death.

Not a ProcessPoolExecutor: there one death breaks every job of the pool, and neither a hung job nor a progress report
has a way out. Jobs and answers are JSON, so nothing is pickled but the start itself.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import threading
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess

from musicapi_desktop.wire.values import Json, mapping, number, text

from . import worker

log = logging.getLogger(__name__)

_JOIN = 2.0
_START = 60.0


class WorkFailed(Exception):
    """The job ended with a refusal; the text is for the person."""


class Unsuited(WorkFailed):
    """The fault lies with what was given; the text says which."""


class WorkerDied(WorkFailed):
    """The process ended, or was ended because it hung, before its job was done."""


class Lane:
    """Owns one worker. ``run`` belongs to one thread at a time; ``close`` may come from any."""

    def __init__(self, maker: str, patience: float) -> None:
        """``patience`` in seconds is the longest a job may take."""
        self._maker = maker
        self._patience = patience
        self._lock = threading.Lock()
        self._closed = False
        self._process: BaseProcess | None = None
        self._pipe: worker.Pipe | None = None

    @property
    def pid(self) -> int | None:
        """The worker's process id, None while there is none."""
        process = self._process
        return process.pid if process is not None and process.is_alive() else None

    def warm(self) -> None:
        """Start the worker, so that the first job need not wait for it."""
        self._ready()

    def run(self, job: Json, progress: Callable[[float], None]) -> Json:
        """Do a job; blocks. Raises WorkFailed, or WorkerDied after which the next job gets a new worker."""
        pipe = self._ready()
        # a worker that starts has all of its modules to load before it takes the job
        until = time.monotonic() + max(self._patience, _START)
        begun = False
        try:
            pipe.send_bytes(json.dumps(job).encode())
            while True:
                if not pipe.poll(max(0.0, until - time.monotonic())):
                    raise WorkerDied("Making this took far too long and was stopped.")
                answer = mapping(json.loads(pipe.recv_bytes()))
                if "progress" not in answer:
                    return _outcome(answer)
                until = until if begun else time.monotonic() + self._patience
                begun = True
                progress(number(answer["progress"]) or 0.0)
        except (EOFError, OSError) as error:
            self._drop()  # its pipe is closed, but it may take a moment to be gone
            raise WorkerDied("The engine's worker ended while it made this.") from error
        except WorkerDied:
            self._drop()
            raise

    def stop(self) -> None:
        """End the worker at once, as its job is not wanted any more; the next job gets a new one."""
        self._drop(wanted=True)

    def close(self) -> None:
        """End the worker at once; a running job raises WorkerDied, and no new worker starts."""
        self._closed = True
        self._drop()

    def _ready(self) -> worker.Pipe:
        with self._lock:
            if self._closed:
                raise WorkerDied("The engine is closing.")
            if self._process is not None and self._process.is_alive() and self._pipe is not None:
                return self._pipe
            if self._pipe is not None:
                self._pipe.close()
            self._pipe = self._start()
            return self._pipe

    def _start(self) -> worker.Pipe:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=worker.run, args=(theirs, self._maker), name="music", daemon=True)
        process.start()
        theirs.close()  # else the pipe would stay open, and silent, after the worker's death
        self._process = process
        return ours

    def _drop(self, *, wanted: bool = False) -> None:
        with self._lock:
            if self._process is not None:
                self._process.kill()
                self._process.join(_JOIN)
                if not (self._closed or wanted):
                    log.error("a worker is gone; it ended with %s", self._process.exitcode)
                self._process = None


def _outcome(answer: Json) -> Json:
    if "failed" in answer:
        kind = Unsuited if answer.get("unsuitable") else WorkFailed
        raise kind(text(answer["failed"]))
    return mapping(answer.get("done"))
