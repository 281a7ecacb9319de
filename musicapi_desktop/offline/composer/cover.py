"""A song in another style: its bars, chords, melody and words stay, everything around them is played anew."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

from musicapi_desktop.offline.voice.syllables import voice_prosody

from .compose import Order, bent, leads_of, title_of
from .form import TAIL, Line, Section, energy_of
from .harmony import Harmony, Span
from .perform import About, Cast, perform
from .replay import moved_line, moved_note, plan_of
from .rng import Rng
from .score import Score
from .stage import Plan
from .style import Style, load_all
from .theory import Chord, Key
from .understand import Wishes, load_words, understand

_MOST_HASTE = 1.35
"""How much faster or slower than before words may be sung."""
NEAR = 0.5


def wishes_of(order: Order, styles: Path) -> Wishes:
    """What the brief's words ask for."""
    text = " . ".join([order.tags, order.description, order.title])
    return understand(text, order.negative_tags, load_all(styles), load_words(styles), Rng(order.seed, "brief"))


def covered(score: Score, order: Order, styles: Path, near: float | None = None, *, same: bool = False) -> Score:
    """The score in the style the order asks for. ``near`` (0-1): how close to stay to the old tempo and key.

    ``same``: tempo, key and every bar's time stay as they are.
    """
    wishes = wishes_of(order, styles)
    style = bent(wishes.style, order.weirdness)
    old = plan_of(score, style)
    stretch, bpm, semitones = 1.0, score.bpm, 0
    if not same:
        stretch, bpm = fitted_tempo(score.bpm, old, style.tempo, (wishes.bpm, NEAR if near is None else near))
        semitones = _semitones(old.key, wishes.key, order.take)
    new = replace(
        moved_plan(old, style, (stretch, bpm, semitones)),
        seed=Rng(order.seed, "take", order.take).bits(),
        take=order.take,
        leave_out=wishes.leave_out,
        offset=old.offset if same else 0.0,
    )
    change = (stretch, semitones)
    before = replace(old, style=_swing_of(score, styles, style))
    vocals = tuple(moved_line(line, before, new, change) for line in score.vocals)
    if order.instrumental and not same:
        vocals = ()
    tune = () if vocals else tuple(moved_note(n, before, new, change) for n in score.melody)
    cast = Cast(_gender(score, order), leads_of(wishes.leads, new), sung=False, vocals=vocals, tune=tune or None)
    lyrics = score.lyrics if vocals else ""
    about = About(
        order.title or score.title or title_of(order, lyrics),
        lyrics,
        order.tags or style.tags,
        order.seed,
        order.take,
        order.engine,
        order.weirdness,
        0,
        order.manner or (score.manner if _gender(score, order) == score.gender else {}),
    )
    return perform(new, cast, about, new.seconds(new.bars * new.meter.steps) + TAIL, voice_prosody)


def _swing_of(score: Score, styles: Path, fallback: Style) -> Style:
    return next((style for style in load_all(styles) if style.id == score.style), fallback)


def _gender(score: Score, order: Order) -> str:
    return order.gender if order.gender in ("f", "m") else score.gender or "f"


def fitted_tempo(
    bpm: float, old: Plan, usual: tuple[int, int], wish: tuple[float | None, float]
) -> tuple[float, float]:
    """How many new bars an old one takes (a half, one, two) and the tempo; ``wish``: one asked for, and nearness."""
    asked, near = wish
    even = all(section.bars % 2 == 0 for section in old.sections)
    best: tuple[float, float, float] | None = None
    for stretch in (1.0, 2.0, 0.5):
        if stretch == 0.5 and not even:
            continue
        same = bpm * stretch
        wanted = asked or min(usual[1], max(usual[0], same))
        haste = wanted / same
        bounded = min(_MOST_HASTE, max(1 / _MOST_HASTE, haste))
        found = asked or same * bounded ** (1.0 - 0.6 * max(0.0, near - NEAR))
        off = abs(math.log(wanted / found)) * 3 + abs(math.log(haste)) + (0.25 if stretch != 1.0 else 0.0)
        if best is None or off < best[0]:
            best = (off, stretch, found)
    _, stretch, found = best or (0.0, 1.0, bpm)
    return stretch, round(found, 2)


def _semitones(old: Key, asked: Key | None, take: int) -> int:
    """The other take lies a little lower, unless a key is asked for."""
    if asked is not None:
        up = (asked.tonic - old.tonic) % 12
        return up if up <= 6 else up - 12
    return -2 * (take % 2)


def moved_plan(old: Plan, style: Style, change: tuple[float, float, int]) -> Plan:
    """A plan's bars and chords in another style; ``change``: new bars per old one, tempo, semitones."""
    stretch, bpm, semitones = change
    sections: list[Section] = []
    for section in old.sections:
        bars = max(1, round(section.bars * stretch))
        start = sections[-1].start + sections[-1].bars if sections else 0
        # the song keeps its own course of energy, leaning on the style's
        energy = round(0.5 * section.energy + 0.5 * energy_of(section.kind, style), 3)
        lines = tuple(Line(line.text, ()) for line in section.lines)
        sections.append(replace(section, bars=bars, start=start, energy=energy, lines=lines))
    return replace(
        old,
        style=style,
        key=Key((old.key.tonic + semitones) % 12, old.key.mode),
        bpm=bpm,
        sections=tuple(sections),
        harmonies=tuple(_stretched(h, stretch, semitones, old.key) for h in old.harmonies),
        offset=0.0,
    )


def _stretched(harmony: Harmony, stretch: float, semitones: int, key: Key) -> Harmony:
    moved = Key((key.tonic + semitones) % 12, key.mode)
    spans = (
        Span(round(s.start * stretch), round(s.end * stretch), transposed(s.chord, semitones, moved))
        for s in harmony.spans
    )
    return Harmony(tuple(span for span in spans if span.end > span.start))


def transposed(chord: Chord, semitones: int, key: Key) -> Chord:
    """A chord moved, spelt as ``key`` spells it."""
    if semitones % 12 == 0:
        return chord
    root, bass = (chord.root + semitones) % 12, (chord.bass + semitones) % 12
    plain = chord.name.partition("/")[0]
    quality = plain[2:] if plain[1:2] in ("#", "b") else plain[1:]
    name = key.note_name(root) + quality + (f"/{key.note_name(bass)}" if bass != root else "")
    return Chord(root, chord.intervals, bass, name)
