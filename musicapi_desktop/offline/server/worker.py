"""What runs in a worker process: one job at a time, told and answered in JSON over a pipe.

A job is ``{"do": "take" | "mp3" | "archive", …}``. Answers: any number of ``{"progress": 0-1}``, then ``{"done": {…}}``
or ``{"failed": "sentence"}``.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import json
import logging
import multiprocessing
import os
import re
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Protocol, cast

from musicapi_desktop.domain.errors import KnownError
from musicapi_desktop.offline.engine import Brief, MadeTake, Progress, engine_version
from musicapi_desktop.wire.values import Json, flag, items, mapping, number, text

log = logging.getLogger(__name__)

Maker = Callable[[Brief, Path, Progress, Callable[[], bool]], MadeTake]
Tell = Callable[[float], None]

DEFAULT_MAKER = "musicapi_desktop.offline.engine:make_take"
_NICE = 10
_BELOW_NORMAL = 0x4000
_TELL_EVERY = 0.1
_MAKING = 0.85  # the rest of a take's time goes into its MP3


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
    make = load(maker)
    importlib.import_module(f"{__package__}.masters")  # numpy and soundfile, ahead of the first job
    while True:
        try:
            job = mapping(json.loads(pipe.recv_bytes()))
        except (EOFError, OSError):
            return
        _answer(pipe, do(job, make, _teller(pipe)))


def load(maker: str) -> Maker:
    """Return the function that ``module:name`` names."""
    module, _, name = maker.partition(":")
    return cast("Maker", getattr(importlib.import_module(module), name))


def do(job: Json, make: Maker, tell: Tell) -> Json:
    """Do one job and return its answer; a failure is an answer too."""
    try:
        match job.get("do"):
            case "take":
                return {"done": _take(job, make, tell)}
            case "mp3":
                return {"done": _mp3(job, tell)}
            case _:
                return {"done": _archive(job)}
    except KnownError as error:
        return {"failed": error.message}
    except OSError as error:
        log.exception("the disk refused")
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        return {"failed": "The disk is full." if full else "A file could not be written or read."}
    except Exception:  # the boundary of the process: whatever the music code raises ends this job only
        log.exception("a job failed")
        return {"failed": "The song could not be made because of a mistake in the engine."}


def _take(job: Json, make: Maker, tell: Tell) -> Json:
    folder = Path(text(job.get("folder")))
    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)  # what a killed process left
    work.mkdir(parents=True)
    made = make(_brief(mapping(job.get("brief"))), work, lambda share, _word: tell(share * _MAKING), _orphaned)
    stems: list[Json] = []
    for place, stem in enumerate(made.stems, 1):
        name = f"{place:02d} {re.sub(r'[^A-Za-z0-9 ]+', '', stem.name)}"
        stem.path.replace(folder / f"{name}.wav")
        stems.append({"name": stem.name, "file": name, "silent": stem.silent})
    made.mix.replace(folder / "mix.wav")
    made.score.replace(folder / "score.json")
    seconds = _mp3(
        {"masters": [str(folder / "mix")], "target": str(folder / "clip.mp3")},
        lambda share: tell(_MAKING + share * (1 - _MAKING)),
    )["seconds"]
    shutil.rmtree(work, ignore_errors=True)
    return {
        "title": made.title, "lyrics": made.lyrics, "tags": made.tags, "bpm": made.bpm, "key": made.key,
        "seconds": seconds, "stems": stems, "engine": engine_version(),
    }  # fmt: skip


def _brief(source: Json) -> Brief:
    known: dict[str, object] = {field.name: source.get(field.name) for field in fields(Brief)}
    texts = ("title", "lyrics", "description", "tags", "negative_tags", "vocal_gender")
    return Brief(
        **{name: text(known[name]) for name in texts},
        instrumental=flag(known["instrumental"]) or False,
        duration=number(known["duration"]),
        weirdness=number(known["weirdness"]),
        style_weight=number(known["style_weight"]),
        seed=cast("int", known["seed"]),
        take=cast("int", known["take"]),
    )


def _mp3(job: Json, tell: Tell) -> Json:
    from . import masters

    sources = [Path(text(entry)) for entry in items(job.get("masters"))]
    target, shared = Path(text(job.get("target"))), text(job.get("shared"))
    if not shared:
        return {"seconds": masters.make_mp3(sources, target, tell)}
    # silence takes as long to encode as music, and all silent stems of a take are the same
    if not Path(shared).exists():
        masters.make_mp3(sources[:1], target, tell)
        shutil.copyfile(target, f"{target}.shared")
        Path(f"{target}.shared").replace(shared)
    shutil.copyfile(shared, target)
    return {"seconds": masters.length(target)}


def _archive(job: Json) -> Json:
    from . import masters

    masters.archive(Path(text(job.get("master"))))
    return {}


def _teller(pipe: Pipe) -> Tell:
    last = 0.0

    def tell(share: float) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _TELL_EVERY:
            last = now
            _answer(pipe, {"progress": round(min(1.0, max(0.0, share)), 3)})

    return tell


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
