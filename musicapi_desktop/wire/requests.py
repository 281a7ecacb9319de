"""Bodies of what is sent (contract §3, §5, §6, §9)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence

from musicapi_desktop.domain.errors import InvalidRequest
from musicapi_desktop.domain.request import Mode, ModelLimits, Operation, Request

from .limits import BATCH_ITEMS, DEFAULT_MODEL, limits_of

Body = dict[str, object]


def body_of(request: Request) -> Body:
    """Return the JSON body of one call: a create body, or ``clip_id`` for what works on a take.

    Fields the mode or the model does not have are left out; ``request.extra`` has the last word.
    Raises InvalidRequest where the take is missing.
    """
    if request.operation is not Operation.CREATE:
        return {**clip_body(request.source.clip_id if request.source else ""), **request.extra}
    limits = limits_of(request.model)
    body: Body = {"task_type": str(request.operation), "mv": request.model.strip() or DEFAULT_MODEL}
    body.update(_words(request))
    for key, words in (("title", request.title), ("tags", request.style), ("negative_tags", request.leave_out)):
        if words.strip():
            body[key] = words
    body.update(_choices(request, limits))
    body.update(request.extra)
    return body


def _words(request: Request) -> Body:
    match request.mode:
        case Mode.LYRICS:
            return {"custom_mode": True, "make_instrumental": False, "prompt": request.lyrics}
        case Mode.DESCRIBE:
            return {"custom_mode": False, "make_instrumental": False, "gpt_description_prompt": request.description}
        case Mode.INSTRUMENTAL if request.style.strip():
            return {"custom_mode": True, "make_instrumental": True}
        case Mode.INSTRUMENTAL:
            return {"custom_mode": False, "make_instrumental": True, "gpt_description_prompt": request.description}


def _choices(request: Request, limits: ModelLimits) -> Body:
    body: Body = {}
    if request.voice and limits.voices and not request.instrumental:
        body["vocal_gender"] = str(request.voice)
    if request.weirdness is not None:
        body["weirdness_constraint"] = _weight("weirdness", request.weirdness)
    if request.style_weight is not None:
        body["style_weight"] = _weight("style_weight", request.style_weight)
    if request.duration is not None and limits.duration is not None:
        body["duration"] = round(request.duration)
    return body


def _weight(name: str, value: float) -> float:
    if not (math.isfinite(value) and 0.0 <= value <= 1.0):
        raise InvalidRequest({name: "Between 0 and 100 %."})
    return round(value, 4)


def clip_body(clip_id: str) -> Body:
    """Return the body of the calls that need a clip and nothing else. Raises InvalidRequest for an empty id."""
    if not clip_id.strip():
        raise InvalidRequest({"source": "Choose a take first."})
    return {"clip_id": clip_id}


def batch_body(bodies: Sequence[Mapping[str, object]], webhook_url: str = "") -> Body:
    """Return the body of a batch of 1 to 10 create bodies. Raises InvalidRequest for another number."""
    if not 1 <= len(bodies) <= BATCH_ITEMS:
        raise InvalidRequest({"songs": f"A batch holds 1 to {BATCH_ITEMS} songs."})
    body: Body = {"items": [dict(item) for item in bodies]}
    if webhook_url:
        body["webhook_url"] = webhook_url
    return body


def encode(body: Mapping[str, object]) -> bytes:
    """Return a body as UTF-8 JSON. Half a character (a lone surrogate) becomes a question mark.

    Raises InvalidRequest where a value has no JSON form (a number that is none, for one).
    """
    try:
        return json.dumps(body, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
    except (TypeError, ValueError) as error:
        raise InvalidRequest({"extra": "A field of this request holds a value that cannot be sent."}) from error
