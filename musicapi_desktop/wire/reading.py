"""From a body of the contract back to a request: what scripts write is checked, priced and queued like any other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from musicapi_desktop.domain.request import Mode, Operation, Request, Source, Voice
from musicapi_desktop.domain.units import Seconds

from .operations import SPECS, Field
from .values import flag, items, number, text

_WORDS: Final = ("custom_mode", "make_instrumental", "prompt", "gpt_description_prompt")
_NUMBERS: Final = frozenset({"weirdness", "style_weight", "audio_weight", "start", "end", "duration"})
_VOICES: Final = {"f": Voice.FEMALE, "m": Voice.MALE, "female": Voice.FEMALE, "male": Voice.MALE}
_TEXTS: Final = frozenset(
    {
        "model",
        "title",
        "style",
        "leave_out",
        "description",
        "lyrics",
        "section_lyrics",
        "persona_id",
        "variation",
        "url",
    }
)


def request_of_body(operation: Operation, body: Mapping[str, object]) -> Request:
    """Return the request that a body of the contract means.

    A key that is not the operation's, and a value of another type than documented, is kept as it is (``extra``): it is
    sent word for word, and the service judges it. ``songs`` is ours: how many songs.
    """
    spec = SPECS[operation]
    left = {key: value for key, value in body.items() if key not in spec.fixed or spec.fixed[key] != value}
    songs = left.pop("songs", 1)
    request = Request(operation=operation, songs=songs if isinstance(songs, int) else 1)
    if "words" in spec.names:
        request = _with_words(request, left)
    elif "lyrics" in spec.names:
        request = replace(request, mode=Mode.LYRICS if _lyrics_key(spec.fields) in left else Mode.DESCRIBE)
    for field in spec.fields:
        if field.name != "words" and field.key in left:
            request = _with(request, field, left)
    return replace(request, extra=left)


def _lyrics_key(fields: tuple[Field, ...]) -> str:
    return next(field.key for field in fields if field.name == "lyrics")


def _with_words(request: Request, left: dict[str, object]) -> Request:
    found = {key: left.get(key) for key in _WORDS}
    lyrics, described = found["prompt"], found["gpt_description_prompt"]
    instrumental, custom = flag(found["make_instrumental"]), flag(found["custom_mode"])
    plain = all(
        value is None or isinstance(value, bool) for value in (found["make_instrumental"], found["custom_mode"])
    )
    if not plain or left.get("auto_lyrics") or not any(value is not None for value in found.values()):
        # words the service is to write itself, and words of another shape, go out as they were given
        return replace(request, mode=Mode.INSTRUMENTAL if instrumental else Mode.LYRICS if custom else Mode.DESCRIBE)
    if instrumental:
        mode = Mode.INSTRUMENTAL
    else:
        mode = Mode.LYRICS if custom or (custom is None and isinstance(lyrics, str)) else Mode.DESCRIBE
    taken = {Mode.LYRICS: ("prompt", lyrics), Mode.DESCRIBE: ("gpt_description_prompt", described)}
    key, words = taken.get(mode, ("gpt_description_prompt", described))
    if words is not None and not isinstance(words, str):
        return replace(request, mode=mode)
    for each in ("custom_mode", "make_instrumental", key):
        left.pop(each, None)
    if mode is Mode.LYRICS:
        return replace(request, mode=mode, lyrics=words or "")
    return replace(request, mode=mode, description=words or "")


def _with(request: Request, field: Field, left: dict[str, object]) -> Request:
    changes = _meaning(field.name, left[field.key], two="second" in SPECS[request.operation].names)
    if not changes:
        return request
    left.pop(field.key)
    return replace(request, **changes)  # type: ignore[arg-type]  # fields by name, checked by their kinds


def _meaning(name: str, value: object, *, two: bool) -> dict[str, object]:
    """Return the fields of a request a value of a body means; empty where it is of another type."""
    if name == "source":
        return _sources(value, two=two)
    if name in _NUMBERS:
        found = None if isinstance(value, str) else number(value)
        return {} if found is None else {name: Seconds(found)}
    if name == "voice":
        voice = _VOICES.get(text(value).lower())
        return {} if voice is None else {name: voice}
    kind = bool if name == "join" else str if name in _TEXTS else None
    return {name: value} if kind is not None and isinstance(value, kind) else {}


def _sources(value: object, *, two: bool) -> dict[str, object]:
    if not two:
        return {"source": Source("", "", value)} if isinstance(value, str) else {}
    clips = [text(each) for each in items(value)]
    return {"source": Source("", "", clips[0]), "second": Source("", "", clips[1])} if len(clips) == 2 else {}
