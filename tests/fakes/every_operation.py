"""One request of every operation, the body it goes out as, and literal answers made from the documented keys."""

from __future__ import annotations

from dataclasses import replace

from musicapi_desktop.domain.request import Mode, Operation, Request, Source, Voice
from musicapi_desktop.domain.units import Seconds
from musicapi_desktop.wire.operations import Answer

O = Operation  # noqa: E741  # the table reads better so
CLIP = "c1"
URL = "https://files.test/hum.mp3"
SOURCE = Source("s1", "t1", CLIP, "Harbour Lights")
SECOND = Source("s2", "t2", "c2", "Night Bus")
LYRICS = "[Verse]\nLanterns on the water\n" * 14
WORDS = {"custom_mode": True, "make_instrumental": False, "prompt": LYRICS}
STYLE = {"tags": "folk", "negative_tags": "drums", "title": "Tide", "weirdness_constraint": 0.5, "style_weight": 0.25}
V6 = {"mv": "sonic-v6"}
FEMALE = {"vocal_gender": "f"}
FULL = Request(
    mode=Mode.LYRICS, model="sonic-v6", lyrics=LYRICS, style="folk", leave_out="drums", title="Tide", weirdness=0.5,
    style_weight=0.25, audio_weight=0.75, voice=Voice.FEMALE, duration=Seconds(90.0), source=SOURCE,
    start=Seconds(10.5), end=Seconds(30.0), join=True,
)  # fmt: skip
"""A request with everything in it: what an operation does not have is not sent."""


def _row(operation, path, body, **changed):
    return replace(FULL, operation=operation, **changed), path, body


_EDIT = {"continue_clip_id": CLIP, **WORDS, **STYLE, **V6, **FEMALE}
_INTO = {"overpainting_start_s": 10.5, "overpainting_end_s": 30, "audio_weight": 0.75}
_PRODUCED = {"mv": "FUZZ-2.0", "title": "Tide", "sound": "folk", "lyrics": LYRICS, "weirdness": 0.5}
_PRODUCER = {"model": "FUZZ-2.0", "voice": Voice.ANY}
_PLAIN = {"mode": Mode.DESCRIBE, "description": "brighter", "style": "", "lyrics": ""}
_CLIP = {"clip_id": CLIP}
_ONE = {"clip_id": CLIP, "starts_at": 10.5}

