"""The server's files: one JSON per task, clip, batch and voice, written whole or not at all.

``<root>/tasks/<id>.json``, so for batches and voices; ``<root>/clips/<clip id>/clip.json`` and the clip's audio
beside it. A record that cannot be read is moved aside, never deleted.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from musicapi_desktop.wire.values import Json, mapping

from .records import (
    BatchRecord,
    ClipRecord,
    TaskRecord,
    VoiceRecord,
    read_batch,
    read_clip,
    read_task,
    read_voice,
    to_json,
)

log = logging.getLogger(__name__)

_Kept = TypeVar("_Kept", TaskRecord, ClipRecord, BatchRecord, VoiceRecord)


class Cabinet:
    """Every record by id, in memory and on disk. Not for two processes at once."""

    def __init__(self, root: Path) -> None:
        """Read what ``root`` holds. Raises OSError where the disk refuses."""
        self._tasks_folder = root / "tasks"
        self._batches_folder = root / "batches"
        self._clips_folder = root / "clips"
        self._voices_folder = root / "voices"
        for folder in (self._tasks_folder, self._batches_folder, self._clips_folder, self._voices_folder):
            folder.mkdir(parents=True, exist_ok=True)
        self.scratch = root / "scratch"
        """Room for jobs that belong to no clip; nothing in it outlives the process."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.tasks = {task.task_id: task for task in _read(self._tasks_folder.glob("*.json"), read_task)}
        self.clips = {clip.clip_id: clip for clip in _read(self._clips_folder.glob("*/clip.json"), read_clip)}
        self.batches = {batch.batch_id: batch for batch in _read(self._batches_folder.glob("*.json"), read_batch)}
        self.voices = {voice.voice_id: voice for voice in _read(self._voices_folder.glob("*.json"), read_voice)}

    def keep_task(self, task: TaskRecord) -> None:
        """Keep a task. Raises OSError where the disk refuses; the old state stays then."""
        write_json(self._tasks_folder / f"{task.task_id}.json", to_json(task))
        self.tasks[task.task_id] = task

    def keep_clip(self, clip: ClipRecord) -> None:
        """Keep a clip. Raises OSError where the disk refuses; the old state stays then."""
        folder = self.folder(clip.clip_id)
        folder.mkdir(exist_ok=True)
        write_json(folder / "clip.json", to_json(clip))
        self.clips[clip.clip_id] = clip

    def keep_batch(self, batch: BatchRecord) -> None:
        """Keep a batch. Raises OSError where the disk refuses."""
        write_json(self._batches_folder / f"{batch.batch_id}.json", to_json(batch))
        self.batches[batch.batch_id] = batch

    def keep_voice(self, voice: VoiceRecord) -> None:
        """Keep a voice. Raises OSError where the disk refuses."""
        write_json(self._voices_folder / f"{voice.voice_id}.json", to_json(voice))
        self.voices[voice.voice_id] = voice

    def folder(self, clip_id: str) -> Path:
        """Return the folder of a clip the cabinet knows or is about to keep."""
        return self._clips_folder / clip_id

    def clear(self, clip_id: str) -> None:
        """Remove what a failed making left beside a clip's record; what cannot be removed stays."""
        folder = self.folder(clip_id)
        for left in folder.iterdir() if folder.is_dir() else ():
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            elif left.name != "clip.json":
                with contextlib.suppress(OSError):
                    left.unlink()  # held open on Windows; no more than wasted room

    def clips_of(self, task: TaskRecord) -> list[ClipRecord]:
        """Return a task's clips, in order."""
        return [self.clips[clip_id] for clip_id in task.clip_ids if clip_id in self.clips]


def write_json(path: Path, value: Json) -> None:
    """Replace a file by ``value`` as JSON; after a crash it is the old one or the new one. Raises OSError."""
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="ascii") as file:
        json.dump(value, file, separators=(",", ":"))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _read(files: Iterable[Path], reader: Callable[[Json], _Kept]) -> list[_Kept]:
    found: list[_Kept] = []
    for file in sorted(files):
        try:
            found.append(reader(mapping(json.loads(file.read_bytes()))))
        except (ValueError, RecursionError) as error:
            log.error("%s cannot be read (%s) and is moved aside", file, error)
            file.replace(file.with_suffix(".damaged"))
    return found
