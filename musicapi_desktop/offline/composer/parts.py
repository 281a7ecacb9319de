"""Accompanying parts: chords, broken chords, bass lines and guide tones, played from the style's patterns."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from .form import Meter, Section
from .harmony import Harmony, voice
from .stage import Plan, Stage
from .style import Part
from .theory import Chord, lowest_from, nearest

RING = 1.6
"""Seconds the last chord is held into the tail."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A hit of a pattern: step in its section, length in steps (until the next hit or rest), sign."""

    step: int
    length: int
    sign: str


def strokes(rhythm: tuple[str, ...], meter: Meter, bars: int) -> list[Stroke]:
    """Unroll a pattern over ``bars``: digits and letters strike, ``-`` holds, ``.`` rests."""
    line = "".join(fit_bar(rhythm[bar % len(rhythm)], meter) for bar in range(bars))
    hits = [i for i, sign in enumerate(line) if sign not in ".-"]
    found: list[Stroke] = []
    for at, after in pairwise([*hits, len(line)]):
        rest = line.find(".", at + 1)
        end = rest if 0 <= rest < after else after
        found.append(Stroke(at, end - at, line[at]))
    return found


def fit_bar(bar: str, meter: Meter) -> str:
    """A bar of sixteen steps as the meter needs it; a bar already of its length stays."""
    if len(bar) == meter.steps or len(bar) not in (8, 16):
        return (bar + "." * meter.steps)[: meter.steps]
    whole = bar if len(bar) == 16 else bar * 2
    beats = [whole[i : i + 4] for i in range(0, 16, 4)]
    if meter.beat == 6:
        six = [beat + beat[2:4] for beat in beats]
        return "".join(six[i % 2] for i in range(meter.beats))
    order = {2: (0, 1), 3: (0, 1, 3), 5: (0, 1, 2, 3, 3)}.get(meter.beats, (0, 1, 2, 3))
    line = "".join(beats[i] for i in order)
    return (line + beats[3])[: meter.steps]


def plays_in(part: Part, section: Section) -> bool:
    """True where the part belongs to the section."""
    if section.kind in part.without or (part.only and section.kind not in part.only):
        return False
    return part.since <= section.energy <= part.until


def play_part(stage: Stage, part: Part) -> None:
    """Play one part through the whole song."""
    before: tuple[int, ...] = ()
    plan = stage.plan
    for index, section in enumerate(plan.sections):
        if not plays_in(part, section):
            continue
        harmony = plan.harmonies[index]
        if part.play in ("bass", "walk"):
            _bass(stage, part, section, harmony)
        elif part.play == "guide":
            before = _guide(stage, part, section, harmony)
        else:
            before = _chords(stage, part, (section, harmony), before)


def _final(plan: Plan, section: Section, step: int) -> bool:
    """True in the last bar of the song, where everybody holds the last chord."""
    last = plan.sections[-1]
    return section is last and step >= (section.bars - 1) * plan.meter.steps


def _at_changes(found: list[Stroke], harmony: Harmony) -> list[Stroke]:
    """Strike again where the chord changes under a held stroke."""
    cut: list[Stroke] = []
    for stroke in found:
        end = stroke.step + stroke.length
        inside = [span.start for span in harmony.spans if stroke.step < span.start < end]
        cut += [Stroke(a, b - a, stroke.sign) for a, b in pairwise([stroke.step, *inside, end])]
    return cut


def _section_strokes(stage: Stage, part: Part, section: Section, harmony: Harmony) -> list[Stroke]:
    plan = stage.plan
    steps = plan.meter.steps
    found = _at_changes(strokes(part.rhythm, plan.meter, section.bars), harmony)
    if section is not plan.sections[-1]:
        return found
    end = (section.bars - 1) * steps
    kept = [s if s.step + s.length <= end else Stroke(s.step, end - s.step, s.sign) for s in found if s.step < end]
    return [*kept, Stroke(end, steps, "r" if part.play in ("bass", "walk") else "8")]


def _velocity(sign: str, section: Section, part: Part) -> float:
    strength = int(sign) if sign.isdigit() else 9 if sign.isupper() else 7
    return (30 + 9.0 * strength) * (0.78 + 0.26 * section.energy) * part.velocity


