"""Requests and failures as JSON text. Keys are part of the library's format: add, never rename."""

from __future__ import annotations

import json

from musicapi_desktop.domain.job import Blame, Failure
from musicapi_desktop.domain.request import Mode, Operation, Request, Source, Voice
from musicapi_desktop.domain.units import Seconds

from .fields import Fields, storable


def plain_request(request: Request) -> dict[str, object]:
    """Return a request as JSON types; what is at its default is left out."""
    plain: dict[str, object] = {
        "operation": str(request.operation),
        "mode": str(request.mode),
        "model": request.model,
        "description": storable(request.description),
        "lyrics": storable(request.lyrics),
        "style": storable(request.style),
        "leave_out": storable(request.leave_out),
        "title": storable(request.title),
        "voice": str(request.voice),
        "songs": request.songs,
        "duration": request.duration,
        "weirdness": request.weirdness,
        "style_weight": request.style_weight,
        "audio_weight": request.audio_weight,
        "start": request.start,
        "end": request.end,
        "section_lyrics": storable(request.section_lyrics),
        "join": request.join or None,
        "persona_id": storable(request.persona_id),
        "variation": storable(request.variation),
        "url": storable(request.url),
        "source": _plain_source(request.source),
        "second": _plain_source(request.second),
        "extra": request.extra,
    }
    return {key: value for key, value in plain.items() if value not in ("", None, {})}


def _plain_source(source: Source | None) -> dict[str, object] | None:
    if source is None:
        return None
    return {
        "song_id": source.song_id,
        "take_id": source.take_id,
        "clip_id": source.clip_id,
        "title": storable(source.title),
    }


def request_of(fields: Fields) -> Request:
    """Return the request that ``plain_request`` wrote, in this or another version of the app. Never raises."""
    return Request(
        operation=fields.word("operation", Operation.CREATE),
        mode=fields.word("mode", Mode.DESCRIBE),
        model=fields.text("model"),
        description=fields.text("description"),
        lyrics=fields.text("lyrics"),
        style=fields.text("style"),
        leave_out=fields.text("leave_out"),
        title=fields.text("title"),
        voice=fields.word("voice", Voice.ANY),
        songs=fields.whole("songs", 1),
        duration=_seconds(fields, "duration"),
        weirdness=fields.number("weirdness"),
        style_weight=fields.number("style_weight"),
        audio_weight=fields.number("audio_weight"),
        source=_source(fields, "source"),
        second=_source(fields, "second"),
        start=_seconds(fields, "start"),
        end=_seconds(fields, "end"),
        section_lyrics=fields.text("section_lyrics"),
        join=fields.flag("join"),
        persona_id=fields.text("persona_id"),
        variation=fields.text("variation"),
        url=fields.text("url"),
        extra=fields.plain("extra"),
    )


def _seconds(fields: Fields, name: str) -> Seconds | None:
    found = fields.number(name)
    return None if found is None else Seconds(found)


def _source(fields: Fields, name: str) -> Source | None:
    source = fields.inner(name)
    if source is None:
        return None
    return Source(source.text("song_id"), source.text("take_id"), source.text("clip_id"), source.text("title"))


def request_text(request: Request) -> str:
    """Return a request as JSON text."""
    return json.dumps(plain_request(request), ensure_ascii=False)


def request_from_text(text: str) -> Request:
    """Return the request of a JSON text; a damaged one gives an empty request."""
    return request_of(Fields(parsed(text)))


def failure_text(failure: Failure | None) -> str | None:
    """Return a failure as JSON text."""
    if failure is None:
        return None
    plain = {
        "message": storable(failure.message),
        "hint": storable(failure.hint),
        "detail": storable(failure.detail),
        "blame": str(failure.blame),
    }
    return json.dumps(plain, ensure_ascii=False)


def failure_from_text(text: str | None) -> Failure | None:
    """Return the failure of a JSON text."""
    if text is None:
        return None
    fields = Fields(parsed(text))
    return Failure(
        fields.text("message"), fields.text("hint"), fields.text("detail"), fields.word("blame", Blame.THEIRS)
    )


def parsed(text: str | bytes) -> object:
    """Return what a JSON text holds, None where it is not JSON."""
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found
