"""A score with a stretch of another one in it. Both are on the same grid of bars."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from .score import ChordMark, Note, Score, Track, VocalLine, rounded

HANDS = 0.035
"""Seconds by which a hand may be ahead of the beat it means."""


def spliced(old: Score, new: Score, begin: float, end: float) -> Score:
    """``old`` with what ``new`` plays from ``begin`` to ``end`` (bar lines, seconds); form and length are ``new``'s.

    A sung line that the seam meets is sung up to it.
    """
    first, last = begin - HANDS, end - HANDS

    def inside(start: float) -> bool:
        return first <= start < last

    return replace(
        new,
        tracks=_tracks(old, new, inside),
        vocals=_vocals(old, new, (begin, end)),
        melody=_notes(old.melody, new.melody, inside),
        chords=_chords(old, new, (begin, end)),
        kicks=tuple(sorted([k for k in old.kicks if not inside(k)] + [k for k in new.kicks if inside(k)])),
        levels=old.levels,
        makeup=old.makeup,
        mix=old.mix,
        gender=old.gender or new.gender,
        manner=old.manner or new.manner,
        recorded=old.recorded,
    )


def _tracks(old: Score, new: Score, inside: Callable[[float], bool]) -> tuple[Track, ...]:
    ours = {replace(track, notes=()): track.notes for track in old.tracks}
    theirs = {replace(track, notes=()): track.notes for track in new.tracks}
    whole = ((t, _notes(ours.get(t, ()), theirs.get(t, ()), inside)) for t in dict.fromkeys((*ours, *theirs)))
    return tuple(replace(track, notes=notes) for track, notes in whole if notes)


def _notes(old: Iterable[Note], new: Iterable[Note], inside: Callable[[float], bool]) -> tuple[Note, ...]:
    kept = [n for n in old if not inside(n.start)] + [n for n in new if inside(n.start)]
    return tuple(sorted(kept, key=lambda n: (n.start, n.pitch, n.velocity)))


def _vocals(old: Score, new: Score, times: tuple[float, float]) -> tuple[VocalLine, ...]:
    begin, end = times
    before = [cut for line in old.vocals if _start(line) < begin and (cut := cut_line(line, begin))]
    after = [line for line in old.vocals if _start(line) >= end - HANDS]
    between = [cut for line in new.vocals if begin - HANDS <= _start(line) < end and (cut := cut_line(line, end))]
    renumbered = (_placed(line, new) for line in [*before, *between, *after])
    return tuple(sorted(renumbered, key=lambda line: (_start(line), line.backing)))


def _placed(line: VocalLine, score: Score) -> VocalLine:
    """The line with the number of the section it begins in."""
    starts = [number for number, mark in enumerate(score.sections) if mark.start <= _start(line) + 0.1]
    return replace(line, section=starts[-1] if starts else 0)


def _start(line: VocalLine) -> float:
    return line.syllables[0].notes[0].start


def cut_line(line: VocalLine, end: float) -> VocalLine | None:
    """A sung line up to a time; None where nothing is left."""
    kept = tuple(s for s in line.syllables if s.notes[0].start + 0.12 < end)
    if len(kept) == len(line.syllables):
        return line
    words = {s.word for s in kept}
    if not words:
        return None
    numbers = sorted({s.word for s in line.syllables})
    return replace(
        line,
        syllables=kept,
        words=tuple(
            replace(word, end=min(word.end, rounded(end)))
            for number, word in zip(numbers, line.words, strict=False)
            if number in words
        ),
    )


def _chords(old: Score, new: Score, times: tuple[float, float]) -> tuple[ChordMark, ...]:
    begin, end = times
    kept = [_clipped(mark, 0.0, begin) for mark in old.chords]
    kept += [_clipped(mark, begin, end) for mark in new.chords]
    kept += [_clipped(mark, end, old.seconds) for mark in old.chords]
    return tuple(mark for mark in kept if mark.end - mark.start > 0.01)


def _clipped(mark: ChordMark, low: float, high: float) -> ChordMark:
    start, end = max(low, mark.start), min(high, mark.end)
    return replace(mark, start=rounded(start), end=rounded(end))
