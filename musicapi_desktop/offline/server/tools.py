"""The calls below /sonic that answer at once: files, facts, words and voices of a clip (contract §6, §7).

Each is charged when its result is there, so a failure costs nothing.
"""

from __future__ import annotations

import asyncio
import secrets
import time
import uuid
from typing import Final

from starlette.exceptions import HTTPException

from musicapi_desktop.wire.values import Json, items, mapping, text

from .accent import NOT_READY, Kind, Said
from .deliveries import deliver
from .fields import Rejected
from .forms import FORMATS, SEEDS
from .records import ClipRecord, VoiceRecord
from .visit import Visit, submitted, success

_VOX_SPAN: Final = 30.0
"""The longest excerpt of a voice, in seconds."""


async def wav(visit: Visit) -> Said:
    """Make a song's WAV."""
    if visit.manner.speaks("wav-gone"):
        raise HTTPException(404)
    if visit.manner.speaks("wav-retired"):
        raise Rejected("wav is no longer offered. Use download.", "endpoint_retired")
    clip = _clip(visit, "wav")
    await deliver(clip, "wav", visit.studio.cabinet, visit.studio.workshop)
    visit.studio.charge("wav")
    return success(data={"wav_url": visit.words.file(clip.clip_id, "wav")})


async def download(visit: Visit) -> Said:
    """Make a song's files in each of some formats."""
    clip = _clip(visit, "download")
    forms = [form for form in FORMATS if form in visit.said.texts("formats")]
    for form in forms:
        await deliver(clip, form, visit.studio.cabinet, visit.studio.workshop)
    if visit.manner.speaks("download-202") and not visit.comes_again("download", clip.clip_id):
        return Said(dict(NOT_READY), status=202)
    visit.studio.charge("download")
    return success(data={"files": [{"format": form, "url": visit.words.file(clip.clip_id, form)} for form in forms]})


async def bpm(visit: Visit) -> Said:
    """Tell a song's tempo."""
    clip = _clip(visit, "bpm")
    if clip.bpm is None:
        raise Rejected("The tempo of this clip is not known.", "not_found")
    visit.studio.charge("bpm")
    fastest, slowest = clip.fastest or clip.bpm, clip.slowest or clip.bpm
    return success(data={"avg_bpm": clip.bpm, "max_bpm": fastest, "min_bpm": slowest})


async def midi(visit: Visit) -> Said:
    """Tell a song's notes, as a file too; a stem has its own only."""
    from . import readings

    clip = _clip(visit, "midi")
    if visit.manner.speaks("midi-repeated") and not visit.comes_again("midi", clip.clip_id):
        return Said(dict(NOT_READY))
    score = visit.studio.cabinet.folder(clip.owner) / "score.json"
    if score.exists():
        parts = readings.parts_of(await asyncio.to_thread(readings.read_score, score), clip.members or readings.ALL)
    else:
        heard = await visit.studio.workshop.ask({"do": "notes", "sources": [visit.studio.workshop.source(clip)]})
        parts = readings.heard_parts(items(heard.get("instruments")))
    target = visit.studio.file(clip, "mid")
    await asyncio.to_thread(readings.write_midi, parts, clip.bpm or 120.0, target)
    visit.studio.charge("midi")
    return success(data={"midi_url": visit.words.file(clip.clip_id, "mid"), "instruments": readings.instruments(parts)})


async def aligned_lyrics(visit: Visit) -> Said:
    """Tell when each word is sung; charged the first time only (contract §6.6)."""
    from . import readings

    clip = visit.studio.finished(visit.said.text("clip_id"))
    told = visit.studio.file(clip, "words")
    visit.studio.require("aligned-lyrics", free=told.exists())
    score = visit.studio.cabinet.folder(clip.owner) / "score.json"
    words = readings.alignment(await asyncio.to_thread(readings.read_score, score)) if score.exists() else []
    if not words:
        raise Rejected("This clip has no lyrics to align.", "not_found")
    if visit.manner.speaks("alignment-repeated") and not visit.comes_again("words", clip.clip_id):
        return success(data={"alignment": None})
    visit.studio.charge("aligned-lyrics", free=told.exists())
    told.touch()
    return success(data={"alignment": words})


