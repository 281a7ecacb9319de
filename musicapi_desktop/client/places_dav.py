"""A folder that takes HTTP PUT: WebDAV, or a plain server that allows it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from http import HTTPStatus

from musicapi_desktop.domain.place import Place

from .places_answers import refused
from .places_line import Line, Reply
from .places_signing import encoded
from .places_upload import Upload

_WRITTEN = (HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT)


class Folder:
    """A folder. Its secret is a password where the place names a user, a bearer token where it does not."""

    def __init__(self, place: Place, secret: str, line: Line, clock: Callable[[], float]) -> None:
        self._place = place
        self._line = line
        self._clock = clock
        self._identity = _identity(place.user, secret)

    def put(self, name: str, upload: Upload, content_type: str) -> None:
        """Put a file under ``name``, making the folders on the way.

        Raises PlaceError, Offline, DiskError, UploadCancelled.
        """
        if "/" in name:
            # before the upload rather than after it failed: the file goes over the line once
            self._make_folders(name)
        reply = self._send("PUT", name, {"Content-Type": content_type}, upload)
        if reply.status not in _WRITTEN:
            raise refused(reply, self._place, self._clock())

    def delete(self, name: str) -> None:
        """Delete what is under ``name``; nothing there is fine. Raises PlaceError, Offline."""
        reply = self._send("DELETE", name)
        if reply.status not in (*_WRITTEN, HTTPStatus.ACCEPTED, HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
            raise refused(reply, self._place, self._clock())

    def link(self, name: str) -> str:
        """Return the address anybody can read ``name`` at."""
        return f"{self._place.public or self._place.address}/{encoded(name, slashes=True)}"

    def _make_folders(self, name: str) -> None:
        """Make the folders above ``name``; a server without MKCOL may have them, or make them by itself."""
        parts = name.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            reply = self._send("MKCOL", "/".join(parts[:depth]) + "/")
            if reply.status == HTTPStatus.UNAUTHORIZED:
                raise refused(reply, self._place, self._clock())

    def _send(
        self, method: str, name: str, headers: dict[str, str] | None = None, upload: Upload | None = None
    ) -> Reply:
        url = f"{self._place.address}/{encoded(name, slashes=True)}"
        return self._line.send(method, url, {**self._identity, **(headers or {})}, upload)


def _identity(user: str, secret: str) -> dict[str, str]:
    if user:
        return {"Authorization": "Basic " + b64encode(f"{user}:{secret}".encode()).decode("ascii")}
    return {"Authorization": f"Bearer {secret}"} if secret else {}
