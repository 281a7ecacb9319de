"""A plan is played: voices, the tune, accompaniment, drums and effects become notes; notes become a score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .drums import play_drums
from .effects import play_effects
from .parts import play_part
from .prosody import Prosody
from .score import ChordMark, Note, Recipe, Score, SectionMark, Track, VocalLine, rounded
from .stage import Plan, Stage
from .style import Lead
from .theory import nearest
from .tunes import lead, range_of, sing


@dataclass(frozen=True, slots=True)
class Cast:
    """Who carries the tune. ``vocals`` and ``tune`` are given where the melody exists already, else made here.

    ``lift`` moves the singer's range, in semitones.
    """

    gender: str
    leads: tuple[Lead, ...]
    sung: bool
    vocals: tuple[VocalLine, ...] | None = None
    tune: tuple[Note, ...] | None = None
    lift: int = 0


@dataclass(frozen=True, slots=True)
class About:
    """What a score tells beside its notes."""

    title: str
    lyrics: str
    tags: str
    seed: int
    take: int
    engine: str
    weirdness: float = 0.5
    draw: int = 0
    manner: Mapping[str, object] = field(default_factory=dict[str, object])


def perform(plan: Plan, cast: Cast, about: About, seconds: float, prosody: Prosody) -> Score:
    """Play a whole plan. Pure."""
    stage = Stage(plan)
    vocals = cast.vocals
    if vocals is None:
        vocals = sing(plan, range_of(cast.gender, cast.lift), prosody) if cast.sung else ()
    if "Backing Vocals" in plan.leave_out:
        vocals = tuple(line for line in vocals if not line.backing)
    tune = lead(stage, cast.leads, sung=bool(vocals)) if cast.tune is None else _given(stage, cast)
    for part in plan.style.parts:
        play_part(stage, part)
    play_drums(stage)
    play_effects(stage, seconds)
    sung = [note for line in vocals if not line.backing for s in line.syllables for note in s.notes]
    return Score(
        title=about.title,
        lyrics=about.lyrics,
        seed=about.seed,
        take=about.take,
        engine=about.engine,
        style=plan.style.id,
        tags=about.tags,
        key=plan.key.name,
        tonic=plan.key.tonic,
        mode=plan.key.mode,
        bpm=plan.bpm,
        meter=plan.meter.name,
        seconds=round(seconds, 3),
        gender=cast.gender if vocals else "",
        sections=section_marks(plan),
        chords=chord_marks(plan),
        tracks=_within(stage, seconds),
        vocals=vocals,
        melody=tuple(sorted(sung or tune, key=lambda note: (note.start, note.pitch))),
        kicks=tuple(sorted(stage.kicks)),
        mix=plan.style.mix,
        recipe=Recipe(plan.style.variant, about.weirdness, tuple(sorted(plan.leave_out)), about.draw),
        manner=dict(about.manner) if vocals else {},
        offset=plan.offset,
    )


def _given(stage: Stage, cast: Cast) -> list[Note]:
    """A tune that exists, on the first instrument that may play, in its range."""
    playable = [item for item in cast.leads if item.sound.stem not in stage.plan.leave_out]
    if not playable or not cast.tune:
        return list(cast.tune or ())
    who = playable[0]
    middle = sum(note.pitch for note in cast.tune) / len(cast.tune)
    octaves = 12 * round(((who.low + who.high) / 2 - middle) / 12)
    for note in cast.tune:
        pitch = note.pitch + octaves
        pitch = pitch if who.low - 3 <= pitch <= who.high + 3 else nearest(pitch % 12, (who.low + who.high) // 2)
        stage.play(who.sound, note.start, note.length * stage.plan.style.tune.hold, pitch, 96)
    return list(cast.tune)


def _within(stage: Stage, seconds: float) -> tuple[Track, ...]:
    """Tracks without what would start after the end."""
    return tuple(
        replace(track, notes=tuple(n for n in track.notes if n.start < seconds - 0.05)) for track in stage.tracks()
    )


def section_marks(plan: Plan) -> tuple[SectionMark, ...]:
    """The form with its times."""
    steps = plan.meter.steps
    return tuple(
        SectionMark(
            s.kind,
            s.label,
            rounded(plan.seconds(s.start * steps)),
            rounded(plan.seconds((s.start + s.bars) * steps)),
            s.bars,
            s.energy,
        )
        for s in plan.sections
    )


def chord_marks(plan: Plan) -> tuple[ChordMark, ...]:
    """The chords with their times."""
    found: list[ChordMark] = []
    for section, harmony in zip(plan.sections, plan.harmonies, strict=True):
        base = plan.step_of(section)
        for span in harmony.spans:
            start, end = rounded(plan.seconds(base + span.start)), rounded(plan.seconds(base + span.end))
            found.append(ChordMark(start, end, span.chord.name, span.chord.tones))
    return tuple(found)
