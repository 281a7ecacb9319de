"""Requests to a place for source files: a file streamed up, small answers read, nothing followed, nothing logged."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpcore
import httpx

from musicapi_desktop.domain.errors import DiskError, PlaceError
from musicapi_desktop.wire.hosts import host_of

from .faults import LINE_ERRORS, network_error
from .network import USER_AGENT, Connections

CHUNK = 128 * 1024
_MOST_BYTES = 64 * 1024
_PATIENCE = 60.0
_SLOWEST = 16 * 1024
"""Bytes per second an upload must make, on the whole."""

Progress = Callable[[int, int], None]
"""Told the bytes that have gone and the size of the whole."""
Cancelled = Callable[[], bool]


class UploadCancelled(Exception):
    """The file is no longer wanted there."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of ``size`` bytes to be sent as a body."""

    file: Path
    size: int
    progress: Progress
    cancelled: Cancelled

    def chunks(self) -> Iterator[bytes]:
        """Yield the file's bytes. Raises UploadCancelled, DiskError where the file is gone or became another."""
        gone = 0
        try:
            with self.file.open("rb") as file:
                while gone < self.size and (chunk := file.read(min(CHUNK, self.size - gone))):
                    if self.cancelled():
                        raise UploadCancelled
                    yield chunk
                    gone += len(chunk)
                    self.progress(gone, self.size)
        except OSError as error:
            raise cannot_read(self.file, error) from error
        if gone != self.size:
            raise DiskError(f"“{self.file.name}” changed while it was read.", "Try again when it is finished.")


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

        Raises PlaceError for an address that cannot be called, Offline, AnswerLost, DiskError, UploadCancelled.
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
                raise network_error(_wordless(error), host_of(url)) from None

    def close(self) -> None:
        """End everything; later calls raise Offline."""
        self._connections.close()


def cannot_read(file: Path, error: OSError) -> DiskError:
    """Return what it means that a source file does not open."""
    return DiskError(f"“{file.name}” cannot be read.", "Choose the file again.", detail=error.strerror or "")


def _first_bytes(response: httpx.Response) -> bytes:
    whole = bytearray()
    with contextlib.suppress(httpx.StreamError):
        for chunk in response.iter_raw():
            whole += chunk
            if len(whole) >= _MOST_BYTES:
                break
    return bytes(whole[:_MOST_BYTES])


def _wordless(error: Exception) -> Exception:
    """Return the error without its words, unless they are the network's own: others quote what was to be sent."""
    if isinstance(error, httpcore.NetworkError | httpcore.TimeoutException):
        return error
    made = type(error)("")
    made.__cause__ = error.__cause__
    return made
