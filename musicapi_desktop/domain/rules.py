"""What an operation accepts with one model at one host, and a request held against it before anything is sent."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast
from urllib.parse import urlsplit

from .request import MAX_SONGS, Mode, ModelLimits, Operation, Request, Source

OLDEST: Final = 24 * 3600.0
"""Seconds after which the service may refuse to work on a clip."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one operation accepts. Names are those of Request's fields, or keys of its ``extra``.

    ``fields`` are all the names that exist, ``needed`` those without which nothing is sent (``words`` stands for what
    the mode asks for: a description, lyrics or a style; ``a|b`` for either), ``lengths`` the most characters and
    ``least_lengths`` the fewest, ``ranges`` the least and most of a number, ``span`` the least and most seconds from
    start to end, ``choices`` the words a field may have and ``several`` how many of them a list may hold, ``songs`` how
    many may be asked for at once. ``young`` is True where the clip may be a day old at most, ``retired`` a sentence
    where the host does not sell it.
    """

    operation: Operation
    limits: ModelLimits
    fields: frozenset[str]
    needed: tuple[str, ...] = ()
    lengths: Mapping[str, int] = field(default_factory=dict[str, int])
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])
    span: tuple[float, float] | None = None
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    several: Mapping[str, int] = field(default_factory=dict[str, int])
    least_lengths: Mapping[str, int] = field(default_factory=dict[str, int])
    songs: int = MAX_SONGS
    young: bool = False
    retired: str = ""


_MISSING: Final = {
    "description": "Describe a song first",
    "lyrics": "Write some lyrics first",
    "style": "Name a style first",
    "source": "Choose a take first.",
    "second": "Choose a second take.",
    "start": "Choose where it begins.",
    "end": "Choose where it ends.",
    "persona_id": "Choose a voice first.",
    "url": "Choose a file or paste a link first.",
    "title": "Give it a name first.",
    "duration": "Choose a length first.",
}
_MISSING_OF: Final = {
    (Operation.LYRICS, "description"): "Say what the lyrics are to be about.",
    (Operation.PRODUCER_LYRICS, "description"): "Say what the lyrics are to be about.",
    (Operation.NURO_BGM, "description"): "Describe the music first.",
}
_TEXTS: Final = ("title", "style", "leave_out", "description", "lyrics", "section_lyrics")
_WEIGHTS: Final = ("weirdness", "style_weight", "audio_weight")
_NUL: Final = "This text holds a character that cannot be sent (NUL). Remove it."


def problems(request: Request, rules: Rules) -> dict[str, str]:
    """Return a sentence per field that breaks a rule; empty where all is well.

    Fields that the operation does not have are not judged: they are not sent. Lengths follow the documented maxima
    (contract §2: "validate at ≤ N").
    """
    if rules.retired:
        return {"operation": rules.retired}
    found: dict[str, str] = {}
    for name, sentence in (*_needs(request, rules), *_texts(request, rules), *_numbers(request, rules)):
        found.setdefault(name, sentence)
    for name, sentence in (*_range(request, rules), *_words_of_lists(request, rules), *_links(request, rules)):
        found.setdefault(name, sentence)
    return found


def warnings(request: Request, rules: Rules, take_age: float | None = None) -> dict[str, str]:
    """Return a sentence per field that may be refused all the same. ``take_age`` is the source's age in seconds."""
    found: dict[str, str] = {}
    if rules.young and take_age is not None and take_age > OLDEST and request.source is not None:
        found["source"] = (
            "This take is older than a day, and the service may refuse to work on it. Nothing is charged then; "
            "handing the file in anew makes it young again."
        )
    return found


def _needs(request: Request, rules: Rules) -> Iterator[tuple[str, str]]:
    for needed in rules.needed:
        names = [_main_field(request)] if needed == "words" else needed.split("|")
        written = needed == "words" and any(_there(request, name) for name in ("prompt", "gpt_description_prompt"))
        if not written and not any(_there(request, name) for name in names):
            yield names[0], _MISSING_OF.get((rules.operation, names[0]), _MISSING.get(names[0], "This is needed."))
    if not 1 <= request.songs <= rules.songs:
        yield "songs", f"Ask for 1 to {rules.songs} songs." if rules.songs > 1 else "This makes one song at a time."


