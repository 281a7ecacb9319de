"""The routes: a request in, the studio asked, its answer worded."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from musicapi_desktop.wire import routes
from musicapi_desktop.wire.values import Json

from .answers import PLATFORM_404, Words, answer, refused, success
from .checks import Rejected, batch_items, clip_id_of, formats_of, order_of, parse
from .guard import Guard
from .outputs import Outputs
from .records import State
from .studio import Studio

log = logging.getLogger(__name__)

BODY_LIMIT = 1024 * 1024
"""The longest body in bytes: ten songs of 5,000 characters in any script fit several times."""
_DRAIN_LIMIT = 64 * 1024 * 1024
_FILES = "/files/{name}"
_MEDIA_TYPES = {"mp3": "audio/mpeg", "wav": "audio/wav", "mid": "audio/midi"}

Handler = Callable[[Request], Awaitable[Response]]


def application(studio: Studio, token: str, port: int) -> ASGIApp:
    """Return the server's application, guarded."""
    app = Starlette(
        routes=_routes(Desk(studio)),
        exception_handlers={
            Rejected: _rejected,
            HTTPException: _platform,
            ClientDisconnect: _gone,
            Exception: _broken,
        },
    )
    return Guard(app, token, port)


class Desk:
    """One method per route."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._outputs = Outputs(studio)

    async def create(self, request: Request) -> Response:
        """POST /sonic/create."""
        return success(task_id=self._studio.create(order_of(await _body(request))).task_id)

    async def task(self, request: Request) -> Response:
        """GET /sonic/task/{task_id}."""
        task = self._studio.cabinet.tasks.get(request.path_params["task_id"])
        if task is None:
            raise Rejected("Task not found.", "not_found")
        return answer(self._words(request).task(task))

    async def stems_basic(self, request: Request) -> Response:
        """POST /sonic/stems/basic."""
        return success(task_id=self._studio.split(clip_id_of(await _body(request)), full=False).task_id)

    async def stems_full(self, request: Request) -> Response:
        """POST /sonic/stems/full."""
        return success(task_id=self._studio.split(clip_id_of(await _body(request)), full=True).task_id)

    async def wav(self, request: Request) -> Response:
        """POST /sonic/wav."""
        clip = await self._outputs.wav(clip_id_of(await _body(request)))
        return success(data={"wav_url": f"{_base(request)}/files/{clip.clip_id}.wav"})

    async def download(self, request: Request) -> Response:
        """POST /sonic/download."""
        body = await _body(request)
        formats = formats_of(body)
        clip = await self._outputs.download(clip_id_of(body), formats)
        address = f"{_base(request)}/files/{clip.clip_id}"
        return success(data={"files": [{"format": name, "url": f"{address}.{name}"} for name in formats]})

    async def bpm(self, request: Request) -> Response:
        """POST /sonic/bpm."""
        bpm = await self._outputs.bpm(clip_id_of(await _body(request)))
        return success(data={"avg_bpm": bpm, "max_bpm": bpm, "min_bpm": bpm})

    async def midi(self, request: Request) -> Response:
        """POST /sonic/midi."""
        clip, parts = await self._outputs.midi(clip_id_of(await _body(request)))
        return success(data={"midi_url": f"{_base(request)}/files/{clip.clip_id}.mid", "instruments": parts})

    async def aligned_lyrics(self, request: Request) -> Response:
        """POST /sonic/aligned-lyrics."""
        return success(data={"alignment": await self._outputs.alignment(clip_id_of(await _body(request)))})

    async def submit_batch(self, request: Request) -> Response:
        """POST /sonic/batch."""
        batch = self._studio.batch(batch_items(await _body(request)))
        return answer(self._words(request).submitted(batch))

    async def batch(self, request: Request) -> Response:
        """GET /sonic/batch, by either key."""
        batch_id = next((found for key in routes.BATCH_KEYS if (found := request.query_params.get(key))), "")
        if not batch_id:
            raise Rejected("batch_id is required.")
        batch = self._studio.cabinet.batches.get(batch_id)
        if batch is None:
            raise Rejected("Batch not found.", "not_found")
        return answer(self._words(request).batch(batch))

    async def credits(self, _request: Request) -> Response:
        """GET /get-credits."""
        return answer({"credits": self._studio.ledger.balance, "extra_credits": 0})

    async def file(self, request: Request) -> Response:
        """GET and HEAD of a clip's audio, whole or in ranges."""
        clip_id, _, extension = str(request.path_params["name"]).partition(".")
        clip = self._studio.cabinet.clips.get(clip_id)
        if clip is None or clip.state is not State.SUCCEEDED:
            raise HTTPException(404)
        media_type = _MEDIA_TYPES.get(extension)
        path = self._studio.file(clip, extension) if media_type else None
        if path is None or not path.is_file():
            raise HTTPException(404)
        headers = {"Cache-Control": "private, immutable, max-age=31536000", "X-Content-Type-Options": "nosniff"}
        return FileResponse(path, media_type=media_type, headers=headers)

    def _words(self, request: Request) -> Words:
        return Words(self._studio, _base(request))


def _routes(desk: Desk) -> list[Route]:
    table: tuple[tuple[str, str, Handler], ...] = (
        ("POST", routes.CREATE, desk.create),
        ("GET", routes.TASK, desk.task),
        ("POST", routes.STEMS_BASIC, desk.stems_basic),
        ("POST", routes.STEMS_FULL, desk.stems_full),
        ("POST", routes.WAV, desk.wav),
        ("POST", routes.DOWNLOAD, desk.download),
        ("POST", routes.BPM, desk.bpm),
        ("POST", routes.MIDI, desk.midi),
        ("POST", routes.ALIGNED_LYRICS, desk.aligned_lyrics),
        ("POST", routes.BATCH, desk.submit_batch),
        ("GET", routes.BATCH, desk.batch),
        ("GET", routes.CREDITS, desk.credits),
        ("GET", _FILES, desk.file),
    )
    return [
        Route(path, handler, methods=[method])
        for method, canonical, handler in table
        for path in routes.with_suno_alias(canonical)
    ]


async def _body(request: Request) -> Json:
    """Return the JSON object of a request, whatever its Content-Type says. Raises Rejected."""
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
        raise HTTPException(413)
    return parse(bytes(raw))


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


async def _rejected(_request: Request, error: Exception) -> Response:
    return refused(error.kind, error.said) if isinstance(error, Rejected) else refused("server_error", "")


async def _platform(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    if status == 413:
        return refused("validation_error", f"The body is longer than {BODY_LIMIT} bytes.", status=413)
    headers = error.headers if isinstance(error, HTTPException) else None
    return PlainTextResponse(PLATFORM_404 if status == 404 else "Method Not Allowed\n", status, headers)


async def _gone(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("", 400)  # nobody is there to read it


async def _broken(request: Request, error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    full = isinstance(error, OSError)
    return refused("server_error", "The disk is full or cannot be written." if full else "Something broke here.")
