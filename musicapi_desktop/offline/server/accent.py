"""The one place where an answer is put into another spelling (wire/dialects.py): in goes the usual one, out another.

Every function takes a body it may change and returns it; which of them apply is read from tables.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final, cast

from musicapi_desktop.wire.errors import STATUS_OF_TYPE
from musicapi_desktop.wire.limits import ALIASES

from .fields import Body
from .manner import Manner

_CHIRP: Final = {sonic: chirp for chirp, sonic in ALIASES.items()}
_UNDER_WAY: Final = ("pending", "running")
_UPPER: Final = {"succeeded": "SUCCESS"}
NOT_READY: Final[Body] = {"code": 202, "type": "not_ready", "error": "Still processing."}


class Kind(Enum):
    """What an answer is about; each is spelled in its own ways."""

    OTHER = auto()
    ERROR = auto()
    SUBMIT = auto()
    STEPS = auto()
    TASK = auto()
    PRODUCER = auto()
    NURO = auto()
    BATCH_SUBMIT = auto()
    BATCH = auto()
    UPLOAD = auto()
    LYRICS = auto()


@dataclass(frozen=True, slots=True)
class Said:
    """An answer in the usual spelling. ``state`` is where a task stands, ``about`` what an error is about."""

    body: object
    kind: Kind = Kind.OTHER
    status: int = 200
    state: str = ""
    about: str = ""


def spoken(said: Said, manner: Manner) -> Said:
    """Return an answer as this server speaks."""
    body = copy.deepcopy(said.body)
    if not isinstance(body, dict):
        return said
    mine = replace(said, body=cast("object", body))
    told = _KINDS[said.kind](mine, cast("Body", body), manner)
    if isinstance(told.body, dict):
        _code(cast("Body", told.body), manner)
    return told


def _same(said: Said, _body: Body, _manner: Manner) -> Said:
    return said


def _error(said: Said, body: Body, manner: Manner) -> Said:
    kind, status = body.get("type"), said.status
    if kind == "insufficient_credits":
        producer = said.about == "producer" and manner.speaks("producer-lyria")
        if not (producer or manner.speaks("credits-402")):
            kind, status = "forbidden", STATUS_OF_TYPE["forbidden"]
    if said.about == "task" and kind == "not_found" and manner.speaks("unknown-400"):
        kind, status = "validation_error", STATUS_OF_TYPE["validation_error"]
    body["type"], body["code"] = kind, status
    _text_key(body, manner)
    return replace(said, status=status)


def _text_key(body: Body, manner: Manner) -> None:
    words = body.get("error")
    if manner.speaks("error-error"):
        body.pop("message", None)
    elif manner.speaks("error-message"):
        body.pop("error", None)
    elif manner.speaks("error-detail"):
        body.pop("message", None)
        body["detail"] = body.pop("error", None)
    elif manner.speaks("error-nested"):
        body.pop("message", None)
        body["error"] = {"type": body.get("type"), "message": words}


def _submit(said: Said, body: Body, manner: Manner) -> Said:
    if manner.speaks("submit-bare"):
        body.pop("code", None)
    elif manner.speaks("submit-data"):
        body.pop("code", None)
        body["data"] = {"task_id": body.pop("task_id", None)}
    return said


def _steps(said: Said, body: Body, manner: Manner) -> Said:
    if manner.speaks("steps-data"):
        body["data"] = {"task_id": body.pop("task_id", None)}
    return said


def _upload(said: Said, body: Body, manner: Manner) -> Said:
    if manner.speaks("upload-data") and "clip_id" in body:
        body["data"] = {"clip_id": body.pop("clip_id")}
    return said


def _lyrics(said: Said, body: Body, manner: Manner) -> Said:
    if manner.speaks("lyrics-prompt"):
        body["data"] = body.pop("results", None)
    return said


def _task(said: Said, body: Body, manner: Manner) -> Said:
    if said.state in _UNDER_WAY and not manner.speaks("poll-list"):
        return replace(said, body=dict(NOT_READY), status=202 if manner.speaks("poll-202") else 200)
    _clips(body, manner)
    if said.state == "failed":
        _text_key(body, manner)
    return replace(said, body=_placed(body, said.state, manner))


def _placed(body: Body, state: str, manner: Manner) -> object:
    """Put the state and the list of clips where this dialect has them."""
    clips = body.get("data")
    if not isinstance(clips, list):
        return body
    listed = cast("list[object]", clips)
    if manner.speaks("data-bare"):
        return listed
    word = _word(state if state != "partial" else "succeeded", manner)
    if not manner.speaks("state-in-clip"):
        # a list that tells no clip's state holds no clip that failed beside one that did not
        body["data"] = listed = [clip for clip in listed if state != "partial" or not _failed(clip)]
        for clip in _each_clip(body):
            clip.pop("state", None)
    if manner.speaks("state-on-top"):
        body["status"] = word
    if manner.speaks("state-in-data"):
        body["data"] = {"status": word, "clips": listed}
    elif manner.speaks("data-clips"):
        body["data"] = {"clips": listed}
    return body


def _failed(clip: object) -> bool:
    return isinstance(clip, dict) and bool(cast("Body", clip).get("error_message"))


def _producer(said: Said, body: Body, manner: Manner) -> Said:
    under_way = said.state in _UNDER_WAY
    if under_way and manner.speaks("producer-fuzz"):
        return replace(said, body=dict(NOT_READY), status=202)
    for clip in _each_clip(body):
        if manner.speaks("seed-number") and "seed" in clip:
            clip["seed"] = int(cast("str", clip["seed"]))
        elif manner.speaks("seed-ignored") and "seed" in clip:
            clip["seed"] = None
        if manner.speaks("producer-create-only"):
            clip.pop("state", None)
    if manner.speaks("producer-create-only"):
        body["status"] = _UPPER.get(said.state, said.state.upper())
        if said.state == "failed":
            body["code"], body["data"] = 500, []
    return said


def _batch_submit(said: Said, body: Body, manner: Manner) -> Said:
    tasks = cast("list[Body]", body["tasks"])
    if manner.speaks("batch-texts"):
        body["tasks"] = [task.get("task_id") if task.get("task_id") else task for task in tasks]
    _batch_errors(tasks, manner)
    return said


def _batch(said: Said, body: Body, manner: Manner) -> Said:
    tasks = cast("list[Body]", body["tasks"])
    _clips(body, manner)
    for part in (body, *tasks):
        part["status"] = _word(str(part["status"]), manner)
    _batch_errors(tasks, manner)
    return said


def _batch_errors(tasks: list[Body], manner: Manner) -> None:
    for task in tasks:
        refusal = task.get("error")
        if isinstance(refusal, dict):
            inner = cast("Body", refusal)
            _error(Said(inner, Kind.ERROR), inner, manner)
            del inner["code"]


def _clips(body: Body, manner: Manner) -> None:
    data = body.get("data")
    if isinstance(data, list) and manner.speaks("stems-silent-missing"):
        body["data"] = [clip for clip in cast("list[object]", data) if not _silent_stem(clip)]
    for clip in _each_clip(body):
        for change in _CLIP_CHANGES:
            change(clip, manner)


def _silent_stem(clip: object) -> bool:
    return isinstance(clip, dict) and "stem_type" in clip and cast("Body", clip).get("silent") is True


def _each_clip(value: object) -> list[Body]:
    """Return every clip in an answer, however deep."""
    found: list[Body] = []
    if isinstance(value, dict):
        body = cast("Body", value)
        if "clip_id" in body and "state" in body:
            found.append(body)
        found.extend(clip for inner in body.values() for clip in _each_clip(inner))
    elif isinstance(value, list):
        found.extend(clip for inner in cast("list[object]", value) for clip in _each_clip(inner))
    return found


def _state(clip: Body, manner: Manner) -> None:
    if manner.speaks("words-streaming") and clip["state"] in _UNDER_WAY:
        stream = clip.pop("stream_url", None)
        clip["state"] = "streaming" if stream else "processing"
        clip["audio_url"] = stream
    clip["state"] = _word(str(clip["state"]), manner)


def _word(state: str, manner: Manner) -> str:
    return _UPPER.get(state, state.upper()) if manner.speaks("words-upper") else state


def _duration(clip: Body, manner: Manner) -> None:
    given = clip.get("duration")
    if not isinstance(given, str):
        if manner.speaks("duration-zero"):
            clip["duration"] = 0
        return
    seconds = float(given)
    if manner.speaks("duration-whole"):
        clip["duration"] = round(seconds)
    elif manner.speaks("duration-float"):
        clip["duration"] = seconds
    elif manner.speaks("duration-null"):
        clip["duration"] = None
    elif manner.speaks("duration-zero"):
        clip["duration"] = 0


def _empty(clip: Body, manner: Manner) -> None:
    for key in ("video_url", "gpt_description_prompt"):
        if key in clip and clip[key] is None:
            if manner.speaks("empty-text"):
                clip[key] = ""
            elif manner.speaks("empty-absent"):
                del clip[key]


def _extras(clip: Body, manner: Manner) -> None:
    for key in ("negative_tags", "style_weight", "weirdness_constraint"):
        if manner.speaks("extras-null"):
            clip[key] = None
        elif manner.speaks("extras-absent"):
            clip.pop(key, None)


def _model(clip: Body, manner: Manner) -> None:
    model = str(clip.get("mv") or "")
    if manner.speaks("echo-chirp"):
        clip["mv"] = _CHIRP.get(model, model)
    elif manner.speaks("echo-fuzz"):
        clip["mv"] = "FUZZ-2.0"


def _label(clip: Body, manner: Manner) -> None:
    stem = clip.get("stem_type")
    if not isinstance(stem, str):
        return
    title = str(clip["title"]).removesuffix(f" ({stem})")
    if manner.speaks("stem-label-type"):
        clip["title"] = title
    elif manner.speaks("stem-label-dash"):
        clip["title"] = f"{title} - {stem}"
        del clip["stem_type"]


def _code(body: Body, manner: Manner) -> None:
    if body.get("code") == 200:
        if manner.speaks("code-absent"):
            del body["code"]
        elif manner.speaks("code-text"):
            body["code"] = "success"


_CLIP_CHANGES: Final = (_state, _duration, _empty, _extras, _model, _label)
_KINDS: Final[Mapping[Kind, Callable[[Said, Body, Manner], Said]]] = {
    Kind.OTHER: _same,
    Kind.ERROR: _error,
    Kind.SUBMIT: _submit,
    Kind.STEPS: _steps,
    Kind.TASK: _task,
    Kind.PRODUCER: _producer,
    Kind.NURO: _same,
    Kind.BATCH_SUBMIT: _batch_submit,
    Kind.BATCH: _batch,
    Kind.UPLOAD: _upload,
    Kind.LYRICS: _lyrics,
}
