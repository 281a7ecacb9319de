"""Drums and percussion from the style's grooves: variation by energy, ghosts, rolls, fills and crashes."""

from __future__ import annotations

from dataclasses import replace

from .form import Section
from .parts import fit_bar
from .rng import Rng
from .stage import Stage
from .style import Groove, Pattern, Sound

LANES = {
    "kick": 36,
    "snare": 38,
    "rim": 37,
    "clap": 39,
    "hat": 42,
    "pedal": 44,
    "open": 46,
    "crash": 49,
    "splash": 55,
    "china": 52,
    "ride": 51,
    "bell": 53,
    "tom1": 50,
    "tom2": 47,
    "tom3": 43,
    "brush": 40,
    "tamb": 54,
    "shaker": 70,
    "cabasa": 69,
    "conga1": 63,
    "conga2": 62,
    "conga3": 64,
    "bongo1": 60,
    "bongo2": 61,
    "cowbell": 56,
    "clave": 75,
    "block": 76,
    "guiro": 73,
    "triangle": 81,
    "timbale": 65,
    "agogo": 67,
    "taiko": 41,
    "bassdrum": 35,
    "cymbals": 57,
    "snap": 40,
}
"""Lane to General MIDI drum key (the orchestra kit is played at the same keys)."""

PERCUSSION = frozenset(LANES) - frozenset(
    (
        *("kick", "snare", "rim", "clap", "hat", "pedal", "open", "crash", "splash", "china", "ride", "bell"),
        *("tom1", "tom2", "tom3", "brush", "snap"),
    )
)
_PANS = {"hat": 0.2, "open": 0.2, "pedal": 0.2, "ride": -0.3, "tom1": 0.25, "tom3": -0.3, "crash": -0.25}
_TOP = frozenset(["hat", "ride", "shaker", "pedal", "cabasa", "brush"])
_CALM = ("intro", "outro", "break")


def play_drums(stage: Stage) -> None:
    """Play the whole song's drums; one groove per take, the next one in the bridge."""
    style, plan = stage.plan.style, stage.plan
    if not style.grooves:
        return
    order = plan.rng("groove").shuffled(range(len(style.grooves)))
    for index, section in enumerate(plan.sections):
        other = section.kind in ("bridge", "break", "solo")
        groove = style.grooves[order[int(other) % len(order)]]
        following = plan.sections[index + 1] if index + 1 < len(plan.sections) else None
        _section(stage, section, groove, following)


def _section(stage: Stage, section: Section, groove: Groove, following: Section | None) -> None:
    plan = stage.plan
    pattern = groove.high if section.energy >= 0.5 else groove.low
    fill = _fill(stage, section, following)
    for bar in range(section.bars):
        last = bar == section.bars - 1
        if following is None and last:
            _strike(stage, "crash", plan.seconds((section.start + bar) * plan.meter.steps), 70)
            _strike(stage, "kick", plan.seconds((section.start + bar) * plan.meter.steps), 90)
            break
        lanes = _thin(pattern, section, bar)
        _bar(stage, section, bar, {**_under(lanes, fill), **fill} if last and fill else lanes)
    if section.start and section.energy >= 0.6 and plan.style.crash:
        _strike(stage, plan.style.crash, plan.seconds(plan.step_of(section)), 80 + 30 * section.energy)


def _thin(pattern: Pattern, section: Section, bar: int) -> Pattern:
    """Intro and outro come in with the top of the kit only for their first half."""
    if section.kind in _CALM and section.energy < 0.5 and bar < section.bars // 2 and section.kind != "outro":
        return {lane: bars for lane, bars in pattern.items() if lane in _TOP or lane in PERCUSSION}
    return pattern


def _fill(stage: Stage, section: Section, following: Section | None) -> Pattern:
    fills = stage.plan.style.fills
    if not fills or following is None or section.bars < 2 or section.energy < 0.3:
        return {}
    return stage.plan.rng("fill", section.kind, section.nth).pick(fills)


def _under(lanes: Pattern, fill: Pattern) -> Pattern:
    """What goes on under a fill: all lanes until the fill's first stroke, the fill's own lanes not at all."""
    first = min((i for bars in fill.values() for i, sign in enumerate(bars[0]) if sign != "."), default=0)
    return {
        lane: tuple(bar[:first] + "." * (len(bar) - first) for bar in bars)
        for lane, bars in lanes.items()
        if lane not in fill
    }


def _bar(stage: Stage, section: Section, bar: int, lanes: Pattern) -> None:
    plan = stage.plan
    base = (section.start + bar) * plan.meter.steps
    rng = plan.rng("drums", section.kind, section.nth, bar)
    for lane, bars in lanes.items():
        line = fit_bar(bars[bar % len(bars)], plan.meter)
        for step, sign in enumerate(line):
            if sign not in ".-0":
                _stroke(stage, lane, base + step, (sign, section.energy, rng))


def _stroke(stage: Stage, lane: str, step: int, how: tuple[str, float, Rng]) -> None:
    sign, energy, rng = how
    plan = stage.plan
    human = plan.style.human / 1000.0
    start = plan.seconds(step)
    unit = plan.meter.step_seconds(plan.bpm)
    if sign in "ryz":
        count = {"r": 2, "y": 3, "z": 4}[sign]
        for hit in range(count):
            _strike(stage, lane, start + hit * unit / count, 62 + 34 * hit / count)
        return
    if sign == "g":
        if rng.chance(0.6):
            _strike(stage, lane, start + rng.bell(human), 34 + rng.bell(5))
        return
    strength = int(sign) if sign.isdigit() else 7
    loose = human * (0.35 if lane == "kick" else 0.7)
    _strike(stage, lane, start + rng.bell(loose), (22 + 11.2 * strength) * (0.86 + 0.16 * energy) + rng.bell(4))


def _strike(stage: Stage, lane: str, start: float, velocity: float) -> None:
    style = stage.plan.style
    if f"lane:{lane}" in stage.plan.leave_out:
        return
    base = style.percussion if lane in PERCUSSION else style.drums
    sound = _lane_sound(base, style.kit, lane)
    if lane in ("kick", "bassdrum") and sound.stem not in stage.plan.leave_out:
        stage.kicks.append(round(max(0.0, start), 5))
    stage.play(sound, start, 0.25, LANES.get(lane, 38), velocity)


def _lane_sound(base: Sound, kit: str, lane: str) -> Sound:
    """Kits of the bank play as one track; synthetic kits have one sound per lane."""
    if kit.startswith("gm:"):
        return replace(base, sound=f"kit:{kit}")
    return replace(base, sound=f"kit:{kit}:{lane}", pan=_PANS.get(lane, base.pan))
