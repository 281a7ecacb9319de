"""A song goes on: the new part alone, and joined to what was there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from musicapi_desktop.offline.composer.excerpt import excerpt, moved, shifted
from musicapi_desktop.offline.composer.score import ChordMark, Note, Score, SectionMark, rounded
from musicapi_desktop.offline.composer.score_file import read_score
from musicapi_desktop.offline.composer.sequel import More, continued
from musicapi_desktop.offline.composer.splice import cut_line
from musicapi_desktop.offline.engine import ENGINE_VERSION, Brief, MadeTake, Unsuitable
from musicapi_desktop.offline.resources import root
from musicapi_desktop.offline.stem_names import STEM_NAMES
from musicapi_desktop.offline.synth.balance import loudness
from musicapi_desktop.offline.synth.render import Players, render_between
from musicapi_desktop.offline.synth.sound import RATE, Floats, frames_of, gain
from musicapi_desktop.offline.synth.tape import SEAM, joined, read

from .bench import Bench
from .deliver import mixed
from .source import Source, first_of, open_source

_BEFORE_THE_BAR = 0.25
"""Seconds before its first bar a continuation begins, so that a first consonant has room. Sound made here is the same
on both sides of the seam there; under a recording it begins later."""
_BEFORE_A_RECORDED_BAR = 0.03
_HEARD = 15.0


def more_of(brief: Brief, lyrics: str) -> More:
    """What the brief wants of a song that exists."""
    return More(
        lyrics=lyrics,
        description=brief.description,
        seconds=brief.duration,
        instrumental=brief.instrumental,
        gender=brief.vocal_gender,
        seed=brief.seed,
        take=brief.take,
        engine=ENGINE_VERSION,
    )


def extend(brief: Brief, bench: Bench) -> MadeTake:
    """Continue the first source from ``start``."""
    source = open_source(first_of(brief), bench.part(0.0, 0.2), f"{brief.tags} {brief.description}")
    bench.tell(0.2, "composing")
    more = more_of(brief, brief.lyrics)
    whole, cut, words = continued(source.score, brief.start, more, root() / "styles")
    begin = max(0.0, cut - (_BEFORE_A_RECORDED_BAR if source.score.recorded else _BEFORE_THE_BAR))
    stems, balance = render_between(whole, (begin, whole.seconds), Players(), bench.check)
    part = replace(
        excerpt(whole, begin, whole.seconds),
        levels=balance.gains,
        attaches_at=rounded(source.real(begin)),
        lyrics=words,
        title=brief.title or source.score.title,
    )
    part = replace(part, vocals=tuple(line for line in part.vocals if line.words[0].start >= 0.0))
    made = mixed(part, stems.items(), bench.part(0.4, 0.8), finished=False)
    if not brief.join:
        return made
    new = Source(replace(part, makeup=_makeup(made)), made.mix, {s.name: s.path for s in made.stems if not s.silent})
    return replace(made, full=join([source, new], bench.part(0.8, 1.0).within("full")))


def concat(brief: Brief, bench: Bench) -> MadeTake:
    """Join the sources in their order; each attaches where its score says, or at the end of the one before."""
    if len(brief.sources) < 2:
        raise Unsuitable("There is nothing to join: choose an extension of a song.")
    sources = [open_source(material, bench.part(0.0, 0.3)) for material in brief.sources]
    return join(sources, bench.part(0.3, 1.0), brief.title)


def join(sources: Sequence[Source], bench: Bench, title: str = "") -> MadeTake:
    """One song out of several parts, stem by stem."""
    starts = [0.0]
    for before, after in pairwise(sources):
        attached = after.score.attaches_at or before.score.seconds
        starts.append(starts[-1] + min(attached, before.score.seconds))
    score = _joined_score([s.score for s in sources], starts)
    gains = _gains(sources)
    score = replace(score, title=title or score.title)
    return mixed(score, _stems(sources, starts, gains), bench, finished=True)


def _makeup(made: MadeTake) -> float:
    return read_score(made.score).makeup


def _gains(sources: Sequence[Source]) -> list[float]:
    """Gain in dB of each part, so that it is as loud as the one it continues."""
    gains = [0.0]
    for before, after in pairwise(sources):
        if before.score.recorded or not before.score.levels:
            end = frames_of(min(after.score.attaches_at or before.score.seconds, before.score.seconds))
            one = _loud(before, max(0, end - frames_of(_HEARD)), end)
            other = _loud(after, 0, frames_of(_HEARD))
            step = one - other if min(one, other) > -60.0 else 0.0
        else:
            step = before.score.makeup - after.score.makeup
        gains.append(gains[-1] + max(-9.0, min(9.0, step)))
    return gains


def _loud(source: Source, begin: int, end: int) -> float:
    return loudness(read(source.mix, begin, end))


def _stems(
    sources: Sequence[Source], starts: Sequence[float], gains: Sequence[float]
) -> Iterator[tuple[str, Floats | None]]:
    for name in STEM_NAMES:
        if not any(name in source.stems for source in sources):
            continue
        whole: Floats | None = None
        for number, source in enumerate(sources):
            last = number == len(sources) - 1
            seam = SEAM if last or not source.score.recorded else round(60.0 / source.score.bpm * RATE)
            end = source.frames if last else frames_of(starts[number + 1] - starts[number]) + seam
            sound = source.stem(name, 0, end)
            if sound is None:
                sound = np.zeros((2, end), np.float32)
            sound *= gain(gains[number])
            if whole is None:
                whole = sound
            else:
                before = sources[number - 1].score
                whole = joined(whole, sound, SEAM if not before.recorded else round(60.0 / before.bpm * RATE))
        yield name, whole


def _joined_score(scores: Sequence[Score], starts: Sequence[float]) -> Score:
    whole = scores[0]
    for score, start in zip(scores[1:], starts[1:], strict=True):
        whole = _followed(whole, score, start)
    return replace(whole, seconds=rounded(starts[-1] + scores[-1].seconds))


def _followed(whole: Score, score: Score, start: float) -> Score:
    """A score up to a time, then another one."""
    ends = tuple(cut for line in whole.vocals if line.words[0].start < start and (cut := cut_line(line, start)))
    sections, chords, numbered = _marks(whole, score, start)
    return replace(
        whole,
        lyrics="\n\n".join(words for words in (whole.lyrics, score.lyrics) if words),
        sections=sections,
        chords=chords,
        tracks=(
            *(replace(t, notes=tuple(n for n in t.notes if n.start < start)) for t in whole.tracks),
            *(replace(t, notes=_from(t.notes, start)) for t in score.tracks),
        ),
        vocals=(*ends, *(shifted(line, start, numbered) for line in score.vocals)),
        melody=(*(n for n in whole.melody if n.start < start), *_from(score.melody, start)),
        kicks=(*(k for k in whole.kicks if k < start), *(rounded(k + start) for k in score.kicks if k >= 0.0)),
        levels={**score.levels, **whole.levels},
        gender=whole.gender or score.gender,
        recorded=whole.recorded or score.recorded,
    )


def _from(notes: tuple[Note, ...], start: float) -> tuple[Note, ...]:
    return tuple(note for note in moved(notes, start, float("inf")) if note.start >= start)


def _marks(whole: Score, score: Score, start: float) -> tuple[tuple[SectionMark, ...], tuple[ChordMark, ...], int]:
    """Sections and chords one after the other, and what to add to the number of a later section."""
    sections = [replace(m, end=min(m.end, rounded(start))) for m in whole.sections if m.start < start - 0.3]
    chords = [replace(c, end=min(c.end, rounded(start))) for c in whole.chords if c.start < start - 0.01]
    later = [m for m in score.sections if m.end > 0.3]
    numbered = len(sections) - (len(score.sections) - len(later))
    sections += [replace(m, start=rounded(max(start, m.start + start)), end=rounded(m.end + start)) for m in later]
    chords += [
        replace(c, start=rounded(max(start, c.start + start)), end=rounded(c.end + start))
        for c in score.chords
        if c.end > 0.01
    ]
    return tuple(sections), tuple(chords), numbered
