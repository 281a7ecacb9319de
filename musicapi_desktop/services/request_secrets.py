"""Secrets that came with a request itself: in memory for this run, and in the body that is sent. Never on the disk."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from musicapi_desktop.domain.errors import InvalidRequest
from musicapi_desktop.domain.request import Request

TAKEN_OUT: Final = "•••"
"""What stands in the place of a secret in a request that is kept."""
_SECRET = re.compile(r"secret|token|password|authorization", re.IGNORECASE)


def _nowhere(_secret: str) -> None:
    return


class RequestSecrets:
    """Any thread. ``hide`` is told every secret, so that no log quotes it."""

    def __init__(self, hide: Callable[[str], None] = _nowhere) -> None:
        self._hide = hide
        self._lock = threading.Lock()
        self._kept: dict[str, dict[str, object]] = {}
        self._sent: set[str] = set()

    def take_out(self, request: Request, press: str) -> Request:
        """Return a request without the secrets in its ``extra``; they are remembered by ``press`` (``Job.batch``)."""
        found = {name: value for name, value in request.extra.items() if _SECRET.search(name) and value != TAKEN_OUT}
        if not found:
            return request
        for value in found.values():
            self._hide(str(value))
        with self._lock:
            self._kept.setdefault(press, {}).update(found)
        return replace(request, extra={**request.extra, **dict.fromkeys(found, TAKEN_OUT)})

    def put_back(self, request: Request, press: str) -> Request:
        """Return a request with its secrets, to be sent and not to be kept.

        Raises InvalidRequest where an earlier run was given them: without them it is another request.
        """
        names = [name for name, value in request.extra.items() if value == TAKEN_OUT]
        with self._lock:
            kept = self._kept.get(press, {})
        lost = next((name for name in names if name not in kept), None)
        if lost is not None:
            raise InvalidRequest({lost: f"The {lost} of this request is kept nowhere. Ask again, with it."})
        return replace(request, extra={**request.extra, **{name: kept[name] for name in names}}) if names else request

    def sent(self, body: Mapping[str, object]) -> None:
        """Remember the secrets of a body: an answer may quote them."""
        with self._lock:
            self._sent |= {str(value) for name, value in body.items() if value and _SECRET.search(name)}

    def redacted(self, text: str) -> str:
        """Return a text of the service without the secrets that were sent to it."""
        with self._lock:
            secrets = sorted(self._sent, key=len, reverse=True)
        for secret in secrets:
            text = text.replace(secret, TAKEN_OUT)
        return text
