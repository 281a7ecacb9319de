"""The other documented spelling of a body, for a host that refused the first one and named the field (contract §17).

A refusal with 400 is not charged, so the same request may go out again in the host's own spelling.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from musicapi_desktop.domain.errors import Refused, ServiceError, WordsRefused

Body = Mapping[str, object]
_EDITS: Final = frozenset({"extend_music", "cover_music", "extend_upload_music", "cover_upload_music"})


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a body otherwise: ``complaint`` is what a host says of the usual one.

    ``of_clip`` where it depends on the clip that is worked on, and not on the host alone.
    """

    name: str
    complaint: re.Pattern[str]
    respell: Callable[[Body], Body]
    of_clip: bool = False


def _with_cdn(body: Body) -> Body:
    return body if "use_suno_cdn" in body else {**body, "use_suno_cdn": True}


def _with_mode(body: Body) -> Body:
    if "custom_mode" in body or body.get("task_type") not in _EDITS:
        return body
    return {"prompt": "", **body, "custom_mode": True}


def _as_upload(body: Body) -> Body:
    task_type = body.get("task_type")
    return {**body, "task_type": f"{str(task_type).removesuffix('_music')}_upload_music"} if task_type in (
        "extend_music", "cover_music",
    ) else body  # fmt: skip


def _as_plain(body: Body) -> Body:
    task_type = str(body.get("task_type"))
    return {**body, "task_type": task_type.replace("_upload", "")} if "_upload_" in task_type else body


def _whole_start(body: Body) -> Body:
    start = body.get("continue_at")
    return {**body, "continue_at": max(1, round(start))} if isinstance(start, float) else body


def _old_persona(body: Body) -> Body:
    if "clip_id" not in body or "name" not in body or "task_type" in body:
        return body
    told = body.get("describe") or body.get("description") or body["name"]
    return {"name": body["name"], "description": told, "continue_clip_id": body["clip_id"]}


def _short_persona(body: Body) -> Body:
    known = {"clip_id", "name"}
    return {key: body[key] for key in known} if known <= body.keys() and "task_type" not in body else body


def _prompt(body: Body) -> Body:
    return {"prompt": body["description"]} if set(body) == {"description"} else body


def _description(body: Body) -> Body:
    return {"description": body["prompt"]} if set(body) == {"prompt"} else body


def _legacy_range(body: Body) -> Body:
    names = {"starts_at": "starts", "ends_at": "ends"}
    return {names.get(key, key): value for key, value in body.items()}


def _says(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


SPELLINGS: Final = (
    Spelling("use_suno_cdn", _says(r"use_suno_cdn"), _with_cdn),
    Spelling("custom_mode", _says(r"custom_mode"), _with_mode),
    Spelling("own types of uploads", _says(r"upload"), _as_upload, of_clip=True),
    Spelling("one type for all clips", _says(r"task_type"), _as_plain, of_clip=True),
    Spelling("whole seconds", _says(r"continue_at|integer|whole"), _whole_start),
    Spelling("the older persona", _says(r"continue_clip_id|description"), _old_persona),
    Spelling("the shorter persona", _says(r"describe|styles|vox_audio_id|vocal_start|unknown field"), _short_persona),
    Spelling("prompt", _says(r"prompt"), _prompt),
    Spelling("description", _says(r"description"), _description),
    Spelling("legacy range", _says(r"\b(starts|ends)\b"), _legacy_range),
)
"""All of them, in the order they are tried."""


def other_spelling(body: Body, error: ServiceError, tried: Iterable[str]) -> Spelling | None:
    """Return a spelling that answers what ``error`` complains of and changes ``body``; None where there is none."""
    if not isinstance(error, Refused | WordsRefused) or error.status not in (400, 422):
        return None
    before = set(tried)
    return next(
        (
            spelling
            for spelling in SPELLINGS
            if spelling.name not in before
            and spelling.complaint.search(error.detail)
            and spelling.respell(body) != dict(body)
        ),
        None,
    )


def respelled(body: Body, learned: Iterable[Spelling]) -> Body:
    """Return ``body`` in the spellings a host has taught."""
    for spelling in learned:
        body = spelling.respell(body)
    return body
