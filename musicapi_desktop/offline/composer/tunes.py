"""Who has the tune where: sung lines with their syllables and words, the backing voices, and leading instruments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .form import Line, Section, energy_of
from .harmony import Harmony
from .melody import Frame, Shape, Tone, pitch_line, place_syllables
from .prosody import Prosody, Spoken, words_of
from .rng import Rng
from .score import Note, Syllable, VocalLine, Word, rounded
from .stage import Plan, Stage
from .style import Lead
from .theory import nearest

RANGES = {"f": (57, 75), "m": (49, 67)}
"""Comfortable ranges of the voices."""

_HIGH = ("chorus", "drop", "solo")
_PHRASE_BARS = 2


def range_of(gender: str, lift: int = 0) -> tuple[int, int]:
    """The lowest and highest note of a voice, moved by ``lift`` semitones."""
    low, high = RANGES["m" if gender == "m" else "f"]
    return low + lift, high + lift


def sing(plan: Plan, voice: tuple[int, int], prosody: Prosody) -> tuple[VocalLine, ...]:
    """All sung lines of the song, lead and backing, in order of time; ``voice`` is the lowest and highest note."""
    found: list[VocalLine] = []
    last: dict[str, int] = {}
    for index, section in enumerate(plan.sections):
        if not section.lines:
            continue
        # the pitch the section comes from is remembered by kind, so that a chorus begins alike each time
        before = last.setdefault(section.kind, last.get("", sum(voice) // 2))
        sung = _sing_section(plan, index, (*voice, before), prosody)
        last[""] = next(line for line in reversed(sung) if not line.backing).syllables[-1].notes[-1].pitch
        found += sung
    return tuple(sorted(found, key=lambda line: (line.words[0].start, line.backing)))


def _sing_section(plan: Plan, index: int, voice: tuple[int, int, int], prosody: Prosody) -> list[VocalLine]:
    section, harmony = plan.sections[index], plan.harmonies[index]
    steps = section.line_bars * plan.meter.steps
    sung: list[VocalLine] = []
    phrases: list[list[Tone]] = []
    for number, line in enumerate(section.lines):
        frame = Frame(harmony, number * steps, steps, plan.meter.steps, plan.meter.beat)
        tones = _phrase(plan, section, frame, (number, phrases, line.syllables), voice)
        phrases.append(tones)
        sung.append(_vocal_line(plan, index, (line.text, line.syllables), tones, backing=False))
        if section.kind in plan.style.choir:
            sung.append(_harmony_line(plan, index, line, tones, harmony))
        elif line.aside:
            sung.append(_answer(plan, index, (frame, line.aside), voice[:2], prosody))
    return sung


def _phrase(
    plan: Plan,
    section: Section,
    frame: Frame,
    line: tuple[int, list[list[Tone]], Sequence[Spoken]],
    voice: tuple[int, int, int],
) -> list[Tone]:
    number, phrases, spoken = line
    # keyed by kind, never by the section's place: the chorus comes back as it was
    kind, tune = section.kind, plan.style.tune
    rhythm = place_syllables([s.stress for s in spoken], frame, tune, plan.rng("rhythm", kind, number % 2))
    low, high = _register(kind, voice[:2])
    contours = plan.rng("contour", kind).shuffled(range(4))
    model = phrases[number - 2] if number >= 2 else []
    start = (number - 2) * frame.steps
    shape = Shape(
        low=low,
        high=high,
        contour=contours[number % 2],
        closes=number % 2 == 1 or number == len(section.lines) - 1,
        lift=energy_of(kind, plan.style),
        after=phrases[-1][-1].pitch if phrases else voice[2],
        model=tuple((tone.step - start, tone.pitch) for tone in model),
    )
    return pitch_line(rhythm, frame, plan.key, tune, (shape, plan.rng("pitch", kind, number % 4)))


def _register(kind: str, voice: tuple[int, int]) -> tuple[int, int]:
    low, high = voice
    if kind in _HIGH:
        return low + 5, high
    return (low + 3, high - 2) if kind in ("bridge", "pre", "build") else (low, high - 5)


def _vocal_line(
    plan: Plan, index: int, words: tuple[str, Sequence[Spoken]], tones: list[Tone], *, backing: bool
) -> VocalLine:
    text, spoken = words
    base = plan.step_of(plan.sections[index])
    velocity = 84 if backing else 100
    notes = [_note(plan, base, tone, velocity) for tone in tones]
    syllables = tuple(Syllable(s.text, s.word, s.stress, (n,)) for s, n in zip(spoken, notes, strict=True))
    names = words_of(text)
    words_sung: list[Word] = []
    for number in sorted({s.word for s in syllables}):
        own = [s for s in syllables if s.word == number]
        end = own[-1].notes[-1]
        words_sung.append(Word(names[number], own[0].notes[0].start, rounded(end.start + end.length)))
    return VocalLine(text, index, backing, syllables, tuple(words_sung))


def _note(plan: Plan, base: int, tone: Tone, velocity: int) -> Note:
    start = plan.seconds(base + tone.step)
    length = (tone.length - 0.12) * plan.meter.step_seconds(plan.bpm)
    return Note(rounded(start), rounded(max(0.06, length)), tone.pitch, velocity)


def _harmony_line(plan: Plan, index: int, line: Line, tones: list[Tone], harmony: Harmony) -> VocalLine:
    """The same words a third or so above, on tones of the chord."""
    above = [replace(tone, pitch=_third_above(tone, harmony, plan)) for tone in tones]
    return _vocal_line(plan, index, (line.text, line.syllables), above, backing=True)


def _third_above(tone: Tone, harmony: Harmony, plan: Plan) -> int:
    chord = harmony.at(tone.step)
    in_chord = [p for p in range(tone.pitch + 3, tone.pitch + 6) if p % 12 in chord.tones]
    in_scale = [p for p in (tone.pitch + 3, tone.pitch + 4) if p % 12 in plan.key.scale]
    return (in_chord or in_scale or [tone.pitch])[0]


def _answer(plan: Plan, index: int, what: tuple[Frame, str], voice: tuple[int, int], prosody: Prosody) -> VocalLine:
    """What stood in parentheses, in the second half of its line."""
    frame, text = what
    spoken = prosody(text)
    half = replace(frame, start=frame.start + frame.steps // 2, steps=frame.steps - frame.steps // 2)
    rhythm = place_syllables([s.stress for s in spoken], half, plan.style.tune, plan.rng("answer", index))
    shape = Shape(voice[0] + 3, voice[1], 0, closes=True, lift=0.7)
    tones = pitch_line(rhythm, half, plan.key, plan.style.tune, (shape, plan.rng("answer pitch", index)))
    return _vocal_line(plan, index, (text, spoken), tones, backing=True)


def lead(stage: Stage, leads: Sequence[Lead], *, sung: bool) -> list[Note]:
    """Let instruments carry the tune where nobody sings; returns what the first of them plays."""
    plan = stage.plan
    playable = [item for item in leads if item.sound.stem not in plan.leave_out]
    if not playable:
        return []
    told: list[Note] = []
    for index, section in enumerate(plan.sections):
        if section.lines or not _leads_in(section, sung=sung):
            continue
        other = section.kind in ("bridge", "solo", "break")
        who = playable[int(other) % len(playable)]
        told += _lead_section(stage, index, who)
    return told


def _leads_in(section: Section, *, sung: bool) -> bool:
    if section.kind in ("intro", "outro", "break", "build"):
        return section.bars >= 4 and section.energy >= 0.3 and (sung or section.kind == "outro")
    return True


def _lead_section(stage: Stage, index: int, who: Lead) -> list[Note]:
    plan = stage.plan
    section, harmony = plan.sections[index], plan.harmonies[index]
    rng = plan.rng("lead hands", section.kind, section.nth)
    base = plan.step_of(section)
    told: list[Note] = []
    for tone in _lead_tones(plan, section, harmony, who):
        note = _note(plan, base, tone, 70)
        start = note.start + rng.bell(plan.style.human / 1500.0)
        strength = 78 + 24 * section.energy + rng.bell(5) + (6 if tone.step % plan.meter.steps == 0 else 0)
        stage.play(who.sound, start, note.length * plan.style.tune.hold, tone.pitch, strength)
        told.append(note)
    return told


def _lead_tones(plan: Plan, section: Section, harmony: Harmony, who: Lead) -> list[Tone]:
    """Phrases of two bars as A B A C: A returns with its rhythm and leans on its own pitches."""
    tune = plan.style.tune
    kind = "chorus" if section.kind in ("intro", "outro") else section.kind
    low, high = _register(section.kind, (who.low, who.high))
    contours = plan.rng("contour", kind).shuffled(range(4))
    length = min(_PHRASE_BARS, section.bars) * plan.meter.steps
    phrases: list[list[Tone]] = []
    last_bar = (section.bars - 1) * plan.meter.steps if section is plan.sections[-1] else None
    for number in range(section.bars * plan.meter.steps // length):
        frame = Frame(harmony, number * length, length, plan.meter.steps, plan.meter.beat)
        stresses = _motif(plan.rng("motif", kind, number % 2), frame, plan, breath=number % 4 == 3)
        rhythm = place_syllables(stresses, frame, tune, plan.rng("rhythm", kind, number % 2))
        model = phrases[number - 2] if number >= 2 else []
        shape = Shape(
            low=low,
            high=high,
            contour=contours[number % 2],
            closes=number % 2 == 1,
            lift=energy_of(kind, plan.style),
            after=phrases[-1][-1].pitch if phrases else None,
            model=tuple((tone.step - (number - 2) * length, tone.pitch) for tone in model),
        )
        phrases.append(pitch_line(rhythm, frame, plan.key, tune, (shape, plan.rng("pitch", kind, number % 4))))
    tones = [tone for phrase in phrases for tone in phrase]
    if last_bar is None:
        return tones
    final = Tone(last_bar, plan.meter.steps, nearest(plan.key.tonic, tones[-1].pitch if tones else low))
    return [tone for tone in tones if tone.step + tone.length <= last_bar] + [final]


def _motif(rng: Rng, frame: Frame, plan: Plan, *, breath: bool) -> list[int]:
    """Stresses of a wordless phrase: as many notes as the style's tunes have, fewer where it breathes."""
    beats = frame.steps / plan.meter.beat
    count = beats * plan.style.tune.density * rng.uniform(0.8, 1.15)
    count = max(2, min(frame.steps - 2, round(count * (0.65 if breath else 1.0))))
    return [rng.pick((2, 0, 1, 2, 0)) if place else 2 for place in range(count)]
