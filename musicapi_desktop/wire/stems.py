"""What a stem is called (contract §5): the service says it in a key, in the title, or not at all."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from musicapi_desktop.domain.song import STEM_KINDS

from .schema import Clip

INSTRUMENTAL: Final = "instrumental"
"""The kind of everything but the voice (the second stem of a basic split)."""
OTHER: Final = "other"
"""The kind of a stem whose name is not known."""
KINDS: Final = (*STEM_KINDS, INSTRUMENTAL, OTHER)

_SYNONYMS: Final = {
    "vocals": "vocal vocals lead_vocal lead_vocals voice voices lead singing",
    "backing_vocals": "backing_vocal backing_vocals backing background_vocals background_vocal backup_vocals choir",
    "drums": "drum drums drum_kit kick snare",
    "percussion": "percussion perc",
    "bass": "bass bass_guitar",
    "guitar": "guitar guitars acoustic_guitar electric_guitar lead_guitar rhythm_guitar",
    "keyboard": "keyboard keyboards keys piano organ electric_piano",
    "strings": "string strings violin cello orchestra",
    "synth": "synth synths synthesizer synthesiser pad lead_synth",
    "fx": "fx sfx effects sound_effects",
    "brass": "brass horn horns trumpet trombone",
    "woodwinds": "woodwind woodwinds wind winds flute saxophone sax clarinet",
    INSTRUMENTAL: "instrumental instrumentals instruments instrument accompaniment backing_track music no_vocals",
    OTHER: "other others rest",
}
_KIND_OF: Final = {word: kind for kind, words in _SYNONYMS.items() for word in words.split()}
_PARENTHESIS: Final = re.compile(r"[(\[]([^()\[\]]+)[)\]]\s*$")
_DASH: Final = re.compile(r"\s[-–—]\s")


@dataclass(frozen=True, slots=True)
class StemLabel:
    """A stem's name as shown, unique in its split, and its kind, one of KINDS."""

    name: str
    kind: str


def kind_of(label: str) -> str | None:
    """Return the kind a label means, or None where it is not known. ``Lead Vocals 2`` means vocals."""
    word = re.sub(r"[\s_-]+", "_", label.strip().lower())
    word = re.sub(r"_?\d+$", "", word)
    return _KIND_OF.get(word) or _KIND_OF.get(re.sub(r"_(stem|track|left|right|l|r|dry|wet)$", "", word))


def stem_labels(clips: Iterable[Clip]) -> tuple[StemLabel, ...]:
    """Return a label per clip, in order; a name that comes twice is numbered.

    Order of belief: ``stem_type``, a trailing parenthesis, the text after the last dash, the whole title where it
    is a known name, and the position.
    """
    taken: set[str] = set()
    labels: list[StemLabel] = []
    for position, clip in enumerate(clips, start=1):
        label = _label(clip, position)
        numbered = (f"{label.name} {count}" for count in itertools.count(2))
        name = label.name if label.name not in taken else next(n for n in numbered if n not in taken)
        taken.add(name)
        labels.append(StemLabel(name, label.kind))
    return tuple(labels)


def _label(clip: Clip, position: int) -> StemLabel:
    if clip.stem_type.strip():
        return _named(clip.stem_type)
    title = clip.title.strip()
    parenthesis = _PARENTHESIS.search(title)
    found = [parenthesis.group(1)] if parenthesis else []
    dashed = _DASH.split(title)
    found += dashed[-1:] if len(dashed) > 1 else []
    # a song may itself be called "Night (Live)": a known instrument further down the order beats an unknown word
    known = next((label for label in (*found, title) if kind_of(label)), "")
    best = known or next((label for label in found if label.strip()), "")
    return _named(best) if best else StemLabel(f"Stem {position}", OTHER)


def _named(label: str) -> StemLabel:
    name = re.sub(r"[\s_]+", " ", label).strip()
    kind = kind_of(label) or OTHER
    if name.islower():
        name = "FX" if name in ("fx", "sfx") else name.title()
    return StemLabel(name, kind)
