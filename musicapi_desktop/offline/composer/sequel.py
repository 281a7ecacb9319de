"""More of a song that exists: how it goes on, or another section in its midst, in its key, tempo and motifs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from musicapi_desktop.offline.voice.syllables import voice_prosody

from .compose import leads_of
from .form import TAIL, Meter, Section, finish, fit, spoken, sung_form
from .harmony import Harmony, harmonise, looped
from .lyrics import LyricSection, SungLine, parse_lyrics
from .perform import About, Cast, perform
from .replay import harmony_of, plan_of, style_of
from .rng import Rng
from .score import Score
from .splice import spliced
from .stage import Plan
from .style import Style
from .verses import write_lyrics

_GOES_ON = (("bridge", "chorus", "outro"), ("solo", "chorus", "chorus", "outro"))
_LEAST_BARS = 2


@dataclass(frozen=True, slots=True)
class More:
    """What is wanted: words (or a description to write them from), a length, whether anybody sings, which idea."""

    lyrics: str
    description: str
    seconds: float | None
    instrumental: bool
    gender: str
    seed: int
    take: int
    engine: str


def continued(score: Score, at: float | None, more: More, styles: Path) -> tuple[Score, float, str]:
    """The song as it goes on from the bar nearest to ``at`` (None: its ending), that bar's time, and the new words."""
    style = style_of(score, styles)
    old = plan_of(score, style)
    cut = _cut_bar(old, score, at)
    kept = [_shortened(s, 0, cut) for s in old.sections if s.start < cut]
    sections, words = _going_on(score, more, style, (old.meter, styles))
    if more.seconds is not None:
        bars = int((max(5.0, more.seconds) - TAIL) / old.meter.seconds(score.bpm) + 0.25)
        sections = fit(sections, max(_LEAST_BARS, bars))
    plan = _plan(old, [*kept, *sections], len(kept), more)
    seconds = plan.seconds(plan.bars * plan.meter.steps) + TAIL
    whole = _played(plan, score, more, (seconds, words))
    begin = plan.seconds(cut * plan.meter.steps)
    return spliced(score, whole, begin, whole.seconds + 1.0), begin, words


def replaced(score: Score, times: tuple[float, float], more: More, styles: Path) -> tuple[Score, tuple[float, float]]:
    """The song with a new section between two times, snapped to bars; and the section's times."""
    old = plan_of(score, style_of(score, styles))
    steps = old.meter.steps
    first = min(old.bars - 1, max(0, round(old.step_at(times[0]) / steps)))
    last = min(old.bars, max(first + 1, round(old.step_at(times[1]) / steps)))
    before = [_shortened(s, 0, first) for s in old.sections if s.start < first]
    after = [_shortened(s, last, old.bars) for s in old.sections if s.start + s.bars > last]
    within = next(s for s in old.sections if s.start + s.bars > first)
    begin, end = old.seconds(first * steps), old.seconds(last * steps)
    new = _new_section(score, within, last - first, (more, begin, end))
    sections = finish([*before, new, *after], 0.0)
    known = {s.start: s.energy for s in (*before, *after)}
    sections = [replace(s, energy=known.get(s.start, within.energy)) for s in sections]
    harmonies = [harmony_of(score.chords, s, old) for s in sections]
    if more.take % 2:
        harmonies[len(before)] = _other_chords(old, sections[len(before)], harmonies[len(before)], more)
    seed = Rng(more.seed, "section", more.take).bits()
    plan = replace(old, sections=tuple(sections), harmonies=tuple(harmonies), seed=seed)
    whole = _played(plan, score, more, (score.seconds, score.lyrics))
    return replace(spliced(score, whole, begin, end), lyrics=score.lyrics), (begin, end)


def _cut_bar(plan: Plan, score: Score, at: float | None) -> int:
    if at is None:
        last = plan.sections[-1]
        return last.start if last.kind == "outro" and last.start else plan.bars
    return min(plan.bars, max(1, round(plan.step_at(min(at, score.seconds)) / plan.meter.steps)))


def _shortened(section: Section, first: int, last: int) -> Section:
    """The part of a section between two bars of the song."""
    start, end = max(section.start, first), min(section.start + section.bars, last)
    return replace(section, start=start, bars=end - start, lines=())


