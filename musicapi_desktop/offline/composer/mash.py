"""Two songs as one: the tune and words of the first over the band of the second, whose own peak comes in between."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from pathlib import Path

from musicapi_desktop.offline.voice.syllables import voice_prosody

from .compose import Order, leads_of
from .cover import fitted_tempo, moved_plan
from .form import TAIL, Section
from .harmony import Harmony
from .perform import About, Cast, perform
from .replay import moved_line, moved_note, plan_of, style_of
from .rng import Rng
from .score import Note, Score, VocalLine
from .stage import Plan
from .theory import Key
from .tunes import range_of

_PEAKS = ("chorus", "drop")
_MOST_GUESTS = 2
_USUAL_LENGTH = 180.0


@dataclass(frozen=True, slots=True)
class _Piece:
    """A section of one of the songs: its plan as it was, its plan here, what changes, its place in its song."""

    score: Score
    old: Plan
    new: Plan
    change: tuple[float, int]
    place: int

    @property
    def section(self) -> Section:
        return self.new.sections[self.place]

    @property
    def harmony(self) -> Harmony:
        return self.new.harmonies[self.place]


def mashed(one: Score, other: Score, order: Order, styles: Path) -> Score:
    """``one`` over the band of ``other``, in ``other``'s tempo and key."""
    style = style_of(other, styles)
    host, guest = plan_of(one, style_of(one, styles)), plan_of(other, style)
    stretch, _ = fitted_tempo(one.bpm, host, style.tempo, (other.bpm, 1.0))
    semitones = semitones_between(host.key, guest.key)
    leave_out = guest.leave_out
    moved = replace(moved_plan(host, style, (stretch, other.bpm, semitones)), leave_out=leave_out)
    still = moved_plan(guest, style, (1.0, other.bpm, 0))
    pieces = _order_of(
        [_Piece(one, host, moved, (stretch, semitones), n) for n in range(len(host.sections))],
        [_Piece(other, guest, still, (1.0, 0), n) for n in range(len(guest.sections))],
        order.duration or _USUAL_LENGTH,
    )
    plan = _laid_out(pieces, moved, order)
    gender = order.gender if order.gender in ("f", "m") else one.gender or other.gender or "f"
    vocals, tune = _tunes(pieces, plan, gender)
    cast = Cast(gender, leads_of((), plan), sung=False, vocals=vocals, tune=tune)
    words = "\n\n".join(text for text in dict.fromkeys((one.lyrics, other.lyrics)) if text)
    title = order.title or " / ".join(t for t in (one.title, other.title) if t)
    tags = order.tags or ", ".join(t for t in dict.fromkeys((one.tags, other.tags)) if t)
    manner = one.manner if gender == one.gender else other.manner if gender == other.gender else {}
    about = About(title[:100], words, tags, order.seed, order.take, order.engine, order.weirdness, 0, manner)
    return perform(plan, cast, about, plan.seconds(plan.bars * plan.meter.steps) + TAIL, voice_prosody)


def semitones_between(old: Key, new: Key) -> int:
    """The shortest way into another key, or into its relative where one is major and the other minor."""
    goal = new.tonic
    if old.family != new.family:
        goal += 3 if old.family == "major" else -3
    up = (goal - old.tonic) % 12
    return up if up <= 6 else up - 12


def _order_of(own: list[_Piece], guests: list[_Piece], seconds: float) -> list[_Piece]:
    """All of the first song, the other's peak after its own peaks; cut to a length, the ending kept."""
    peak = next((p for p in guests if p.section.kind in _PEAKS), max(guests, key=lambda p: p.section.bars))
    found: list[_Piece] = []
    invited = 0
    for number, piece in enumerate(own):
        found.append(piece)
        last = number == len(own) - 1
        if not last and invited < _MOST_GUESTS and piece.section.kind in _PEAKS:
            found.append(peak)
            invited += 1
    if not invited:
        found.insert(max(1, len(found) // 2), peak)
    bar = own[0].new.meter.seconds(own[0].new.bpm)
    while len(found) > 3 and sum(p.section.bars for p in found) * bar > seconds + 10.0:
        del found[-2]
    return found


def _laid_out(pieces: list[_Piece], plan: Plan, order: Order) -> Plan:
    starts = [0, *itertools.accumulate(p.section.bars for p in pieces)]
    seen: dict[str, int] = {}
    sections: list[Section] = []
    for piece, start in zip(pieces, starts, strict=False):
        nth = seen.get(piece.section.kind, 0)
        seen[piece.section.kind] = nth + 1
        sections.append(replace(piece.section, start=start, nth=nth))
    return replace(
        plan,
        sections=tuple(sections),
        harmonies=tuple(piece.harmony for piece in pieces),
        seed=Rng(order.seed, "take", order.take).bits(),
        take=order.take,
        offset=0.0,
    )


def _tunes(pieces: list[_Piece], plan: Plan, gender: str) -> tuple[tuple[VocalLine, ...], tuple[Note, ...]]:
    """The sung lines, and what instruments play of the tunes, each at its new place."""
    vocals: list[VocalLine] = []
    tune: list[Note] = []
    for number, (piece, section) in enumerate(zip(pieces, plan.sections, strict=True)):
        shift = (section.start - piece.section.start) * plan.meter.seconds(plan.bpm)
        there = replace(piece.new, offset=shift)
        own = [line for line in piece.score.vocals if line.section == piece.place]
        vocals += [
            _in_range(replace(moved_line(v, piece.old, there, piece.change), section=number), gender) for v in own
        ]
        if not own:
            mark = piece.score.sections[piece.place]
            notes = (n for n in piece.score.melody if mark.start - 0.05 <= n.start < mark.end - 0.05)
            tune += [moved_note(n, piece.old, there, piece.change) for n in notes]
    return tuple(sorted(vocals, key=lambda v: (v.words[0].start, v.backing))), tuple(tune)


def _in_range(line: VocalLine, gender: str) -> VocalLine:
    """The line in the octave that the singer reaches best."""
    low, high = range_of(gender)
    pitches = [n.pitch for s in line.syllables for n in s.notes]
    octaves = 12 * round(((low + high) / 2 - sum(pitches) / len(pitches)) / 12)
    if not octaves:
        return line
    return replace(
        line,
        syllables=tuple(
            replace(s, notes=tuple(replace(n, pitch=n.pitch + octaves) for n in s.notes)) for s in line.syllables
        ),
    )
