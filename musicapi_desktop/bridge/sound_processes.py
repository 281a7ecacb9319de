"""Processes for work on whole files of sound: decoding to check, measuring, waveforms.

In threads of the app the same work would ask for the interpreter thousands of times a second, and the window would
wait for it each time; and a file that breaks a decoder breaks a process that nobody looks at.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

from musicapi_desktop.audio.facts import facts_from
from musicapi_desktop.domain import errors
from musicapi_desktop.domain.beats import Beats, beats_from_plain
from musicapi_desktop.domain.errors import AudioUnreadable, EngineError, KnownError
from musicapi_desktop.domain.song import AudioFacts
from musicapi_desktop.wire.values import Json, mapping, text

log = logging.getLogger(__name__)

_TRIES = 2


class SoundProcesses:
    """At most ``most`` children, started when there is work; they end by themselves when there is none. Any thread."""

    def __init__(self, command: Sequence[str], most: int = 2) -> None:
        self._command = list(command)
        self._free = threading.Semaphore(most)
        self._lock = threading.Lock()
        self._idle: list[subprocess.Popen[bytes]] = []
        self._busy: list[subprocess.Popen[bytes]] = []
        self._stopped = False

    def probe(self, path: Path) -> AudioFacts:
        """Decode a file once and return what it holds. Raises AudioUnreadable, DiskError, EngineError."""
        return facts_from(self.run({"do": "probe", "path": str(path)}))

    def unpack(self, path: Path) -> Path:
        """Unpack an AAC file into a WAV and return it. Raises AudioUnreadable, DiskError, EngineError."""
        return Path(text(self.run({"do": "unpack", "path": str(path)}).get("path")))

    def beats(self, path: Path, bpm: float | None) -> Beats:
        """Find the beats of a file. Raises AudioUnreadable, DiskError, EngineError."""
        return beats_from_plain(self.run({"do": "beats", "path": str(path), "bpm": bpm}))

    def run(self, job: Json) -> Json:
        """Do a job; blocks. Raises what it raised; AudioUnreadable where it ends its process, twice."""
        with self._free:
            for _ in range(_TRIES):
                answer = self._asked(json.dumps(job).encode() + b"\n")
                if answer is not None:
                    return _outcome(answer)
        raise AudioUnreadable("This file cannot be decoded.", "Fetch it again, or choose another file.")

    def stop(self) -> None:
        """End every child. Who waits for one gets EngineError. Safe to call twice."""
        with self._lock:
            self._stopped = True
            children = [*self._idle, *self._busy]
            self._idle.clear()
        for child in children:
            child.kill()
        for child in children:
            _wait(child)

    @property
    def pids(self) -> list[int]:
        """The children that run."""
        with self._lock:
            return [child.pid for child in (*self._idle, *self._busy) if child.poll() is None]

    def _asked(self, line: bytes) -> Json | None:
        """The answer to a job; None where the process ended over it."""
        child = self._taken()
        answer = b""
        try:
            if child.stdin is not None and child.stdout is not None:
                child.stdin.write(line)
                answer = child.stdout.readline()
        except OSError as error:
            log.debug("a sound process is gone: %s", error)
        with self._lock:
            self._busy.remove(child)
            if self._stopped:
                raise EngineError("The app is closing.")
            if answer.endswith(b"\n"):
                self._idle.append(child)
                return mapping(json.loads(answer))
        _wait(child)
        log.warning("a sound process ended with %s", child.returncode)
        return None

    def _taken(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._stopped:
                raise EngineError("The app is closing.")
            over = [child for child in self._idle if child.poll() is not None]
            for child in over:
                self._idle.remove(child)
                _wait(child)
            child = self._idle.pop() if self._idle else self._started()
            self._busy.append(child)
            return child

    def _started(self) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise EngineError(
                "Files of sound cannot be checked now.", "Close other programs and try again.", detail=str(error)
            ) from error


def _outcome(answer: Json) -> Json:
    if "failed" not in answer:
        return mapping(answer.get("done"))
    told = mapping(answer["failed"])
    kind = getattr(errors, text(told.get("kind")), KnownError)
    raise kind(text(told.get("message")), text(told.get("hint")), detail=text(told.get("detail")))


def _wait(child: subprocess.Popen[bytes]) -> None:
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                # the other end is gone
                pipe.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        # a child that ignores the end of its pipe is killed
        child.wait(2.0)
        return
    child.kill()
    child.wait()
