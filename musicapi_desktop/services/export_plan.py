"""What an export writes: which files, under which names, and what becomes of names that are taken. No disk here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from musicapi_desktop.domain.errors import InvalidRequest
from musicapi_desktop.domain.mix import MixState
from musicapi_desktop.domain.song import Stem, Take

from .song_folder import safe_name

TEMPLATE = "{title} {take} - {stem} - {bpm}bpm {key}"
FIELDS = ("title", "take", "stem", "bpm", "key")
MIX, STEMS, BOTH = "mix", "stems", "both"
SAME = "same"
"""The form that keeps a delivered file as it is, byte for byte."""

PROJECT, MIDI, LRC, SRT = "project", "midi", "lrc", "srt"
EXTRAS = (PROJECT, MIDI, LRC, SRT)
"""What can be written beside the audio."""

FORMS = (SAME, "wav16", "wav24", "wav32f", "flac24", "mp3")
_SUFFIXES = {"wav16": ".wav", "wav24": ".wav", "wav32f": ".wav", "flac24": ".flac", "mp3": ".mp3"}
_ENDINGS = {PROJECT: ".dawproject", MIDI: ".mid", LRC: ".lrc", SRT: ".srt"}
_FIELD = re.compile(r"\{(\w*)\}([A-Za-z]*)")
_LONGEST, _LONGEST_BYTES = 76, 170
"""Less than song_folder.safe_name cuts at, so that no stem's name is ever cut off."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person chose. ``what`` is MIX, STEMS or BOTH, ``form`` one of FORMS, ``mixed`` as the mixer is set.

    ``extras`` are those of EXTRAS that are written beside it.
    """

    what: str = MIX
    mixed: bool = True
    form: str = "wav24"
    loop: bool = False
    template: str = TEMPLATE
    extras: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """One file: the whole song where ``stem_id`` is empty, else that stem; with a ``kind`` one of EXTRAS."""

    stem_id: str
    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Naming:
    """What names are made of: the person's words for the whole song, and for all stems together."""

    title: str
    mix: str = "Mix"
    original: str = "Original"
    stems: str = "Stems"


def pieces_of(take: Take, mix: MixState, choice: Choice, naming: Naming) -> tuple[Piece, ...]:
    """Return the files that ``choice`` makes of a take, in the mixer's order.

    Stems without a signal, and as mixed those that the mix does not let through, are left out. Raises InvalidRequest
    (field ``template``) for a name that cannot be, (field ``what``) where nothing would be written.
    """
    parts: list[tuple[str, str, str]] = []
    if choice.what != STEMS:
        parts.append(("", naming.mix if choice.mixed else naming.original, take.wav_path or take.path))
    if choice.what != MIX:
        parts += [(stem.id, stem.name, stem.path) for stem in stems_written(take, mix, choice.mixed)]
    if not parts:
        raise InvalidRequest({"what": "Every stem is muted: there is nothing to write."})
    if len(parts) > 1 and "{stem}" not in choice.template:
        raise InvalidRequest({"template": "Several files would have the same name: add {stem}."})
    known = {"take": take.letter, "bpm": f"{take.bpm:.0f}" if take.bpm else "", "key": short_key(take.key)}
    names: list[str] = []
    values = {**known, "title": naming.title}
    for _stem_id, stem, path in parts:
        suffix = PurePath(path).suffix.lower() if choice.form == SAME else _SUFFIXES[choice.form]
        plain = fill(choice.template, {**values, "stem": stem})
        names.append(_free(plain, suffix, _among(names)))
    pieces = tuple(Piece(part[0], name) for part, name in zip(parts, names, strict=True))
    # players look for the words under the name of the sound
    base = PurePath(names[0]).stem if choice.what != STEMS else fill(choice.template, {**values, "stem": naming.stems})
    extras = [kind for kind in EXTRAS if kind in choice.extras]
    return (*pieces, *(Piece("", _free(base, _ENDINGS[kind], _among(names)), kind) for kind in extras))


def extras_of(take: Take, loop: bool) -> tuple[str, ...]:
    """Return those of EXTRAS that a take has. Notes cannot be cut, so there are none of a loop."""
    there = {
        PROJECT: any(not stem.silent for stem in take.stems),
        MIDI: "midi" in take.files and not loop,
        LRC: "alignment" in take.files,
        SRT: "alignment" in take.files,
    }
    return tuple(kind for kind in EXTRAS if there[kind])


def stems_written(take: Take, mix: MixState, mixed: bool) -> tuple[Stem, ...]:
    """Return the stems that hold something: all parts where they exist, else the two; ``mixed`` asks the mix too."""
    full = tuple(stem for stem in take.stems if stem.split == "full")
    stems = sorted(full or take.stems, key=lambda stem: stem.position)
    return tuple(stem for stem in stems if not stem.silent and (not mixed or any(mix.gains(stem.id))))


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return a file name without its ending: fields filled in, what is not known left out with its unit and dashes.

    Raises InvalidRequest (field ``template``) for an unknown field and for a name with nothing in it.
    """
    unknown = [name for name, _unit in _FIELD.findall(template) if name not in FIELDS]
    if unknown:
        raise InvalidRequest({"template": f"There is no part called {{{unknown[0]}}}."})
    name = _filled(template, values)
    title = values.get("title", "")
    while title and (len(name) > _LONGEST or len(name.encode()) > _LONGEST_BYTES):
        title = title[:-1]
        name = _filled(template, {**values, "title": title.rstrip()})
    if not safe_name(name, ""):
        raise InvalidRequest({"template": "Give the files a name."})
    return safe_name(name)


def short_key(key: str) -> str:
    """A key as it stands in file names: ``F#m`` for F# minor, ``Eb`` for E♭ major."""
    tonic, _, mode = key.strip().partition(" ")
    plain = tonic.replace("♯", "#").replace("♭", "b")
    return f"{plain}m" if mode.lower() in {"minor", "min", "dorian", "phrygian", "aeolian", "locrian"} else plain


def beside(pieces: Sequence[Piece], taken: Callable[[str], bool]) -> tuple[Piece, ...]:
    """Return the pieces under names that are free: ``Song (2).wav`` where ``Song.wav`` is taken."""
    names: list[str] = []
    for piece in pieces:
        path = PurePath(piece.name)
        ours = _among(names)
        names.append(_free(path.stem, path.suffix, lambda name, ours=ours: ours(name) or taken(name)))
    return tuple(replace(piece, name=name) for piece, name in zip(pieces, names, strict=True))


def _filled(template: str, values: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        known = values.get(found[1], "")
        return known + found[2] if known else ""

    parts = [re.sub(r"\s+", " ", part).strip() for part in _FIELD.sub(value, template).split(" - ")]
    return " - ".join(part for part in parts if part.strip("- "))


def _among(names: Sequence[str]) -> Callable[[str], bool]:
    """Whether a name is one of these, as systems see it that do not tell capitals apart."""
    known = {name.casefold() for name in names}
    return lambda name: name.casefold() in known


def _free(plain: str, suffix: str, taken: Callable[[str], bool]) -> str:
    name, number = plain + suffix, 1
    while taken(name):
        number += 1
        name = f"{plain} ({number}){suffix}"
    return name
