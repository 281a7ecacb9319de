"""A bucket of an S3-compatible storage: PUT, DELETE, and links signed for GET."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from musicapi_desktop.domain.place import Place

from .places_answers import code_of, refused
from .places_line import Line, Reply
from .places_signing import EMPTY_SHA256, Credentials, encoded, signed_headers, signed_link
from .places_upload import CHUNK, Upload, UploadCancelled, cannot_read

_DEFAULT_PORTS = {"https": 443, "http": 80}


class Bucket:
    """A bucket. ``clock`` gives Unix seconds: signatures carry the time."""

    def __init__(self, place: Place, secret: str, line: Line, clock: Callable[[], float]) -> None:
        self._place = place
        self._credentials = Credentials(place.user, secret, place.region)
        self._line = line
        self._clock = clock
        self._base = _base(place)

    def put(self, name: str, upload: Upload, content_type: str) -> None:
        """Put a file under ``name``. Raises PlaceError, Offline, DiskError, UploadCancelled."""
        # the sum is signed: the storage takes these very bytes or none
        reply = self._send("PUT", name, {"Content-Type": content_type}, _sha256(upload), upload)
        if reply.status not in (HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT):
            raise refused(reply, self._place, self._clock())

    def delete(self, name: str) -> None:
        """Delete what is under ``name``; nothing there is fine. Raises PlaceError, Offline."""
        reply = self._send("DELETE", name, {}, EMPTY_SHA256)
        gone = reply.status == HTTPStatus.NOT_FOUND and code_of(reply) != "NoSuchBucket"
        if not gone and reply.status not in (HTTPStatus.OK, HTTPStatus.NO_CONTENT, HTTPStatus.ACCEPTED):
            raise refused(reply, self._place, self._clock())

    def link(self, name: str) -> str:
        """Return the address anybody can read ``name`` at: signed for a while, or below the public address."""
        path = encoded(name, slashes=True)
        if self._place.public:
            return f"{self._place.public}/{path}"
        return signed_link(self._credentials, f"{self._base}/{path}", self._place.minutes * 60, self._clock())

    def _send(
        self, method: str, name: str, headers: dict[str, str], sha256: str, upload: Upload | None = None
    ) -> Reply:
        url = f"{self._base}/{encoded(name, slashes=True)}"
        signed = signed_headers(self._credentials, method, url, headers, sha256, self._clock())
        return self._line.send(method, url, signed, upload)


def _base(place: Place) -> str:
    """Return the bucket's own address: the bucket in the host's name, or in the path."""
    parts = urlsplit(place.address)
    port = parts.port if parts.port != _DEFAULT_PORTS.get(parts.scheme) else None
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    host = host if port is None else f"{host}:{port}"
    path = encoded(parts.path.rstrip("/"), slashes=True)
    if place.path_style:
        return f"{parts.scheme}://{host}{path}/{encoded(place.bucket)}"
    return f"{parts.scheme}://{place.bucket}.{host}{path}"


def _sha256(upload: Upload) -> str:
    """Return the sum of a file's bytes. Raises DiskError, UploadCancelled."""
    digest = hashlib.sha256()
    try:
        with upload.file.open("rb") as opened:
            while chunk := opened.read(8 * CHUNK):
                if upload.cancelled():
                    raise UploadCancelled
                digest.update(chunk)
    except OSError as error:
        raise cannot_read(upload.file, error) from error
    return digest.hexdigest()
