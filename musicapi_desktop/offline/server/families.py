"""The calls of the other families: Producer, Nuro, and the two that are retired (contract §10–§12)."""

from __future__ import annotations

from musicapi_desktop.wire.values import Json

from .accent import Kind, Said
from .fields import Rejected
from .orders import nuro_wish, producer_wish
from .visit import Visit, submitted

_RETIRED = "{} was retired by the service. Make songs with sonic instead."


async def producer_create(visit: Visit) -> Said:
    """Make a song, or work on one."""
    return submitted(visit.studio.take(producer_wish(visit.said, visit.manner), visit.hook))


async def producer_task(visit: Visit) -> Said:
    """Tell where a task of Producer stands."""
    task = visit.task("producer")
    return Said(visit.words.producer(task), Kind.PRODUCER, state=visit.words.status(task))


async def producer_cancel(visit: Visit) -> Said:
    """End a task of Producer at once (ours)."""
    visit.studio.tasks.cancel(visit.task("producer").task_id)
    return await producer_task(visit)


async def producer_upload(visit: Visit) -> Said:
    """Take audio from an address."""
    return submitted(visit.studio.upload(visit.said.text("audio_url"), visit.hook, system="producer"))


async def producer_download(visit: Visit) -> Said:
    """Make a file of a song."""
    return _file(visit, "download", visit.said.text("format"))


async def producer_video(visit: Visit) -> Said:
    """Make a video of a song: its sound and a still picture."""
    return _file(visit, "video-clip", "mp4")


def _file(visit: Visit, operation: str, form: str) -> Said:
    clip = visit.studio.finished(visit.said.text("clip_id"))
    what: Json = {"do": "file", "clip_id": clip.clip_id, "format": form}
    return submitted(visit.studio.errand(f"producer/{operation}", what, visit.hook, "producer"))


async def producer_lyrics(visit: Visit) -> Said:
    """Write two songs' words."""
    what: Json = {"do": "lyrics", "description": visit.said.text("description", "prompt")}
    return submitted(visit.studio.errand("producer/lyrics-create", what, visit.hook, "producer"))


async def nuro_create(visit: Visit) -> Said:
    """Make a song with a voice, or background music."""
    _check_nuro(visit)
    return submitted(visit.studio.take(nuro_wish(visit.said), visit.hook))


async def nuro_task(visit: Visit) -> Said:
    """Tell where a task of Nuro stands."""
    _check_nuro(visit)
    return Said(visit.words.nuro(visit.task("nuro")), Kind.NURO)


async def nuro_cancel(visit: Visit) -> Said:
    """End a task of Nuro at once (ours)."""
    visit.studio.tasks.cancel(visit.task("nuro").task_id)
    return await nuro_task(visit)


def _check_nuro(visit: Visit) -> None:
    if visit.manner.speaks("nuro-retired"):
        raise Rejected("Nuro is no longer offered. Use sonic for songs, producer for music.", "endpoint_retired")


async def riffusion(_visit: Visit) -> Said:
    """Refuse: retired."""
    raise Rejected(_RETIRED.format("Riffusion"), "endpoint_retired")


async def studio(_visit: Visit) -> Said:
    """Refuse: retired."""
    raise Rejected(_RETIRED.format("Studio"), "endpoint_retired")


async def old_task(_visit: Visit) -> Said:
    """Refuse: this server never made any of these."""
    raise Rejected("Tasks of this retired family are no longer kept.", "not_found", about="task")
