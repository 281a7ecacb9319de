"""Bodies of what is sent (contract §3, §5–§11), built from the one table of operations."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence

from musicapi_desktop.domain.errors import InvalidRequest
from musicapi_desktop.domain.request import Mode, Operation, Request, Source, System, Voice

from .limits import BATCH_ITEMS, default_model, limits_of
from .operations import SPECS, Field, Spec

Body = dict[str, object]

_NAMES_OF_VOICES = {Voice.FEMALE: "Female", Voice.MALE: "Male"}
_FORMATS = ["mp3", "m4a", "wav"]


def body_of(request: Request) -> Body:
    """Return the JSON body of one call.

    Fields that are empty, or that the operation, mode or model does not have, are left out; ``request.extra`` has the
    last word. Raises InvalidRequest where a take is missing, or a number lies outside its range.
    """
    spec = SPECS[request.operation]
    body: Body = dict(spec.fixed)
    for field in spec.fields:
        for key, value in _written(request, spec, field).items():
            body[key] = value
    if request.operation is Operation.DOWNLOAD:
        body.setdefault("formats", _FORMATS)
    body.update(request.extra)
    return body


def _written(request: Request, spec: Spec, field: Field) -> Body:
    if field.name == "words":
        return _words(request, needed=field.needed)
    if field.name == "second":
        clips = [each.clip_id for each in (request.source, request.second) if each is not None]
        return {field.key: clips}
    write = _WRITERS.get(field.name, _text)
    value = write(request, field)
    if value is None or (field.name == "source" and "second" in spec.names):
        return {}
    return {field.key: value}


def _words(request: Request, *, needed: bool) -> Body:
    """Return the words of a song; where they may be missing, an edit without any says nothing of them."""
    style, described = request.style.strip(), request.description.strip()
    match request.mode:
        case Mode.LYRICS if needed or request.lyrics.strip():
            return {"custom_mode": True, "make_instrumental": False, "prompt": request.lyrics}
        case Mode.DESCRIBE if needed or described:
            return {"custom_mode": False, "make_instrumental": False, "gpt_description_prompt": request.description}
        case Mode.INSTRUMENTAL if style or not (described or needed):
            return {"custom_mode": True, "make_instrumental": True}
        case Mode.INSTRUMENTAL:
            return {"custom_mode": False, "make_instrumental": True, "gpt_description_prompt": request.description}
        case _:
            return {}


def _text(request: Request, field: Field) -> object:
    found: object = getattr(request, field.name, None)
    return found if isinstance(found, str) and found.strip() else None


def _clip(request: Request, field: Field) -> object:
    source: Source | None = request.source
    if source is not None and source.clip_id.strip():
        return source.clip_id
    if field.needed:
        raise InvalidRequest({"source": "Choose a take first."})
    return None


def _model(request: Request, _field: Field) -> object:
    return request.model.strip() or default_model(request.operation.system)


def _weight(request: Request, field: Field) -> object:
    value: float | None = getattr(request, field.name)
    if value is None:
        return None
    if not (math.isfinite(value) and 0.0 <= value <= 1.0):
        raise InvalidRequest({field.name: "Between 0 and 100 %."})
    return round(value, 4)


def _seconds(request: Request, field: Field) -> object:
    value: float | None = getattr(request, field.name)
    if value is None:
        return None
    if not (math.isfinite(value) and value >= 0.0):
        raise InvalidRequest({field.name: "A moment of the take, in seconds."})
    # older hosts know whole seconds alone, so a whole number goes out as one
    return int(value) if value == int(value) else round(value, 3)


def _duration(request: Request, _field: Field) -> object:
    if request.duration is None:
        return None
    if request.operation.system is System.SONIC and limits_of(request.model).duration is None:
        return None
    return round(request.duration)


def _voice(request: Request, field: Field) -> object:
    if not request.voice or request.instrumental or not limits_of(request.model).voices:
        return None
    return _NAMES_OF_VOICES[request.voice] if field.key == "gender" else str(request.voice)


def _variation(request: Request, field: Field) -> object:
    return _text(request, field) if limits_of(request.model).variations else None


def _join(request: Request, _field: Field) -> object:
    return True if request.join else None


def _sound(request: Request, field: Field) -> object:
    """Return the style; a Producer song that is only described is described in its sound."""
    if field.key != "sound" or request.operation is not Operation.PRODUCER_CREATE or request.mode is Mode.LYRICS:
        return _text(request, field)
    said = [words.strip() for words in (request.description, request.style) if words.strip()]
    return ", ".join(said) or None


def _lyrics(request: Request, field: Field) -> object:
    unsung = request.operation is Operation.PRODUCER_CREATE and request.mode is not Mode.LYRICS
    return None if unsung else _text(request, field)


_WRITERS: dict[str, Callable[[Request, Field], object]] = {
    "source": _clip,
    "model": _model,
    "weirdness": _weight,
    "style_weight": _weight,
    "audio_weight": _weight,
    "start": _seconds,
    "end": _seconds,
    "duration": _duration,
    "voice": _voice,
    "variation": _variation,
    "join": _join,
    "style": _sound,
    "lyrics": _lyrics,
}


def batch_body(bodies: Sequence[Mapping[str, object]]) -> Body:
    """Return the body of a batch of 1 to 10 create bodies. Raises InvalidRequest for another number.

    A webhook that all items share is named for the batch as well: documents differ on which of the two is read.
    """
    if not 1 <= len(bodies) <= BATCH_ITEMS:
        raise InvalidRequest({"songs": f"A batch holds 1 to {BATCH_ITEMS} songs."})
    body: Body = {"items": [dict(item) for item in bodies]}
    hooks = {hook for item in bodies if isinstance(hook := item.get("webhook_url"), str)}
    if len(hooks) == 1 and all("webhook_url" in item for item in bodies):
        body["webhook_url"] = hooks.pop()
    return body


def encode(body: Mapping[str, object]) -> bytes:
    """Return a body as UTF-8 JSON. Half a character (a lone surrogate) becomes a question mark.

    Raises InvalidRequest where a value has no JSON form (a number that is none, for one).
    """
    try:
        return json.dumps(body, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
    except (TypeError, ValueError) as error:
        raise InvalidRequest({"extra": "A field of this request holds a value that cannot be sent."}) from error
