"""The local server in any dialect within a moment: its jobs are done in a thread, and songs are short.

For suites that go through every dialect; a process of its own with real workers is fakes.local_server.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import uvicorn
from fakes import small_band

from musicapi_desktop.offline.server import worker
from musicapi_desktop.offline.server.application import application
from musicapi_desktop.offline.server.cabinet import Cabinet
from musicapi_desktop.offline.server.crew import Crew, Urgency
from musicapi_desktop.offline.server.lane import Unsuited, WorkFailed
from musicapi_desktop.offline.server.ledger import Ledger
from musicapi_desktop.offline.server.manner import Manner
from musicapi_desktop.offline.server.studio import Studio

TOKEN = "a-token-for-tests"
SECONDS = 1.5
TESTS = Path(__file__).parent.parent


class _Told:
    def __init__(self, progress: Callable[[float], None]) -> None:
        self._progress = progress

    def __call__(self, share: float) -> None:
        self._progress(share)

    def news(self) -> None:
        self._progress(0.5)


def _short_take(brief, folder, progress, cancelled, preview=None):
    return small_band.make_take(_shorter(brief), folder, progress, cancelled, preview)


def _shorter(brief):
    return replace(brief, duration=SECONDS, start=None if brief.start is None else min(brief.start, SECONDS / 2))


MUSIC = SimpleNamespace(**{**vars(small_band), "make_take": _short_take})


class CrewHere(Crew):
    """Does each job at once, in a thread."""

    def __init__(self) -> None:
        super().__init__("nobody", lanes=1)

    async def run(self, urgency, job, progress):
        if urgency is Urgency.ARCHIVE:
            raise WorkFailed("not today")
        answer = await asyncio.to_thread(worker.do, job, MUSIC, _Told(progress))
        if "failed" in answer:
            raise (Unsuited if answer.get("unsuitable") else WorkFailed)(answer["failed"])
        return answer["done"]


async def _serve(asked: dict) -> tuple[str, Callable[[], Awaitable[None]]]:
    """Serve as asked; return the address and what ends it."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    data = Path(asked["data"])
    cabinet, ledger = Cabinet(data), Ledger(data / "ledger.jsonl", asked["opening"])
    studio = Studio(cabinet, ledger, CrewHere(), Manner(asked["dialects"]))
    config = uvicorn.Config(
        application(studio, TOKEN, port), http="h11", ws="none", lifespan="off", log_config=None, access_log=False
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve([listener]))
    while not server.started and not running.done():
        await asyncio.sleep(0.005)

    async def end() -> None:
        server.should_exit = True
        await running
        await studio.tasks.close()

    return f"http://127.0.0.1:{port}", end


async def _main() -> None:
    here = asyncio.get_running_loop()
    ends: list[Callable[[], Awaitable[None]]] = []
    while line := await here.run_in_executor(None, sys.stdin.readline):
        for end in ends:
            await end()
        address, end = await _serve(json.loads(line))
        ends = [end]
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()


class SpokenServers:
    """One process that serves one folder in one set of dialects after the other."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)])}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "fakes.spoken_server"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip

    def serve(self, data: Path, dialects: Iterable[str] = (), opening: int | None = None) -> str:
        """Serve ``data`` instead of what was served before; return the address."""
        asked = {"data": str(data), "dialects": [*dialects], "opening": opening}
        self._process.stdin.write(f"{json.dumps(asked)}\n")
        self._process.stdin.flush()
        address = self._process.stdout.readline().strip()
        assert address, "the server ended"
        return address

    def close(self) -> None:
        self._process.kill()
        self._process.wait(30)
        self._process.stdin.close()
        self._process.stdout.close()


def linked(source: Path, target: Path) -> Path:
    """Copy a server's folder without copying what is in its files (they are replaced, never written into)."""
    return Path(shutil.copytree(source, target, copy_function=os.link))


if __name__ == "__main__":
    os.fsync = lambda _descriptor: None  # nobody pulls the plug here
    asyncio.run(_main())
