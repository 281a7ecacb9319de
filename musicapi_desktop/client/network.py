"""The network under httpx: every read and write ends by a deadline, and any thread may cut the line.

httpx has time-outs per operation and no total one: a byte now and then keeps a request alive for ever, in the
headers as well as in the body (measured). So the deadline sits where the bytes are.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import ssl
import threading
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies, proxy_bypass
from weakref import WeakSet

import httpcore
import httpx

from musicapi_desktop.domain.errors import Offline
from musicapi_desktop.wire.hosts import is_loopback

if TYPE_CHECKING:
    from httpcore import SOCKET_OPTION, NetworkStream

USER_AGENT = "musicapi-desktop"

_KEEP_ALIVE = 20.0

# it logs the headers of answers, which may say the key back
logging.getLogger("httpcore").setLevel(logging.WARNING)


class Guard:
    """Deadlines of the calling threads, and the sockets that are open. Safe from any thread."""

    def __init__(self) -> None:
        self._local = threading.local()
        self._lock = threading.Lock()
        self._sockets: WeakSet[socket.socket] = WeakSet()

    @contextlib.contextmanager
    def deadline(self, seconds: float) -> Generator[None]:
        """End all network operations of this thread ``seconds`` from now."""
        self._local.until = time.monotonic() + seconds
        try:
            yield
        finally:
            self._local.until = None

    def left(self, timeout: float | None) -> float | None:
        """Return the smaller of ``timeout`` and what is left of this thread's deadline (0 or less where it is over)."""
        until: float | None = getattr(self._local, "until", None)
        if until is None:
            return timeout
        left = until - time.monotonic()
        return left if timeout is None else min(timeout, left)

    def watch(self, stream: NetworkStream) -> None:
        """Remember a stream's socket, so that it can be cut."""
        found = stream.get_extra_info("socket")
        if isinstance(found, socket.socket):
            with self._lock:
                self._sockets.add(found)

    def cut(self) -> None:
        """Shut every open socket down: a thread that waits in one wakes with an error at once."""
        with self._lock:
            sockets = list(self._sockets)
        for each in sockets:
            # closed by the other side, or already closed by its owner: cut either way
            with contextlib.suppress(OSError):
                # the TLS socket's own shutdown would free state the waiting thread still uses
                socket.socket.shutdown(each, socket.SHUT_RDWR)


class _GuardedStream(httpcore.NetworkStream):
    def __init__(self, stream: NetworkStream, guard: Guard) -> None:
        self._stream = stream
        self._guard = guard
        guard.watch(stream)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._guard.left(timeout)
        if left is not None and left <= 0:
            raise httpcore.ReadTimeout("deadline")
        return self._stream.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        left = self._guard.left(timeout)
        if left is not None and left <= 0:
            raise httpcore.WriteTimeout("deadline")
        self._stream.write(buffer, left)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._guard.left(timeout))
        return _GuardedStream(secured, self._guard)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - the signature of httpcore
        return self._stream.get_extra_info(info)


class _GuardedBackend(httpcore.NetworkBackend):
    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        left = self._guard.left(timeout)
        if left is not None and left <= 0:
            raise httpcore.ConnectTimeout("deadline")
        stream = self._backend.connect_tcp(host, port, left, local_address, socket_options)
        return _GuardedStream(stream, self._guard)


class Connections:
    """Sends requests over guarded sockets, through the system's proxies, trusting what the system trusts.

    No httpx.Client on top: it reads redirects even where it is told not to follow them, and fails at strange ones.
    A request with side effects gets a connection of its own: one that idled may have died unseen, and then
    nobody could tell whether the request was read. Safe from several threads.
    """

    def __init__(self, timeout: httpx.Timeout) -> None:
        self._guard = Guard()
        self._backend = _GuardedBackend(self._guard)
        self._timeout = timeout
        self._closed = False
        self._pools: dict[tuple[str, str, bool], httpcore.ConnectionPool] = {}
        self._lock = threading.Lock()
        self._tls: ssl.SSLContext | None = None

    def deadline(self, seconds: float) -> AbstractContextManager[None]:
        """End this thread's requests ``seconds`` from now at the latest."""
        return self._guard.deadline(seconds)

    @contextlib.contextmanager
    def send(self, request: httpx.Request, *, read: float | None = None) -> Generator[httpx.Response]:
        """Send ``request`` and give the answer, its body unread. ``read`` replaces the seconds between two reads.

        Raises httpcore's errors; ``client/faults.py`` reads them.
        """
        url = request.url
        timeout = self._timeout.as_dict() | ({} if read is None else {"read": read})
        answer = self._pool(url, safe=request.method in ("GET", "HEAD")).handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions={"timeout": timeout},
            )
        )
        response = httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer), request=request)
        try:
            yield response
        finally:
            response.close()

    def cancel(self) -> None:
        """End the requests under way in other threads."""
        self._guard.cut()

    def close(self) -> None:
        """End the requests under way and close all connections; what comes later cannot connect."""
        with self._lock:
            self._closed = True
            pools = list(self._pools.values())
            self._pools.clear()
        self._guard.cut()
        for pool in pools:
            pool.close()

    def _pool(self, url: httpx.URL, *, safe: bool) -> httpcore.ConnectionPool:
        proxy = _proxy_for(url)
        with self._lock:
            if self._closed:
                raise httpcore.ConnectError("closed")
            pool = self._pools.get((url.scheme, proxy, safe))
            if pool is None:
                pool = self._pools[url.scheme, proxy, safe] = httpcore.ConnectionPool(
                    ssl_context=self._context() if url.scheme == "https" else None,
                    proxy=_proxy(proxy),
                    max_keepalive_connections=4 if safe else 0,
                    keepalive_expiry=_KEEP_ALIVE,
                    network_backend=self._backend,
                )
            return pool

    def _context(self) -> ssl.SSLContext:
        """Return a context on the system's own trust store (certifi knows no company's authority)."""
        import truststore

        if self._tls is None:
            self._tls = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return self._tls


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


def _proxy_for(url: httpx.URL) -> str:
    """Return the system's proxy for an address, an empty text for none. Never one for a loopback address."""
    if is_loopback(str(url)) or proxy_bypass(url.host):
        return ""
    proxies = getproxies()
    return proxies.get(url.scheme) or proxies.get("all") or ""


def _proxy(address: str) -> httpcore.Proxy | None:
    if not address:
        return None
    url = httpx.URL(address if "://" in address else f"http://{address}")
    if url.scheme not in ("http", "https"):
        raise Offline(
            "The proxy of this system speaks a language this app does not (SOCKS).",
            "Set an HTTP proxy, or none, in the system's network settings.",
        )
    auth = (url.username, url.password) if url.username else None
    return httpcore.Proxy(str(url.copy_with(userinfo=b"")), auth=auth)
