"""Reading score.json, also those of earlier versions: what they did not write yet has its default."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from musicapi_desktop.wire.values import Json, flag, items, mapping, number, text, whole

from .score import ChordMark, MixPlan, Note, Recipe, Score, SectionMark, Syllable, Track, VocalLine, Word

T = TypeVar("T")


class ScoreUnreadable(ValueError):
    """The file is no score."""


def read_score(path: Path) -> Score:
    """Read a take's score. Raises OSError where it is gone, ScoreUnreadable where it is none."""
    try:
        source = mapping(json.loads(path.read_text(encoding="utf-8")))
    except ValueError as error:
        raise ScoreUnreadable(f"{path.name} is no JSON") from error
    score = _score(source)
    if score.seconds <= 0 or not score.sections or score.bpm <= 0:
        raise ScoreUnreadable(f"{path.name} is no score")
    return score


def _score(source: Json) -> Score:
    return Score(
        title=text(source.get("title")),
        lyrics=text(source.get("lyrics")),
        seed=whole(source.get("seed")) or 0,
        take=whole(source.get("take")) or 0,
        engine=text(source.get("engine")),
        style=text(source.get("style")),
        tags=text(source.get("tags")),
        key=text(source.get("key")),
        tonic=whole(source.get("tonic")) or 0,
        mode=text(source.get("mode")) or "major",
        bpm=_float(source, "bpm"),
        meter=text(source.get("meter")) or "4/4",
        seconds=_float(source, "seconds"),
        gender=text(source.get("gender")),
        sections=_all(source, "sections", _section),
        chords=_all(source, "chords", _chord),
        tracks=_all(source, "tracks", _track),
        vocals=_all(source, "vocals", _line),
        melody=_all(source, "melody", _note),
        kicks=tuple(number(kick) or 0.0 for kick in items(source.get("kicks"))),
        mix=_mix(mapping(source.get("mix"))),
        recipe=_recipe(mapping(source.get("recipe"))),
        levels={name: number(gain) or 0.0 for name, gain in mapping(source.get("levels")).items()},
        makeup=_float(source, "makeup"),
        manner=dict(mapping(source.get("manner"))),
        attaches_at=_float(source, "attaches_at"),
        offset=_float(source, "offset"),
        recorded=flag(source.get("recorded")) or False,
    )


def _all(source: Json, name: str, read: Callable[[Json], T]) -> tuple[T, ...]:
    return tuple(read(mapping(item)) for item in items(source.get(name)))


def _float(source: Json, name: str, default: float = 0.0) -> float:
    found = number(source.get(name))
    return default if found is None else found


def _note(source: Json) -> Note:
    start, length = _float(source, "start"), _float(source, "length")
    return Note(start, length, whole(source.get("pitch")) or 0, whole(source.get("velocity")) or 1)


def _section(source: Json) -> SectionMark:
    start, end = _float(source, "start"), _float(source, "end")
    kind, label = text(source.get("kind")), text(source.get("label"))
    return SectionMark(kind, label, start, end, whole(source.get("bars")) or 1, _float(source, "energy"))


def _chord(source: Json) -> ChordMark:
    tones = tuple(whole(tone) or 0 for tone in items(source.get("tones")))
    return ChordMark(_float(source, "start"), _float(source, "end"), text(source.get("name")), tones)


def _track(source: Json) -> Track:
    return Track(
        stem=text(source.get("stem")),
        sound=text(source.get("sound")),
        level=_float(source, "level"),
        pan=_float(source, "pan"),
        reverb=_float(source, "reverb"),
        delay=_float(source, "delay"),
        drive=_float(source, "drive"),
        duck=_float(source, "duck"),
        notes=_all(source, "notes", _note),
    )


def _line(source: Json) -> VocalLine:
    return VocalLine(
        text=text(source.get("text")),
        section=whole(source.get("section")) or 0,
        backing=flag(source.get("backing")) or False,
        syllables=_all(source, "syllables", _syllable),
        words=_all(source, "words", _word),
    )


def _syllable(source: Json) -> Syllable:
    word, stress = whole(source.get("word")) or 0, whole(source.get("stress")) or 0
    return Syllable(text(source.get("text")), word, stress, _all(source, "notes", _note))


def _word(source: Json) -> Word:
    return Word(text(source.get("text")), _float(source, "start"), _float(source, "end"))


def _mix(source: Json) -> MixPlan:
    plain = MixPlan()
    return MixPlan(
        reverb=_float(source, "reverb", plain.reverb),
        size=_float(source, "size", plain.size),
        duck=_float(source, "duck", plain.duck),
        low=_float(source, "low", plain.low),
        high=_float(source, "high", plain.high),
        dull=_float(source, "dull", plain.dull),
        width=_float(source, "width", plain.width),
        swell=_float(source, "swell", plain.swell),
    )


def _recipe(source: Json) -> Recipe:
    leave_out = tuple(text(name) for name in items(source.get("leave_out")))
    draw = whole(source.get("draw")) or 0
    return Recipe(text(source.get("variant")), _float(source, "weirdness", 0.5), leave_out, draw)
