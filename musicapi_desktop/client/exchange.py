"""One request and its answer: deadline, size cap, no redirects, the key sent to the profile's host alone."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx

from musicapi_desktop.domain.errors import AnswerLost, InvalidRequest, Refused, ServiceError
from musicapi_desktop.wire.errors import error_of, not_understood
from musicapi_desktop.wire.hosts import host_of, is_loopback

from .faults import LINE_ERRORS, network_error
from .network import USER_AGENT, Connections

log = logging.getLogger(__name__)

MOST_BYTES = 8 * 1024 * 1024
"""More than any JSON answer of the contract has (a transcription of a long song is under 2 MB)."""

_LONGEST_RETRY_AFTER = 3600.0
_GATEWAY = (HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: HTTP status, the parsed JSON (None where it is no JSON), and its text for people."""

    status: int
    body: object
    raw: str


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, between two reads or writes, and for a whole request."""

    connect: float = 10.0
    read: float = 30.0
    total: float = 60.0


class Exchange:
    """Sends requests to one host with one key. Safe from several threads; ``close`` from any of them."""

    def __init__(self, base_url: str, key: str, timeouts: Timeouts) -> None:
        self.base_url = checked_base_url(base_url)
        self.host = host_of(self.base_url)
        self._key = checked_key(key)
        self._timeouts = timeouts
        self._connections = Connections(httpx.Timeout(timeouts.read, connect=timeouts.connect))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url!r})"

    def send(
        self, method: str, path: str, *, content: bytes | None = None, params: Mapping[str, str] | None = None,
        total: float | None = None,
    ) -> Answer:  # fmt: skip
        """Send one request and read the whole answer.

        ``total`` replaces the deadline in seconds. Raises Offline, AnswerLost, Refused (a redirect), TooFast,
        AnswerNotUnderstood (too large, or no JSON where success was answered) and the error of the table for 4xx and
        5xx without JSON; an error with JSON is returned for the caller's decoder.
        """
        seconds = self._timeouts.total if total is None else total
        return self._within(seconds, lambda: self._exchange(method, path, content, params, seconds))

    def cancel(self) -> None:
        """End the requests under way; they raise AnswerLost. The next request works again."""
        self._connections.cancel()

    def close(self) -> None:
        """End the requests under way and close all connections; what comes later raises Offline."""
        self._connections.close()

    def _within(self, seconds: float, work: Callable[[], Answer]) -> Answer:
        with self._connections.deadline(seconds):
            try:
                return work()
            except LINE_ERRORS as error:
                told = network_error(error, self.host)
                told.detail = self._redacted(told.detail)
                # the cause may quote what came over the line, the key included; its words are in the detail
                raise told from None
            except ServiceError as error:
                error.detail = self._redacted(error.detail)
                raise

    def _exchange(
        self, method: str, path: str, content: bytes | None, params: Mapping[str, str] | None, seconds: float
    ) -> Answer:
        read = max(self._timeouts.read, seconds) if seconds > self._timeouts.total else None
        with self._connections.send(self._request(method, path, content, params), read=read) as response:
            if 300 <= response.status_code < 400:
                raise self._redirected(response)
            raw = _read(response)
        text = self._redacted(raw.decode("utf-8", "replace").removeprefix("\ufeff"))
        log.debug("%s %s: %d, %d bytes", method, path, response.status_code, len(raw))
        answer = Answer(response.status_code, _parsed(text), text)
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise error_of(answer.status, answer.body, raw=text, retry_after=_retry_after(response))
        if answer.body is None and answer.status != HTTPStatus.ACCEPTED:
            raise self._unreadable(answer, method)
        return answer

    def _request(
        self, method: str, path: str, content: bytes | None, params: Mapping[str, str] | None
    ) -> httpx.Request:
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": USER_AGENT}
        if content is not None:
            headers["Content-Type"] = "application/json"
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        try:
            return httpx.Request(method, self.base_url + path, content=content, params=params, headers=headers)
        except httpx.InvalidURL as error:
            raise InvalidRequest({"base_url": "This address cannot be called."}) from error

    def _redirected(self, response: httpx.Response) -> Refused:
        target = host_of(response.headers.get("location", "")) or self.host
        return Refused(
            f"{self.host} sends this request on to {target}, and this app does not follow.",
            "Check the address of the profile in Settings. Your key was sent nowhere else.",
            detail=f"HTTP {response.status_code} to {response.headers.get('location', '')[:300]}",
            status=response.status_code,
        )

    def _unreadable(self, answer: Answer, method: str) -> Exception:
        if answer.status < HTTPStatus.BAD_REQUEST:
            return not_understood(answer.raw, status=answer.status)
        if method == "POST" and answer.status in _GATEWAY:
            # a gateway speaks, not the service: whether the service took the request, nobody knows
            return AnswerLost(
                f"{self.host} did not pass the answer on.",
                "Check the balance before you send it again.",
                detail=f"HTTP {answer.status}",
            )
        return error_of(answer.status, None, raw=answer.raw)

    def _redacted(self, text: str) -> str:
        """Take the key out of a text; a service may say it back in its complaint."""
        return text.replace(self._key, "[key]") if len(self._key) >= 8 else text


def checked_base_url(base_url: str) -> str:
    """Return an address without its trailing slash or ``/api/v1``. Raises InvalidRequest("base_url") otherwise.

    https is required, except for loopback addresses.
    """
    text = base_url.strip().rstrip("/").removesuffix("/api/v1")
    try:
        parts = urlsplit(text)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        raise InvalidRequest({"base_url": "This is no address. It looks like https://api.musicapi.ai"}) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_fits or parts.query or parts.fragment:
        raise InvalidRequest({"base_url": "This is no address. It looks like https://api.musicapi.ai"})
    if "@" in parts.netloc or any(c.isspace() or not c.isprintable() for c in text):
        raise InvalidRequest({"base_url": "Leave names, passwords and blanks out of the address."})
    if parts.scheme == "http" and not is_loopback(text):
        raise InvalidRequest({"base_url": "Use https: over http everyone on the way could read your key."})
    return text.rstrip("/")


def checked_key(key: str) -> str:
    """Return a key without blanks around it. Raises InvalidRequest("key"), which never tells the key."""
    text = key.strip()
    if any(not "!" <= character <= "~" for character in text):
        raise InvalidRequest({"key": "A key has letters, digits and signs only. Copy it again, without line breaks."})
    return text


def _read(response: httpx.Response) -> bytes:
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > MOST_BYTES:
        raise not_understood(f"An answer of {announced} bytes.", status=response.status_code)
    whole = bytearray()
    for chunk in response.iter_bytes():
        whole += chunk
        if len(whole) > MOST_BYTES:
            raise not_understood(f"An answer of more than {MOST_BYTES} bytes.", status=response.status_code)
    return bytes(whole)


def _parsed(text: str) -> object:
    """Return the JSON of a text, or None. Nesting too deep for the parser is no answer of the contract either."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _retry_after(response: httpx.Response) -> float | None:
    """Read Retry-After: seconds, or a date (RFC 9110 §10.2.3)."""
    value = response.headers.get("retry-after", "").strip()
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
        except (TypeError, ValueError):
            return None
    return min(_LONGEST_RETRY_AFTER, max(0.0, seconds)) if seconds == seconds else None
