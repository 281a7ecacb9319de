"""Lines to sung syllables: the one count that the composer's form and the singer share."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from musicapi_desktop.offline.composer.prosody import MOST_SYLLABLES, Spoken, split_word, words_of

from .languages import ENGLISH, language_of
from .phones import VOWELS
from .pronounce import pronounce

_HUMMED = frozenset(["m", "n", "ng", "l", "r"])
_ONSET_PAIRS = """
bl br by dr dw dy fl fr fy gl gr gw kl kr kw ky my ny pl pr py sf sk sl sm sn sp st sw tr tw ty vy
skr skw sky spl spr spy str sty
"""
_ONSETS = frozenset(" ".join(cluster) for cluster in _ONSET_PAIRS.split()) | {"hh y", "sh r", "th r", "th w"}
_WEAK_WORDS = """
a an the and or but of to in on at for from by with as is am are was be been it its i'm i my you your we our us he
she his her they them their that this so if than then do does did not can will would could should have has had into
"""
_WEAK = frozenset(_WEAK_WORDS.split())
_SMALL = 3
"""Words of other languages with at most so many letters are weak."""


@dataclass(frozen=True, slots=True)
class SungSyllable:
    """A syllable: its letters, the index of its word, stress 0 (weak) to 2 (strong), and its phones.

    ``phones[nucleus]`` is what is held; what stands before it comes before the note.
    """

    text: str
    word: int
    stress: int
    phones: tuple[str, ...]
    nucleus: int


def syllables_of(line: str) -> tuple[SungSyllable, ...]:
    """A line's syllables, at most MOST_SYLLABLES; words are those of ``composer.prosody.words_of``."""
    return _syllables(line)


def voice_prosody(line: str) -> list[Spoken]:
    """The same syllables as the composer counts them (the type ``Prosody``)."""
    return [Spoken(s.text, s.word, s.stress) for s in syllables_of(line)]


@lru_cache(1024)
def _syllables(line: str) -> tuple[SungSyllable, ...]:
    words = words_of(line)
    language = language_of(words)
    found: list[SungSyllable] = []
    for index, word in enumerate(words):
        phones = pronounce(word, language)
        if language == ENGLISH and word.lower() == "the" and index + 1 < len(words):
            follows = pronounce(words[index + 1])[0]
            phones = ("dh", "iy0" if follows[-1].isdigit() else "ah0")
        weak = word.lower().replace("’", "'") in _WEAK if language == ENGLISH else len(word) <= _SMALL
        found += _word(word, index, phones, weak=weak)
        if len(found) >= MOST_SYLLABLES:
            break
    return tuple(found[:MOST_SYLLABLES])


def _word(word: str, index: int, phones: Sequence[str], *, weak: bool) -> list[SungSyllable]:
    groups = split_phones(phones)
    texts = _letters(word, len(groups))
    found: list[SungSyllable] = []
    for text, (group, nucleus) in zip(texts, groups, strict=True):
        mark = group[nucleus][-1]
        strength = {"1": 2, "2": 1}.get(mark, 0 if mark.isdigit() else 1)
        names = tuple(_name(phone) for phone in group)
        found.append(SungSyllable(text, index, 0 if weak else strength, names, nucleus))
    return found


def _name(phone: str) -> str:
    return "ax" if phone == "ah0" else phone.rstrip("012")


def split_phones(phones: Sequence[str]) -> list[tuple[tuple[str, ...], int]]:
    """Syllables of a word and the place of each nucleus; consonants begin one where English lets them."""
    row = list(phones)
    nuclei = [at for at, phone in enumerate(row) if phone.rstrip("012") in VOWELS]
    if not nuclei:
        hums = [at for at, phone in enumerate(row) if phone in _HUMMED]
        nuclei = hums[:1] or [len(row)]
        row = row if hums else [*row, "ah0"]
    cuts = [0]
    for left, right in itertools.pairwise(nuclei):
        start = right
        while start - 1 > left and _begins(row[start - 1 : right]):
            start -= 1
        cuts.append(start)
    ends = [*cuts[1:], len(row)]
    return [(tuple(row[a:b]), at - a) for a, b, at in zip(cuts, ends, nuclei, strict=True)]


def _begins(consonants: Sequence[str]) -> bool:
    if len(consonants) == 1:
        return consonants[0] != "ng"
    return " ".join(consonants) in _ONSETS


def _letters(word: str, count: int) -> list[str]:
    """A word's letters shared among its syllables: by vowels where they agree with the sound, else evenly."""
    parts = split_word(word)
    while len(parts) > count:
        shortest = min(range(len(parts) - 1), key=lambda at: len(parts[at]) + len(parts[at + 1]))
        parts[shortest : shortest + 2] = [parts[shortest] + parts[shortest + 1]]
    while len(parts) < count:
        longest = max(range(len(parts)), key=lambda at: len(parts[at]))
        half = (len(parts[longest]) + 1) // 2
        parts[longest : longest + 1] = [parts[longest][:half], parts[longest][half:]]
    return parts
