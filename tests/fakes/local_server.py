"""The local server as a process of its own, with the small band for a composer, and a client that waits."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx

TESTS = Path(__file__).parent.parent
TOKEN = "a-token-for-tests"
PATIENCE = 60.0
BAND = "fakes.small_band"
REAL = "musicapi_desktop.offline.engine"
DESCRIBED = {"custom_mode": False, "mv": "sonic-v6", "gpt_description_prompt": "a quiet tune", "duration": 10}
_MAIN = "import sys; from musicapi_desktop.offline.serve import main; sys.exit(main(sys.argv[2:], maker=sys.argv[1]))"


class LocalServer:
    def __init__(self, data: Path, *options: str, maker: str = BAND, token: str | None = TOKEN) -> None:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)])}
        if token is not None:
            environment["MUSICAPI_ENGINE_TOKEN"] = token
        self.data = data
        self.log = data.parent / f"{data.name}.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _MAIN, maker, "--data", str(data), *options],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=environment,
            )
        line = self.process.stdout.readline()
        assert line.startswith("ready "), (line, self.log.read_text())
        self.url = line.split()[1]
        self.client = httpx.Client(
            base_url=f"{self.url}/api/v1",
            headers={"Authorization": f"Bearer {token}"},
            timeout=PATIENCE,
            trust_env=False,
        )

    @property
    def port(self) -> int:
        return httpx.URL(self.url).port

    def post(self, path: str, **body: object) -> dict:
        answer = self.client.post(path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def create(self, **fields: object) -> str:
        return self.post("/sonic/create", **{**DESCRIBED, **fields})["task_id"]

    def task(self, task_id: str) -> dict:
        answer = self.client.get(f"/sonic/task/{task_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def finished(self, task_id: str) -> list[dict]:
        return self.until(task_id, lambda clips: {c["state"] for c in clips} <= {"succeeded", "failed"})

    def until(self, task_id: str, condition) -> list[dict]:
        return self.wait_for(lambda: (data := self.task(task_id)["data"]) and condition(data) and data)

    def wait_for(self, condition):
        pause, end = threading.Event(), time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = condition()
            if found:
                return found
            pause.wait(0.05)
        raise AssertionError(f"not in time: {found}\n{self.log.read_text()[-3000:]}")

    @property
    def balance(self) -> int:
        return self.client.get("/get-credits").json()["credits"]

    def ended(self) -> int:
        code = self.process.wait(PATIENCE)
        self.client.close()
        for stream in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(BrokenPipeError):
                stream.close()
        return code

    def terminate(self) -> int:
        self.process.terminate()
        return self.ended()

    def kill(self) -> int:
        self.process.kill()
        return self.ended()

    def __enter__(self) -> LocalServer:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.ended()
