"""Requests to a place for source files: a file streamed up, small answers read, nothing followed, nothing logged."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

import httpcore
import httpx

from musicapi_desktop.domain.errors import Offline, PlaceError
from musicapi_desktop.wire.hosts import host_of

from .faults import LINE_ERRORS, network_error, untrusted
from .network import USER_AGENT, Connections
from .places_upload import Upload

_MOST_BYTES = 64 * 1024
_PATIENCE = 60.0
_SLOWEST = 16 * 1024
"""Bytes per second an upload must make, on the whole."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: HTTP status, headers, the first bytes of its body."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def date(self) -> float | None:
        """The server's clock in Unix seconds, None where it does not say."""
        try:
            return parsedate_to_datetime(self.headers.get("date", "")).timestamp()
        except (TypeError, ValueError):
            return None


class Line:
    """Sends requests. Safe from several threads; ``close`` ends what is under way."""

    def __init__(self, *, connect: float = 10.0, read: float = 30.0) -> None:
        self._connections = Connections(httpx.Timeout(read, connect=connect))

    def send(self, method: str, url: str, headers: Mapping[str, str], upload: Upload | None = None) -> Reply:
        """Send one request; redirects are answers like any other.

        Raises Offline where no connection opened, PlaceError (``retryable`` where the line broke), DiskError,
        UploadCancelled. Never AnswerLost: of the service nothing was asked.
        """
        # a connection each: some servers still owe bytes of a refused request on theirs
        whole = {"Accept-Encoding": "identity", "Connection": "close", "User-Agent": USER_AGENT, **headers}
        if upload is not None:
            whole["Content-Length"] = str(upload.size)
        try:
            request = httpx.Request(method, url, headers=whole, content=None if upload is None else upload.chunks())
        except (httpx.InvalidURL, UnicodeError) as error:
            raise PlaceError("This address cannot be called.", "Check it in Settings, under Source files.") from error
        seconds = _PATIENCE + (0.0 if upload is None else upload.size / _SLOWEST)
        with self._connections.deadline(seconds):
            try:
                with self._connections.send(request) as response:
                    return Reply(response.status_code, response.headers, _first_bytes(response))
            except LINE_ERRORS as error:
                # the cause may quote a header or a signed address
                raise _failure(error, host_of(url)) from None

    def close(self) -> None:
        """End everything; later calls raise Offline."""
        self._connections.close()


def _first_bytes(response: httpx.Response) -> bytes:
    whole = bytearray()
    with contextlib.suppress(httpx.StreamError):
        for chunk in response.iter_raw():
            whole += chunk
            if len(whole) >= _MOST_BYTES:
                break
    return bytes(whole[:_MOST_BYTES])


def _failure(error: Exception, host: str) -> PlaceError | Offline:
    # other errors than the network's own quote what was to be sent
    words = isinstance(error, httpcore.NetworkError | httpcore.TimeoutException)
    found = network_error(error, host)
    detail = found.detail if words else type(error).__name__
    if untrusted(error):
        return PlaceError(found.message, found.hint, detail=detail)
    if isinstance(found, Offline):
        return Offline(
            f"The place for source files, {host}, cannot be reached.",
            "Check the network, and the address in Settings, Source files.",
            detail=detail,
        )
    lost = PlaceError(f"The connection to {host} was lost.", "It is tried again by itself.", detail=detail)
    lost.retryable = True
    return lost
