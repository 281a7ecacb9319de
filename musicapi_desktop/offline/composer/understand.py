"""A brief's words to wishes: style, tempo, key, meter, length, instruments, what to leave out.

Numbers are obeyed exactly, the fields of the request before the text; words nobody knows do no harm.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .rng import Rng
from .style import Lead, Sound, Style
from .tables import Table
from .theory import FLAT_NAMES, SCALES, SHARP_NAMES, Key

LONGEST = 360.0
SHORTEST = 5.0
METERS = ("4/4", "3/4", "6/8", "2/4", "5/4", "7/8", "12/8")

_NOTE = r"([A-Ga-g])\s?(#|♯|b|♭|[\s-]sharp|[\s-]flat)?"
_MODES = r"(major|minor|maj|min|dorian|phrygian|lydian|mixolydian|harmonic minor|m)"
_KEY = re.compile(rf"(?<![\w#]){_NOTE}[\s-]*{_MODES}(?!\w)")
_BPM = re.compile(r"(?<![\w.])(\d{2,3}(?:\.\d+)?)\s*-?\s*(?:bpm|beats per minute)\b", re.IGNORECASE)
_METER = re.compile(r"(?<![\d/])(\d{1,2})\s*/\s*(\d{1,2})(?![\d/])")
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):([0-5]\d)(?![\d:])")
_SECONDS = re.compile(r"(?<![\w.])(\d{1,3}(?:\.\d+)?)[\s-]*(?:seconds|second|secs|sec|s)\b", re.IGNORECASE)
_MINUTES = re.compile(r"(?<![\w.])(\d{1,2}(?:\.\d+)?)[\s-]*(?:minutes|minute|mins|min)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the brief asks for; None or empty where it is silent."""

    style: Style
    bpm: float | None
    key: Key | None
    mode_family: str
    meter: str
    seconds: float | None
    leads: tuple[Lead, ...]
    leave_out: frozenset[str]
    tempo_shift: float
    energy_shift: float


@dataclass(frozen=True, slots=True)
class Words:
    """The dictionary of resources/styles/_words.toml."""

    instruments: dict[str, Lead]
    leave_out: dict[str, tuple[str, ...]]
    moods: dict[str, dict[str, str]]


@cache
def load_words(folder: Path) -> Words:
    """Read the dictionary."""
    top = Table.of_file(folder / "_words.toml")
    instruments, leave_out, moods = top.table("instruments"), top.table("leave_out"), top.table("moods")
    return Words(
        {name: _instrument(instruments.text(name)) for name in instruments.names()},
        {name: tuple(leave_out.text(name).split()) for name in leave_out.names()},
        {name: dict(item.split(":", 1) for item in moods.text(name).split()) for name in moods.names()},
    )


def _instrument(line: str) -> Lead:
    stem, sound, low, high = line.split()
    return Lead(Sound(stem, sound, -1.0, 0.0, 0.3, 0.1, 0.0, 0.0), int(low), int(high))