async def vox(visit: Visit) -> Said:
    """Name a voice in a range of a song, for a persona."""
    clip = _clip(visit, "vox")
    start = visit.said.number("vocal_start_s") or 0.0
    end = visit.said.number("vocal_end_s")
    end = min(clip.seconds or 0.0, start + _VOX_SPAN) if end is None else end
    if not start < end <= (clip.seconds or 0.0) + 1:
        raise Rejected("vocal_end_s must lie after vocal_start_s, within the clip.")
    if end - start > _VOX_SPAN:
        raise Rejected(f"The span of a voice is at most {_VOX_SPAN:g} seconds.")
    source = visit.studio.workshop.source(clip)
    await visit.studio.workshop.ask({"do": "vox", "sources": [source], "start": start, "end": end})
    voice = VoiceRecord(str(uuid.uuid4()), "", time.time(), {}, clip.clip_id, start, end)
    visit.studio.charge("vox")
    visit.studio.cabinet.keep_voice(voice)
    return success(
        data={
            "vox_audio_id": voice.voice_id, "status": "complete", "source_clip_id": clip.clip_id,
            "vocal_start_s": start, "vocal_end_s": end, "wave_response": None,
        }
    )  # fmt: skip


async def persona(visit: Visit) -> Said:
    """Make a persona of the voice in a song."""
    if visit.manner.speaks("persona-gone"):
        raise Rejected("Personas are no longer offered.", "endpoint_retired")
    said = visit.said
    clip = visit.studio.finished(said.text("clip_id", "continue_clip_id"))
    visit.studio.require("persona")
    excerpt = visit.studio.cabinet.voices.get(said.text("vox_audio_id"))
    if said.has("vox_audio_id") and excerpt is None:
        raise Rejected("vox_audio_id is not known.", "not_found")
    start = said.number("vocal_start_s") if excerpt is None else excerpt.start
    end = said.number("vocal_end_s") if excerpt is None else excerpt.end
    if start is not None and end is not None and end <= start:
        raise Rejected("vocal_end_s must lie after vocal_start_s.")
    job: Json = {"do": "persona", "sources": [visit.studio.workshop.source(clip)], "start": start, "end": end}
    data = mapping((await visit.studio.workshop.ask(job)).get("data"))
    voice = VoiceRecord(str(uuid.uuid4()), said.text("name"), time.time(), data)
    visit.studio.charge("persona")
    visit.studio.cabinet.keep_voice(voice)
    return success(persona_id=voice.voice_id)


async def create_voice(visit: Visit) -> Said:
    """Make a persona of a recorded voice."""
    what: Json = {"do": "voice", "url": visit.said.text("audio_url"), "name": visit.said.text("name") or "My voice"}
    return submitted(visit.studio.errand("create-voice", what, visit.hook))


async def upsample_tags(visit: Visit) -> Said:
    """Write a longer style out of a few words."""
    visit.studio.require("upsample-tags")
    made = await visit.studio.workshop.ask({"do": "tags", "tags": visit.said.text("tags")})
    visit.studio.charge("upsample-tags")
    return success(data={"upsampled_tags": text(made.get("tags"))})


async def lyrics(visit: Visit) -> Said:
    """Write two songs' words."""
    visit.studio.require("lyrics")
    job: Json = {
        "do": "lyrics", "description": visit.said.text("description", "prompt"), "seed": secrets.randbelow(SEEDS)
    }  # fmt: skip
    made = await visit.studio.workshop.ask(job)
    visit.studio.charge("lyrics")
    return success(Kind.LYRICS, results=items(made.get("results")))


async def get_credits(visit: Visit) -> Said:
    """Tell the balance."""
    return Said({"credits": visit.studio.ledger.balance, "extra_credits": 0})


def _clip(visit: Visit, operation: str) -> ClipRecord:
    clip = visit.studio.finished(visit.said.text("clip_id"))
    visit.studio.require(operation)
    return clip
