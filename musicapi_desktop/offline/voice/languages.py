"""Other languages, read by rule into the English voices' phones: understood, with an accent.

The rules are data: resources/pronunciation/languages.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from musicapi_desktop.offline.resources import root

from .phones import VOWELS

ENGLISH = "en"
PLAIN = "plain"
"""Letters read one by one with open vowels: for scripts spelt out by scripts.romanise."""
_ENOUGH = 0.3
_ACUTE = "áéíóúàèìòùâêôã"


@dataclass(frozen=True, slots=True)
class Language:
    """How one language is recognised and read."""

    words: frozenset[str]
    letters: frozenset[str]
    stress: str
    rules: tuple[tuple[re.Pattern[str], str], ...]


@cache
def _languages() -> dict[str, Language]:
    tables = tomllib.loads((root() / "pronunciation" / "languages.toml").read_text(encoding="utf-8"))
    return {
        name: Language(
            frozenset(table["words"].split()),
            frozenset(table["letters"]),
            table["stress"],
            tuple((re.compile(pattern), phones) for pattern, phones in table["rules"]),
        )
        for name, table in tables.items()
    }


def language_of(words: Sequence[str]) -> str:
    """The language a line is in, by its small words and letters; English where it is not clearly another."""
    lowered = [word.lower().replace("’", "'") for word in words]
    if not lowered:
        return ENGLISH
    scores: dict[str, float] = {}
    for name, language in _languages().items():
        hits = sum(word in language.words for word in lowered)
        marks = sum(bool(language.letters & set(word)) for word in lowered)
        scores[name] = hits + 1.2 * marks
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] >= max(1.2, _ENOUGH * len(lowered)) else ENGLISH


def read(word: str, name: str) -> tuple[str, ...]:
    """Phones of a lower-case word in a language, vowels with their stress."""
    language = _languages()[name]
    phones: list[str] = []
    marked = -1
    at = 0
    while at < len(word):
        for pattern, made in language.rules:
            found = pattern.match(word, at)
            if found and found.end() > at:
                sounds = [found.group()] if made == "=" else made.split()
                if any(c in _ACUTE for c in found.group()) and any(s in VOWELS for s in sounds):
                    marked = len(phones) + next(i for i, s in enumerate(sounds) if s in VOWELS)
                phones += sounds
                at = found.end()
                break
        else:
            at += 1
    vowels = [place for place, phone in enumerate(phones) if phone in VOWELS]
    if not vowels:
        return tuple(phones)
    main = (
        marked if marked >= 0 and language.stress != "last" else vowels[_stressed(language.stress, len(vowels), word)]
    )
    return tuple(p + ("1" if at == main else "0") if p in VOWELS else p for at, p in enumerate(phones))


def _stressed(rule: str, vowels: int, word: str) -> int:
    if rule == "first" or vowels == 1:
        return 0
    if rule == "last" or (rule == "spanish" and word[-1] not in "aeiouns"):
        return vowels - 1
    return vowels - 2
