"""Words laid into a form that exists: which stanza is sung where, as much of it as there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .form import Line, Section, spoken
from .lyrics import LyricSection
from .prosody import Prosody

_PEAKS = ("chorus", "drop", "solo")
_SILENT = ("intro", "outro")
_SYLLABLES_A_SECOND = 4.0


def laid_in(
    sections: Sequence[Section], stanzas: Sequence[LyricSection], bar: float, prosody: Prosody, room: range
) -> tuple[Section, ...]:
    """The sections with lines to sing. ``bar`` in seconds; only whole sections within the bars of ``room`` are sung.

    The chorus is sung in every peak of the form, verses in what lies between, one after the other.
    """
    choruses = [s for s in stanzas if s.kind == "chorus" and s.lines]
    verses = [s for s in stanzas if s.kind != "chorus" and s.lines]
    inside = [s for s in sections if s.start >= room.start and s.start + s.bars <= room.stop]
    open_to_words = [s.start for s in inside if s.kind not in _SILENT] or [s.start for s in inside]
    peaks = any(s.kind in _PEAKS for s in inside)
    found: list[Section] = []
    for section in sections:
        stanza: LyricSection | None = None
        if section.start in open_to_words:
            if choruses and section.kind in _PEAKS:
                stanza = choruses[0]
            elif verses:
                stanza = verses.pop(0)
            elif choruses and not peaks:
                stanza = choruses[0]
        found.append(_sung(section, stanza, bar, prosody) if stanza else replace(section, lines=()))
    return tuple(found)


def _sung(section: Section, stanza: LyricSection, bar: float, prosody: Prosody) -> Section:
    lines: list[Line] = [spoken(line, prosody) for line in stanza.lines]
    longest = max(len(line.syllables) for line in lines)
    least = next((n for n in (1, 2, 4) if longest <= n * bar * _SYLLABLES_A_SECOND - 1), 4)
    wished = max(1, section.bars // len(lines))
    line_bars = min(section.bars, max(least, min(wished, 4 if bar < 1.5 else 2)))
    return replace(section, lines=tuple(lines[: max(1, section.bars // line_bars)]), line_bars=line_bars)
