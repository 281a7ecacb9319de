"""The routes: a request in, the studio asked, its answer worded and spelled."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from musicapi_desktop.wire import routes
from musicapi_desktop.wire.errors import refusal
from musicapi_desktop.wire.values import text, whole

from .accent import Kind, Said, spoken
from .answers import Words
from .bodies import parse
from .calls import CALLS, Call
from .deliveries import deliver
from .fields import Reading, Rejected
from .forms import forms
from .guard import Guard
from .lane import Unsuited, WorkFailed
from .openapi import document
from .records import ClipRecord, State
from .studio import Studio
from .visit import Visit

log = logging.getLogger(__name__)

BODY_LIMIT = 1024 * 1024
"""The longest body in bytes: ten songs of 5,000 characters in any script fit several times."""
OPENAPI: Final = "/openapi.json"
PLATFORM_404: Final = "The page could not be found\n\nNOT_FOUND\n"
"""What the service's hosting platform says to an unknown path: no JSON (contract §1)."""
_DRAIN_LIMIT = 64 * 1024 * 1024
_FILES = "/files/{name}"
_PREVIEW: Final = "stream.wav"
_MEDIA_TYPES: Final = {
    "mp3": "audio/mpeg", "wav": "audio/wav", "m4a": "audio/mp4", "mid": "audio/midi", "mp4": "video/mp4",
    _PREVIEW: "audio/wav",
}  # fmt: skip
_PACE: Final = 3.0
"""Seconds between two requests where the pace is limited (contract §1)."""

Endpoint = Callable[[Request], Awaitable[Response]]


def application(studio: Studio, token: str, port: int) -> ASGIApp:
    """Return the server's application, guarded."""
    desk = Desk(studio)
    app = Starlette(
        routes=desk.routes(),
        exception_handlers={
            HTTPException: _platform,
            ClientDisconnect: _gone,
            Exception: desk.broken,
        },
    )
    return Guard(app, token, port)


class Desk:
    """Takes requests in: reads them, has them answered, spells the answers."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._manner = studio.manner
        self._forms = forms(studio.manner)
        self._asked_before: set[tuple[str, str]] = set()
        self._last = -_PACE

    def routes(self) -> list[Route]:
        """Return every route, in each namespace this server answers in."""
        calls: dict[str, dict[str, Call]] = {}
        for call in CALLS:
            for path in routes.with_suno_alias(call.path):
                if not (self._manner.speaks("namespace-suno") and path.startswith(f"{routes.SONIC}/")):
                    calls.setdefault(path, {})[call.method] = call
        # one route per path, so that a wrong method is told all the right ones
        answered = [Route(path, self._endpoint(by_method), methods=[*by_method]) for path, by_method in calls.items()]
        return [*answered, Route(_FILES, self._file, methods=["GET"]), Route(OPENAPI, self._described)]

    def _endpoint(self, by_method: Mapping[str, Call]) -> Endpoint:
        async def answer(request: Request) -> Response:
            call = by_method["GET" if request.method == "HEAD" else request.method]
            try:
                said = await self._said(call, request)
            except Rejected as error:
                said = _refused(error, call.path)
            except Unsuited as error:
                said = _refused(Rejected(str(error)), call.path)
            except WorkFailed as error:
                said = _refused(Rejected(str(error), "api_error"), call.path)
            return self._response(said)

        return answer

    async def _said(self, call: Call, request: Request) -> Said:
        if self._too_fast():
            return _refused(Rejected("Too many requests: at most one every 3 seconds.", "rate_limit"), call.path)
        form = self._forms.get(call.path) if call.method == "POST" else None
        raw = await _body(request) if call.method == "POST" else b""
        said = form.read(parse(raw)) if form else Reading({})
        create = self._forms[routes.CREATE]
        words = Words(self._studio, _base(request))
        return await call.handler(Visit(self._studio, request, words, said, self._asked_before, create))

    def _too_fast(self) -> bool:
        now = time.monotonic()
        if self._manner.speaks("pace-limited") and now - self._last < _PACE:
            return True
        self._last = now
        return False

    def _response(self, said: Said) -> Response:
        told = spoken(said, self._manner)
        return Response(json.dumps(told.body, separators=(",", ":")), told.status, media_type="application/json")

    async def _file(self, request: Request) -> Response:
        """GET and HEAD of a clip's audio, whole or in ranges."""
        clip_id, _, extension = text(request.path_params["name"]).partition(".")
        clip, media_type = self._studio.cabinet.clips.get(clip_id), _MEDIA_TYPES.get(extension)
        path = None
        if clip is not None and extension == _PREVIEW:
            path = self._studio.preview(clip)
        elif clip is not None and media_type and clip.state is State.SUCCEEDED:
            path = self._studio.file(clip, extension)
            if extension == "wav" and self._promised(clip):
                await deliver(clip, extension, self._studio.cabinet, self._studio.workshop)
        if path is None or not await asyncio.to_thread(path.is_file):
            raise HTTPException(404)
        cache = "no-store" if extension == _PREVIEW else "private, immutable, max-age=31536000"
        headers = {"Cache-Control": cache, "X-Content-Type-Options": "nosniff"}
        return FileResponse(path, media_type=media_type, headers=headers)

    def _promised(self, clip: ClipRecord) -> bool:
        # Producer and Nuro name a WAV without being asked for one
        task = self._studio.cabinet.tasks.get(clip.task_id)
        return task is not None and task.system != "sonic"

    async def _described(self, request: Request) -> Response:
        return Response(json.dumps(document(self._manner, _base(request))), media_type="application/json")

    async def broken(self, request: Request, error: Exception) -> Response:
        """Answer a request that a mistake of ours, or the disk, got in the way of."""
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        full = isinstance(error, OSError)
        said = "The disk is full or cannot be written." if full else "Something broke here."
        return self._response(_refused(Rejected(said, "server_error"), request.url.path))


def _refused(error: Rejected, path: str) -> Said:
    more = dict(error.more)
    family = path.removeprefix(f"{routes.API}/").partition("/")[0]
    about = text(more.pop("about", "")) or family
    other = whole(more.pop("status", None))
    usual, body = refusal(error.kind, error.said, **more)
    status = other or usual
    return Said(body, Kind.ERROR, status, about=about)


async def _body(request: Request) -> bytes:
    """Return a request's body, whatever its Content-Type says. Raises Rejected."""
    raw = bytearray()
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        # read on and forget, up to a limit: a client that is cut off while sending never sees the answer
        if size <= BODY_LIMIT:
            raw += chunk
        elif size > _DRAIN_LIMIT:
            break
    if size > BODY_LIMIT:
        raise Rejected(f"The body is longer than {BODY_LIMIT} bytes.", status=413)
    return bytes(raw)


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


async def _platform(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    headers = error.headers if isinstance(error, HTTPException) else None
    return PlainTextResponse(PLATFORM_404 if status == 404 else "Method Not Allowed\n", status, headers)


async def _gone(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("", 400)  # nobody is there to read it
