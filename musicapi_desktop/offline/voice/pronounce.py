"""Words to phones: the CMU dictionary first, then rules learnt from it, for anything a person may write."""

from __future__ import annotations

import lzma
import re
import unicodedata
from functools import cache, lru_cache

from musicapi_desktop.offline.resources import root

from .languages import ENGLISH, PLAIN, read
from .numbers import say_number
from .phones import VOWELS
from .scripts import romanise

ORDER = (1, -1, 2, -2, 3, -3, 4)
"""Which neighbour of a letter the rules look at next (packaging/pronunciation.py writes them so)."""

_OWN = {
    "a": "ah0",
    "aah": "aa1",
    "ah": "aa1",
    "ahh": "aa1",
    "doo": "d uw1",
    "hmm": "hh m",
    "la": "l aa1",
    "mm": "m",
    "mmm": "m",
    "na": "n aa1",
    "oo": "uw1",
    "ooh": "uw1",
    "shh": "sh ah0",
    "woah": "w ow1",
    "whoa": "w ow1",
    "wooh": "w uw1",
    "yeah": "y eh1 ah0",
}
_NAME_WORDS = "ey bee see dee ee eff gee aitch eye jay kay ell em en oh pea cue are ess tea you vee double-u ex why zee"
_NAMES = dict(zip("abcdefghijklmnopqrstuvwxyz", _NAME_WORDS.split(), strict=True))
_LONGEST = 40
_LATIN_ENDS = 0x24F
_FALLBACK = ("l", "aa1")
_PARTS = re.compile(r"[0-9]+|[a-z']+")
_STRETCHED = re.compile(r"(.)\1{2,}")


@cache
def _words() -> bytes:
    return lzma.decompress((root() / "pronunciation" / "words.xz").read_bytes())


@cache
def _rules() -> dict[str, str]:
    text = lzma.decompress((root() / "pronunciation" / "spelling.xz").read_bytes()).decode()
    pairs = (line.partition("\t") for line in text.splitlines() if line)
    return {key: share for key, _, share in pairs}


@lru_cache(4096)
def pronounce(word: str, language: str = ENGLISH) -> tuple[str, ...]:
    """Phones of a word, vowels with their stress (0, 1, 2) behind them; never empty."""
    folded = unicodedata.normalize("NFKC", word).replace("’", "'").lower()[:_LONGEST]
    spelt = romanise(folded)[:_LONGEST]
    if spelt != folded and any(ord(c) > _LATIN_ENDS for c in folded):
        return read(plain_letters(spelt), PLAIN) or _FALLBACK
    if language != ENGLISH and not any(c.isdigit() for c in folded):
        return read(folded, language) or _FALLBACK
    plain = plain_letters(spelt)
    phones: list[str] = []
    for part in _PARTS.findall(plain):
        if part[0].isdigit():
            phones += [phone for said in say_number(part) for phone in _spoken(said)]
        elif word.isupper() and 1 < len(part) <= 4 and known(part) is None:
            phones += [phone for letter in part if letter in _NAMES for phone in _letter(letter)]
        else:
            phones += _spoken(part)
    return tuple(phones) or _FALLBACK


def plain_letters(word: str) -> str:
    """A word in the letters a-z, figures and apostrophes, without its accents."""
    bare = unicodedata.normalize("NFD", word)
    return "".join(c for c in bare if c.isascii() and (c.isalnum() or c == "'"))


def known(word: str) -> tuple[str, ...] | None:
    """What the dictionary says."""
    if word in _OWN:
        return tuple(_OWN[word].split())
    text = _words()
    at = text.find(b"\n" + word.encode("ascii", "replace") + b"\t")
    if at < 0:
        return None
    start = at + len(word) + 2
    return tuple(text[start : text.index(b"\n", start)].decode().split())


def _spoken(word: str) -> tuple[str, ...]:
    bare = word.strip("'")
    if not bare:
        return ()
    shorter = _STRETCHED.sub(r"\1\1", bare)
    for spelling in (bare, shorter, _STRETCHED.sub(r"\1", bare)):
        found = known(spelling)
        if found:
            return found
    if shorter.endswith("'s"):
        return _plural(_spoken(shorter[:-2]))
    if "'" in shorter:
        return tuple(phone for part in shorter.split("'") for phone in _spoken(part))
    if shorter.endswith("s") and known(shorter[:-1]):
        return _plural(_spoken(shorter[:-1]))
    return _compound(shorter) or by_letters(shorter)


def _plural(phones: tuple[str, ...]) -> tuple[str, ...]:
    last = phones[-1] if phones else ""
    if last in ("s", "z", "sh", "zh", "ch", "jh"):
        return (*phones, "ah0", "z")
    return (*phones, "s" if last in ("p", "t", "k", "f", "th") else "z")


def _compound(word: str) -> tuple[str, ...]:
    """Two known words in one: moonfire, starbound."""
    for at in range(len(word) - 3, 2, -1):
        first, second = known(word[:at]), known(word[at:])
        if first and second:
            return (*first, *(phone.replace("1", "2") for phone in second))
    return ()


def _letter(letter: str) -> tuple[str, ...]:
    return tuple(p for part in _NAMES[letter].split("-") for p in (known(part) or by_letters(part)))


def by_letters(word: str) -> tuple[str, ...]:
    """Phones of letters a-z by the learnt rules."""
    rules, padded = _rules(), f"____{word}____"
    phones: list[str] = []
    for place in range(len(word)):
        key = padded[place + 4] + "".join(padded[place + 4 + offset] for offset in ORDER)
        share = next((rules[key[:n]] for n in range(len(key), 0, -1) if key[:n] in rules), "")
        phones += share.split()
    return _stressed(phones)


def _stressed(phones: list[str]) -> tuple[str, ...]:
    """Exactly one main stress; the first full vowel where the rules gave none."""
    vowels = [at for at, phone in enumerate(phones) if phone.rstrip("012") in VOWELS]
    if not vowels:
        return tuple(phones)
    main = [at for at in vowels if phones[at].endswith("1")]
    chosen = main[0] if main else next((at for at in vowels if not phones[at].startswith("ah")), vowels[0])
    return tuple(
        phone[:-1] + ("1" if at == chosen else "0" if phone.endswith("1") else phone[-1]) if at in vowels else phone
        for at, phone in enumerate(phones)
    )
