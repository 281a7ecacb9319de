"""The shapes of what the server says: supersets that every documented reader understands (contract §21).

The usual spelling only; what a dialect says otherwise is in accent.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from musicapi_desktop.wire.errors import STATUS_OF_TYPE
from musicapi_desktop.wire.limits import canonical_model
from musicapi_desktop.wire.values import Json, items, mapping, text

from .fields import Body
from .records import BatchRecord, ClipRecord, Entry, State, TaskRecord
from .studio import Studio
from .tasks import COMPLETED, STREAMING, is_open

PENDING, RUNNING, SUCCEEDED, PARTIAL, FAILED = "pending", "running", "succeeded", "partial", "failed"


class Words:
    """Words answers: ``base`` is the address the client came by, such as ``http://127.0.0.1:4242``."""

    def __init__(self, studio: Studio, base: str) -> None:
        self._studio = studio
        self._base = base

    def file(self, clip_id: str, extension: str) -> str:
        """Return the address of a clip's file."""
        return f"{self._base}/files/{clip_id}.{extension}"

    def clip(self, clip: ClipRecord) -> Body:
        """Return a clip: the service's fifteen keys, and ours for what it has no key for."""
        ready = clip.state is State.SUCCEEDED
        body: Body = {
            "clip_id": clip.clip_id,
            "state": self._state(clip),
            "title": _title(clip),
            "tags": clip.tags,
            "lyrics": clip.lyrics,
            "image_url": None,
            "audio_url": self.file(clip.clip_id, "mp3") if ready else None,
            "video_url": None,
            "created_at": _moment(clip.created_at),
            "mv": canonical_model(clip.mv),
            "gpt_description_prompt": clip.description or None,
            "duration": f"{clip.seconds:.2f}" if ready and clip.seconds is not None else None,
            "negative_tags": clip.negative_tags or None,
            "style_weight": clip.style_weight,
            "weirdness_constraint": clip.weirdness,
            "progress": self._percent(clip),
        }
        if ready:
            body.update(bpm=clip.bpm, key=clip.key, seed=clip.seed, silent=clip.silent, draft=clip.draft)
        elif self._studio.preview(clip):
            body["stream_url"] = self.file(clip.clip_id, "stream.wav")
        if clip.sources:
            body["source_clip_ids"] = list(clip.sources)
        if clip.stem_type:
            body["stem_type"] = _stem_name(clip)
        if clip.state is State.FAILED:
            body.update(error_message=clip.error, refund_processed=self._refunded(clip))
        return body

    def task(self, task: TaskRecord) -> Body:
        """Return the answer to a poll of a sonic task, with the failure told on top where everything failed."""
        clips = self._studio.cabinet.clips_of(task)
        body: Body = {"code": 200, "message": "success", "task_id": task.task_id}
        if self.status(task) == FAILED:
            body.update(self._failure(task, clips))
        body["data"] = self._result(task) if task.errand else [self._deliverable(clip) for clip in clips]
        body["progress"] = self._progress(task, clips)
        return body

    def producer(self, task: TaskRecord) -> Body:
        """Return the answer to a poll of a producer task (contract §10)."""
        body = self.task(task)
        if not task.errand:
            clips = self._studio.cabinet.clips_of(task)
            body["data"] = [self._producer_clip(clip, task) for clip in clips]
        return body

    def nuro(self, task: TaskRecord) -> Body:
        """Return the answer to a poll of a nuro task: flat, and empty before the end (contract §11)."""
        clips = self._studio.cabinet.clips_of(task)
        status = self.status(task)
        done = clips[0] if clips and status == SUCCEEDED else None
        said = {name: text(task.echo.get(name)) if done else "" for name in ("genre", "mood", "gender", "timbre")}
        body: Body = {
            "task_id": task.task_id,
            "status": status,
            "progress": self._progress(task, clips),
            "audio_url": self.file(done.clip_id, "wav") if done else "",
            "lyrics": done.lyrics if done else "",
            "duration": round(done.seconds or 0.0, 2) if done else 0,
            **said,
        }
        if done:
            body["clip_id"] = done.clip_id
        if status == FAILED:
            failure = self._failure(task, clips)
            body.update(type="api_error", message=failure["message"], refund_processed=failure["refund_processed"])
        return body

    def submitted(self, batch: BatchRecord) -> Body:
        """Return the answer to a batch: a task or a refusal by index."""
        tasks: list[Body] = [
            {"index": entry.index, "task_id": entry.task_id, "status": PENDING}
            if entry.task_id
            else {"index": entry.index, "status": FAILED, "error": _error(entry)}
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
        going = states & {PENDING, RUNNING}
        body["tasks"] = tasks
        body["status"] = RUNNING if going else PARTIAL if len(states) > 1 else states.pop()
        return body

    def event(self, event: str, task_id: str, *, platform: str) -> Body:
        """Return the body of a webhook (contract §15); empty where the task is gone."""
        task = self._studio.cabinet.tasks.get(task_id)
        if task is None:
            return {}
        top: Body = {"task_id": task_id, "platform": platform, "event": event}
        clips = self._studio.cabinet.clips_of(task)
        if event not in (COMPLETED, STREAMING):
            failure = self._failure(task, clips)
            return {
                "type": FAILED,
                "message": failure["message"],
                "refund_processed": failure["refund_processed"],
                **top,
            }
        if task.system == "nuro":
            extra = {name: text(task.echo.get(name)) for name in ("prompt", "theme", "instrument")}
            return {**self.nuro(task), **extra, **top}
        body = self.producer(task) if task.system == "producer" else self.task(task)
        return {**body, **({"message": "streaming"} if event == STREAMING else {}), **top}

    def status(self, task: TaskRecord) -> str:
        """Return where a task stands: running, succeeded, partial or failed."""
        if task.errand:
            return RUNNING if is_open(task) else FAILED if task.error else SUCCEEDED
        return _status(self._studio.cabinet.clips_of(task))

    def _deliverable(self, clip: ClipRecord) -> Body:
        if not clip.full:
            return self.clip(clip)
        full = self._studio.cabinet.clips.get(clip.full)
        role = "replaced" if clip.operation == "replace-section" else "extended"
        return {role: self.clip(clip), "full": self.clip(full) if full and full.state is State.SUCCEEDED else None}

    def _producer_clip(self, clip: ClipRecord, task: TaskRecord) -> Body:
        said = self.clip(clip)
        ready = clip.state is State.SUCCEEDED
        return {
            **{name: said[name] for name in said if name not in ("gpt_description_prompt", "duration", "seed")},
            "title": clip.title or None,
            "sound": text(task.echo.get("sound")) or clip.tags,
            "wav_url": self.file(clip.clip_id, "wav") if ready else None,
            "mv": clip.mv,
            "seed": str(clip.seed),
            "duration": round(clip.seconds, 2) if ready and clip.seconds is not None else None,
        }

    def _result(self, task: TaskRecord) -> object:
        voice = mapping(task.result.get("voice"))
        if voice or text(task.errand.get("do")) == "voice":
            return dict(voice) or None
        files = [mapping(entry) for entry in items(task.result.get("files"))]
        if files:
            return [self._made_file(file) for file in files]
        return [{**mapping(draft), "state": SUCCEEDED} for draft in items(task.result.get("lyrics"))]

    def _made_file(self, file: Json) -> Body:
        clip_id, form = text(file.get("clip_id")), text(file.get("format"))
        url = self.file(clip_id, form)
        kind = "video_url" if form == "mp4" else f"{form}_url"
        sound = None if form == "mp4" else url
        return {
            "clip_id": clip_id, "state": SUCCEEDED, "format": form, "url": url, "audio_url": sound, kind: url
        }  # fmt: skip

    def _failure(self, task: TaskRecord, clips: list[ClipRecord]) -> Body:
        why = task.error or (clips[0].error if clips else "The clips of this task are lost.")
        refunded = all(self._refunded(clip) for clip in clips) if clips else self._errand_refunded(task)
        return {"type": FAILED, "error": why, "message": why, "refund_processed": refunded}

    def _batch_task(self, entry: Entry) -> Body:
        body: Body = {"index": entry.index, "task_id": entry.task_id or None, "status": FAILED, "data": None}
        task = self._studio.cabinet.tasks.get(entry.task_id)
        if task is None:
            return {**body, "error": _error(entry)}
        clips = self._studio.cabinet.clips_of(task)
        failed = next((clip.error for clip in clips if clip.state is State.FAILED), None)
        return {
            **body,
            "status": _status(clips),
            "data": [self._deliverable(clip) for clip in clips],
            "error": failed,
        }

    def _state(self, clip: ClipRecord) -> str:
        begun = clip.state is State.PENDING and self._studio.progress(clip.clip_id) is not None
        return RUNNING if begun else str(clip.state)

    def _progress(self, task: TaskRecord, clips: list[ClipRecord]) -> int:
        if task.errand:
            return 0 if is_open(task) else 100
        return sum(self._percent(clip) for clip in clips) // max(1, len(clips))

    def _percent(self, clip: ClipRecord) -> int:
        if clip.state is not State.PENDING:
            return 100
        return round(100 * (self._studio.progress(clip.clip_id) or 0.0))

    def _refunded(self, clip: ClipRecord) -> bool:
        task = self._studio.cabinet.tasks.get(clip.task_id)
        share = task.share(clip.position) if task else 0
        return not share or self._studio.ledger.refunded(clip.task_id, clip.clip_id)

    def _errand_refunded(self, task: TaskRecord) -> bool:
        return not task.cost or self._studio.ledger.refunded(task.task_id)


def _title(clip: ClipRecord) -> str:
    # records of older versions hold the whole of it
    ending = f" ({_stem_name(clip)})"
    return clip.title if not clip.stem_type or clip.title.endswith(ending) else f"{clip.title}{ending}"


def _stem_name(clip: ClipRecord) -> str:
    # in a recording that was taken apart this one holds whatever is left
    return "Other" if clip.draft and clip.stem_type == "Synth" else clip.stem_type


def _status(clips: Iterable[ClipRecord]) -> str:
    states = {clip.state for clip in clips}
    if State.PENDING in states:
        return RUNNING
    if len(states) > 1:
        return PARTIAL
    return SUCCEEDED if State.SUCCEEDED in states else FAILED


def _error(entry: Entry) -> Body:
    kind = entry.kind if entry.kind in STATUS_OF_TYPE else "not_found"
    said = entry.error or "The task of this item is lost."
    return {"type": kind, "error": said, "message": said}


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
