"""What runs in a process for sound: one job at a time, told and answered in JSON, a line each.

A job is ``{"do": "probe", …}``; the answer ``{"done": {…}}``, or ``{"failed": {kind, message, hint, detail}}`` for what
the world did. The process ends with its standard input, and by itself once nothing came for a while.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import queue
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from musicapi_desktop.domain.errors import KnownError
from musicapi_desktop.wire.values import Json, mapping, number, text

log = logging.getLogger(__name__)

_NICE = 10
_IDLE_SECONDS = 20.0


def main(arguments: Sequence[str]) -> int:
    """Work until the parent's end of the pipe closes. The one argument is the folder for what is unpacked."""
    # Qt's FFmpeg looks for libraries that it can do without, and says so
    os.environ["QT_LOGGING_RULES"] = "qt.multimedia.*=false"
    _Child.folder = Path(arguments[0])
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    _step_back()
    # libraries that print must not print among the answers
    with os.fdopen(os.dup(1), "wb", buffering=0) as answers:
        os.dup2(2, 1)
        # unbuffered: a thread that waits within a buffer keeps Python from ending
        _serve(_lines(os.fdopen(os.dup(0), "rb", buffering=0)), answers)
    return 0


class _Child:
    """What this process was told at its start."""

    folder = Path()


def do(job: Json) -> Json:
    """Do one job. Raises KnownError."""
    from musicapi_desktop.audio.unpacking import Unpacker
    from musicapi_desktop.dsp.packed import unpack_by

    unpack_by(Unpacker(_Child.folder).unpack)
    return _JOBS[text(job.get("do"))](job)


def _probe(job: Json) -> Json:
    from musicapi_desktop.audio.facts import plain_of
    from musicapi_desktop.audio.probe import probe

    return plain_of(probe(Path(text(job.get("path")))))


def _unpack(job: Json) -> Json:
    from musicapi_desktop.audio.unpacking import Unpacker

    return {"path": str(Unpacker(_Child.folder).unpack(Path(text(job.get("path")))))}


def _beats(job: Json) -> Json:
    from musicapi_desktop.domain.beats import beats_to_plain
    from musicapi_desktop.dsp.beats import find_beats
    from musicapi_desktop.dsp.files import Reader

    with Reader(Path(text(job.get("path")))) as reader:
        return beats_to_plain(find_beats(reader.blocks(), reader.rate, number(job.get("bpm"))))


_JOBS: dict[str, Callable[[Json], Json]] = {"probe": _probe, "beats": _beats, "unpack": _unpack}


def _serve(jobs: queue.SimpleQueue[bytes], answers: BinaryIO) -> None:
    while True:
        try:
            line = jobs.get(timeout=_IDLE_SECONDS)
        except queue.Empty:
            return
        if not line:
            return
        answers.write(json.dumps(_answer(mapping(json.loads(line)))).encode() + b"\n")


def _answer(job: Json) -> Json:
    try:
        return {"done": do(job)}
    except KnownError as error:
        told = {"kind": type(error).__name__, "message": error.message, "hint": error.hint, "detail": error.detail}
        return {"failed": told}


def _lines(stream: BinaryIO) -> queue.SimpleQueue[bytes]:
    """Read lines on a thread, because a wait for a pipe cannot be given a limit on every system; empty at its end."""
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def read() -> None:
        for line in stream:
            lines.put(line)
        lines.put(b"")

    threading.Thread(target=read, name="jobs", daemon=True).start()
    return lines


def _step_back() -> None:
    """Let the window and the sound go first."""
    with contextlib.suppress(OSError, AttributeError):
        # without it the work is done all the same
        os.nice(_NICE)
