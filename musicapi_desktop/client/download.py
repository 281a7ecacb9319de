"""Fetching files: Range and ETag, redirects followed with care, and never a key."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus

import httpx

from musicapi_desktop.domain.errors import DownloadError, NetworkError, Offline
from musicapi_desktop.wire.hosts import host_of, is_loopback

from .faults import LINE_ERRORS, network_error
from .network import USER_AGENT, Connections

MOST_REDIRECTS = 5
CHUNK = 64 * 1024
_CONTENT_RANGE = re.compile(r"bytes (?:(\d{1,18})-\d{1,18}|\*)/(\d{1,18}|\*)")
_GONE = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


@dataclass(frozen=True, slots=True)
class Download:
    """An open answer; nothing of its body has been read yet.

    ``start`` is the first byte that comes: 0 where the server ignored the range or the file changed. ``total`` is
    the whole file's size in bytes, None where the server does not say; ``etag`` is a strong one or empty.
    """

    status: int
    start: int
    total: int | None
    etag: str
    content_type: str
    url: str
    _response: httpx.Response = field(repr=False)

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes from ``start`` on. Raises DownloadError where the line breaks or the file is cut short."""
        if self.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return
        try:
            yield from self._response.iter_raw(CHUNK)
        except LINE_ERRORS as error:
            raise _broken(error, host_of(self.url)) from error


class Downloader:
    """Opens downloads. Safe from several threads; ``cancel`` and ``close`` end what others are waiting for.

    ``total`` is the most seconds one file may take, headers included; ``read`` the most between two reads.
    """

    def __init__(self, *, connect: float = 10.0, read: float = 30.0, total: float = 1800.0) -> None:
        self._connections = Connections(httpx.Timeout(read, connect=connect))
        self._total = total

    @contextlib.contextmanager
    def open(self, url: str, *, offset: int = 0, etag: str = "") -> Generator[Download]:
        """Open ``url`` from byte ``offset`` on; with ``etag`` only where the file is still the same, else from 0.

        Raises Offline where no connection opened, else DownloadError (``retryable`` False where the file is gone).
        """
        with self._connections.deadline(self._total), self._follow(url, offset, etag) as (response, final):
            yield _checked(response, final, offset)

    def cancel(self) -> None:
        """End the downloads under way; they raise DownloadError."""
        self._connections.cancel()

    def close(self) -> None:
        """End everything; later calls raise Offline."""
        self._connections.close()

    @contextlib.contextmanager
    def _follow(self, url: str, offset: int, etag: str) -> Generator[tuple[httpx.Response, str]]:
        headers = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": USER_AGENT}
        if offset > 0:
            headers["Range"] = f"bytes={offset}-"
            if etag:
                headers["If-Range"] = etag
        target = _checked_url(url, "")
        for _hop in range(MOST_REDIRECTS + 1):
            with self._send(target, headers) as response:
                if not response.has_redirect_location:
                    yield response, target
                    return
                target = _checked_url(_joined(target, response.headers["location"]), target)
        raise _final("The file's address leads in a circle.", f"more than {MOST_REDIRECTS} redirects")

    @contextlib.contextmanager
    def _send(self, url: str, headers: dict[str, str]) -> Generator[httpx.Response]:
        with contextlib.ExitStack() as stack:
            try:
                response = stack.enter_context(self._connections.send(httpx.Request("GET", url, headers=headers)))
            except LINE_ERRORS as error:
                raise _broken(error, host_of(url)) from error
            yield response


def _checked(response: httpx.Response, url: str, offset: int) -> Download:
    headers = response.headers
    spoken = _CONTENT_RANGE.fullmatch(headers.get("content-range", "").strip())
    first, whole = spoken.groups() if spoken else (None, None)
    total = int(whole) if whole and whole.isdecimal() else None
    length = headers.get("content-length", "")
    match response.status_code:
        case HTTPStatus.OK:
            start, total = 0, int(length) if length.isdecimal() else None
        case HTTPStatus.PARTIAL_CONTENT if first is not None and int(first) <= offset:
            start = int(first)
        case HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE if offset > 0 and total == offset:
            start = offset  # the part file is the whole file already
        case _:
            raise _refused(response, url)
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("", "identity"):
        raise _final("The server sends this file packed in a way that was not asked for.", coding)
    etag = headers.get("etag", "")
    strong = etag if etag.startswith('"') else ""
    return Download(response.status_code, start, total, strong, headers.get("content-type", ""), url, response)


def _refused(response: httpx.Response, url: str) -> DownloadError:
    status, host = response.status_code, host_of(url)
    detail = f"HTTP {status} from {host}"
    if status in _GONE:
        return _final("This file is no longer where it was.", detail)
    error = DownloadError(f"{host} did not give the file.", "It is tried again by itself.", detail=detail)
    error.retryable = status >= 500 or status in (408, 416, 425, 429, 206)
    return error


def _broken(error: Exception, host: str) -> NetworkError | DownloadError:
    found = network_error(error, host)
    if isinstance(found, Offline):
        return found
    return DownloadError(
        f"The connection to {host} was lost in the middle of a file.",
        "The part that came is kept; it goes on from there.",
        detail=found.detail,
    )


def _final(message: str, detail: str) -> DownloadError:
    error = DownloadError(message, "Ask for the song again, or make it again.", detail=detail)
    error.retryable = False
    return error


def _joined(base: str, location: str) -> str:
    try:
        return str(httpx.URL(base).join(location))
    except httpx.InvalidURL as error:
        raise _final("The file's address is broken.", location[:300]) from error


def _checked_url(url: str, came_from: str) -> str:
    """Return ``url`` where it may be fetched: http or https, and never a step down to less safety.

    A server elsewhere may neither send us from https to plain http nor to a server on this very computer.
    """
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise _final("The file's address is broken.", url[:300]) from error
    if parsed.scheme not in ("http", "https") or not parsed.host or "%" in parsed.host or parsed.userinfo:
        raise _final("The file's address is broken.", url[:300])
    if came_from and not is_loopback(came_from):
        if is_loopback(url):
            raise _final("The file's address leads to this computer itself, which is refused.", url[:300])
        if came_from.startswith("https:") and parsed.scheme == "http":
            raise _final("The file's address leads from a secure place to an open one, which is refused.", url[:300])
    return url
