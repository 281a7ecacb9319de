"""Every call the server answers: method, path, who answers it, and its answer's shape. For routing and OpenAPI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from musicapi_desktop.wire import routes

from . import families, sonic, tools
from .accent import Said
from .visit import Visit

Handler = Callable[[Visit], Awaitable[Said]]

RIFFUSION_CREATE: Final = f"{routes.API}/riffusion/create"
STUDIO_CREATE: Final = f"{routes.API}/studio/create"


@dataclass(frozen=True, slots=True)
class Call:
    """One call. ``answer`` names a shape of openapi.py."""

    method: str
    path: str
    handler: Handler
    answer: str = "Submitted"


CALLS: Final = (
    Call("POST", routes.CREATE, sonic.create),
    Call("GET", routes.TASK, sonic.task, "Task"),
    Call("DELETE", routes.TASK, sonic.cancel, "Task"),
    Call("POST", routes.REPLACE_SECTION, sonic.replace_section),
    Call("POST", routes.SAMPLE, sonic.sample),
    Call("POST", routes.MASHUP, sonic.mashup),
    Call("POST", routes.UPLOAD, sonic.upload, "Uploaded"),
    Call("POST", routes.UPLOAD_EXTEND, sonic.upload_extend, "Steps"),
    Call("POST", routes.UPLOAD_COVER, sonic.upload_cover, "Steps"),
    Call("POST", routes.STEMS_BASIC, sonic.stems_basic),
    Call("POST", routes.STEMS_FULL, sonic.stems_full),
    Call("POST", routes.BATCH, sonic.submit_batch, "BatchSubmitted"),
    Call("GET", routes.BATCH, sonic.batch, "Batch"),
    Call("POST", routes.WAV, tools.wav, "Wav"),
    Call("POST", routes.DOWNLOAD, tools.download, "Files"),
    Call("POST", routes.BPM, tools.bpm, "Tempo"),
    Call("POST", routes.MIDI, tools.midi, "Midi"),
    Call("POST", routes.ALIGNED_LYRICS, tools.aligned_lyrics, "Alignment"),
    Call("POST", routes.VOX, tools.vox, "Vox"),
    Call("POST", routes.PERSONA, tools.persona, "Persona"),
    Call("POST", routes.CREATE_VOICE, tools.create_voice),
    Call("POST", routes.UPSAMPLE_TAGS, tools.upsample_tags, "Tags"),
    Call("POST", routes.LYRICS, tools.lyrics, "Lyrics"),
    Call("GET", routes.CREDITS, tools.get_credits, "Credits"),
    Call("POST", routes.PRODUCER_CREATE, families.producer_create),
    Call("GET", routes.PRODUCER_TASK, families.producer_task, "ProducerTask"),
    Call("DELETE", routes.PRODUCER_TASK, families.producer_cancel, "ProducerTask"),
    Call("POST", routes.PRODUCER_UPLOAD, families.producer_upload),
    Call("POST", routes.PRODUCER_DOWNLOAD, families.producer_download),
    Call("POST", routes.PRODUCER_LYRICS, families.producer_lyrics),
    Call("POST", routes.PRODUCER_VIDEO, families.producer_video),
    Call("POST", routes.NURO_CREATE, families.nuro_create),
    Call("GET", routes.NURO_TASK, families.nuro_task, "NuroTask"),
    Call("DELETE", routes.NURO_TASK, families.nuro_cancel, "NuroTask"),
    Call("POST", RIFFUSION_CREATE, families.riffusion),
    Call("GET", routes.RIFFUSION_TASK, families.old_task, "Task"),
    Call("POST", STUDIO_CREATE, families.studio),
    Call("GET", routes.STUDIO_TASK, families.old_task, "Task"),
)
