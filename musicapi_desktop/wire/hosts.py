"""What is known of a host from its address alone. No name is resolved here."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

MUSICAPI: Final = "api.musicapi.ai"
AIMUSICAPI: Final = "api.aimusicapi.ai"
SUNOAPI: Final = "api.sunoapi.com"

KNOWN_HOSTS: Final = (MUSICAPI, AIMUSICAPI, SUNOAPI)
"""The three hosts of the service: one shape, own prices (contract §1)."""


def host_of(base_url: str) -> str:
    """Return the host name of an address in lower case, or an empty text where there is none."""
    try:
        return (urlsplit(base_url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_loopback(base_url: str) -> bool:
    """Tell whether an address means this computer: ``localhost`` or a literal loopback address."""
    host = host_of(base_url)
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


CREATE_DEFAULTS: Final[Mapping[str, Mapping[str, object]]] = MappingProxyType(
    # one host answers 400 where this is missing, another where it is no boolean (contract §3.1)
    {AIMUSICAPI: MappingProxyType({"use_suno_cdn": True})}
)
"""Fields a host wants in every create body, under those the request has itself."""


def create_defaults(base_url: str) -> Mapping[str, object]:
    """Return the fields ``base_url``'s host wants in every create body."""
    return CREATE_DEFAULTS.get(host_of(base_url), {})
