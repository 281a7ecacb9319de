"""Reading a batch's answers (contract §9; the element shapes are not documented, so every likely one is read)."""

from __future__ import annotations

from musicapi_desktop.domain.errors import ServiceError

from .clips import phase_of_word
from .errors import error_of, error_text
from .schema import BatchEntry, BatchResult, BatchSubmitted, BatchTask, ClipPhase, TaskPhase, TaskResult
from .tasks import decode_task
from .values import Json, first_text, items, mapping, shown, text, whole

_LISTS = ("tasks", "items", "results", "data")


def decode_batch_submitted(body: object, status: int = 200) -> BatchSubmitted:
    """Return a batch's id and its items. Raises the service's error, or AnswerNotUnderstood without any item."""
    if status >= 400:
        raise error_of(status, body)
    source = mapping(body)
    entries = tuple(_entry(position, value) for position, value in enumerate(_elements(source)))
    if not entries:
        raise error_of(status, body, raw=shown(body))
    return BatchSubmitted(_batch_id(source), entries)


def _entry(position: int, value: object) -> BatchEntry:
    index, source = _index(position, value), mapping(value)
    task_id = text(value).strip() or _task_id(source)
    if task_id:
        return BatchEntry(index, task_id)
    return BatchEntry(index, error=_said(source) or "The service gave no task for this song.")


def decode_batch(body: object, status: int = 200) -> BatchResult:
    """Return the aggregate of a batch. Raises the service's error, or AnswerNotUnderstood without any item."""
    if status >= 400:
        raise error_of(status, body)
    source = mapping(body)
    tasks = tuple(_task(position, value) for position, value in enumerate(_elements(source)))
    if not tasks:
        raise error_of(status, body, raw=shown(body))
    return BatchResult(_batch_id(source), _phase(tasks), tasks)


def _task(position: int, value: object) -> BatchTask:
    index, source = _index(position, value), mapping(value)
    state = first_text(source, ("status", "state"))
    task_id = text(value).strip() or _task_id(source)
    error = _said(source)
    return BatchTask(index, task_id, state, _nested(source, state, error), error)


def _nested(source: Json, state: str, error: str) -> TaskResult | None:
    for key in ("data", "clips", "result"):
        value = source.get(key)
        if mapping(value) or items(value):
            inner = value if key == "result" else {"data": value}
            try:
                return decode_task({**mapping(inner), **({"status": state} if state else {})})
            except ServiceError:
                # one strange item must not hide the others: its task can still be asked for alone
                return None
    match phase_of_word(state):
        case ClipPhase.FAILED:
            return TaskResult(TaskPhase.FAILED, error=error)
        case None if error and not _task_id(source):
            return TaskResult(TaskPhase.FAILED, error=error)
        case _:
            return None


def _phase(tasks: tuple[BatchTask, ...]) -> TaskPhase:
    phases = {_phase_of(task) for task in tasks}
    if TaskPhase.RUNNING in phases:
        return TaskPhase.RUNNING
    return phases.pop() if len(phases) == 1 else TaskPhase.PARTIAL


def _phase_of(task: BatchTask) -> TaskPhase:
    if task.result is not None:
        return task.result.phase
    return TaskPhase.SUCCEEDED if phase_of_word(task.state) is ClipPhase.SUCCEEDED else TaskPhase.RUNNING


def _elements(source: Json) -> list[object]:
    for place in (source, mapping(source.get("data"))):
        for key in _LISTS:
            found = items(place.get(key))
            if found:
                return found
    return []


def _batch_id(source: Json) -> str:
    return first_text(source, ("batch_id",)) or first_text(mapping(source.get("data")), ("batch_id", "id"))


def _task_id(source: Json) -> str:
    return first_text(source, ("task_id", "id")).strip()


def _index(position: int, value: object) -> int:
    index = whole(mapping(value).get("index"))
    return position if index is None or index < 0 else index


def _said(source: Json) -> str:
    said = error_text(source)
    return "" if said.lower() in ("success", "ok") else said
