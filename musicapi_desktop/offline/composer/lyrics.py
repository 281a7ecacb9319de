"""Lyrics with section tags to sections of lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .prosody import words_of
from .understand import plain

MOST_LINES = 120
_TAG = re.compile(r"^\s*[\[(【]\s*([^\])】]{1,60})\s*[\])】]\s*:?\s*$")
_ASIDE = re.compile(r"[（(]([^()（）]*)[)）]")
_KINDS = (
    ("pre", "pre"),
    ("post", "chorus"),
    ("final chorus", "chorus"),
    ("chorus", "chorus"),
    ("refrain", "chorus"),
    ("hook", "chorus"),
    ("verse", "verse"),
    ("bridge", "bridge"),
    ("middle", "bridge"),
    ("intro", "intro"),
    ("outro", "outro"),
    ("ending", "outro"),
    ("end", "outro"),
    ("coda", "outro"),
    ("build", "build"),
    ("drop", "drop"),
    ("break", "break"),
    ("interlude", "break"),
    ("solo", "solo"),
    ("instrumental", "solo"),
)


@dataclass(frozen=True, slots=True)
class SungLine:
    """A line of lyrics. ``aside`` is what stood in parentheses: the backing vocals' answer."""

    text: str
    aside: str = ""


@dataclass(frozen=True, slots=True)
class LyricSection:
    """A section as the lyrics ask for it."""

    kind: str
    label: str
    lines: tuple[SungLine, ...]


def parse_lyrics(text: str) -> list[LyricSection]:
    """Sections in order. Text without tags is cut at blank lines: a stanza that returns is the chorus."""
    stanzas: list[tuple[str, list[SungLine]]] = []
    tagged = False
    open_stanza = False
    for raw in plain(text).splitlines()[: MOST_LINES * 3]:
        found = _TAG.match(raw)
        if found and kind_of(found.group(1)):
            stanzas.append((found.group(1).strip(), []))
            tagged = open_stanza = True
        elif not raw.strip():
            open_stanza = open_stanza and tagged
        elif _sung(raw):
            if not open_stanza:
                stanzas.append(("", []))
                open_stanza = True
            stanzas[-1][1].append(_line(raw))
    sections = [_section(label, lines, stanzas) for label, lines in stanzas]
    return _within(sections)


def kind_of(label: str) -> str:
    """The kind of section a tag names, "" where it names none."""
    lowered = label.lower()
    return next((kind for word, kind in _KINDS if word in lowered), "")


def _section(label: str, lines: list[SungLine], stanzas: list[tuple[str, list[SungLine]]]) -> LyricSection:
    if label:
        return LyricSection(kind_of(label), label, tuple(lines))
    repeated = sum(other == lines for _, other in stanzas) > 1
    kind = "chorus" if repeated else "verse"
    return LyricSection(kind, kind.capitalize(), tuple(lines))


def _sung(raw: str) -> bool:
    return bool(words_of(raw)) and not raw.lstrip().startswith(("[", "【"))


def _line(raw: str) -> SungLine:
    aside = " ".join(_ASIDE.findall(raw)).strip()
    rest = " ".join(_ASIDE.sub(" ", raw).split())
    return SungLine(rest, aside) if words_of(rest) else SungLine(aside)


def _within(sections: list[LyricSection]) -> list[LyricSection]:
    kept: list[LyricSection] = []
    left = MOST_LINES
    for section in sections:
        if left <= 0:
            break
        lines = section.lines[:left]
        left -= len(lines)
        kept.append(LyricSection(section.kind, section.label, lines))
    return kept
