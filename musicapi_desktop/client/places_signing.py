"""AWS Signature Version 4 for S3-compatible storages: of headers, and of links that end by themselves.

Source of the arithmetic: AWS, "Authenticating Requests: Using the Authorization Header" and "… Using Query Parameters"
(Amazon S3 API reference). Only what the app needs: no session tokens, no chunked signatures.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()

_ALGORITHM = "AWS4-HMAC-SHA256"
_UNRESERVED = "-_.~"


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key of one region's storage."""

    access: str
    secret: str = field(repr=False)
    region: str


def encoded(text: str, *, slashes: bool = False) -> str:
    """Percent-encode as the signature wants it: all but letters, digits and ``-_.~``; slashes kept in paths."""
    return quote(text, safe=_UNRESERVED + ("/" if slashes else ""))


def signed_headers(
    credentials: Credentials, method: str, url: str, headers: Mapping[str, str], sha256: str, at: float
) -> dict[str, str]:
    """Return ``headers`` with the date and the signature of a request.

    ``url`` is percent-encoded as ``encoded`` does; ``sha256`` the body's, in hexadecimal; ``at`` Unix seconds.
    """
    stamp = _stamp(at)
    whole = {**headers, "Host": urlsplit(url).netloc, "X-Amz-Date": stamp, "X-Amz-Content-Sha256": sha256}
    scope = _scope(credentials, stamp)
    named = _names(whole)
    signature = _signature(credentials, stamp, _canonical(method, url, whole, sha256))
    whole["Authorization"] = (
        f"{_ALGORITHM} Credential={credentials.access}/{scope},SignedHeaders={named},Signature={signature}"
    )
    return whole


def signed_link(credentials: Credentials, url: str, seconds: int, at: float) -> str:
    """Return ``url`` with a signature that lets anybody GET it for ``seconds`` from ``at`` (Unix seconds) on."""
    stamp = _stamp(at)
    query = {
        "X-Amz-Algorithm": _ALGORITHM,
        "X-Amz-Credential": f"{credentials.access}/{_scope(credentials, stamp)}",
        "X-Amz-Date": stamp,
        "X-Amz-Expires": str(seconds),
        "X-Amz-SignedHeaders": "host",
    }
    told = "&".join(f"{encoded(name)}={encoded(value)}" for name, value in sorted(query.items()))
    link = f"{url}?{told}"
    host = {"Host": urlsplit(url).netloc}
    signature = _signature(credentials, stamp, _canonical("GET", link, host, "UNSIGNED-PAYLOAD"))
    return f"{link}&X-Amz-Signature={signature}"


def _stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y%m%dT%H%M%SZ")


def _scope(credentials: Credentials, stamp: str) -> str:
    return f"{stamp[:8]}/{credentials.region}/s3/aws4_request"


def _names(headers: Mapping[str, str]) -> str:
    return ";".join(sorted(name.lower() for name in headers))


def _canonical(method: str, url: str, headers: Mapping[str, str], sha256: str) -> str:
    parts = urlsplit(url)
    lines = sorted(f"{name.lower()}:{' '.join(value.split())}" for name, value in headers.items())
    return "\n".join((method, parts.path or "/", parts.query, *lines, "", _names(headers), sha256))


def _signature(credentials: Credentials, stamp: str, canonical: str) -> str:
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join((_ALGORITHM, stamp, _scope(credentials, stamp), digest))
    key = f"AWS4{credentials.secret}".encode()
    for step in (stamp[:8], credentials.region, "s3", "aws4_request"):
        key = hmac.new(key, step.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
