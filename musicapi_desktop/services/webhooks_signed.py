"""Whether a webhook is from whom it says it is: both signature forms of the contract (§15). Pure."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

WINDOW = 300.0
"""Seconds a signed time may differ from this computer's clock."""

_DIGITS = 12
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request as it came: header names in lower case, the raw body."""

    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def event_id(self) -> str:
        """What the sender calls this event, the same for every attempt to deliver it; empty in the older form."""
        return self.headers.get("x-webhook-id") or self.headers.get("idempotency-key", "")


@dataclass(frozen=True, slots=True)
class Event:
    """What a verified webhook says: of which task, and the body of a poll."""

    task_id: str
    platform: str
    kind: str
    body: Mapping[str, object]


def signature(secret: str, body: bytes, timestamp: str | None = None) -> str:
    """Return the signature in hexadecimal: of ``timestamp.body``, or of the body alone (the older form)."""
    message = body if timestamp is None else timestamp.encode() + b"." + body
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def verified(delivery: Delivery, secret: str, now: float) -> bool:
    """Tell whether ``delivery`` was signed with ``secret``, and lately. ``now`` in Unix seconds.

    The older form has no time in it; it counts only where the newer one is not there at all.
    """
    headers = delivery.headers
    if "x-webhook-signature" not in headers:
        old = headers.get("x-signature", "")
        return bool(old) and _equal(old, signature(secret, delivery.body))
    timestamp = headers.get("x-webhook-timestamp", "")
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= _DIGITS):
        return False
    fits = _equal(headers["x-webhook-signature"], signature(secret, delivery.body, timestamp))
    return fits and abs(now - int(timestamp)) <= WINDOW


def event_of(delivery: Delivery) -> Event | None:
    """Return what a delivery says, None where it is no JSON object that names a task."""
    try:
        found: object = json.loads(delivery.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, Mapping):
        return None
    body = cast("Mapping[str, object]", found)
    task_id = _text(body.get("task_id"))
    if not task_id:
        return None
    kind = _text(body.get("event")) or delivery.headers.get("x-webhook-event", "")[:_LONGEST]
    return Event(task_id, _text(body.get("platform")), kind, body)


def _equal(told: str, made: str) -> bool:
    given = told.strip()
    if given[:7].lower() == "sha256=":
        given = given[7:]
    return hmac.compare_digest(given.lower().encode("utf-8", "replace"), made.encode())


def _text(value: object) -> str:
    return value[:_LONGEST] if isinstance(value, str) else ""
