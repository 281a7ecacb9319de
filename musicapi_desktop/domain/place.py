"""A place for source files: the service takes audio by public address only, so a file of this computer needs one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname


class PlaceKind(StrEnum):
    """How files are put there."""

    S3 = "s3"
    """A bucket of an S3-compatible storage; links are signed and short-lived, or of a public address."""
    WEBDAV = "webdav"
    """A folder that takes HTTP PUT, with a public address of its own."""


SHORTEST_LINK = 5
LONGEST_LINK = 7 * 24 * 60
"""Minutes a signed link may live (seven days is the most SigV4 knows)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where source files are put. The secret is not here: it lives in the keyring.

    ``address`` is the storage's endpoint, or the folder; ``user`` the access key id, or the user's name (empty: the
    secret is a bearer token). ``public`` is the address the same files are read at by anybody; without it an S3 place
    gives signed links of ``minutes``, and a folder is read at ``address`` itself.
    """

    kind: PlaceKind
    address: str
    user: str = ""
    bucket: str = ""
    region: str = ""
    prefix: str = ""
    path_style: bool = False
    public: str = ""
    minutes: int = 60


_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,62}")
_ACCESS_KEY = re.compile(r"[!-~]{1,128}")
_REGION = re.compile(r"[A-Za-z0-9-]{1,40}")


def tidy(place: Place) -> Place:
    """Return the place without blanks and slashes around its parts, and with the usual region where none is named."""
    s3 = place.kind is PlaceKind.S3
    return Place(
        place.kind,
        _with_scheme(place.address),
        place.user.strip(),
        place.bucket.strip() if s3 else "",
        (place.region.strip() or _usual_region(place.address)) if s3 else "",
        "/".join(part.strip() for part in place.prefix.split("/") if part.strip()),
        place.path_style if s3 else False,
        _with_scheme(place.public),
        min(LONGEST_LINK, max(SHORTEST_LINK, place.minutes)),
    )


def problems_of(place: Place) -> dict[str, str]:
    """Return a sentence per field of a tidy place that cannot be right; empty where all may be."""
    found: dict[str, str] = {}
    if not _is_address(place.address):
        found["address"] = "Give the whole address, beginning with https://"
    elif place.address.startswith("http:") and not _loopback(place.address):
        found["address"] = "Use https: over http everyone on the way could read the secret."
    if place.public and not _is_address(place.public):
        found["public"] = "Give the whole address, beginning with https://"
    if any(part in (".", "..") for part in place.prefix.split("/")) or not place.prefix.isprintable():
        found["prefix"] = "Name a plain folder."
    if place.kind is PlaceKind.S3:
        found |= _problems_of_bucket(place)
    elif ":" in place.user or not place.user.isprintable():
        found["user"] = "A user's name has no colon."
    return found


def _problems_of_bucket(place: Place) -> dict[str, str]:
    found: dict[str, str] = {}
    if not _BUCKET.fullmatch(place.bucket):
        found["bucket"] = "Name the bucket as the storage does: letters, digits, dots and dashes."
    if not _REGION.fullmatch(place.region):
        found["region"] = "Name the region as the storage does, such as eu-central-1."
    if not _ACCESS_KEY.fullmatch(place.user):
        found["user"] = "Give the access key id."
    return found


def file_url(path: Path) -> str:
    """Return the ``file:`` address a request keeps for a file of this computer."""
    return path.absolute().as_uri()


def local_file(url: str) -> Path | None:
    """Return the file of this computer that ``url`` means, or None where it is an address of the network."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return None
    found = Path(url2pathname(parts.path))
    return found if unquote(parts.path) else None


def _usual_region(address: str) -> str:
    """Return the region an address names, or the one that storages without regions take."""
    named = re.search(r"\bs3[.-]([a-z]{2}(?:-[a-z]+)+-\d+)\.", address)
    return named.group(1) if named else "us-east-1"


def _with_scheme(address: str) -> str:
    text = address.strip().rstrip("/")
    return f"https://{text}" if text and "://" not in text else text


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        whole = bool(parts.hostname) and (parts.port is None or 0 < parts.port < 65536)
    except ValueError:
        return False
    plain = address.isascii() and address.isprintable() and " " not in address
    return (
        whole
        and plain
        and parts.scheme in ("http", "https")
        and not (parts.query or parts.fragment or "@" in parts.netloc)
    )


def _loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return host in ("localhost", "::1") or re.fullmatch(r"127(\.\d{1,3}){3}", host) is not None
