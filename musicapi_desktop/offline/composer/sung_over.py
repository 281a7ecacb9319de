"""A voice for music that has none: words sung over its bars and chords."""

from __future__ import annotations

import bisect
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from musicapi_desktop.offline.voice.manner import individual, told
from musicapi_desktop.offline.voice.syllables import voice_prosody

from .compose import Order
from .lyrics import parse_lyrics
from .replay import plan_of, style_of
from .rng import Rng
from .score import Note, Score, Track, VocalLine
from .tunes import range_of, sing
from .verses import write_lyrics
from .words_in import laid_in

_SAME = 0.06


def sung_over(score: Score, order: Order, times: tuple[float, float], styles: Path) -> Score:
    """The score with the order's words sung between two times; who led the tune there is silent meanwhile."""
    plan = plan_of(score, style_of(score, styles))
    words = order.lyrics if any(s.lines for s in parse_lyrics(order.lyrics)) else ""
    if not words:
        subject = order.description or order.title or order.tags
        words = write_lyrics(subject, styles, Rng(order.seed, "words", order.take))
    steps = plan.meter.steps
    room = range(round(plan.step_at(times[0]) / steps), round(plan.step_at(times[1]) / steps) + 1)
    bar = plan.meter.seconds(plan.bpm)
    sections = laid_in(plan.sections, parse_lyrics(words), bar, voice_prosody, room)
    plan = replace(plan, sections=sections, seed=Rng(order.seed, "take", order.take).bits())
    gender = order.gender if order.gender in ("f", "m") else plan.rng("gender").pick(("f", "m"))
    vocals = sing(plan, range_of(gender, order.lift), voice_prosody)
    if "Backing Vocals" in order.negative_tags:
        vocals = tuple(line for line in vocals if not line.backing)
    sung = tuple(n for line in vocals if not line.backing for s in line.syllables for n in s.notes)
    quiet = [(m.start - 0.05, m.end - 0.05) for m, s in zip(score.sections, sections, strict=False) if s.lines]
    return replace(
        score,
        title=order.title or score.title,
        lyrics=words,
        gender=gender,
        manner=dict(order.manner) or told(individual(gender, Rng(order.seed, "singer", gender).uniform)),
        vocals=vocals,
        tracks=_without_tune(score, quiet),
        melody=tuple(sorted((*sung, *_outside(score.melody, quiet)), key=lambda n: (n.start, n.pitch))),
        seed=order.seed,
        take=order.take,
        engine=order.engine,
    )


def _outside(notes: tuple[Note, ...], quiet: list[tuple[float, float]]) -> tuple[Note, ...]:
    return tuple(n for n in notes if not any(a <= n.start < b for a, b in quiet))


def _without_tune(score: Score, quiet: list[tuple[float, float]]) -> tuple[Track, ...]:
    """Tracks without the notes that double the melody in the given stretches."""
    led = sorted((n.start, n.pitch) for n in score.melody)
    kept: list[Track] = []
    for track in score.tracks:
        shared = sum(_leads(n, led) for n in track.notes)
        if track.stem in ("Drums", "Percussion", "Bass", "FX") or shared < 0.8 * len(track.notes):
            kept.append(track)
        elif notes := _outside(track.notes, quiet):
            kept.append(replace(track, notes=notes))
    return tuple(kept)


def _leads(note: Note, led: list[tuple[float, int]]) -> bool:

    first = bisect.bisect_left(led, (note.start - _SAME, 0))
    last = bisect.bisect_right(led, (note.start + _SAME, 127))
    return any(pitch % 12 == note.pitch % 12 for _, pitch in led[first:last])


def warped(lines: tuple[VocalLine, ...], real: Callable[[float], float]) -> tuple[VocalLine, ...]:
    """Sung lines moved from the score's even beats to where a recording's beats really fall."""

    def note(old: Note) -> Note:
        start = real(old.start)
        return replace(old, start=round(start, 5), length=round(max(0.06, real(old.start + old.length) - start), 5))

    return tuple(
        replace(
            line,
            syllables=tuple(replace(s, notes=tuple(note(n) for n in s.notes)) for s in line.syllables),
            words=tuple(replace(w, start=round(real(w.start), 5), end=round(real(w.end), 5)) for w in line.words),
        )
        for line in lines
    )
