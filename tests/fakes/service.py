"""A small MusicAPI service on loopback: real HTTP, its behaviour set by the test while it runs."""

from __future__ import annotations

import io
import json
import threading
import wave
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

KEY = "sk_test_0123456789"


def tone(seconds=0.5, hertz=440.0, rate=8000):
    """A WAV file."""
    samples = (np.sin(np.arange(int(seconds * rate)) * 2 * np.pi * hertz / rate) * 12000).astype("<i2")
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return out.getvalue()


SOUND = tone()


class FakeService:
    """``clips`` decides what a poll of a task shows; ``on`` replaces the answer of a path; ``posts`` counts POSTs."""

    def __init__(self):
        self.lock = threading.Lock()
        self.credits = 1000
        self.price = 15
        self.posts = []
        self.polls = []
        self.fetched = []
        self.tasks = {}
        self.files = {}
        self.scripts = {}
        self.hold_polls = 0
        self.answers = {}
        self.shapes = {}
        self.base_url = ""
        self.clip_of = lambda task_id, number, polls: {}

    def on(self, method, prefix, script):
        """Answer ``method prefix…`` with ``script(handler, body) -> (status, body) | None`` (None: as usual)."""
        self.scripts[method, prefix] = script

    def usual(self, method, prefix):
        self.scripts.pop((method, prefix), None)

    def task(self, number=2, kind="song", titles=()):
        with self.lock:
            task_id = f"task-{len(self.tasks) + 1}"
            self.tasks[task_id] = {"polls": 0, "number": number, "kind": kind, "titles": titles}
            return task_id

    def shown(self, task_id):
        task = self.tasks[task_id]
        task["polls"] += 1
        clips = []
        for number in range(task["number"]):
            state = "succeeded" if task["polls"] > self.hold_polls else "running"
            clip = {"clip_id": f"{task_id}-{number}", "state": state, "title": "Harbour Lights", "tags": "indie folk",
                    "lyrics": "[Verse]\nla", "mv": "sonic-v6", "audio_url": None}  # fmt: skip
            if task["titles"]:
                clip["title"] = f"Harbour Lights ({task['titles'][number]})"
            clip.update(self.clip_of(task_id, number, task["polls"]))
            if clip["state"] == "succeeded" and clip["audio_url"] is None:
                clip["audio_url"] = f"{self.base_url}/files/{clip['clip_id']}.mp3"
            clips.append(clip)
        return {"code": 200, "message": "success", "data": clips}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args):
        return

    def do_GET(self):
        self.answer("GET", None)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.service.posts.append((self.path, json.loads(body)))
        self.answer("POST", json.loads(body))

    @property
    def service(self):
        return self.server.service

    def answer(self, method, body):
        for (wanted, prefix), script in list(self.service.scripts.items()):
            if wanted == method and self.path.startswith(prefix):
                found = script(self, body)
                if found is not None:
                    if found != "done":
                        self.reply(*found)
                    return
        if self.path.startswith("/files/"):
            self.file()
        else:
            assert self.headers["Authorization"] == f"Bearer {KEY}"
            self.reply(*self.usual(method, body))

    def usual(self, method, body):
        service, path = self.service, self.path.removeprefix("/api/v1")
        if path.startswith("/suno/"):
            return 404, b"<html>no such page</html>"
        if path == "/get-credits":
            return 200, {"credits": service.credits, "extra_credits": 0}
        if path.startswith(("/sonic/task/", "/producer/task/", "/nuro/task/")):
            return self.asked(*path[1:].split("/task/"))
        if method == "POST" and path == "/sonic/batch":
            service.credits -= service.price * len(body["items"])
            entries = [{"index": i, "task_id": service.task()} for i in range(len(body["items"]))]
            return 200, {"message": "success", "batch_id": "b", "tasks": entries}
        if method == "POST" and path == "/sonic/wav":
            return 200, {"message": "success", "data": {"wav_url": f"{service.base_url}/files/{body['clip_id']}.wav"}}
        if method == "POST" and path in service.answers:
            service.credits -= 1
            return 200, service.answers[path]
        if method == "POST":
            return 200, self.made(path, body)
        return 404, {"type": "not_found", "error": "nothing here"}

    def asked(self, system, task_id):
        service = self.service
        service.polls.append(task_id)
        if task_id not in service.tasks:
            return 404, {"type": "not_found", "error": "task not found"}
        shown = service.shown(task_id)
        return 200, service.shapes[system](shown) if system in service.shapes else shown

    def made(self, path, body):
        service = self.service
        service.credits -= service.price
        titles = {"/sonic/stems/basic": ("Vocals", "Instrumental"), "/sonic/stems/full": ("Vocals", "Drums", "Bass")}
        names = titles.get(path, ())
        one = body.get("task_type") == "concat_music" or not path.startswith("/sonic/")
        return {"message": "success", "task_id": service.task(len(names) or (1 if one else 2), titles=names)}

    def reply(self, status, body, **headers):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(raw)

    def file(self):
        service = self.service
        service.fetched.append((self.path, self.headers.get("Range")))
        assert "Authorization" not in self.headers
        content = service.files.get(self.path, SOUND)
        start = int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").partition("-")[0])
        headers = {"ETag": '"v1"', "Accept-Ranges": "bytes"}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        self.reply(206 if start else 200, content[start:], **headers)

    def hang_up(self):
        """Close without an answer."""
        self.close_connection = True
        self.connection.close()
        return "done"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_args):
        return


@contextmanager
def fake_service():
    server = _Server(("127.0.0.1", 0), _Handler)
    server.service = service = FakeService()
    service.base_url = f"http://127.0.0.1:{server.server_address[1]}"
    service.server = server
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
