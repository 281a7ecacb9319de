"""Which fields the Create panel shows for an operation, and the words beside them, from the table of capabilities."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from PySide6.QtCore import QCoreApplication

from musicapi_desktop.domain.request import Mode, Operation, Request, System
from musicapi_desktop.domain.rules import Rules

from .translate import QT_TRANSLATE_NOOP

translate = QCoreApplication.translate
_O = Operation
N = QT_TRANSLATE_NOOP

OWN: Final = frozenset(Request.__slots__)
"""The fields of a request that have a name of their own; every other name of the table lives in its ``extra``."""
UNSEEN: Final = frozenset(
    {
        "webhook_url", "webhook_secret", "callback_url", "use_suno_cdn", "formats", "format", "make_instrumental",
        "cover_url", "vox_audio_id", "auto_lyrics",
    }
)  # fmt: skip
"""What no field is shown for: it is filled by the app, or by a switch of its own."""

ALL_MODES: Final = (Mode.DESCRIBE, Mode.LYRICS, Mode.INSTRUMENTAL)
NURO_MODES: Final = (Mode.LYRICS, Mode.INSTRUMENTAL)
PLAIN: Final = frozenset({_O.CREATE, _O.WITH_PERSONA, _O.PRODUCER_CREATE, _O.NURO_VOCAL, _O.NURO_BGM})
"""The operations of an empty form: they need no take."""

_WRITES_WORDS: Final = frozenset({_O.CREATE, _O.WITH_PERSONA, _O.SAMPLE, _O.MASHUP})
"""The operations whose words can be left to the service: the others sing what is there, or a part of it."""


@dataclass(frozen=True, slots=True)
class ExtraField:
    """A field without a widget of its own. ``kind`` is one, many, part (0–1), text or parts (of a song's form).

    ``value`` is a text, a tuple of texts for ``many``, or a number or None for ``part``.
    """

    name: str
    label: str
    kind: str
    choices: tuple[str, ...] = ()
    most: int = 0
    least: float = 0.0
    value: object = None


_LABELS: Final = {
    "genre": N("Create", "Genre"),
    "mood": N("Create", "Mood"),
    "timbre": N("Create", "Timbre"),
    "instrument": N("Create", "Instruments"),
    "theme": N("Create", "Theme"),
    "version": N("Create", "Version"),
    "segments": N("Create", "Parts"),
    "seed": N("Create", "Seed"),
    "lyrics_strength": N("Create", "Lyrics strength"),
    "sound_strength": N("Create", "Sound strength"),
}
_FIELD_LABELS: Final = {
    (_O.PERSONA, "title"): N("Create", "Name"),
    (_O.PERSONA, "description"): N("Create", "What is this voice like?"),
    (_O.PERSONA, "style"): N("Create", "Styles it suits"),
    (_O.REPLACE_SECTION, "section_lyrics"): N("Create", "Words of the new section"),
    (_O.REPLACE_SECTION, "lyrics"): N("Create", "Words of the whole song"),
    (_O.ADD_VOCALS, "lyrics"): N("Create", "Words to sing"),
    (_O.PRODUCER_EXTEND, "description"): N("Create", "What should follow?"),
    (_O.PRODUCER_REPLACE, "description"): N("Create", "What should change?"),
    (_O.PRODUCER_REPLACE, "title"): N("Create", "Title"),
}
_PLAIN_LABELS: Final = {
    "description": N("Create", "What should it sound like?"),
    "lyrics": N("Create", "Lyrics"),
    "section_lyrics": N("Create", "Words of the section"),
    "style": N("Create", "Style"),
    "leave_out": N("Create", "Leave out"),
    "title": N("Create", "Title"),
    "voice": N("Create", "Voice"),
    "url": N("Create", "Link to the audio"),
}


def label_of(operation: Operation, name: str) -> str:
    """What a field is called for an operation."""
    return translate("Create", _FIELD_LABELS.get((operation, name)) or _PLAIN_LABELS.get(name) or name)


def modes_of(operation: Operation, rules: Rules) -> tuple[Mode, ...]:
    """The ways in that an operation has; none where there is only one."""
    if operation.system is System.NURO:
        return NURO_MODES
    return ALL_MODES if "words" in rules.fields or operation is Operation.PRODUCER_CREATE else ()


def shown_fields(request: Request, rules: Rules) -> frozenset[str]:
    """The fields with a widget of their own that are to be seen. Those of ``extra`` are listed by ``extra_fields``."""
    names = {name for name in rules.fields if name in OWN} - {"model", "source", "second", "start", "end"}
    if modes_of(request.operation, rules):
        names -= {"description", "lyrics"}
        names.add(_main(request))
    if request.mode is Mode.INSTRUMENTAL and "words" in rules.fields:
        names.discard("voice")
    if "auto_lyrics" in rules.fields and request.mode is Mode.LYRICS and request.operation in _WRITES_WORDS:
        names.add("auto_lyrics")
    if request.operation is Operation.NURO_BGM:
        names.discard("style")
    if request.operation is Operation.CREATE:
        # a persona makes it another operation, and is chosen in the same form
        names.add("persona_id")
    return frozenset(names - ({"url"} if request.source is not None else set()))


def _main(request: Request) -> str:
    if request.operation is Operation.NURO_BGM:
        return "description"
    named = {Mode.DESCRIBE: "description", Mode.LYRICS: "lyrics", Mode.INSTRUMENTAL: "style"}
    return named[request.mode]


def extra_fields(request: Request, rules: Rules) -> tuple[ExtraField, ...]:
    """The fields of ``extra`` that are to be seen, with their values."""
    names = [name for name in _LABELS if name in rules.fields]
    names += sorted(rules.fields - set(_LABELS) - OWN - UNSEEN - {"words"})
    if request.operation is Operation.NURO_BGM:
        second = request.extra.get("version") == "v2.0"
        left_out = {"genre", "mood", "instrument", "theme"} if second else {"segments"}
        names = [name for name in names if name not in left_out]
    return tuple(_extra(name, request.extra.get(name), rules) for name in names)


def _extra(name: str, value: object, rules: Rules) -> ExtraField:
    label = translate("Create", _LABELS.get(name, name))
    if name == "segments":
        return ExtraField(name, label, "parts", value=parts_text(value))
    if name in rules.several:
        given = cast("Sequence[object]", value) if isinstance(value, list | tuple) else ()
        several = tuple(str(each) for each in given)
        return ExtraField(name, label, "many", rules.choices.get(name, ()), rules.several[name], value=several)
    if name in rules.choices:
        return ExtraField(name, label, "one", rules.choices[name], value=value if isinstance(value, str) else "")
    if name in rules.ranges:
        least, _most = rules.ranges[name]
        number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
        return ExtraField(name, label, "part", least=least, value=number)
    return ExtraField(name, label, "text", value=value if isinstance(value, str) else "")


_PART = re.compile(r"^\s*([a-z]+)\s+(\d{1,3})\s*s?\s*$", re.IGNORECASE)


def parts_of(text: str) -> list[Mapping[str, object]]:
    """``intro 10, verse 30`` as the service wants it: names with whole seconds. What does not read so is left out."""
    found = [_PART.match(part) for part in text.split(",")]
    return [{"name": match[1].lower(), "duration": int(match[2])} for match in found if match]


def parts_text(value: object) -> str:
    """The inverse of ``parts_of``."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ""
    said: list[str] = []
    for each in cast("Sequence[object]", value):
        if isinstance(each, Mapping):
            part = cast("Mapping[str, object]", each)
            said.append(f"{part.get('name', '')} {part.get('duration', '')}".strip())
    return ", ".join(said)


def plain_operation(system: System, mode: Mode, persona_id: str) -> Operation:
    """What an empty form asks for with a family of models."""
    match system:
        case System.PRODUCER:
            return Operation.PRODUCER_CREATE
        case System.NURO:
            return Operation.NURO_VOCAL if mode is Mode.LYRICS else Operation.NURO_BGM
        case System.SONIC:
            return Operation.WITH_PERSONA if persona_id else Operation.CREATE
