"""One signed event sent to the person's own public address, to see whether it comes back to this computer."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from musicapi_desktop.domain.errors import InvalidRequest
from musicapi_desktop.wire.hosts import host_of

from .faults import LINE_ERRORS, network_error
from .network import USER_AGENT, Connections

_PATIENCE = 15.0


def deliver(url: str, headers: Mapping[str, str], body: bytes) -> int:
    """POST ``body`` to ``url`` as the service would; return the HTTP status. Nothing is followed.

    Raises InvalidRequest (url), Offline, AnswerLost.
    """
    whole = {"Content-Type": "application/json", "User-Agent": USER_AGENT, "Connection": "close", **headers}
    try:
        request = httpx.Request("POST", url, headers=whole, content=body)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise InvalidRequest({"url": "This address cannot be called."}) from error
    connections = Connections(httpx.Timeout(_PATIENCE))
    try:
        with connections.deadline(_PATIENCE), connections.send(request) as response:
            return response.status_code
    except LINE_ERRORS as error:
        raise network_error(error, host_of(url)) from None
    finally:
        connections.close()
