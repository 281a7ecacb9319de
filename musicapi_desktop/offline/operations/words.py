"""Words for the form: lyrics on a subject, and a style text made fuller."""

from __future__ import annotations

from musicapi_desktop.offline.composer import verses
from musicapi_desktop.offline.composer.lyrics import parse_lyrics
from musicapi_desktop.offline.composer.rng import Rng
from musicapi_desktop.offline.composer.style import Style, load_all
from musicapi_desktop.offline.composer.theory import FLAT_NAMES
from musicapi_desktop.offline.composer.understand import load_words, plain, understand
from musicapi_desktop.offline.resources import root

MOST = 900
"""Letters of a style text; the field takes 1000."""
_STEMS = {
    "Drums": "drums",
    "Percussion": "percussion",
    "Bass": "bass",
    "Guitar": "guitar",
    "Keyboard": "keys",
    "Strings": "strings",
    "Synth": "synths",
    "Brass": "brass",
    "Woodwinds": "woodwinds",
    "Backing Vocals": "choir",
}


def write_lyrics(description: str, seed: int) -> tuple[tuple[str, str], tuple[str, str]]:
    """Two songs' words on a subject (engine.write_lyrics)."""
    return _song(description, seed, 0), _song(description, seed, 1)


def _song(description: str, seed: int, take: int) -> tuple[str, str]:
    lyrics = verses.write_lyrics(description, root() / "styles", Rng(seed, "words", take))
    hook = next(s.lines[0].text for s in parse_lyrics(lyrics) if s.kind == "chorus")
    words = hook.replace(",", " ").split()[:6]
    return " ".join(word[:1].upper() + word[1:] for word in words), lyrics


def upsample_tags(tags: str) -> str:
    """A fuller style text (engine.upsample_tags). What was said stays in front, word for word."""
    own = [part.strip() for part in plain(tags).replace("\n", ",").split(",") if part.strip()]
    folder = root() / "styles"
    rng = Rng(0, "tags", tags)
    wishes = understand(", ".join(own), "", load_all(folder), load_words(folder), rng)
    style = wishes.style
    low, high = style.tempo
    added = [style.name.lower(), *_parts(style.tags), *_players(style, wishes.leave_out)]
    if not wishes.bpm:
        added.append(f"{round((low + high) / 2 + wishes.tempo_shift * (high - low) / 2)} bpm")
    if not wishes.key and not wishes.mode_family:
        added.append(f"{FLAT_NAMES[rng.pick(style.tonics)]} {style.modes[0]}")
    said = " ".join(own).lower()
    text = list(own)
    for word in added:
        heard = f" {' '.join([said, *text]).lower()} ".replace(",", " ")
        if f" {word.lower()} " not in heard and len(", ".join([*text, word])) <= MOST:
            text.append(word)
    return ", ".join(text)


def _parts(line: str) -> list[str]:
    return [part.strip() for part in line.split(",") if part.strip()]


def _players(style: Style, leave_out: frozenset[str]) -> list[str]:
    stems = dict.fromkeys([part.sound.stem for part in style.parts] + [lead.sound.stem for lead in style.leads])
    if style.grooves:
        stems["Drums"] = None
    return [_STEMS[stem] for stem in stems if stem in _STEMS and stem not in leave_out]
