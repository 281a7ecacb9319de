"""What is known of a host from its address alone. No name is resolved here."""

from __future__ import annotations

import ipaddress
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
