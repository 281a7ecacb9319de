"""The shapes of what the server says: supersets that every documented reader understands (contract §21).

Everything a dialect may vary is worded here and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from starlette.responses import Response

from musicapi_desktop.wire.errors import STATUS_OF_TYPE, refusal

from .records import BatchRecord, ClipRecord, Entry, State, TaskRecord
from .studio import Studio

PLATFORM_404 = "The page could not be found\n\nNOT_FOUND\n"
"""What the service's hosting platform says to an unknown path: no JSON (contract §1)."""

Body = dict[str, object]


def answer(body: Body, status: int = 200) -> Response:
    """Return a JSON response."""
    return Response(json.dumps(body, separators=(",", ":")), status, media_type="application/json")


def success(**more: object) -> Response:
    """Return a success with what is given beside the usual words."""
    return answer({"code": 200, "message": "success", **more})


def refused(kind: str, said: str, *, status: int | None = None) -> Response:
    """Return a refusal: ``type`` and both text keys. ``status`` where it differs from the word's usual one."""
    usual, body = refusal(kind, said)
    return answer({**body, "code": status or usual}, status or usual)


class Words:
    """Words one answer: ``base`` is the address the client came by, such as ``http://127.0.0.1:4242``."""

    def __init__(self, studio: Studio, base: str) -> None:
        self._studio = studio
        self._base = base

    def clip(self, clip: ClipRecord) -> Body:
        """Return a clip: the service's fifteen keys, and ours for what it has no key for."""
        ready = clip.state is State.SUCCEEDED
        share = self._studio.progress(clip.clip_id)
        body: Body = {
            "clip_id": clip.clip_id,
            "state": "running" if clip.state is State.PENDING and share is not None else str(clip.state),
            "title": clip.title,
            "tags": clip.tags,
            "lyrics": clip.lyrics,
            "image_url": None,
            "audio_url": f"{self._base}/files/{clip.clip_id}.mp3" if ready else None,
            "video_url": None,
            "created_at": _moment(clip.created_at),
            "mv": clip.mv,
            "gpt_description_prompt": clip.description or None,
            "duration": f"{clip.seconds:.2f}" if ready and clip.seconds is not None else None,
            "negative_tags": clip.negative_tags or None,
            "style_weight": clip.style_weight,
            "weirdness_constraint": clip.weirdness,
            "progress": self._percent(clip),
        }
        if ready:
            body.update(bpm=clip.bpm, key=clip.key, seed=clip.seed, silent=clip.silent)
        if clip.stem_type:
            body["stem_type"] = clip.stem_type
        if clip.state is State.FAILED:
            body.update(error_message=clip.error, refund_processed=self._refunded(clip))
        return body

    def task(self, task: TaskRecord) -> Body:
        """Return the answer to a poll: the list of clips, with the failure told on top where every clip failed."""
        clips = self._studio.cabinet.clips_of(task)
        body: Body = {"code": 200, "message": "success", "task_id": task.task_id}
        if _status(clips) == "failed":
            body["type"] = "failed"
            body["error"] = body["message"] = clips[0].error if clips else "The clips of this task are lost."
            body["refund_processed"] = all(self._refunded(clip) for clip in clips)
        body["data"] = [self.clip(clip) for clip in clips]
        body["progress"] = sum(self._percent(clip) for clip in clips) // max(1, len(clips))
        return body

    def submitted(self, batch: BatchRecord) -> Body:
        """Return the answer to a batch: a task or a refusal by index."""
        tasks: list[Body] = [
            {"index": entry.index, "task_id": entry.task_id, "status": "pending"}
            if entry.task_id
            else {"index": entry.index, "status": "failed", "error": _error(entry)}
            for entry in batch.entries
        ]
        return {
            "code": 200,
            "message": "success",
            "batch_id": batch.batch_id,
            "submitted": sum(bool(entry.task_id) for entry in batch.entries),
            "tasks": tasks,
        }

    def batch(self, batch: BatchRecord) -> Body:
        """Return how a batch stands."""
        body = self.submitted(batch)
        tasks = [self._batch_task(entry) for entry in batch.entries]
        states = {str(task["status"]) for task in tasks}
        going = states & {"pending", "running"}
        body["tasks"] = tasks
        body["status"] = "running" if going else "partial" if len(states) > 1 else states.pop()
        return body

    def _batch_task(self, entry: Entry) -> Body:
        body: Body = {"index": entry.index, "task_id": entry.task_id or None, "status": "failed", "data": None}
        task = self._studio.cabinet.tasks.get(entry.task_id)
        if task is None:
            return {**body, "error": _error(entry)}
        clips = self._studio.cabinet.clips_of(task)
        failed = next((clip.error for clip in clips if clip.state is State.FAILED), None)
        return {**body, "status": _status(clips), "data": [self.clip(clip) for clip in clips], "error": failed}

    def _percent(self, clip: ClipRecord) -> int:
        if clip.state is not State.PENDING:
            return 100
        return round(100 * (self._studio.progress(clip.clip_id) or 0.0))

    def _refunded(self, clip: ClipRecord) -> bool:
        task = self._studio.cabinet.tasks.get(clip.task_id)
        share = task.share(clip.position) if task else 0
        return not share or self._studio.ledger.refunded(clip.task_id, clip.clip_id)


def _status(clips: Iterable[ClipRecord]) -> str:
    states = {clip.state for clip in clips}
    if State.PENDING in states:
        return "running"
    if len(states) > 1:
        return "partial"
    return "succeeded" if State.SUCCEEDED in states else "failed"


def _error(entry: Entry) -> Body:
    kind = entry.kind if entry.kind in STATUS_OF_TYPE else "not_found"
    said = entry.error or "The task of this item is lost."
    return {"type": kind, "error": said, "message": said}


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
