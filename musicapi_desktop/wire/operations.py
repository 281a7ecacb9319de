"""Every operation of the service in one table (contract §3, §5–§8, §10, §11): path, fields, and what answers.

A field is written ``name:key``: the name in our Request (or in its ``extra``) and the key of the JSON body; the key
alone where both are the same, ``!`` behind a name without which nothing is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from musicapi_desktop.domain.request import Operation, System

from . import routes


class Answer(StrEnum):
    """What the POST of an operation answers with."""

    TASK = "task"
    UPLOAD = "upload"
    FILES = "files"
    MIDI = "midi"
    TEMPO = "tempo"
    ALIGNMENT = "alignment"
    VOX = "vox"
    TAGS = "tags"
    LYRICS = "lyrics"
    PERSONA = "persona"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a body: our name, the service's key, and whether nothing is sent without it."""

    name: str
    key: str
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Spec:
    """One operation. ``fixed`` is what its body always says; ``slow`` where the POST itself works for a minute.

    ``young`` where the source may be a day old at most; ``takes`` is how many clips come; ``either`` are names of which
    one is needed.
    """

    path: str
    fields: tuple[Field, ...]
    answer: Answer = Answer.TASK
    fixed: Mapping[str, object] = field(default_factory=dict[str, object])
    slow: bool = False
    young: bool = False
    takes: int = 2
    either: str = ""

    @property
    def names(self) -> frozenset[str]:
        """The names of its fields."""
        return frozenset(each.name for each in self.fields)

    @property
    def needed(self) -> tuple[str, ...]:
        """The names without which nothing is sent; ``a|b`` where one of two will do."""
        return (*(each.name for each in self.fields if each.needed), *((self.either,) if self.either else ()))


def _fields(written: str) -> tuple[Field, ...]:
    found: list[Field] = []
    for word in written.split():
        name, _, key = word.partition(":")
        found.append(Field(name.rstrip("!"), key or name.rstrip("!"), name.endswith("!")))
    return tuple(found)


_HOOKS = "webhook_url webhook_secret"
_SOUND = "title style:tags leave_out:negative_tags weirdness:weirdness_constraint style_weight voice:vocal_gender"
_SONG = f"model:mv {_SOUND} auto_lyrics use_suno_cdn {_HOOKS}"
_EDIT = f"source!:continue_clip_id words {_SONG}"
_INTO = "start:overpainting_start_s end:overpainting_end_s audio_weight"
_PRODUCED = f"model:mv title style:sound lyrics seed lyrics_strength sound_strength weirdness {_HOOKS}"
_CLIP = "source!:clip_id"


def _created(task_type: str, written: str, *, young: bool = False, takes: int = 2) -> Spec:
    fixed = MappingProxyType({"task_type": task_type})
    return Spec(routes.CREATE, _fields(written), fixed=fixed, young=young, takes=takes)


def _produced(task_type: str, written: str, either: str = "") -> Spec:
    fixed = MappingProxyType({"task_type": task_type})
    return Spec(routes.PRODUCER_CREATE, _fields(written), fixed=fixed, takes=1, either=either)


def _nuro(kind: str, written: str) -> Spec:
    return Spec(routes.NURO_CREATE, _fields(written), fixed=MappingProxyType({"type": kind}), takes=1)


