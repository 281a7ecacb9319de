"""The draft of a request as plain JSON values, for the preferences file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from musicapi_desktop.domain.request import MAX_SONGS, Mode, Operation, Request, Voice
from musicapi_desktop.domain.units import Seconds

TEXTS = ("model", "description", "lyrics", "style", "leave_out", "title", "persona_id")
NUMBERS = ("weirdness", "style_weight")
OPERATIONS = (
    Operation.CREATE,
    Operation.WITH_PERSONA,
    Operation.PRODUCER_CREATE,
    Operation.NURO_VOCAL,
    Operation.NURO_BGM,
)
"""What an empty form may ask for; any other operation needs a take, which the form does not remember."""
EMPTY = Request()


def saved(request: Request) -> dict[str, object]:
    """The parts of ``request`` that a person typed or chose, as JSON values."""
    values: dict[str, object] = {name: getattr(request, name) for name in (*TEXTS, *NUMBERS)}
    return {
        **values,
        "mode": str(request.mode),
        "voice": str(request.voice),
        "songs": request.songs,
        "duration": request.duration,
        "operation": str(request.operation),
        "extra": dict(request.extra),
    }


def restored(values: Mapping[str, object]) -> Request:
    """The draft that was saved; anything that does not fit (an older or damaged file) is at its default."""
    request = EMPTY
    for name in TEXTS:
        text = values.get(name)
        if isinstance(text, str):
            request = replace(request, **{name: text})
    for name in NUMBERS:
        number = _number(values.get(name), 1.0)
        if number is not None:
            request = replace(request, **{name: number})
    duration = _number(values.get("duration"), 3600.0)
    songs = values.get("songs")
    extra = values.get("extra")
    return replace(
        request,
        mode=next((mode for mode in Mode if mode == values.get("mode")), EMPTY.mode),
        voice=next((voice for voice in Voice if voice == values.get("voice")), EMPTY.voice),
        duration=None if duration is None else Seconds(duration),
        operation=next((each for each in OPERATIONS if each == values.get("operation")), EMPTY.operation),
        extra=dict(cast("Mapping[str, object]", extra)) if isinstance(extra, Mapping) else {},
        songs=songs if isinstance(songs, int) and 1 <= songs <= MAX_SONGS else 1,
    )


def _number(value: object, most: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0.0 <= value <= most else None


def cleared(request: Request) -> Request:
    """An empty draft that keeps what is a habit, or the take it works on, rather than this song's words."""
    return replace(
        EMPTY,
        operation=request.operation,
        mode=request.mode,
        model=request.model,
        songs=request.songs,
        source=request.source,
        second=request.second,
        start=request.start,
        end=request.end,
        url=request.url,
        join=request.join,
    )


def is_empty(request: Request) -> bool:
    """True where clearing would change nothing."""
    return request == cleared(request)