def _chords(stage: Stage, part: Part, where: tuple[Section, Harmony], before: tuple[int, ...]) -> tuple[int, ...]:
    plan, (section, harmony) = stage.plan, where
    rng = plan.rng("hands", part.sound.sound, section.kind, section.nth)
    base = plan.step_of(section)
    unit = plan.meter.step_seconds(plan.bpm)
    human = plan.style.human / 1000.0
    voiced: dict[str, tuple[int, ...]] = {}
    place = 0
    for stroke in _section_strokes(stage, part, section, harmony):
        chord = harmony.at(stroke.step)
        if chord.name not in voiced:
            voiced[chord.name] = before = voice(chord, part.voicing, part.low, part.high, before)
        pitches = voiced[chord.name]
        final = _final(plan, section, stroke.step)
        start = plan.seconds(base + stroke.step) + rng.bell(human)
        length = stroke.length * unit * part.gate if not final else stroke.length * unit + RING
        velocity = _velocity(stroke.sign, section, part) + rng.bell(4)
        if part.play == "arp" and not final:
            pitches = (_arp_pitch(pitches, part.order, place),)
            place += 1
        down = (stroke.step // 2) % 2 == 0 or part.strum == 0
        _strike(stage, part, pitches if down else pitches[::-1], (start, length, velocity))
    return before


def _strike(stage: Stage, part: Part, pitches: tuple[int, ...], how: tuple[float, float, float]) -> None:
    start, length, velocity = how
    for place, pitch in enumerate(pitches):
        late = place * part.strum / 1000.0
        stage.play(part.sound, start + late, max(0.03, length - late), pitch + 12 * part.octave, velocity - place)


def _arp_pitch(pitches: tuple[int, ...], order: str, place: int) -> int:
    index = int(order[place % len(order)])
    return pitches[index % len(pitches)] + 12 * (index // len(pitches))


def _bass(stage: Stage, part: Part, section: Section, harmony: Harmony) -> None:
    plan = stage.plan
    rng = plan.rng("bass", part.sound.sound, section.kind, section.nth)
    base = plan.step_of(section)
    unit = plan.meter.step_seconds(plan.bpm)
    walk = _walk_line(plan, part, section, harmony) if part.play == "walk" else None
    played = _section_strokes(stage, part, section, harmony)
    if walk is not None:
        played = [Stroke(step, plan.meter.beat, "r") for step in sorted(walk)]
    for stroke in played:
        chord = harmony.at(stroke.step)
        final = _final(plan, section, stroke.step)
        following = harmony.after(stroke.step)
        pitch = walk[stroke.step] if walk is not None else _bass_pitch(stroke.sign, chord, following, part)
        start = plan.seconds(base + stroke.step) + rng.bell(plan.style.human / 2000.0)
        length = stroke.length * unit * part.gate if not final else stroke.length * unit + RING
        stage.play(part.sound, start, length, pitch, _velocity(stroke.sign, section, part) + rng.bell(3))


def _bass_pitch(sign: str, chord: Chord, following: Chord, part: Part) -> int:
    root = lowest_from(chord.bass, part.low)
    fifth = lowest_from(chord.fifth, root)
    goal = lowest_from(following.bass, part.low)
    pitch = {
        "f": fifth if fifth <= part.high else fifth - 12,
        "d": fifth - 12 if fifth - 12 >= part.low else fifth,
        "o": root + 12,
        "t": lowest_from(chord.third, root),
        "s": lowest_from(chord.tones[3], root) if len(chord.tones) > 3 else root + 12,
        "a": goal - 1 if goal - 1 >= part.low else goal + 1,
        "b": goal + 2,
    }.get(sign.lower(), root)
    return pitch if pitch <= part.high + 5 else pitch - 12


def _walk_line(plan: Plan, part: Part, section: Section, harmony: Harmony) -> dict[int, int]:
    """Four to the bar: root where the chord changes, a half step into the next root, chord and scale tones between."""
    rng = plan.rng("walk", section.kind, section.nth)
    beat = plan.meter.beat
    end = section.bars * plan.meter.steps
    line: dict[int, int] = {}
    pitch = (part.low + part.high) // 2
    for span in harmony.spans:
        for step in range(span.start, span.end, beat):
            following = harmony.at(step + beat) if step + beat < end else harmony.after(step)
            if step == span.start:
                pitch = _into(nearest(span.chord.bass, pitch), part)
            elif step + beat >= span.end:
                goal = _into(nearest(following.bass, pitch), part)
                pitch = goal + (1 if rng.chance(0.4) else -1)
            else:
                tone = rng.pick(span.chord.tones[1:4])
                pitch = _into(nearest(tone, pitch + rng.pick((-2, 3, 4))), part)
            line[step] = pitch
            if _final(plan, section, step):
                line = {s: p for s, p in line.items() if s <= span.start}
                break
    return line


def _into(pitch: int, part: Part) -> int:
    while pitch < part.low:
        pitch += 12
    while pitch > part.high:
        pitch -= 12
    return pitch


def _guide(stage: Stage, part: Part, section: Section, harmony: Harmony) -> tuple[int, ...]:
    """A slow second voice: thirds and sevenths that move by step."""
    plan = stage.plan
    base, unit = plan.step_of(section), plan.meter.step_seconds(plan.bpm)
    pitch = (part.low + part.high) // 2
    for span in harmony.spans:
        tones = span.chord.tones
        choices = [nearest(tone, pitch) for tone in (tones[1:4] if len(tones) > 2 else tones)]
        inside = [p for p in choices if part.low <= p <= part.high] or choices
        pitch = min(inside, key=lambda p, now=pitch: (abs(p - now), p))
        velocity = 74 * (0.78 + 0.26 * section.energy) * part.velocity
        start = plan.seconds(base + span.start)
        stage.play(part.sound, start, (span.end - span.start) * unit * part.gate, pitch, velocity)
    return (pitch,)