def _main_field(request: Request) -> str:
    match request.mode:
        case Mode.DESCRIBE:
            return "description"
        case Mode.LYRICS:
            return "lyrics"
        case Mode.INSTRUMENTAL:
            # with no style the description stands in for it
            return "style" if request.style.strip() or not request.description.strip() else "description"


def _there(request: Request, name: str) -> bool:
    value: object = getattr(request, name) if name in request.__slots__ else request.extra.get(name)
    if isinstance(value, Source):
        return bool(value.clip_id.strip())
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _texts(request: Request, rules: Rules) -> Iterator[tuple[str, str]]:
    for name in _TEXTS:
        if not _is_sent(request, rules, name):
            continue
        text: str = getattr(request, name)
        most, least = rules.lengths.get(name), rules.least_lengths.get(name, 0)
        if most is not None and len(text) > most:
            yield name, _too_long(len(text) - most, rules.limits.label, most)
        elif "\0" in text:
            yield name, _NUL
        elif 0 < len(text.strip()) < least:
            yield name, f"At least {least} characters, please."


def _is_sent(request: Request, rules: Rules, name: str) -> bool:
    if name not in rules.fields:
        return False
    if "words" in rules.fields:
        if name == "lyrics":
            return request.mode is Mode.LYRICS
        if name == "description":
            return request.mode is Mode.DESCRIBE or (request.instrumental and not request.style.strip())
    return True


def _too_long(over: int, label: str, most: int) -> str:
    characters = "1 character" if over == 1 else f"{over:,} characters"
    return f"{characters} too long for {label} (at most {most:,})."


def _numbers(request: Request, rules: Rules) -> Iterator[tuple[str, str]]:
    for name in _WEIGHTS:
        value: float | None = getattr(request, name)
        if name in rules.fields and value is not None and not 0.0 <= value <= 1.0:
            yield name, "Between 0 and 100 %."
    for name, (least, most) in rules.ranges.items():
        number = getattr(request, name) if name in request.__slots__ else request.extra.get(name)
        if isinstance(number, bool) or not isinstance(number, int | float):
            continue
        if not least <= number <= most:
            unit = " seconds" if name == "duration" else ""
            yield name, f"Between {least:g} and {most:g}{unit}."


def _range(request: Request, rules: Rules) -> Iterator[tuple[str, str]]:
    start, end = request.start, request.end
    for name, value in (("start", start), ("end", end)):
        if name in rules.fields and value is not None and not (math.isfinite(value) and value >= 0.0):
            yield name, "A moment of the take, in seconds."
    if "end" not in rules.fields or end is None:
        return
    length = end - (start or 0.0)
    if length <= 0.0:
        yield "end", "The end lies after the beginning."
    elif rules.span is not None and not rules.span[0] <= length <= rules.span[1]:
        least, most = rules.span
        yield "end", f"At most {most:g} seconds." if not least else f"From {least:g} to {most:g} seconds."


def _words_of_lists(request: Request, rules: Rules) -> Iterator[tuple[str, str]]:
    for name, known in rules.choices.items():
        value: object = getattr(request, name) if name in request.__slots__ else request.extra.get(name)
        given = [str(each) for each in cast("Sequence[object]", value)] if isinstance(value, list | tuple) else None
        several = rules.several.get(name)
        if given is None:
            given = [value] if isinstance(value, str) and value else []
        strange = [each for each in given if each not in known]
        if strange:
            yield name, f"“{strange[0]}” is not offered here."
        elif several is not None and len(given) > several:
            yield name, f"At most {several} of these."


def _links(request: Request, rules: Rules) -> Iterator[tuple[str, str]]:
    if "url" in rules.fields and request.url.strip() and not _is_link(request.url.strip()):
        yield "url", "This is no link. It begins with https://"
    source, second = request.source, request.second
    twice = source is not None and second is not None and source.clip_id == second.clip_id
    if "second" in rules.fields and twice:
        yield "second", "Choose another take than the first one."


def _is_link(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    # a file of this computer is put where the service can fetch it before anything is sent
    return parts.scheme == "file" or (parts.scheme in ("http", "https") and bool(parts.hostname))