ROWS = (
    _row(O.CREATE, "sonic/create", {"task_type": "create_music", **WORDS, **STYLE, **V6, **FEMALE, "duration": 90}),
    _row(O.EXTEND, "sonic/create", {"task_type": "extend_music", **_EDIT, "continue_at": 10.5, "duration": 90}),
    _row(O.COVER, "sonic/create", {"task_type": "cover_music", **_EDIT, "audio_weight": 0.75, "duration": 90}),
    _row(O.CONCAT, "sonic/create", {"task_type": "concat_music", "continue_clip_id": CLIP}),
    _row(O.WITH_PERSONA, "sonic/create",
         {"task_type": "persona_music", "persona_id": "p1", **WORDS, **STYLE, **V6, **FEMALE, "duration": 90},
         persona_id="p1"),
    _row(O.REMASTER, "sonic/create",
         {"task_type": "remaster", "continue_clip_id": CLIP, "mv": "sonic-v5", "title": "Tide",
          "variation_category": "subtle"}, model="sonic-v5", variation="subtle"),
    _row(O.ADD_INSTRUMENTAL, "sonic/create",
         {"task_type": "add_instrumental", "continue_clip_id": CLIP, **V6, **STYLE, **_INTO}),
    _row(O.ADD_VOCALS, "sonic/create",
         {"task_type": "add_vocals", "continue_clip_id": CLIP, "prompt": LYRICS, **V6, **STYLE, **FEMALE, **_INTO}),
    _row(O.EXTEND_UPLOAD, "sonic/create",
         {"task_type": "extend_upload_music", **_EDIT, "continue_at": 10, "duration": 90}, start=Seconds(10.0)),
    _row(O.COVER_UPLOAD, "sonic/create",
         {"task_type": "cover_upload_music", **_EDIT, "audio_weight": 0.75, "duration": 90}),
    _row(O.REPLACE_SECTION, "sonic/replace-section",
         {**_CLIP, "infill_start_s": 10.5, "infill_end_s": 30, "infill_lyrics": "New words", "prompt": LYRICS,
          "auto_concat": True, **V6, **STYLE, **FEMALE}, section_lyrics="New words"),
    _row(O.SAMPLE, "sonic/sample",
         {"sample_clip_id": CLIP, "chop_sample_start_s": 10.5, "chop_sample_end_s": 30, **WORDS, **V6, **STYLE,
          **FEMALE}),
    _row(O.MASHUP, "sonic/mashup", {"mashup_clip_ids": [CLIP, "c2"], **WORDS, **V6, **STYLE, **FEMALE}, second=SECOND),
    _row(O.UPLOAD, "sonic/upload", {"url": URL}, url=URL, source=None),
    _row(O.UPLOAD_EXTEND, "sonic/upload-extend",
         {"url": URL, "continue_at": 10.5, "auto_concat": True, **WORDS, **V6, **STYLE, **FEMALE, "duration": 90},
         url=URL, source=None),
    _row(O.UPLOAD_COVER, "sonic/upload-cover",
         {"url": URL, "audio_weight": 0.75, **WORDS, **V6, **STYLE, **FEMALE, "duration": 90}, url=URL, source=None),
    _row(O.STEMS_BASIC, "sonic/stems/basic", _CLIP),
    _row(O.STEMS_FULL, "sonic/stems/full", _CLIP),
    _row(O.WAV, "sonic/wav", _CLIP),
    _row(O.DOWNLOAD, "sonic/download", {**_CLIP, "formats": ["mp3", "wav"]}, extra={"formats": ["mp3", "wav"]}),
    _row(O.MIDI, "sonic/midi", _CLIP),
    _row(O.VOX, "sonic/vox", {**_CLIP, "vocal_start_s": 10.5, "vocal_end_s": 30}),
    _row(O.BPM, "sonic/bpm", _CLIP),
    _row(O.ALIGNED_LYRICS, "sonic/aligned-lyrics", _CLIP),
    _row(O.UPSAMPLE_TAGS, "sonic/upsample-tags", {"tags": "folk"}, source=None),
    _row(O.LYRICS, "sonic/lyrics", {"description": "the sea"}, source=None, description="the sea"),
    _row(O.PERSONA, "sonic/persona",
         {"name": "Tide", **_CLIP, "describe": "warm", "styles": "folk", "vocal_start_s": 10.5, "vocal_end_s": 30,
          "vox_audio_id": "v1"}, description="warm", extra={"vox_audio_id": "v1"}),
    _row(O.CREATE_VOICE, "sonic/create-voice", {"audio_url": URL}, url=URL, source=None),
    _row(O.PRODUCER_CREATE, "producer/create", {"task_type": "create_music", **_PRODUCED}, **_PRODUCER, source=None),
    _row(O.PRODUCER_EXTEND, "producer/create",
         {"task_type": "extend_music", **_ONE, "mv": "FUZZ-2.0", "title": "Tide", "weirdness": 0.5,
          "instruction": "brighter", "length": 90}, **_PRODUCER, **_PLAIN),
    _row(O.PRODUCER_REPLACE, "producer/create",
         {"task_type": "replace_music", **_ONE, "ends_at": 30, "mv": "FUZZ-2.0", "title": "Tide", "weirdness": 0.5,
          "instruction": "brighter"}, **_PRODUCER, **_PLAIN),
    _row(O.PRODUCER_COVER, "producer/create",
         {"task_type": "cover_music", **_CLIP, **_PRODUCED, "cover_strength": 0.75}, **_PRODUCER),
    _row(O.PRODUCER_UPLOAD, "producer/upload", {"audio_url": URL}, url=URL, source=None),
    _row(O.PRODUCER_DOWNLOAD, "producer/download", {**_CLIP, "format": "mp3"}, extra={"format": "mp3"}),
    _row(O.PRODUCER_LYRICS, "producer/lyrics-create", {"prompt": "the sea"}, source=None, description="the sea"),
    _row(O.PRODUCER_VIDEO, "producer/video-clip", _CLIP),
    _row(O.NURO_VOCAL, "nuro/create",
         {"type": "vocal", "lyrics": LYRICS, "gender": "Female", "duration": 90, "genre": "Folk", "mood": "Chill",
          "timbre": "Warm"}, source=None, extra={"genre": "Folk", "mood": "Chill", "timbre": "Warm"}),
    _row(O.NURO_BGM, "nuro/create",
         {"type": "bgm", "description": "a calm morning", "duration": 45, "genre": ["folk", "acoustic"],
          "mood": ["calm"]}, source=None, description="a calm morning", duration=Seconds(45.0),
         extra={"genre": ["folk", "acoustic"], "mood": ["calm"]}),
)  # fmt: skip

REQUESTS = {request.operation: request for request, _path, _body in ROWS}

NOTE = {"start": 1.34, "end": 2.16, "pitch": 64, "velocity": 0.496}
WORD = {"word": "[Verse]\nMorning ", "start_s": 8.12, "end_s": 8.47, "p_align": 0.99, "success": True}


def answers(base="https://cdn.test"):
    """What a POST is answered with, by what it answers; ``base`` is where files lie."""
    ok = {"code": 200, "message": "success"}
    return {
        Answer.TASK: {"message": "success", "task_id": "task-1"},
        Answer.UPLOAD: {**ok, "clip_id": "c9"},
        Answer.FILES: {**ok, "data": {"files": [{"format": "wav", "url": f"{base}/files/c1.wav"}]}},
        Answer.MIDI: {**ok, "data": {"midi_url": f"{base}/files/c1.mid",
                                     "instruments": [{"name": "Synth Voice", "notes": [NOTE]}]}},
        Answer.TEMPO: {**ok, "data": {"avg_bpm": 118.4, "max_bpm": 120.1, "min_bpm": 116.0}},
        Answer.ALIGNMENT: {**ok, "data": {"alignment": [WORD]}},
        Answer.VOX: {**ok, "data": {"vox_audio_id": "v1", "status": "complete", "source_clip_id": CLIP,
                                    "vocal_start_s": 10.5, "vocal_end_s": 30.0, "wave_response": None}},
        Answer.TAGS: {**ok, "data": {"upsampled_tags": "indie folk, warm, acoustic"}},
        Answer.LYRICS: {**ok, "results": [{"title": "Tide", "lyrics": "la"}, {"title": "Sea", "lyrics": "lo"}]},
        Answer.PERSONA: {**ok, "persona_id": "p1"},
    }  # fmt: skip
