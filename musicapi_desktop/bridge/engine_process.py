"""The local engine's process: started when it is needed, watched, sent to rest when idle, and ended with the app."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from musicapi_desktop.domain.errors import EngineError
from musicapi_desktop.domain.events import EngineChanged, EngineState, EventSink

log = logging.getLogger(__name__)

TOKEN_VARIABLE = "MUSICAPI_ENGINE_TOKEN"  # noqa: S105  # the variable's name, not a secret
_START_PATIENCE = 30.0
_STOP_PATIENCE = 5.0
_READY = "ready "

RESTS_AFTER = 300.0
"""Seconds without a question and without work after which the engine ends; it starts again with the next question."""


class EngineProcess:
    """Owns the child that serves the contract on loopback.

    ``command`` starts it (without the token, which crosses in the environment). ``log_file`` takes what it prints on
    its standard error. ``busy`` tells whether work is under way there, from any thread; ``rests_after`` is in seconds.
    """

    def __init__(
        self,
        command: Sequence[str],
        log_file: Path,
        sink: EventSink,
        busy: Callable[[], bool] = lambda: False,
        rests_after: float = RESTS_AFTER,
    ) -> None:
        self._command = list(command)
        self._log_file = log_file
        self._sink = sink
        self._busy = busy
        self._rests_after = rests_after
        self._asked = 0.0
        self._lock = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._url = ""
        self._token = ""
        self._stopping = False
        self._resting: subprocess.Popen[str] | None = None

    def endpoint(self) -> tuple[str, str]:
        """Return (base URL, token), starting the child where it does not run. Blocks until it is ready.

        Raises EngineError where it does not start.
        """
        with self._lock:
            if self._stopping:
                raise EngineError("The app is closing.")
            if self._child is None or self._child.poll() is not None:
                self._start()
            self._asked = time.monotonic()
            return self._url, self._token

    @property
    def pid(self) -> int | None:
        """The child's process id while it runs."""
        child = self._child
        return child.pid if child is not None and child.poll() is None else None

    def stop(self) -> None:
        """End the child: its parent's pipe closes, then TERM, then KILL. Safe to call twice."""
        self._stopping = True
        # not under the lock: whoever starts the child holds it until the child is ready, and the child ends that wait
        child = self._child
        if child is not None:
            _end(child)

    def _start(self) -> None:
        self._sink.publish(EngineChanged(EngineState.STARTING))
        self._token = secrets.token_urlsafe(32)
        try:
            child = self._spawn()
        except OSError as error:
            raise self._broken(f"The local engine could not be started: {error.strerror}.") from error
        self._child = child
        self._url = _first_line(child)
        if not self._url or self._stopping:
            _end(child)
            raise self._broken("The local engine did not start.")
        self._sink.publish(EngineChanged(EngineState.READY))
        ended = threading.Event()
        for name, watch in (("engine-watch", self._watch), ("engine-rest", self._rest)):
            threading.Thread(target=watch, args=(child, ended), name=name, daemon=True).start()

    def _spawn(self) -> subprocess.Popen[str]:
        self._log_file.parent.mkdir(parents=True, exist_ok=True)
        with self._log_file.open("ab") as errors:
            return subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env={**os.environ, TOKEN_VARIABLE: self._token},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )

    def _watch(self, child: subprocess.Popen[str], ended: threading.Event) -> None:
        code = child.wait()
        ended.set()
        if self._stopping or self._resting is child:
            return
        _close(child)
        if child.stdout is not None:
            child.stdout.close()
        log.error("the engine ended by itself with %s", code)
        reason = "The local engine ended by itself. It starts again with the next song."
        # stopped, not broken: songs can be asked for as before
        self._sink.publish(EngineChanged(EngineState.STOPPED, reason))

    def _rest(self, child: subprocess.Popen[str], ended: threading.Event) -> None:
        """End ``child`` once it has had nothing to do for long enough."""
        wait = self._rests_after
        while not ended.wait(wait):
            if self._busy():
                self._asked = time.monotonic()
            with self._lock:
                wait = self._asked + self._rests_after - time.monotonic()
                if wait > 0.0:
                    continue
                # whoever asks next waits at the lock, and starts another
                self._resting, self._child = child, None
                _end(child)
            log.info("the engine had nothing to do and ended")
            self._sink.publish(EngineChanged(EngineState.STOPPED))
            return

    def _broken(self, reason: str) -> EngineError:
        self._sink.publish(EngineChanged(EngineState.BROKEN, reason))
        return EngineError(reason, f"Try again; if it stays so, send the file {self._log_file}.")


def _first_line(child: subprocess.Popen[str]) -> str:
    """Return the address of the child's ready line, or '' where it ends or stays silent."""
    line: list[str] = []

    def read(stream: IO[str]) -> None:
        for text in stream:
            if text.startswith(_READY):
                line.append(text[len(_READY) :].strip())
                break

    stdout = child.stdout
    if stdout is None:
        return ""
    reader = threading.Thread(target=read, args=(stdout,), name="engine-ready", daemon=True)
    reader.start()
    reader.join(_START_PATIENCE)
    return line[0] if line else ""


def _end(child: subprocess.Popen[str]) -> None:
    steps: tuple[Callable[[], None], ...] = (lambda: _close(child), child.terminate, child.kill)
    for step in steps:
        step()
        with contextlib.suppress(subprocess.TimeoutExpired):
            # the next, harsher step follows where this one was not enough
            child.wait(_STOP_PATIENCE)
            break
    if child.stdout is not None:
        child.stdout.close()


def _close(child: subprocess.Popen[str]) -> None:
    if child.stdin is not None:
        with contextlib.suppress(BrokenPipeError):
            # the child is gone already
            child.stdin.close()
