"""The server's OpenAPI document: calls from calls.py, bodies from forms.py, and the shapes of the answers, said here.

It describes the usual dialects; a server that was told to speak others spells its answers otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from musicapi_desktop.offline.engine import ENGINE_VERSION
from musicapi_desktop.wire import routes
from musicapi_desktop.wire.errors import STATUS_OF_TYPE

from .calls import CALLS, Call
from .fields import Body, Form
from .forms import forms
from .manner import Manner

_TEXT: Final[Body] = {"type": "string"}
_TEXT_OR_NULL: Final[Body] = {"type": ["string", "null"]}
_NUMBER: Final[Body] = {"type": "number"}
_NUMBER_OR_NULL: Final[Body] = {"type": ["number", "null"]}
_WHOLE: Final[Body] = {"type": "integer"}
_FLAG: Final[Body] = {"type": "boolean"}
_STATE: Final[Body] = {"enum": ["pending", "running", "succeeded", "failed"]}


def _shape(required: Mapping[str, object], **optional: object) -> Body:
    return {"type": "object", "required": [*required], "properties": {**required, **optional}}


def _list(entry: Body, **more: object) -> Body:
    return {"type": "array", "items": entry, **more}


def _ref(name: str) -> Body:
    return {"$ref": f"#/components/schemas/{name}"}


_PERCENT: Final[Body] = {"type": "integer", "minimum": 0, "maximum": 100}
_SUCCESS: Final[dict[str, Body]] = {"code": {"const": 200}, "message": _TEXT}
_CLIP: Final = _shape(
    {
        "clip_id": _TEXT, "state": _STATE, "title": _TEXT, "tags": _TEXT, "lyrics": _TEXT,
        "image_url": _TEXT_OR_NULL, "audio_url": _TEXT_OR_NULL, "video_url": _TEXT_OR_NULL,
        "created_at": {"type": "string", "format": "date-time"}, "mv": _TEXT, "gpt_description_prompt": _TEXT_OR_NULL,
        "duration": _TEXT_OR_NULL, "negative_tags": _TEXT_OR_NULL, "style_weight": _NUMBER_OR_NULL,
        "weirdness_constraint": _NUMBER_OR_NULL, "progress": {"type": "integer", "minimum": 0, "maximum": 100},
    },
    bpm=_NUMBER_OR_NULL, key=_TEXT, seed=_WHOLE, silent=_FLAG, draft=_FLAG, stream_url=_TEXT, stem_type=_TEXT,
    source_clip_ids=_list(_TEXT), error_message=_TEXT, refund_processed=_FLAG,
)  # fmt: skip
_PAIR: Final = _shape(
    {"full": {"anyOf": [_ref("Clip"), {"type": "null"}]}}, extended=_ref("Clip"), replaced=_ref("Clip")
)
_ENDED: Final[Body] = {"type": _TEXT, "error": _TEXT, "refund_processed": _FLAG}
_DRAFT: Final = _shape({"title": _TEXT, "lyrics": _TEXT})
_NOTE: Final = _shape(
    {
        "start": _NUMBER, "end": _NUMBER, "pitch": {"type": "integer", "minimum": 0, "maximum": 127},
        "velocity": {"type": "number", "minimum": 0, "maximum": 1},
    }
)  # fmt: skip
_REFUSED_ITEM: Final = _shape({"type": {"enum": [*STATUS_OF_TYPE]}, "error": _TEXT, "message": _TEXT})
_ITEM: Final[Body] = {"index": _WHOLE, "status": _TEXT}
_WORD: Final = _shape(
    {"word": _TEXT, "start_s": _NUMBER, "end_s": _NUMBER, "p_align": _NUMBER, "success": _FLAG}
)  # fmt: skip


def _holding(**data: Body) -> Body:
    return _shape({**_SUCCESS, "data": _shape(data)})


SHAPES: Final[Mapping[str, Body]] = {
    "Clip": _CLIP,
    "Pair": _PAIR,
    "Error": _shape(
        {"type": {"enum": [*STATUS_OF_TYPE]}, "error": _TEXT, "message": _TEXT, "code": _WHOLE},
        refund_processed=_FLAG, steps={"type": "object"},
    ),
    "NotReady": _shape({"type": {"const": "not_ready"}, "code": {"const": 202}, "error": _TEXT}),
    "Submitted": _shape({**_SUCCESS, "task_id": _TEXT}),
    "Uploaded": _shape({**_SUCCESS}, clip_id=_TEXT, task_id=_TEXT),
    "Steps": _shape({**_SUCCESS, "task_id": _TEXT, "steps": {"type": "object"}}),
    "Task": _shape(
        {
            **_SUCCESS, "task_id": _TEXT, "progress": _WHOLE,
            "data": {
                "anyOf": [
                    _list({"anyOf": [_ref("Clip"), _ref("Pair")]}),
                    _shape({"persona_id": _TEXT, "name": _TEXT}),
                    {"type": "null"},
                ]
            },
        },
        **_ENDED,
    ),
    "ProducerTask": _shape(
        {**_SUCCESS, "task_id": _TEXT, "data": _list({"type": "object"}), "progress": _WHOLE}, **_ENDED
    ),
    "NuroTask": _shape(
        {
            "task_id": _TEXT, "status": _STATE, "progress": _WHOLE, "audio_url": _TEXT, "lyrics": _TEXT,
            "duration": _NUMBER, "genre": _TEXT, "mood": _TEXT, "gender": _TEXT, "timbre": _TEXT,
        },
        type=_TEXT, message=_TEXT, refund_processed=_FLAG, clip_id=_TEXT,
    ),
    "BatchSubmitted": _shape(
        {
            **_SUCCESS, "batch_id": _TEXT, "submitted": _WHOLE,
            "tasks": _list(_shape(_ITEM, task_id=_TEXT, error=_REFUSED_ITEM), minItems=1, maxItems=10),
        }
    ),
    "Batch": _shape(
        {
            **_SUCCESS, "batch_id": _TEXT, "submitted": _WHOLE, "status": _TEXT,
            "tasks": _list(
                _shape(
                    {**_ITEM, "task_id": _TEXT_OR_NULL},
                    data={"type": ["array", "null"]}, error={"type": ["object", "string", "null"]},
                )
            ),
        }
    ),
    "Wav": _holding(wav_url=_TEXT),
    "Files": _holding(files=_list(_shape({"format": _TEXT, "url": _TEXT}))),
    "Tempo": _holding(avg_bpm=_NUMBER, max_bpm=_NUMBER, min_bpm=_NUMBER),
    "Midi": _holding(midi_url=_TEXT, instruments=_list(_shape({"name": _TEXT, "notes": _list(_NOTE)}))),
    "Alignment": _holding(alignment=_list(_WORD)),
    "Vox": _holding(
        vox_audio_id=_TEXT, status=_TEXT, source_clip_id=_TEXT, vocal_start_s=_NUMBER, vocal_end_s=_NUMBER,
        wave_response={},
    ),
    "Persona": _shape({**_SUCCESS, "persona_id": _TEXT}),
    "Tags": _holding(upsampled_tags=_TEXT),
    "Lyrics": _shape({**_SUCCESS, "results": _list(_DRAFT, minItems=2, maxItems=2)}),
    "Credits": _shape({"credits": _WHOLE, "extra_credits": _WHOLE}),
}  # fmt: skip
"""What answers look like, in the usual dialects."""

_REFUSALS: Final = ("400", "401", "402", "403", "404", "410", "413", "429", "500")


def document(manner: Manner, base: str) -> Body:
    """Return the OpenAPI document of a server that speaks ``manner`` at ``base``."""
    bodies = forms(manner)
    paths: dict[str, Body] = {}
    for call in CALLS:
        paths.setdefault(call.path, {})[call.method.lower()] = _operation(call, bodies.get(call.path))
    return {
        "openapi": "3.1.0",
        "info": {"title": "MusicAPI, the local engine of MusicAPI Desktop", "version": ENGINE_VERSION},
        "servers": [{"url": base}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "schemas": dict(SHAPES),
        },
    }


def _operation(call: Call, form: Form | None) -> Body:
    operation: Body = {
        "operationId": f"{call.method.lower()}_{call.handler.__module__.rpartition('.')[2]}_{call.handler.__name__}",
        "summary": (call.handler.__doc__ or "").strip(),
        "responses": {
            "200": _answer("As asked.", _ref(call.answer)),
            "202": _answer("Not ready yet; ask again.", _ref("NotReady")),
            **{status: _answer("Refused.", _ref("Error")) for status in _REFUSALS},
        },
    }
    parameters = _parameters(call)
    if parameters:
        operation["parameters"] = parameters
    if form is not None and call.method == "POST":
        content: Body = {"application/json": {"schema": form.schema()}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _answer(said: str, schema: Body) -> Body:
    return {"description": said, "content": {"application/json": {"schema": schema}}}


def _parameters(call: Call) -> list[Body]:
    if "{task_id}" in call.path:
        return [{"name": "task_id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}]
    if call.path == routes.BATCH and call.method == "GET":
        return [{"name": key, "in": "query", "required": False, "schema": _TEXT} for key in routes.BATCH_KEYS]
    return []
