"""Tasks whose result is no clip: a voice, a file of a clip, words (contract §7, §10.3)."""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping

from musicapi_desktop.wire.values import Json, mapping, text

from .cabinet import Cabinet
from .deliveries import deliver
from .fetch import fetched
from .forms import SEEDS
from .lane import WorkFailed
from .records import TaskRecord, VoiceRecord
from .workshop import Workshop

Errand = Callable[[Json, Cabinet, Workshop], Awaitable[Json]]


async def run_errand(task: TaskRecord, cabinet: Cabinet, workshop: Workshop) -> Json:
    """Do what a task says; return its result. Raises WorkFailed or OSError."""
    return await _ERRANDS[text(task.errand.get("do"))](task.errand, cabinet, workshop)


async def _voice(errand: Json, cabinet: Cabinet, workshop: Workshop) -> Json:
    """``url``, ``name``: a voice from a recording of one speaker."""
    async with fetched(text(errand.get("url")), cabinet.scratch) as audio:
        made = await workshop.ask({"do": "voice", "audio": str(audio)})
    voice = VoiceRecord(str(uuid.uuid4()), text(errand.get("name")), time.time(), mapping(made.get("data")))
    cabinet.keep_voice(voice)
    return {"voice": {"persona_id": voice.voice_id, "name": voice.name}}


async def _file(errand: Json, cabinet: Cabinet, workshop: Workshop) -> Json:
    """``clip_id``, ``format``: a file of a clip."""
    clip = cabinet.clips.get(text(errand.get("clip_id")))
    if clip is None:
        raise WorkFailed("The song is lost.")
    form = text(errand.get("format"))
    await deliver(clip, form, cabinet, workshop)
    return {"files": [{"clip_id": clip.clip_id, "format": form}]}


async def _lyrics(errand: Json, _cabinet: Cabinet, workshop: Workshop) -> Json:
    """``description``: two songs' words."""
    job = {"do": "lyrics", "description": text(errand.get("description")), "seed": secrets.randbelow(SEEDS)}
    return {"lyrics": (await workshop.ask(job)).get("results")}


_ERRANDS: Mapping[str, Errand] = {"voice": _voice, "file": _file, "lyrics": _lyrics}
