"""A stretch of a score as a score of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from .score import ChordMark, Note, Score, SectionMark, VocalLine, rounded

M = TypeVar("M", SectionMark, ChordMark)
RINGS = 2.5
"""Seconds a note may ring on after its written end."""


def excerpt(score: Score, begin: float, end: float) -> Score:
    """What sounds between two times, moved so that ``begin`` is 0.

    Notes that began before keep their place, below 0: they ring into the stretch.
    """
    return replace(
        score,
        seconds=rounded(end - begin),
        offset=rounded(score.offset - begin),
        sections=tuple(
            replace(mark, start=rounded(mark.start - begin), end=rounded(mark.end - begin))
            for mark in _overlapping(score.sections, begin, end)
        ),
        chords=tuple(
            replace(mark, start=rounded(mark.start - begin), end=rounded(mark.end - begin))
            for mark in _overlapping(score.chords, begin, end)
        ),
        tracks=tuple(
            replace(track, notes=notes) for track in score.tracks if (notes := moved(track.notes, -begin, end - begin))
        ),
        vocals=tuple(
            shifted(line, -begin) for line in score.vocals if _end(line) > begin - RINGS and line.words[0].start < end
        ),
        melody=moved(score.melody, -begin, end - begin),
        kicks=tuple(rounded(kick - begin) for kick in score.kicks if begin - 0.5 < kick < end),
    )


def moved(notes: Iterable[Note], by: float, seconds: float) -> tuple[Note, ...]:
    """Notes moved in time; those that are silent by 0 or begin after ``seconds`` are left out."""
    return tuple(
        replace(note, start=rounded(note.start + by))
        for note in notes
        if note.start + by < seconds and note.start + note.length + by > -RINGS
    )


def shifted(line: VocalLine, by: float, section: int = 0) -> VocalLine:
    """A sung line moved in time, and its section's number by ``section``."""
    return replace(
        line,
        section=line.section + section,
        syllables=tuple(
            replace(s, notes=tuple(replace(n, start=rounded(n.start + by)) for n in s.notes)) for s in line.syllables
        ),
        words=tuple(replace(w, start=rounded(w.start + by), end=rounded(w.end + by)) for w in line.words),
    )


def _end(line: VocalLine) -> float:
    return line.words[-1].end


def _overlapping(marks: Iterable[M], begin: float, end: float) -> list[M]:
    return [mark for mark in marks if mark.end > begin and mark.start < end]
