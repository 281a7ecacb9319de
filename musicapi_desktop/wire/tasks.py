"""Reading the answer to a poll, in every documented variant (contract §4, §10, §11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from .clips import CLIP_KEYS, decode_clip, phase_of_word
from .errors import error_of, error_text, error_type, not_understood, refunded
from .schema import Clip, ClipPhase, TaskPhase, TaskResult
from .values import Json, first_text, items, mapping, number, shown

_FAILURES: Final = frozenset({"failed", "api_error", "timeout", "bad_request", "forbidden"})
"""Types of a body that tell how the task itself ended; other types are about the request that asked."""
_LISTS: Final = ("clips", "songs", "tracks", "data", "results", "output", "items")
_PAIR: Final = ("extended", "replaced")


@dataclass(frozen=True, slots=True)
class _Found:
    clips: tuple[Clip, ...]
    parts: tuple[Clip, ...] = ()
    joining: bool = False


def decode_task(body: object, status: int = 200) -> TaskResult:
    """Return where a task is: ``body`` is the parsed JSON, None for an answer that is no JSON.

    Raises AnswerNotUnderstood for a body outside every variant, and the error of the table for a refused poll.
    """
    source = mapping(body)
    found = _clips_of(items(body), None) if items(body) else _found(source)
    ended = _ended_badly(source, found.clips, status)
    if ended is not None:
        return ended
    if status >= HTTPStatus.BAD_REQUEST:
        raise error_of(status, body)
    if found.clips or found.parts or found.joining:
        return _result(source, found)
    if source or status == HTTPStatus.ACCEPTED:
        return _without_clips(source, status)
    raise not_understood(shown(body), status=status)


def _ended_badly(source: Json, clips: tuple[Clip, ...], status: int) -> TaskResult | None:
    """Read the failure of the task itself; some dialects answer it with an HTTP error (contract §11, §14)."""
    kind = error_type(source)
    about_the_task = (
        (status < HTTPStatus.BAD_REQUEST and kind in _FAILURES)
        or ("refund_processed" in source and status != HTTPStatus.UNAUTHORIZED)
        or (status == HTTPStatus.GATEWAY_TIMEOUT and kind == "timeout")
    )
    if not about_the_task or _word_of(source) in (ClipPhase.SUCCEEDED, ClipPhase.RUNNING, ClipPhase.PENDING):
        return None
    if any(clip.phase is ClipPhase.SUCCEEDED for clip in clips):
        return None
    return TaskResult(
        TaskPhase.FAILED,
        clips,
        error=error_text(source),
        error_type=kind,
        refunded=refunded(source),
        progress=_progress(source),
    )


def _word_of(source: Json) -> ClipPhase | None:
    inner = mapping(source.get("data"))
    return phase_of_word(first_text(source, ("status", "state")) or first_text(inner, ("status", "state")))


def _progress(source: Json) -> float | None:
    for place in (source, mapping(source.get("data"))):
        found = number(place.get("progress"))
        if found is not None:
            return found
    return None


def _found(source: Json) -> _Found:
    """Find the clips: a list under one of the known keys, pairs, one object, or the body itself."""
    word = _word_of(source)
    place = source
    for _level in range(4):
        for key in _LISTS:
            entries = items(place.get(key))
            if any(isinstance(entry, Mapping) for entry in entries):
                return _clips_of(entries, word)
        inner = mapping(place.get("data"))
        if not inner:
            break
        place = inner
    if place.keys() & {*_PAIR, "full"}:
        return _clips_of([place], word)
    if place.keys() & CLIP_KEYS:
        return _Found((_single(place, source, word),))
    return _Found(())


def _single(place: Json, source: Json, word: ClipPhase | None) -> Clip:
    """Read a result that is one object: the flat body of nuro, or an upload, which has an id and no state."""
    named = first_text(place, ("clip_id",)) or first_text(place, ("task_id",)) or first_text(source, ("task_id",))
    alone = ClipPhase.SUCCEEDED if first_text(place, ("clip_id",)) and word is None else word
    return decode_clip({**place, "clip_id": named}, inherited=alone)


def _clips_of(entries: Iterable[object], word: ClipPhase | None) -> _Found:
    clips: list[Clip] = []
    parts: list[Clip] = []
    joining = False
    for entry in entries:
        source = mapping(entry)
        if not source:
            continue
        role = next((key for key in _PAIR if isinstance(source.get(key), Mapping)), "")
        if not role and "full" not in source:
            clips.append(decode_clip(source, inherited=word))
            continue
        full = _half(source, "full", word)
        part = _half(source, role, word)
        parts.extend(half for half in (part,) if half)
        # the joined song is what was asked for; its part stands in only where no join will come any more
        over = word in (ClipPhase.SUCCEEDED, ClipPhase.FAILED) or (part is not None and part.phase is ClipPhase.FAILED)
        deliverable = full or (part if over else None)
        joining = joining or deliverable is None
        clips.extend(half for half in (deliverable,) if half)
    return _Found(tuple(clips), tuple(parts), joining)


def _half(source: Json, role: str, word: ClipPhase | None) -> Clip | None:
    half = mapping(source.get(role))
    return decode_clip(half, inherited=word, role=role) if half else None


def _result(source: Json, found: _Found) -> TaskResult:
    phase = TaskPhase.RUNNING if found.joining else phase_of_clips(found.clips)
    failed = [clip.error for clip in found.clips if clip.phase is ClipPhase.FAILED and clip.error]
    spoken = error_text(source) if phase in (TaskPhase.FAILED, TaskPhase.PARTIAL) else ""
    return TaskResult(
        phase,
        found.clips,
        error=next(iter(failed), "" if spoken.lower() == "success" else spoken),
        error_type=error_type(source),
        refunded=_refund(source, found.clips),
        progress=_progress(source),
        parts=found.parts,
    )


def _refund(source: Json, clips: tuple[Clip, ...]) -> bool | None:
    said = [refunded(source), *(refunded(clip.extra | {"error": clip.error}) for clip in clips)]
    return next((answer for answer in said if answer is not None), None)


def phase_of_clips(clips: Iterable[Clip]) -> TaskPhase:
    """Return a task's phase from its clips (contract §21): any running → running; a mixture at the end → partial."""
    phases = {clip.phase for clip in clips}
    if phases - {ClipPhase.SUCCEEDED, ClipPhase.FAILED} or not phases:
        return TaskPhase.RUNNING
    if len(phases) > 1:
        return TaskPhase.PARTIAL
    return TaskPhase.SUCCEEDED if ClipPhase.SUCCEEDED in phases else TaskPhase.FAILED


def _without_clips(source: Json, status: int) -> TaskResult:
    kind, word = error_type(source), _word_of(source)
    running = TaskResult(TaskPhase.RUNNING, error_type=kind, progress=_progress(source))
    code = number(source.get("code")) or 0
    if kind == "not_ready" or HTTPStatus.ACCEPTED in (code, status):
        return running
    if word is ClipPhase.FAILED:
        return TaskResult(TaskPhase.FAILED, error=error_text(source), error_type=kind, refunded=refunded(source))
    if not kind and code < HTTPStatus.BAD_REQUEST:
        result = {key: value for key, value in mapping(source.get("data")).items() if value is not None}
        if result.keys() - {"status", "state", "error", "detail"} and word in (None, ClipPhase.SUCCEEDED):
            return TaskResult(TaskPhase.SUCCEEDED, data=result)
        empty = "data" in source and source["data"] in (None, [], {})
        if word in (ClipPhase.PENDING, ClipPhase.RUNNING, ClipPhase.STREAMING) or (word is None and empty):
            return running
    raise error_of(status, source, raw=shown(source))