O = Operation  # noqa: E741  # the table reads better so
_CREATED = {
    O.CREATE: _created("create_music", f"words! {_SONG} duration"),
    O.EXTEND: _created("extend_music", f"{_EDIT} start:continue_at duration"),
    O.COVER: _created("cover_music", f"{_EDIT} audio_weight duration"),
    O.CONCAT: _created("concat_music", f"source!:continue_clip_id {_HOOKS}", takes=1),
    O.WITH_PERSONA: _created("persona_music", f"persona_id! words! {_SONG} duration"),
    O.REMASTER: _created(
        "remaster", f"source!:continue_clip_id model:mv title variation:variation_category {_HOOKS}", young=True
    ),
    O.ADD_INSTRUMENTAL: _created(
        "add_instrumental",
        f"source!:continue_clip_id model:mv title style!:tags leave_out:negative_tags weirdness:weirdness_constraint "
        f"style_weight {_INTO} {_HOOKS}",
        young=True,
    ),
    O.ADD_VOCALS: _created("add_vocals", f"source!:continue_clip_id lyrics!:prompt {_SONG} {_INTO}", young=True),
    O.EXTEND_UPLOAD: _created("extend_upload_music", f"{_EDIT} start:continue_at duration"),
    O.COVER_UPLOAD: _created("cover_upload_music", f"{_EDIT} audio_weight duration"),
}
_SECTIONS = {
    O.REPLACE_SECTION: Spec(
        routes.REPLACE_SECTION,
        _fields(
            f"source!:clip_id start!:infill_start_s end!:infill_end_s section_lyrics:infill_lyrics lyrics:prompt "
            f"join:auto_concat {_SONG}"
        ),
        young=True,
    ),
    O.SAMPLE: Spec(
        routes.SAMPLE,
        _fields(
            f"source:sample_clip_id url start!:chop_sample_start_s end!:chop_sample_end_s words! {_SONG}",
        ),
        either="source|url",
    ),
    O.MASHUP: Spec(routes.MASHUP, _fields(f"source!:mashup_clip_ids second!:mashup_clip_ids words! {_SONG}")),
    O.UPLOAD: Spec(routes.UPLOAD, _fields("url! callback_url"), Answer.UPLOAD, slow=True, takes=1),
    O.UPLOAD_EXTEND: Spec(
        routes.UPLOAD_EXTEND, _fields(f"url! start:continue_at join:auto_concat words {_SONG} duration"), slow=True
    ),
    O.UPLOAD_COVER: Spec(
        routes.UPLOAD_COVER, _fields(f"url! audio_weight words {_SONG} duration"), slow=True
    ),
}  # fmt: skip
_OUTPUTS = {
    O.STEMS_BASIC: Spec(routes.STEMS_BASIC, _fields(_CLIP)),
    O.STEMS_FULL: Spec(routes.STEMS_FULL, _fields(_CLIP)),
    O.WAV: Spec(routes.WAV, _fields(_CLIP), Answer.FILES),
    O.DOWNLOAD: Spec(routes.DOWNLOAD, _fields(f"{_CLIP} formats"), Answer.FILES),
    O.MIDI: Spec(routes.MIDI, _fields(_CLIP), Answer.MIDI, young=True),
    O.BPM: Spec(routes.BPM, _fields(_CLIP), Answer.TEMPO),
    O.VOX: Spec(routes.VOX, _fields(f"{_CLIP} start:vocal_start_s end:vocal_end_s"), Answer.VOX),
    O.ALIGNED_LYRICS: Spec(routes.ALIGNED_LYRICS, _fields(_CLIP), Answer.ALIGNMENT),
    O.UPSAMPLE_TAGS: Spec(routes.UPSAMPLE_TAGS, _fields("style!:tags"), Answer.TAGS),
    O.LYRICS: Spec(routes.LYRICS, _fields("description!"), Answer.LYRICS),
    O.PERSONA: Spec(
        routes.PERSONA,
        _fields(
            f"title!:name {_CLIP} description:describe style:styles vox_audio_id start:vocal_start_s end:vocal_end_s"
        ),
        Answer.PERSONA,
        young=True,
    ),
    O.CREATE_VOICE: Spec(routes.CREATE_VOICE, _fields("url!:audio_url")),
}
_OTHERS = {
    O.PRODUCER_CREATE: _produced("create_music", f"{_PRODUCED} make_instrumental", "style|lyrics|description"),
    O.PRODUCER_EXTEND: _produced(
        "extend_music", f"{_CLIP} {_PRODUCED} start:starts_at description:instruction duration:length"
    ),
    O.PRODUCER_REPLACE: _produced(
        "replace_music", f"{_CLIP} {_PRODUCED} start!:starts_at end:ends_at description:instruction"
    ),
    O.PRODUCER_COVER: _produced("cover_music", f"{_CLIP} {_PRODUCED} audio_weight:cover_strength cover_url"),
    O.PRODUCER_UPLOAD: Spec(routes.PRODUCER_UPLOAD, _fields("url!:audio_url"), takes=1),
    O.PRODUCER_DOWNLOAD: Spec(routes.PRODUCER_DOWNLOAD, _fields(f"{_CLIP} format")),
    O.PRODUCER_LYRICS: Spec(routes.PRODUCER_LYRICS, _fields("description!:prompt")),
    O.PRODUCER_VIDEO: Spec(routes.PRODUCER_VIDEO, _fields(_CLIP)),
    O.NURO_VOCAL: _nuro("vocal", f"lyrics! genre mood voice:gender timbre duration! {_HOOKS}"),
    O.NURO_BGM: _nuro(
        "bgm", f"description! version duration genre mood instrument theme segments {_HOOKS}"
    ),
}  # fmt: skip

SPECS: Final[Mapping[Operation, Spec]] = MappingProxyType({**_CREATED, **_SECTIONS, **_OUTPUTS, **_OTHERS})
"""All operations."""

TASKS: Final[Mapping[System, str]] = MappingProxyType(
    {System.SONIC: routes.TASK, System.PRODUCER: routes.PRODUCER_TASK, System.NURO: routes.NURO_TASK}
)
"""Where a task of each system is asked after."""


def in_a_batch(operation: Operation) -> bool:
    """Tell whether several of an operation fit into one batch: its items are create bodies (contract §9)."""
    return SPECS[operation].path == routes.CREATE
