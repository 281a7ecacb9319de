"""What runs in a worker process: one job at a time, told and answered in JSON over a pipe.

A job is ``{"do": name, …}`` (jobs.py). Answers: any number of ``{"progress": 0-1}``, then ``{"done": {…}}`` or
``{"failed": "sentence"}``, with ``unsuitable`` where the fault lies with what was given.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import json
import logging
import multiprocessing
import os
import shutil
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Protocol, cast

from musicapi_desktop.domain.errors import KnownError
from musicapi_desktop.offline.engine import Unsuitable
from musicapi_desktop.wire.values import Json, mapping, text

if TYPE_CHECKING:
    from .jobs import Music, Tell

log = logging.getLogger(__name__)


DEFAULT_MAKER = "musicapi_desktop.offline.engine"
"""The module that makes the music."""
_NICE = 10
_BELOW_NORMAL = 0x4000
_TELL_EVERY = 0.1


class Pipe(Protocol):
    """One end of a pipe between the server and a worker; its class differs from system to system."""

    def send_bytes(self, buf: bytes, /) -> None:
        """Send one message."""
        ...

    def recv_bytes(self) -> bytes:
        """Wait for one message. Raises EOFError where the other end is closed."""
        ...

    def poll(self, timeout: float, /) -> bool:
        """Tell whether a message, or the end, comes within ``timeout`` seconds."""
        ...

    def close(self) -> None:
        """Close this end."""
        ...


def run(pipe: Pipe, maker: str) -> None:
    """Do jobs until the pipe closes or the server ends, however it ends."""
    _settle()
    music = load(maker)
    importlib.import_module(f"{__package__}.jobs")  # numpy and soundfile, ahead of the first job
    while True:
        try:
            job = mapping(json.loads(pipe.recv_bytes()))
        except (EOFError, OSError):
            return
        _answer(pipe, {"progress": 0.0})
        _answer(pipe, do(job, music, _Teller(pipe)))


def load(maker: str) -> Music:
    """Return the module that makes the music."""
    return cast("Music", importlib.import_module(maker))


def do(job: Json, music: Music, tell: Tell) -> Json:
    """Do one job and return its answer; a failure is an answer too."""
    from .jobs import JOBS, Job

    asked = Job(job, music, tell, _orphaned)
    shutil.rmtree(asked.work, ignore_errors=True)  # what a killed process left
    try:
        done = JOBS[text(job.get("do"))](asked)
    except KnownError as error:
        return {"failed": error.message}
    except Unsuitable as error:
        return {"failed": str(error), "unsuitable": True}
    except OSError as error:
        log.exception("the disk refused")
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        return {"failed": "The disk is full." if full else "A file could not be written or read."}
    except Exception:  # the boundary of the process: whatever the music code raises ends this job only
        log.exception("a job failed")
        return {"failed": "The song could not be made because of a mistake in the engine."}
    finally:
        shutil.rmtree(asked.work, ignore_errors=True)
    return {"done": done}


class _Teller:
    """Tells the server how far a job is, not too often."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self._told_at = 0.0
        self._share = 0.0

    def __call__(self, share: float) -> None:
        self._share = round(min(1.0, max(0.0, share)), 3)
        if time.monotonic() - self._told_at >= _TELL_EVERY:
            self.news()

    def news(self) -> None:
        """Tell at once: there is something to be looked at."""
        self._told_at = time.monotonic()
        _answer(self._pipe, {"progress": self._share})


def _answer(pipe: Pipe, answer: Json) -> None:
    with contextlib.suppress(OSError):
        # the server is gone; so is this process in a moment
        pipe.send_bytes(json.dumps(answer).encode())


def _orphaned() -> bool:
    parent = multiprocessing.parent_process()
    return parent is not None and not parent.is_alive()


def _settle() -> None:
    """Step back behind the window and its sound, keep out of the server's output, and end when the server ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        os.dup2(2, 1)  # standard output belongs to the ready line
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s worker %(levelname)s %(message)s")
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)
    else:
        os.nice(_NICE)
    threading.Thread(target=_end_with_the_server, name="watch-server", daemon=True).start()


def _end_with_the_server() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
