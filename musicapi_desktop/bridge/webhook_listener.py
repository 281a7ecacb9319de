"""The port of this computer that webhooks come in at, through the person's own tunnel.

It believes nobody: loopback only, few connections at once, small bodies, little time. What is said is for
``services.webhooks`` to judge.
"""

from __future__ import annotations

import contextlib
import logging
import os
import selectors
import socket
import socketserver
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Final, cast

from musicapi_desktop.services.webhooks import Told
from musicapi_desktop.services.webhooks_signed import Delivery

log = logging.getLogger(__name__)

MOST_BYTES: Final = 1024 * 1024
"""Far more than any event has: a poll's body of a handful of clips."""
MOST_AT_ONCE: Final = 8
_BETWEEN_READS = 5.0
_ALTOGETHER = 10.0
_BACKLOG = 64

Receive = Callable[[Delivery], Told]

_Request = socket.socket | tuple[bytes, socket.socket]
_Address = tuple[str, int]


class WebhookListener:
    """Listens at a port of 127.0.0.1 and hands each delivery to ``receive``, on a thread of its own.

    ``altogether`` is how many seconds one connection may take.
    """

    def __init__(self, receive: Receive, *, altogether: float = _ALTOGETHER) -> None:
        self._receive = receive
        self._altogether = altogether
        self._lock = threading.Lock()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int | None:
        """The port that is listened at, None where none is."""
        server = self._server
        return None if server is None else server.server_address[1]

    def start(self, port: int) -> None:
        """Listen at ``port`` (0: any free one), and no more where it listened before.

        Raises OSError where the port is taken; the one before is kept then.
        """
        with self._lock:
            if self._server is not None and self.port == port:
                return
            server = _Server(port, self._receive, self._altogether)
            self._end()
            self._server = server
            self._thread = threading.Thread(target=server.serve, name="webhooks")
            self._thread.start()
            log.info("webhooks: listening at port %d", server.server_address[1])

    def stop(self) -> None:
        """Listen no more; connections under way are cut. Safe to call twice."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        server, thread = self._server, self._thread
        self._server = self._thread = None
        if server is not None:
            server.leave()
        if thread is not None:
            thread.join()
        if server is not None:
            server.server_close()


class _Server(socketserver.ThreadingMixIn, HTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = _BACKLOG
    timeout = 0.0
    # on Windows the option would let two programs share the port
    allow_reuse_address = os.name == "posix"

    def __init__(self, port: int, receive: Receive, altogether: float) -> None:
        self.receive = receive
        self.altogether = altogether
        self._room = threading.BoundedSemaphore(MOST_AT_ONCE)
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._leaving, self._leave = socket.socketpair()
        super().__init__(("127.0.0.1", port), _Handler)

    def serve(self) -> None:
        """Take connections until told to leave; without a poll, so that an idle port costs nothing."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.socket, selectors.EVENT_READ)
            selector.register(self._leaving, selectors.EVENT_READ)
            while all(key.fileobj is not self._leaving for key, _events in selector.select()):
                self.handle_request()

    def leave(self) -> None:
        """End ``serve``. Any thread."""
        self._leave.close()

    def server_bind(self) -> None:
        """Bind without asking the resolver for this computer's name, which may take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request(self, request: _Request, client_address: _Address) -> None:
        """Take a connection where there is room."""
        connection = cast("socket.socket", request)
        if not self._room.acquire(blocking=False):
            self.shutdown_request(connection)
            return
        with self._lock:
            self._open.add(connection)
        super().process_request(connection, client_address)

    def process_request_thread(self, request: _Request, client_address: _Address) -> None:
        """Serve a connection, for as long as it may take and no longer."""
        connection = cast("socket.socket", request)
        deadline = threading.Timer(self.altogether, _cut, (connection,))
        deadline.daemon = True
        deadline.start()
        try:
            super().process_request_thread(connection, client_address)
        finally:
            deadline.cancel()
            with self._lock:
                self._open.discard(connection)
            self._room.release()

    def handle_error(self, request: _Request, client_address: _Address) -> None:  # noqa: ARG002  # the base's signature
        """A client that hung up is nobody's fault; a mistake of ours is logged."""
        if not isinstance(sys.exc_info()[1], OSError):
            log.exception("webhooks")

    def server_close(self) -> None:
        """Close the port and every connection."""
        super().server_close()
        self._leave.close()
        self._leaving.close()
        with self._lock:
            for connection in self._open:
                _cut(connection)


def _cut(connection: socket.socket) -> None:
    # it may have been closed a moment ago
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    server_version = "MusicAPI-Desktop"
    sys_version = ""
    timeout = _BETWEEN_READS

    def do_POST(self) -> None:
        """Read a delivery and answer what became of it."""
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdecimal()):
            self._answer(HTTPStatus.LENGTH_REQUIRED, "no length")
        elif len(length) > 9 or int(length) > MOST_BYTES:
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too large")
        else:
            self._take(int(length))

    def do_GET(self) -> None:
        """Tell whoever tries the address by hand that the tunnel leads here."""
        self._answer(HTTPStatus.METHOD_NOT_ALLOWED, "not a delivery", b"MusicAPI Desktop listens here for webhooks.\n")

    def _take(self, length: int) -> None:
        try:
            body = self.rfile.read(length)
        except TimeoutError:
            self._answer(HTTPStatus.REQUEST_TIMEOUT, "too slow")
            return
        if len(body) < length:
            self._answer(HTTPStatus.BAD_REQUEST, "cut short")
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        told = cast("_Server", self.server).receive(Delivery(headers, body))
        self._answer(told.status, told.why)

    def _answer(self, status: HTTPStatus, why: str, words: bytes = b"") -> None:
        log.info("webhooks: %d, %s", status, why)
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(words)))
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "POST")
        self.end_headers()
        self.wfile.write(words)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's own name
        """Say nothing of what others sent."""
