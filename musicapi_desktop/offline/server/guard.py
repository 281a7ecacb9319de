"""Who may speak to the server: this computer, under its own name, with the token. Pure ASGI."""

from __future__ import annotations

import logging
import secrets

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from musicapi_desktop.wire.errors import refusal
from musicapi_desktop.wire.routes import API

log = logging.getLogger(__name__)


class Guard:
    """Lets a request through to ``app``, or answers it.

    The Host must be this server's (a page of another name that resolves to this computer is turned away), an Origin,
    where there is one, too; paths of the API need the bearer token. Files need none: clients send the bearer to no
    file address, and the ids in those addresses cannot be guessed.
    """

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app = app
        self._token = token.encode()
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._origins = {f"http://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a mistake of ours becomes a server_error with a line in the log."""
        if scope["type"] != "http":
            return
        turned_away = self._verdict(Headers(scope=scope), str(scope["path"]))
        if turned_away is not None:
            await turned_away(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _verdict(self, headers: Headers, path: str) -> Response | None:
        if headers.get("host", "").lower() not in self._hosts:
            return _refused("forbidden", "This server answers to its own address only.")
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in self._origins:
            return _refused("forbidden", "Pages of other sites may not use this server.")
        if path.startswith(f"{API}/") and not self._knows(headers.get("authorization", "")):
            return _refused("unauthorized", "The Authorization header must hold Bearer and the key of this server.")
        return None

    def _knows(self, authorization: str) -> bool:
        scheme, _, token = authorization.partition(" ")
        given = token.strip().encode("utf-8", "surrogateescape")
        return scheme.lower() == "bearer" and secrets.compare_digest(given, self._token)


def _refused(kind: str, said: str) -> Response:
    status, body = refusal(kind, said)
    return JSONResponse(body, status)