def _going_on(score: Score, more: More, style: Style, how: tuple[Meter, Path]) -> tuple[list[Section], str]:
    meter, styles = how
    words = _words(more, styles)
    peak = "drop" if any(mark.kind == "drop" for mark in score.sections) else "chorus"
    if words:
        wanted = parse_lyrics(words)
    else:
        old = parse_lyrics(score.lyrics) if score.vocals and not more.instrumental else []
        lines = next((s.lines for s in reversed(old) if s.kind == "chorus" and s.lines), ())
        kinds = [peak if kind == "chorus" else kind for kind in _GOES_ON[more.take % len(_GOES_ON)]]
        wanted = [LyricSection(k, k.capitalize(), lines if k == "chorus" else ()) for k in kinds]
        words = (
            "\n\n".join("\n".join([f"[{s.label}]", *map(_text, s.lines)]) for s in wanted if s.lines) if lines else ""
        )
    sections = sung_form(wanted, style, voice_prosody, meter.seconds(score.bpm))
    return (sections[1:] if wanted[0].kind != "intro" else sections), words


def _text(line: SungLine) -> str:
    return f"{line.text} ({line.aside})" if line.aside else line.text


def _words(more: More, styles: Path) -> str:
    if more.instrumental:
        return ""
    if any(s.lines for s in parse_lyrics(more.lyrics)):
        return more.lyrics
    if not more.description.strip():
        return ""
    whole = write_lyrics(more.description, styles, Rng(more.seed, "words", more.take))
    return "\n\n".join(whole.split("\n\n")[:2])


def _plan(old: Plan, sections: list[Section], kept: int, more: More) -> Plan:
    """The plan of the whole: what was heard keeps its chords, energies and motifs, new kinds of section have others."""
    grown = finish(sections, old.style.energies.get("", 0.0))
    grown = [replace(s, energy=sections[n].energy) if n < kept else s for n, s in enumerate(grown)]
    heard = {s.kind for s in old.sections}
    steps = old.meter.steps
    fresh = harmonise(grown, old.style, old.key, steps, (Rng(more.seed, "harmony"), more.take))
    known = {s.kind: h for s, h in zip(old.sections, old.harmonies, strict=True)}
    harmonies: list[Harmony] = list(old.harmonies[:kept])
    for number in range(kept, len(grown)):
        section = grown[number]
        heard_so = known.get(section.kind)
        if heard_so is not None and number < len(grown) - 1:
            harmonies.append(looped(heard_so, section.bars * steps))
        else:
            harmonies.append(fresh[number])
    new_kinds = frozenset(s.kind for s in grown[kept:]) - heard
    return replace(
        old,
        sections=tuple(grown),
        harmonies=tuple(harmonies),
        fresh=new_kinds,
        fresh_seed=Rng(more.seed, "sequel", more.take).bits(),
    )


def _new_section(score: Score, within: Section, bars: int, how: tuple[More, float, float]) -> Section:
    """The section that comes in: the words given, else those that were sung there, as many lines as it has room for."""
    more, begin, end = how
    lines = [line for s in parse_lyrics(more.lyrics) for line in s.lines]
    if not lines:
        sung = (v for v in score.vocals if not v.backing and begin - 0.3 <= v.words[0].start < end - 0.3)
        lines = [SungLine(v.text) for v in sung]
    if more.instrumental:
        lines = []
    plain = Section(within.kind, within.label, bars, within.energy)
    if not lines:
        return plain
    sung_lines = tuple(spoken(line, voice_prosody) for line in lines[:bars])
    return replace(plain, lines=sung_lines, line_bars=max(1, bars // len(sung_lines)))


def _other_chords(plan: Plan, section: Section, now: Harmony, more: More) -> Harmony:
    """Another progression of the style, ending on the chord that led on from here."""
    rng = Rng(more.seed, "harmony")
    found = harmonise([section, section], plan.style, plan.key, plan.meter.steps, (rng, plan.take + 1))[0]
    last = found.spans[-1]
    return Harmony((*found.spans[:-1], replace(last, chord=now.spans[-1].chord)))


def _played(plan: Plan, score: Score, more: More, what: tuple[float, str]) -> Score:
    seconds, words = what
    gender = score.gender or (more.gender if more.gender in ("f", "m") else plan.rng("gender").pick(("f", "m")))
    cast = Cast(gender, leads_of((), plan), sung=any(s.lines for s in plan.sections))
    about = About(
        score.title,
        words,
        score.tags,
        score.seed,
        score.take,
        more.engine,
        score.recipe.weirdness,
        score.recipe.draw,
        score.manner,
    )
    return perform(plan, cast, about, seconds, voice_prosody)
