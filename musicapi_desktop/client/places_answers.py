"""What a place's refusal means, as a sentence with a next step. Only the place's own short code is quoted."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Final

from musicapi_desktop.domain.errors import PlaceError
from musicapi_desktop.domain.place import Place
from musicapi_desktop.wire.hosts import host_of

from .places_line import Reply

SETTINGS = "Look at Settings, Source files."

_CODE = re.compile(rb"<Code>([A-Za-z0-9._]{1,60})</Code>")
_REGION = re.compile(rb"<Region>([A-Za-z0-9-]{1,40})</Region>")
_SKEW_TOLD = 120.0
_PASSING = (429, 500, 502, 503, 504)
_FULL = {
    "QuotaExceeded",
    "StorageFull",
    "XMinioStorageFull",
    "XMinioAdminBucketQuotaExceeded",
    "EntityTooLarge",
    "InsufficientStorage",
}
_FULL_WORDS: Final = ("There is no room left at {0}, or the file is larger than it takes.", "Make room there.")
_WRONG_KEY = {"InvalidAccessKeyId", "InvalidClientTokenId", "InvalidAccessKey"}
_WRONG_SECRET = {"SignatureDoesNotMatch", "AuthorizationHeaderMalformed", "InvalidSignature"}
_SKEWED = {"RequestTimeTooSkewed", "RequestExpired"}
_ELSEWHERE = {"PermanentRedirect", "TemporaryRedirect", "IllegalLocationConstraintException"}


def refused(reply: Reply, place: Place, now: float) -> PlaceError:
    """Return what a refusal of ``place`` means; ``now`` is this computer's clock in Unix seconds."""
    code = code_of(reply)
    detail = f"HTTP {reply.status}" + (f", {code}" if code else "")
    found = _by_code(code, reply, place, now) or _by_status(reply, place)
    error = PlaceError(found[0], found[1], detail=detail)
    error.retryable = reply.status in _PASSING
    return error


def code_of(reply: Reply) -> str:
    """Return the code of an S3 error body, empty where there is none."""
    found = _CODE.search(reply.body)
    return found.group(1).decode("ascii") if found else ""


def _by_code(code: str, reply: Reply, place: Place, now: float) -> tuple[str, str] | None:
    if code in _SKEWED:
        return _skewed(reply, now)
    if code in _WRONG_KEY:
        return "The storage does not know this access key.", "Copy the access key id again. " + SETTINGS
    if code in _ELSEWHERE or (code == "AuthorizationHeaderMalformed" and _REGION.search(reply.body)):
        named = _REGION.search(reply.body)
        where = f" It is in {named.group(1).decode('ascii')}." if named else ""
        return (
            f"The bucket “{place.bucket}” is in another region.{where}",
            "Correct the region or the address. " + SETTINGS,
        )
    if code in _WRONG_SECRET:
        return "The secret key does not fit the access key.", "Copy the secret key again. " + SETTINGS
    if code == "NoSuchBucket":
        return f"There is no bucket “{place.bucket}” there.", "Check its name and region, or create it. " + SETTINGS
    if code in _FULL:
        return _FULL_WORDS[0].format(host_of(place.address)), _FULL_WORDS[1]
    return None


_STATUS_WORDS: Final[dict[int, tuple[str, str]]] = {
    HTTPStatus.FORBIDDEN: (
        "This key may not write there.",
        "Allow it to put and delete files in this place, or use another key.",
    ),
    HTTPStatus.NOT_FOUND: ("There is no such folder at {0}.", f"Check the address. {SETTINGS}"),
    HTTPStatus.CONFLICT: ("There is no such folder at {0}.", f"Check the address. {SETTINGS}"),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "{0} does not take files at this address.",
        f"Give the address of a WebDAV folder. {SETTINGS}",
    ),
    HTTPStatus.LOCKED: ("The file is locked there by another program.", "Try again in a moment."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _FULL_WORDS,
    HTTPStatus.INSUFFICIENT_STORAGE: _FULL_WORDS,
}


def _by_status(reply: Reply, place: Place) -> tuple[str, str]:
    host, status = host_of(place.address), reply.status
    if status == HTTPStatus.UNAUTHORIZED:
        return _unauthorised(reply, place)
    if 300 <= status < 400:
        target = host_of(reply.headers.get("location", "")) or host
        return f"{host} sends uploads on to {target}, and this app does not follow.", f"Give that address. {SETTINGS}"
    words = _STATUS_WORDS.get(status)
    if words is not None:
        return words[0].format(host), words[1]
    if status >= 500 or status == HTTPStatus.TOO_MANY_REQUESTS:
        return f"{host} did not manage to take the file.", "It is tried again by itself."
    return f"{host} did not take the file.", SETTINGS


def _unauthorised(reply: Reply, place: Place) -> tuple[str, str]:
    ways = reply.headers.get("www-authenticate", "").lower()
    if "digest" in ways and "basic" not in ways:
        return (
            "This folder wants a way of signing in that the app does not speak (Digest).",
            "Allow Basic over https there.",
        )
    if place.user:
        return "The user name or the password was not accepted.", "Type them again. " + SETTINGS
    return "The token was not accepted.", "Paste it again. " + SETTINGS


def _skewed(reply: Reply, now: float) -> tuple[str, str]:
    date = reply.date
    off = "" if date is None or abs(now - date) < _SKEW_TOLD else f" by {_span(abs(now - date))}"
    return f"This computer's clock and the storage's differ{off}.", "Set the clock of this computer, then try again."


def _span(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes < 120 else f"{round(minutes / 60)} hours"
