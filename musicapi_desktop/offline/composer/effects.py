"""Risers, impacts and the bed of noise a style may have."""

from __future__ import annotations

from .stage import Stage
from .style import Sound

_LEVELS = {"riser": -9.0, "impact": -6.0, "vinyl": -17.0, "swell": -10.0, "fall": -10.0}


def play_effects(stage: Stage, seconds: float) -> None:
    """Place the style's effects at the joints of the form."""
    plan = stage.plan
    wanted = plan.style.effects
    if "vinyl" in wanted:
        _play(stage, "vinyl", 0.0, seconds, 70)
    bar = plan.meter.seconds(plan.bpm)
    for before, after in zip(plan.sections, plan.sections[1:], strict=False):
        joint = plan.seconds(plan.step_of(after))
        rise = after.energy - before.energy
        for name in ("riser", "swell"):
            if name in wanted and rise >= 0.18:
                length = min(before.bars, 2 if name == "riser" else 1) * bar
                _play(stage, name, joint - length, length, 70 + 30 * after.energy)
        if "impact" in wanted and after.energy >= 0.75 and rise > 0.05:
            _play(stage, "impact", joint, 3.0, 70 + 40 * after.energy)
        if "fall" in wanted and rise <= -0.25:
            _play(stage, "fall", joint, bar, 90)


def _play(stage: Stage, name: str, start: float, length: float, velocity: float) -> None:
    sound = Sound("FX", f"fx:{name}", _LEVELS[name], 0.0, 0.15, 0.0, 0.0, 0.0)
    stage.play(sound, start, length, 60, velocity)
