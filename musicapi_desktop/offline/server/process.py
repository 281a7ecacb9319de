"""The life of the server's process: its socket, its ready line, and the three ways it ends."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import uvicorn

from musicapi_desktop.wire.values import Json

from .answers import Words
from .application import application
from .cabinet import Cabinet
from .courier import Courier
from .crew import Crew
from .ledger import Ledger
from .manner import Manner
from .studio import Studio
from .worker import DEFAULT_MAKER

log = logging.getLogger(__name__)

_LOOPBACK = "127.0.0.1"
_BACKLOG = 128
_KEEP_ALIVE = 120  # longer than any client keeps an idle connection, so that none dies under a POST
_LAST_ANSWERS = 2  # seconds for the answers under way when the end comes


@dataclass(frozen=True, slots=True)
class Settings:
    """How to serve. ``credits`` None means that nothing is charged; ``maker`` names the module of the music.

    ``dialects`` are names of wire/dialects.py.
    """

    data: Path
    token: str
    port: int = 0
    credits: int | None = None
    parent_pipe: bool = False
    maker: str = DEFAULT_MAKER
    dialects: tuple[str, ...] = ()


def serve(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM, SIGINT or, where asked for, the end of standard input.

    ``ready`` gets the address once connections are accepted. Raises OSError where the port or the disk is refused.
    """
    listener = _listen(settings.port)
    # uvicorn raises the signal that ended it once more at its end; this run ends as one that was asked to
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _asked_to_end)
    try:
        asyncio.run(_serve(settings, listener, ready))
    finally:
        listener.close()


async def _serve(settings: Settings, listener: socket.socket, ready: Callable[[str], None]) -> None:
    port = int(listener.getsockname()[1])
    crew = Crew(settings.maker)
    cabinet, manner = Cabinet(settings.data), Manner(settings.dialects)
    studio = Studio(cabinet, Ledger(settings.data / "ledger.jsonl", settings.credits), crew, manner)
    courier = _courier(settings.data, studio, f"http://{_LOOPBACK}:{port}")
    config = uvicorn.Config(
        application(studio, settings.token, port),
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_LAST_ANSWERS,
    )

    def accepting() -> None:
        ready(f"http://{_LOOPBACK}:{port}")
        crew.start()
        courier.resume()
        studio.tasks.resume()

    server = _Server(config, accepting)
    if settings.parent_pipe:
        _watch_parent(asyncio.get_running_loop(), server)
    try:
        await server.serve([listener])
    finally:
        await studio.tasks.close()
        await courier.close()
        await crew.close()


def _courier(data: Path, studio: Studio, address: str) -> Courier:
    words, sonic = Words(studio, address), "sonic" if studio.manner.speaks("platform-sonic") else "suno"

    def told(event: str, task_id: str) -> Json:
        task = studio.cabinet.tasks.get(task_id)
        platform = sonic if task is None or task.system == "sonic" else task.system
        return words.event(event, task_id, platform=platform)

    courier = Courier(data, studio.manner, told)
    studio.tasks.hooked = courier.expect
    studio.tasks.listener = courier.tell
    return courier


class _Server(uvicorn.Server):
    """Tells when it accepts connections."""

    def __init__(self, config: uvicorn.Config, accepting: Callable[[], None]) -> None:
        super().__init__(config)
        self._accepting = accepting

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._accepting()


def _listen(port: int) -> socket.socket:
    # with the protocol named asyncio turns Nagle's algorithm off; else each answer takes 40 ms
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_LOOPBACK, port))
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _watch_parent(loop: asyncio.AbstractEventLoop, server: uvicorn.Server) -> None:
    def end() -> None:
        server.should_exit = True

    def watch() -> None:
        # not sys.stdin: a thread that holds its lock while the interpreter ends is a fatal error
        while os.read(0, 4096):
            pass
        loop.call_soon_threadsafe(end)

    threading.Thread(target=watch, name="watch-parent", daemon=True).start()


def _asked_to_end(_number: int, _frame: FrameType | None) -> None:
    log.info("ending")