def plain(text: str) -> str:
    """Text without control characters, direction marks and lone surrogates, in one normal form."""
    kept = (" " if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn") and c != "\n" else c for c in text)
    return unicodedata.normalize("NFC", "".join(kept))


def understand(text: str, leave_out: str, styles: tuple[Style, ...], words: Words, rng: Rng) -> Wishes:
    """Read wishes out of free text (description, tags, title) and the list of what to leave out."""
    asked = plain(text)
    lowered = _spaced(asked)
    moods = [words.moods[name] for name in words.moods if f" {name} " in lowered]
    families = [mood["mode"] for mood in moods if "mode" in mood]
    style = choose_style(lowered, styles, rng)
    return Wishes(
        style=style,
        bpm=_bpm(asked),
        key=_key(asked),
        mode_family=families[0] if families else "",
        meter=_meter(asked, lowered),
        seconds=_length(asked),
        leads=_leads(lowered, words),
        leave_out=_left_out(leave_out, lowered, words),
        tempo_shift=_sum(moods, "tempo"),
        energy_shift=_sum(moods, "energy") + style.energies.get("", 0.0),
    )


def _spaced(text: str) -> str:
    return " " + re.sub(r"[^\w#&/+'-]+", " ", text.lower()).strip() + " "


def _sum(moods: list[dict[str, str]], name: str) -> float:
    return max(-1.0, min(1.0, sum(float(mood.get(name, 0)) for mood in moods)))


def choose_style(lowered: str, styles: tuple[Style, ...], rng: Rng) -> Style:
    """The style whose words fit best: its names count for much, words near it for little."""
    scores = {style.id: _fit(lowered, style.words, 10) + _fit(lowered, style.near, 3) for style in styles}
    best = max(scores.values())
    if best == 0:
        broad = [style for style in styles if style.id in ("pop", "lofi", "synthwave", "folk")]
        return rng.pick(broad or list(styles))
    style = next(style for style in styles if scores[style.id] == best)
    variant = next((v for v in style.variants if _fit(lowered, v.words, 1)), None)
    return style.as_variant(variant) if variant else style


def _fit(lowered: str, names: Iterable[str], worth: int) -> int:
    hyphens = lowered.replace("-", " ")
    found = [name for name in names if f" {name} " in lowered or f" {name} " in hyphens]
    return sum(worth + len(name) for name in found)


def _bpm(text: str) -> float | None:
    found = _BPM.search(text)
    if not found:
        return None
    value = float(found.group(1))
    return value if 30 <= value <= 300 else None


def _key(text: str) -> Key | None:
    for found in _KEY.finditer(text):
        letter, sign, mode = found.groups()
        if letter == "a" and not sign and mode in ("major", "minor", "m") and not _means_key(text, found.end()):
            continue
        mode = {"maj": "major", "min": "minor", "m": "minor"}.get(mode, mode)
        if found.group(3) == "m" and letter.islower():
            continue
        name = letter.upper()
        shift = 0 if not sign else (1 if sign in "#♯" or "sharp" in sign else -1)
        tonic = ((FLAT_NAMES.index(name) if name in FLAT_NAMES else SHARP_NAMES.index(name)) + shift) % 12
        return Key(tonic, mode if mode in SCALES else "minor")
    return None


def _means_key(text: str, end: int) -> bool:
    """True where "a minor" ends a phrase: "in a minor, slow" names a key, "a minor detail" does not."""
    return not re.match(r"\s+\w", text[end:]) or text[end:].lstrip().lower().startswith("key")


def _meter(text: str, lowered: str) -> str:
    for found in _METER.finditer(text):
        meter = f"{found.group(1)}/{found.group(2)}"
        if meter in METERS:
            return meter
    return "3/4" if " waltz " in lowered else ""


def _length(text: str) -> float | None:
    clock = _CLOCK.search(text)
    if clock:
        return _bounded(int(clock.group(1)) * 60 + int(clock.group(2)))
    minutes, seconds = _MINUTES.search(text), _SECONDS.search(text)
    if minutes or seconds:
        total = 60 * float(minutes.group(1)) if minutes else 0.0
        return _bounded(total + (float(seconds.group(1)) if seconds else 0.0))
    return None


def _bounded(seconds: float) -> float | None:
    return max(SHORTEST, min(LONGEST, seconds)) if seconds > 0 else None


def _leads(lowered: str, words: Words) -> tuple[Lead, ...]:
    rest, found = lowered, list[tuple[int, Lead]]()
    for name in sorted(words.instruments, key=len, reverse=True):
        for form in (name, name + "s"):
            if f" {form} " in rest and f" no {form} " not in rest:
                found.append((lowered.index(f" {form} "), words.instruments[name]))
                rest = rest.replace(f" {form} ", " _ ")
    return tuple(lead for _, lead in sorted(found, key=lambda item: item[0]))


def _left_out(leave_out: str, lowered: str, words: Words) -> frozenset[str]:
    text = _spaced(plain(leave_out))
    found: set[str] = set()
    for name, stems in words.leave_out.items():
        spoken = any(f" {no} {name} " in lowered for no in ("no", "without", "without any"))
        if f" {name} " in text or spoken:
            found.update(stems)
    return frozenset(found)
