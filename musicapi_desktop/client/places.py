"""Places for source files: opened by kind, and their public links looked at as the service will."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

import httpx

from musicapi_desktop.domain.place import Place, PlaceKind

from .places_dav import Folder
from .places_line import Line, Reply
from .places_s3 import Bucket
from .places_upload import Upload

_MOST_REDIRECTS = 5
_FOUND = (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT)


class Storage(Protocol):
    """A place that is open. Raises PlaceError, Offline, DiskError, UploadCancelled."""

    def put(self, name: str, upload: Upload, content_type: str) -> None:
        """Put a file under ``name``."""
        ...

    def delete(self, name: str) -> None:
        """Delete what is under ``name``; nothing there is fine."""
        ...

    def link(self, name: str) -> str:
        """Return the address anybody can read ``name`` at."""
        ...


@dataclass(frozen=True, slots=True)
class Look:
    """What a stranger gets at a public link: the status of HEAD and, where that was refused, of GET.

    ``size`` in bytes, None where nobody says; ``content_type`` in lower case, without parameters.
    """

    head: int
    get: int | None
    size: int | None
    content_type: str

    @property
    def found(self) -> bool:
        """True where the file comes, by whichever way."""
        return self.head in _FOUND or self.get in _FOUND

    @property
    def answers_head(self) -> bool:
        """True where HEAD finds it: the service asks so first (contract §8.1)."""
        return self.head in _FOUND


class PlaceOpener:
    """Opens places and looks at links over one line. ``clock`` gives Unix seconds. Safe from several threads."""

    def __init__(self, clock: Callable[[], float], *, connect: float = 10.0, read: float = 30.0) -> None:
        self._clock = clock
        self._line = Line(connect=connect, read=read)

    def open(self, place: Place, secret: str) -> Storage:
        """Return the place, ready for files; nothing is sent."""
        made = Bucket if place.kind is PlaceKind.S3 else Folder
        return made(place, secret, self._line, self._clock)

    def look(self, link: str) -> Look:
        """Look at a public link with no identity: HEAD, then one byte by GET where HEAD is refused.

        Raises PlaceError, Offline.
        """
        head = self._ask("HEAD", link, {})
        if head.status in _FOUND:
            return _look(head.status, None, head)
        got = self._ask("GET", link, {"Range": "bytes=0-0"})
        return _look(head.status, got.status, got)

    def close(self) -> None:
        """End everything under way; later calls raise Offline."""
        self._line.close()

    def _ask(self, method: str, link: str, headers: dict[str, str]) -> Reply:
        reply = self._line.send(method, link, headers)
        for _hop in range(_MOST_REDIRECTS):
            target = reply.headers.get("location", "")
            if reply.status not in (301, 302, 303, 307, 308) or not target:
                break
            link = _joined(link, target)
            reply = self._line.send(method, link, headers)
        return reply


def _look(head: int, get: int | None, reply: Reply) -> Look:
    told = (
        reply.headers.get("content-range", "").rpartition("/")[2] if reply.status == HTTPStatus.PARTIAL_CONTENT else ""
    )
    length = told or reply.headers.get("content-length", "")
    kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Look(head, get, int(length) if length.isdecimal() else None, kind)


def _joined(base: str, location: str) -> str:
    try:
        return str(httpx.URL(base).join(location))
    except httpx.InvalidURL:
        return base
