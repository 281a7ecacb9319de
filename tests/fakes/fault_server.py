"""A raw HTTP server on loopback that answers exactly what a test scripts, faults included.

A script is called with the open connection and the request and writes what it likes; ``Reply`` writes a proper
answer. Scripts are taken in order, the last one again and again.
"""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Seen:
    """A request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def json(self):
        return json.loads(self.body)


Script = Callable[["Conversation"], None]


@dataclass
class Conversation:
    """One connection, one request."""

    socket: socket.socket
    seen: Seen
    stop: threading.Event

    def write(self, data: bytes) -> None:
        self.socket.sendall(data)

    def wait(self, seconds: float) -> None:
        self.stop.wait(seconds)

    def reset(self) -> None:
        """Close with a TCP reset instead of an orderly end."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


def reply(body: object = None, status: int = 200, raw: bytes | None = None, **headers: str) -> Script:
    """Answer JSON (or ``raw`` bytes) whole. Underscores of header names become dashes."""
    data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
    return lambda talk: talk.write(head(status, {"Content-Length": str(len(data)), **_dashed(headers)}) + data)


def head(status: int, headers: dict[str, str]) -> bytes:
    fields = {"Content-Type": "application/json", "Connection": "close"} | headers
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} Scripted\r\n{lines}\r\n".encode()


def _dashed(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def html(status: int = 200, text: str = "<html><body><h1>Sign in to the hotel network</h1></body></html>") -> Script:
    return reply(status=status, raw=text.encode(), Content_Type="text/html")


def cut_body(body: bytes, announced: int) -> Script:
    """Announce more than is sent."""
    return lambda talk: talk.write(head(200, {"Content-Length": str(announced)}) + body)


def reset_before_answer(talk: Conversation) -> None:
    talk.reset()


def close_before_answer(talk: Conversation) -> None:
    talk.socket.close()


def reset_in_body(talk: Conversation) -> None:
    talk.write(head(200, {"Content-Length": "1000"}) + b'{"code":')
    talk.wait(0.05)
    talk.reset()


def hang(talk: Conversation) -> None:
    talk.wait(30)


def trickle(prefix: bytes, pause: float = 0.02) -> Script:
    """Send ``prefix`` and then a byte now and then, without end."""

    def script(talk: Conversation) -> None:
        talk.write(prefix)
        while not talk.stop.is_set():
            talk.write(b" ")
            talk.wait(pause)

    return script


def endless(chunk: bytes, announced: int | None) -> Script:
    def script(talk: Conversation) -> None:
        talk.write(head(200, {} if announced is None else {"Content-Length": str(announced)}))
        while not talk.stop.is_set():
            talk.write(chunk)

    return script


@dataclass
class FaultServer:
    """Answers on 127.0.0.1; ``seen`` has all requests in order."""

    scripts: list[Script] = field(default_factory=list)
    by_path: dict[str, Script] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()
        self._tls: ssl.SSLContext | None = None
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._start(self._accept)

    def answer(self, *scripts: Script) -> FaultServer:
        self.scripts = list(scripts)
        return self

    def secure(self, context: ssl.SSLContext) -> None:
        """Speak TLS from now on."""
        self._tls = context

    def close(self) -> None:
        self._stop.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in list(self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                connection, _peer = self._listener.accept()
            except OSError:
                return
            self._open.add(connection)
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        # the client may hang up at any moment: that is what is tested
        with contextlib.suppress(OSError):
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
                self._open.add(connection)
        with connection, contextlib.suppress(OSError):
            seen = _read_request(connection)
            if seen is None:
                return
            self.seen.append(seen)
            self.arrived.set()
            self._script_for(seen)(Conversation(connection, seen, self._stop))
        self._open.discard(connection)

    def _script_for(self, seen: Seen) -> Script:
        if seen.path in self.by_path:
            return self.by_path[seen.path]
        if not self.scripts:
            return reply({"type": "not_found", "error": "nothing scripted"}, status=404)
        return self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]


def _read_request(connection: socket.socket) -> Seen | None:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    top, _, body = data.partition(b"\r\n\r\n")
    first, *lines = top.decode("latin-1").split("\r\n")
    method, target, _version = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    return Seen(method, target, headers, body)


@contextlib.contextmanager
def fault_server(*scripts: Script) -> Iterator[FaultServer]:
    server = FaultServer(list(scripts))
    try:
        yield server
    finally:
        server.close()
