"""The sounds of the voice: the phones of American English as the banks and dictionaries name them."""

from __future__ import annotations

PAUSE = "pau"
VOWELS = frozenset(["aa", "ae", "ah", "ao", "aw", "ax", "ay", "eh", "er", "ey", "ih", "iy", "ow", "oy", "uh", "uw"])
DIPHTHONGS = frozenset(["aw", "ay", "ey", "ow", "oy"])
STOPS = frozenset(["b", "d", "g", "k", "p", "t"])
AFFRICATES = frozenset(["ch", "jh"])
FRICATIVES = frozenset(["dh", "f", "hh", "s", "sh", "th", "v", "z", "zh"])
NASALS = frozenset(["m", "n", "ng"])
GLIDES = frozenset(["l", "r", "w", "y"])
SIBILANTS = frozenset(["s", "z", "sh", "zh", "ch", "jh"])
SONOROUS = VOWELS | NASALS | GLIDES
VOICELESS = frozenset(["ch", "f", "hh", "k", "p", "s", "sh", "t", "th"])
CONSONANTS = STOPS | AFFRICATES | FRICATIVES | NASALS | GLIDES
PHONES = (*sorted(VOWELS), *sorted(CONSONANTS), PAUSE)

_FRONT = frozenset(["ae", "eh", "ey", "ih", "iy", "y"])
CLASSES = "-FBLNSD"
"""Kinds of neighbour a unit remembers: none, front and back vowel, liquid, nasal, voiceless and voiced obstruent."""


def class_of(phone: str) -> str:
    """Which kind of neighbour a phone is, one letter of CLASSES."""
    if phone == PAUSE:
        return "-"
    if phone in _FRONT:
        return "F"
    if phone in VOWELS:
        return "B"
    if phone in NASALS:
        return "N"
    if phone in GLIDES:
        return "L"
    return "S" if phone in VOICELESS else "D"


def voiced(phone: str) -> bool:
    """Whether the vocal folds sound in it."""
    return phone != PAUSE and phone not in VOICELESS
