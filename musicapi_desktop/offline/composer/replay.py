"""Back from a score to the plan it was played from, so that more can be composed in its manner."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from .compose import bent, drawn
from .form import Line, Meter, Section, meter_of
from .harmony import Harmony, Span
from .rng import take_seed
from .score import ChordMark, Note, Score, VocalLine
from .stage import Plan
from .style import Style, load_all
from .theory import FLAT_NAMES, SCALES, SHARP_NAMES, Chord, Key, chord_of

_STAND_IN = "pop"


def style_of(score: Score, styles: Path) -> Style:
    """The style of a score with its sub-style and bend; a style that is gone has pop in its place."""
    every = {style.id: style for style in load_all(styles)}
    style = every.get(score.style) or every[_STAND_IN]
    variant = next((v for v in style.variants if v.words[0] == score.recipe.variant), None)
    plain = style.as_variant(variant) if variant else style
    return drawn(bent(plain, score.recipe.weirdness), score.recipe.draw)


def key_of(score: Score) -> Key:
    """The key of a score."""
    return Key(score.tonic % 12, score.mode if score.mode in SCALES else "major")


def sections_of(score: Score, meter: Meter) -> list[Section]:
    """The form of a score, bar by bar without gaps. Sung sections hold the words of their lines, no syllables."""
    bar = meter.seconds(score.bpm)
    found: list[Section] = []
    seen: dict[str, int] = {}
    for index, mark in enumerate(score.sections):
        start = found[-1].start + found[-1].bars if found else 0
        end = max(start + 1, round((mark.end - score.offset) / bar))
        nth = seen.get(mark.kind, 0)
        seen[mark.kind] = nth + 1
        lines = tuple(Line(v.text, ()) for v in score.vocals if v.section == index and not v.backing)
        found.append(Section(mark.kind, mark.label, end - start, mark.energy, lines, 1, start, nth))
    return found


def plan_of(score: Score, style: Style) -> Plan:
    """The plan of a score in its own style or in another one of the same bars."""
    meter = meter_of(score.meter)
    seed = take_seed(score.seed, score.take, score.recipe.draw)
    leave_out = frozenset(score.recipe.leave_out)
    bare = Plan(style, key_of(score), meter, score.bpm, seed, score.take, (), (), leave_out, score.offset)
    sections = tuple(sections_of(score, meter))
    return replace(bare, sections=sections, harmonies=tuple(harmony_of(score.chords, s, bare) for s in sections))


def harmony_of(chords: tuple[ChordMark, ...], section: Section, plan: Plan) -> Harmony:
    """The chords that sound in a section; a stretch nobody named has the tonic."""
    base, length = section.start * plan.meter.steps, section.bars * plan.meter.steps
    spans: list[Span] = []
    for mark in chords:
        start, end = plan.step_at(mark.start) - base, plan.step_at(mark.end) - base
        start, end = max(start, spans[-1].end if spans else 0), min(end, length)
        if start < end and mark.tones:
            spans.append(Span(start if spans else 0, end, chord_named(mark)))
    if not spans:
        tonic = "i" if plan.key.family == "minor" else "I"
        return Harmony((Span(0, length, chord_of(tonic, plan.key)),))
    return Harmony((*spans[:-1], replace(spans[-1], end=length)))


def chord_named(mark: ChordMark) -> Chord:
    """A chord mark as a chord."""
    root = mark.tones[0]
    intervals: list[int] = []
    for tone in mark.tones:
        step = (tone - root) % 12
        while intervals and step <= intervals[-1]:
            step += 12
        intervals.append(step)
    _, _, below = mark.name.partition("/")
    bass = next((names.index(below) for names in (SHARP_NAMES, FLAT_NAMES) if below in names), root)
    return Chord(root, tuple(intervals), bass, mark.name)


def moved_note(note: Note, old: Plan, new: Plan, change: tuple[float, int]) -> Note:
    """A note at the same place of another plan. ``change``: new sixteenths per old one, and semitones."""
    stretch, semitones = change
    step = old.step_at(note.start)
    unit = new.meter.step_seconds(new.bpm)
    ratio = unit * stretch / old.meter.step_seconds(old.bpm)
    start = new.seconds(step * stretch) + (note.start - old.seconds(step)) * ratio
    return Note(round(start, 5), round(note.length * ratio, 5), note.pitch + semitones, note.velocity)


def moved_line(line: VocalLine, old: Plan, new: Plan, change: tuple[float, int]) -> VocalLine:
    """A sung line at the same place of another plan."""
    syllables = tuple(replace(s, notes=tuple(moved_note(n, old, new, change) for n in s.notes)) for s in line.syllables)
    words = tuple(
        replace(
            word,
            start=own[0].notes[0].start,
            end=round(own[-1].notes[-1].start + own[-1].notes[-1].length, 5),
        )
        for number, word in zip(sorted({s.word for s in syllables}), line.words, strict=False)
        if (own := [s for s in syllables if s.word == number])
    )
    return replace(line, syllables=syllables, words=words)
