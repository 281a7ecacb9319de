"""What a person types into the search box, as SQL. Anything may be typed; nothing typed is ever an error."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .fields import storable


class Sort(StrEnum):
    """What the library is sorted by."""

    CREATED = "created"
    TITLE = "title"
    LENGTH = "length"


def order_by(sort: Sort, descending: bool) -> str:
    """Return the ORDER BY of a sort; equal ones stay in the order they were made."""
    way = "DESC" if descending else "ASC"
    column = {Sort.CREATED: "created_at", Sort.TITLE: "title", Sort.LENGTH: "seconds"}[sort]
    return f"song.{column} {way}, song.n {way}"


@dataclass(frozen=True, slots=True)
class Search:
    """A WHERE clause on ``song`` with its values, and the parts it came from (for the chips under the box)."""

    where: str
    values: tuple[object, ...] = ()
    parts: tuple[str, ...] = ()


_Condition = tuple[str, tuple[object, ...]]

_LIVE: Final = "song.trashed_at IS NULL"
_TRASHED: Final = "song.trashed_at IS NOT NULL"
_TOKEN: Final = re.compile(r'(-?)(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))', re.IGNORECASE)
_COLUMNS: Final = ("title", "style", "lyrics", "description", "notes", "take_words")
_UNITS: Final = {"h": 3600.0, "d": 86400.0, "w": 604800.0, "m": 2629800.0, "y": 31557600.0}
_AGE: Final = re.compile(r"([<>]?)(\d{1,5})([hdwmy])")
_RANGE: Final = re.compile(r"(\d{1,4}(?:\.\d+)?)\s*(?:-|–|\.\.)\s*(\d{1,4}(?:\.\d+)?)")
_COMPARED: Final = re.compile(r"(<=|>=|<|>|=)?(\d{1,4}(?:\.\d+)?)")
_EXISTS: Final = "EXISTS (SELECT 1 FROM take WHERE take.song_id = song.id AND {})"
_HAS: Final = {
    "stems": "EXISTS (SELECT 1 FROM take JOIN stem ON stem.take_id = take.id WHERE take.song_id = song.id)",
    "wav": _EXISTS.format("take.wav_path <> ''"),
    "lyrics": "(song.lyrics <> '' OR " + _EXISTS.format("take.lyrics <> ''") + ")",
    "notes": "song.notes <> ''",
}
_IS: Final = {
    "fav": "song.favourite = 1",
    "favourite": "song.favourite = 1",
    "favorite": "song.favourite = 1",
    "missing": _EXISTS.format("take.state = 'missing'"),
    "making": "song.job_id <> ''",
}


def parse(text: str, now: float) -> Search:
    """Return the search that ``text`` means at the time ``now`` (Unix seconds). Never raises.

    Words must all be found (as beginnings of words, accents and case aside); ``-word`` must not; ``"exact words"``
    stand together. Operators: has: is: added: model: bpm: key: rating: title: style: lyrics:. What is not understood is
    searched for as it stands.
    """
    where: list[str] = []
    values: list[object] = []
    parts: list[str] = []
    trash = False
    for match in _TOKEN.finditer(storable(text)):
        negative, operator, phrase, word = match.groups()
        if not negative and f"{operator}:{word}".lower() == "is:trashed":
            trash = True
            parts.append(match.group())
            continue
        condition = _condition((operator or "").lower(), phrase, word or "", match.group(), now)
        if condition is None:
            continue
        clause, bound = condition
        where.append(f"NOT {clause}" if negative else clause)
        values.extend(bound)
        parts.append(match.group())
    return Search(" AND ".join([_TRASHED if trash else _LIVE, *where]), tuple(values), tuple(parts))


def _condition(operator: str, phrase: str | None, word: str, whole: str, now: float) -> _Condition | None:
    argument = phrase if phrase is not None else word
    if operator in _OPERATORS:
        found = _OPERATORS[operator](argument, now)
        if found is not None:
            return found
        # half an operator ("bpm:") filters nothing while it is being typed
        return None if not argument.strip(" <>=-") else _words(whole.lstrip("-"), exact=False)
    if operator:
        argument = f"{operator}:{argument}"
    elif word.endswith(":") and word[:-1].lower() in _OPERATORS:
        return None
    return _words(argument, exact=phrase is not None) if argument.strip() else None


def _words(text: str, *, exact: bool, column: str = "") -> _Condition | None:
    if not any(_searchable(char) for char in text) or any(_without_spaces(char) for char in text):
        return _anywhere(text.strip().strip('"'), (column,) if column else _COLUMNS)
    tokens = text.replace('"', " ")
    match = f'"{tokens}"' if exact else f'"{tokens}"*'
    if column:
        match = f"{column} : {match}"
    return "(song.n IN (SELECT rowid FROM song_words WHERE song_words MATCH ?))", (match,)


def _anywhere(text: str, columns: tuple[str, ...]) -> _Condition | None:
    """Search for what the index has no words for: emoji, punctuation, and scripts written without spaces."""
    if text in ("", "-"):
        return None
    clause = " OR ".join(f"instr(song.{column}, ?)" for column in columns)
    return f"({clause})", (text,) * len(columns)


def _searchable(char: str) -> bool:
    return unicodedata.category(char)[0] in "LN" or unicodedata.category(char) == "Co"


def _without_spaces(char: str) -> bool:
    """True for scripts that unicode61 reads as one long word: Thai to Khmer, kana, Chinese characters."""
    point = ord(char)
    return (
        0x0E00 <= point <= 0x0EFF
        or 0x1780 <= point <= 0x17FF
        or 0x3040 <= point <= 0x9FFF
        or 0x20000 <= point <= 0x3FFFF
    )


def _has(argument: str, _now: float) -> _Condition | None:
    clause = _HAS.get(argument.lower())
    return None if clause is None else (clause, ())


def _is(argument: str, _now: float) -> _Condition | None:
    clause = _IS.get(argument.lower())
    return None if clause is None else (clause, ())


def _added(argument: str, now: float) -> _Condition | None:
    found = _AGE.fullmatch(argument.lower())
    if found is None:
        return None
    sign, count, unit = found.groups()
    return f"song.created_at {'<' if sign == '>' else '>='} ?", (now - float(count) * _UNITS[unit],)


def _model(argument: str, _now: float) -> _Condition | None:
    escaped = argument.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return (r"song.model LIKE ? ESCAPE '\'", (f"%{escaped}%",)) if argument else None


def _key(argument: str, _now: float) -> _Condition | None:
    """Compare keys as written (``Am``, ``F#m``, ``Eb``); ♯ and ♭ are read as # and b."""
    key = argument.replace("♯", "#").replace("♭", "b").strip()
    if not key:
        return None
    return _EXISTS.format("replace(take.key, ' minor', 'm') = ? COLLATE NOCASE"), (key,)


def _number(column: str) -> Callable[[str, float], _Condition | None]:
    def read(argument: str, _now: float) -> _Condition | None:
        span = _RANGE.fullmatch(argument)
        if span is not None:
            return f"{column} BETWEEN ? AND ?", (float(span.group(1)), float(span.group(2)))
        single = _COMPARED.fullmatch(argument)
        if single is None:
            return None
        return f"{column} {single.group(1) or '='} ?", (float(single.group(2)),)

    return read


def _bpm(argument: str, now: float) -> _Condition | None:
    found = _number("round(take.bpm)")(argument, now)
    return None if found is None else (_EXISTS.format(found[0]), found[1])


def _in_column(column: str) -> Callable[[str, float], _Condition | None]:
    def read(argument: str, _now: float) -> _Condition | None:
        return _words(argument, exact=False, column=column) if argument.strip() else None

    return read


_OPERATORS: Final[dict[str, Callable[[str, float], _Condition | None]]] = {
    "has": _has,
    "is": _is,
    "added": _added,
    "model": _model,
    "key": _key,
    "bpm": _bpm,
    "rating": _number("song.rating"),
    "title": _in_column("title"),
    "style": _in_column("style"),
    "lyrics": _in_column("lyrics"),
}
