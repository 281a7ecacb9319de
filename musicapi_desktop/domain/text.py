"""Lyrics and style as text: syllables, sections, and lists of words between commas."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_VOWELS = frozenset("aeiouyаеёиоуыэюяіїєαεηιουωæøœı")
_SILENT_ENDS = ("es", "ed")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ASIDE = re.compile(r"\[[^\]\n]*\]?|\([^)\n]*\)?")
_TAG = re.compile(r"^[ \t]*\[[^\]\n]+\][ \t]*$", re.MULTILINE)


def syllables(line: str) -> int:
    """Estimate the sung syllables of a line; tags in brackets and asides in parentheses are not counted.

    A hint for the eye, made for English and close for languages written with vowels; one for each CJK character.
    """
    return sum(_of_word(word) for word in _WORD.findall(_ASIDE.sub(" ", line)))


def _of_word(word: str) -> int:
    whole_signs = sum(unicodedata.category(c) == "Lo" for c in word)
    if whole_signs:
        return whole_signs
    if word.isdigit():
        return len(word)
    letters = _unaccented(word.lower().replace("'", "").replace("’", ""))
    return max(1, _vowel_groups(letters) - _silent(letters))


def _unaccented(word: str) -> str:
    # an accent says that a vowel is sung by itself (na-ï-ve, ca-fé): a mark on both sides keeps it apart
    letters: list[str] = []
    for letter in word:
        bare = unicodedata.normalize("NFD", letter)[0]
        letters.append(f"'{bare}'" if bare != letter and bare in _VOWELS else bare)
    return "".join(letters)


def _vowel_groups(letters: str) -> int:
    groups = 0
    before = ""
    for letter in letters:
        is_vowel = letter in _VOWELS
        # io, ia, eo and ua are mostly sung as two: ra-di-o, vi-o-lin, ne-on, du-al
        apart = before + letter in {"io", "ia", "eo", "ua"}
        if is_vowel and (before not in _VOWELS or apart):
            groups += 1
        before = letter
    return groups - letters.count("tio") - letters.count("sio") - letters.count("qua")


def _silent(letters: str) -> int:
    if len(letters) < 3 or not letters.isascii():
        return 0
    if letters.endswith("e") and letters[-2] not in _VOWELS:
        # the e of "ta-ble" is sung, the one of "time" is not
        return 0 if letters[-2] == "l" and letters[-3] not in _VOWELS else 1
    if letters.endswith(_SILENT_ENDS) and letters[-3] not in _VOWELS:
        sung = "td" if letters.endswith("ed") else "szxcgh"
        return 0 if letters[-3] in sung or len(letters) < 4 else 1
    return 0


@dataclass(frozen=True, slots=True)
class Section:
    """A section of lyrics: ``tag`` without brackets, empty before the first; ``start`` and ``end`` in characters."""

    tag: str
    start: int
    end: int


def sections(lyrics: str) -> tuple[Section, ...]:
    """The sections of ``lyrics`` in order; a tag is a line with nothing but ``[words]``. They cover the whole text."""
    found = list(_TAG.finditer(lyrics))
    if not found:
        return (Section("", 0, len(lyrics)),) if lyrics else ()
    parts = [Section("", 0, found[0].start())] if lyrics[: found[0].start()].strip() else []
    for tag, following in zip(found, [*found[1:], None], strict=True):
        start = 0 if tag is found[0] and not parts else tag.start()
        end = following.start() if following else len(lyrics)
        parts.append(Section(tag.group().strip()[1:-1].strip(), start, end))
    return tuple(parts)


def move_section(lyrics: str, position: int, by: int) -> tuple[str, int] | None:
    """Move the section around ``position`` by ``by`` places (−1 up, 1 down).

    Returns the new text and where ``position`` went, or None where there is no place to go.
    """
    parts = sections(lyrics)
    here = next((i for i, part in enumerate(parts) if part.start <= position < part.end), len(parts) - 1)
    there = here + by
    if not parts or not 0 <= there < len(parts):
        return None
    texts = [lyrics[part.start : part.end].strip("\n") for part in parts]
    within = position - parts[here].start
    texts.insert(there, texts.pop(here))
    moved = "\n\n".join(texts)
    start = sum(len(text) + 2 for text in texts[:there])
    return moved, min(start + within, len(moved))


def words_between_commas(text: str) -> tuple[str, ...]:
    """The parts of a comma-separated text, trimmed, without empty ones. A line break separates as a comma does."""
    return tuple(part.strip() for part in re.split(r"[,\n\r，、]", text) if part.strip())


def shared_words(one: str, other: str) -> tuple[str, ...]:
    """The parts that stand in both comma-separated texts, whatever their case, in the order and spelling of ``one``."""
    others = {part.casefold() for part in words_between_commas(other)}
    return tuple(part for part in words_between_commas(one) if part.casefold() in others)
