"""Other scripts in Latin letters, so that a line in them is sung roughly and never fails."""

from __future__ import annotations

import unicodedata

_CYRILLIC_LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў"
_CYRILLIC_SOUNDS = "a b v g d ye yo zh z ee y k l m n o p r s t oo f h ts ch sh sh - i - e yu ya ee yee ye g w"
_GREEK_LETTERS = "αβγδεζηθικλμνξοπρσςτυφχψω"
_GREEK_SOUNDS = "a v g d e z ee th ee k l m n ks o p r s s t ee f h ps o"
_CYRILLIC = dict(zip(_CYRILLIC_LETTERS, _CYRILLIC_SOUNDS.split(), strict=True))
_GREEK = dict(zip(_GREEK_LETTERS, _GREEK_SOUNDS.split(), strict=True))
_LATIN = {"ß": "ss", "æ": "ae", "ø": "o", "œ": "o", "ł": "w", "đ": "d", "ð": "th", "þ": "th", "ı": "i"}
_TABLE = {**_CYRILLIC, **_GREEK, **_LATIN}
_KANA_SOUNDS = ("KATAKANA LETTER ", "HIRAGANA LETTER ")
_INITIAL_SOUNDS = "g kk n d tt r m b pp s ss - j jj ch k t p h"
_MEDIAL_SOUNDS = "a ae ya yae o e yo ye oh wa wae we yo oo wo we wi yoo u ui ee"
_FINAL_SOUNDS = "- k k k n n n t l k m l l l p l m p p t t ng t t k t p t"
_INITIALS = [sound.strip("-") for sound in _INITIAL_SOUNDS.split()]
_MEDIALS = _MEDIAL_SOUNDS.split()
_FINALS = [sound.strip("-") for sound in _FINAL_SOUNDS.split()]
_FILLERS = ("la", "na")


def romanise(text: str) -> str:
    """Lower-case text with each letter of another script replaced by how it sounds; unknown ones by la and na."""
    return "".join(_sound(character) for character in text)


def _sound(character: str) -> str:
    if character.isascii():
        return character
    if character in _TABLE:
        return _TABLE[character].strip("-")
    code = ord(character)
    if 0xAC00 <= code <= 0xD7A3:
        return _hangul(code - 0xAC00)
    name = unicodedata.name(character, "")
    for prefix in _KANA_SOUNDS:
        if name.startswith(prefix):
            return name.removeprefix(prefix).removeprefix("SMALL ").lower()
    if unicodedata.decomposition(character) or not character.isalpha():
        base = unicodedata.normalize("NFD", character)[0]
        return _TABLE.get(base, character)
    return _FILLERS[code % 2]


def _hangul(number: int) -> str:
    initial, rest = divmod(number, 21 * 28)
    medial, final = divmod(rest, 28)
    return _INITIALS[initial] + _MEDIALS[medial] + _FINALS[final]
