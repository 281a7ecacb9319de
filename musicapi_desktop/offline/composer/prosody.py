"""Lines to words, and words to written syllables.

How many syllables a word has and which are strong is the singer's to say (voice/syllables.py), through the type
``Prosody``, so that form and voice count alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Spoken:
    """A syllable: its letters, the index of its word in the line, stress 0 (weak) to 2 (strong)."""

    text: str
    word: int
    stress: int


Prosody = Callable[[str], list[Spoken]]
"""One line to its syllables. Words are those of ``words_of``."""

_VOWELS = re.compile(r"[aeiouyáéíóúàèìòùäëïöüâêîôûãõåæøœ]+", re.IGNORECASE)
_SILENT_E = re.compile(r"[^aeiouyl]e[sd]?$", re.IGNORECASE)
_SOUNDED = re.compile(r"([sxz]|[cs]h|[cg])es$|[td]ed$", re.IGNORECASE)
_WIDE = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")
MOST_SYLLABLES = 28


def words_of(line: str) -> list[str]:
    """The words that can be sung: runs of letters and digits; pictures and signs are left out."""
    return [word for word in re.findall(r"[^\W_]+(?:['’][^\W_]+)*", line) if any(c.isalnum() for c in word)]


def split_word(word: str) -> list[str]:
    """Split one word into written syllables."""
    if any(_wide(c) for c in word):
        return list(word)
    groups = [found.span() for found in _VOWELS.finditer(word)]
    if len(groups) > 1 and _SILENT_E.search(word) and not _SOUNDED.search(word):
        groups.pop()
    if not groups:
        return [word[at : at + 4] for at in range(0, len(word), 4)] if len(word) > 5 else [word]
    cuts = [0]
    for (_, end), (start, _) in pairwise(groups):
        between = start - end
        cuts.append(end if between <= 1 else start - 1)
    return [word[a:b] for a, b in zip(cuts, [*cuts[1:], len(word)], strict=True)]


def _wide(character: str) -> bool:
    return unicodedata.name(character, "").startswith(_WIDE)
