"""The draft of a request as plain JSON values, for the preferences file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from musicapi_desktop.domain.request import MAX_SONGS, Mode, Request, Voice
from musicapi_desktop.domain.units import Seconds

TEXTS = ("model", "description", "lyrics", "style", "leave_out", "title")
NUMBERS = ("weirdness", "style_weight")
EMPTY = Request()


def saved(request: Request) -> dict[str, object]:
    """The parts of ``request`` that a person typed or chose, as JSON values."""
    values: dict[str, object] = {name: getattr(request, name) for name in (*TEXTS, *NUMBERS)}
    return {**values, "mode": str(request.mode), "voice": str(request.voice), "songs": request.songs,
            "duration": request.duration}  # fmt: skip


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
    return replace(
        request,
        mode=next((mode for mode in Mode if mode == values.get("mode")), EMPTY.mode),
        voice=next((voice for voice in Voice if voice == values.get("voice")), EMPTY.voice),
        duration=None if duration is None else Seconds(duration),
        songs=songs if isinstance(songs, int) and 1 <= songs <= MAX_SONGS else 1,
    )


def _number(value: object, most: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0.0 <= value <= most else None


def cleared(request: Request) -> Request:
    """An empty draft that keeps what is a habit rather than this song's: mode, model and number of songs."""
    return replace(EMPTY, mode=request.mode, model=request.model, songs=request.songs)


def is_empty(request: Request) -> bool:
    """True where clearing would change nothing."""
    return request == cleared(request)
