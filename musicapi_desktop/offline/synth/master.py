"""The last stage: one gain curve, worked out from the sum, multiplies every stem, so that stems sum to the mix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from musicapi_desktop.dsp.loudness import LoudnessMeter, TruePeakMeter, loudness_of
from musicapi_desktop.offline.composer.score import Score

from . import dynamics
from .shelf import blocks
from .sound import RATE, Floats, gain

LOUDNESS = -14.0
CEILING = -1.0
_HEADROOM = 0.45
_ROUNDS = 5
_FULLEST_STEM = 0.98
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mastered:
    """Gain per hop of dynamics, and the ``makeup`` in dB that loudness asked for."""

    gains: Floats
    makeup: float


@dataclass(frozen=True, slots=True)
class Job:
    """What is mastered: a sum ``(2, frames)`` and the largest sample of any of its stems per hop (None: not known)."""

    total: Floats
    check: Callable[[], None]
    tops: Floats | None = None


def master(job: Job, base: Floats, *, press: bool = True, makeup: float | None = None) -> Mastered:
    """Bring the sum under the curve ``base`` to LOUDNESS and below CEILING; the sum stays as it is.

    No stem is let over full scale either, else they would not sum to the mix any more. ``press`` compresses the bus
    first (what is mastered already is not pressed again). With a ``makeup`` the loudness is that of the take it
    belongs to instead of LOUDNESS.
    """
    total, check = job.total, job.check
    loud = _Loudness(total, base)
    raised = LOUDNESS - loud.under(base) if makeup is None else makeup
    base = base * np.float32(gain(raised))
    check()
    if press:
        over = np.maximum(10.0 * np.log10(loud.powers * np.square(gain(raised)) + 1e-12) + 15.0, 0.0)
        base *= _reach(
            10.0 ** (dynamics.follow((over * (1.0 / 1.7 - 1.0)).astype(np.float32), 0.03, 0.25) / 20.0), base
        )
    limited, push = _limited(job, base, None if makeup is not None else loud)
    return Mastered(limited, round(raised + push, 4))


def _limited(job: Job, base: Floats, loud: _Loudness | None) -> tuple[Floats, float]:
    """The gains and how many dB louder than ``base`` they are made; None: as loud as ``base`` is."""
    total = job.total
    tops = dynamics.peaks(total)
    push, ceiling = 0.0, CEILING - _HEADROOM
    if job.tops is not None:
        tops = np.maximum(tops, job.tops * np.float32(gain(ceiling) / _FULLEST_STEM))
    tops = _reach(tops, base)
    gains = base
    for _ in range(_ROUNDS):
        pushed = base * np.float32(gain(push))
        gains = pushed * dynamics.limiting((tops * pushed).astype(np.float32), gain(ceiling))
        job.check()
        missing = 0.0 if loud is None else LOUDNESS - loud.under(gains)
        over = 0.0 if abs(missing) > 0.3 else _true_peak(total, gains) - (CEILING - 0.03)
        if abs(missing) <= 0.1 and over <= 0.0:
            return gains, push
        push += missing
        ceiling -= max(0.0, over)
    over = _true_peak(total, gains) - (CEILING - 0.03)
    return gains * np.float32(gain(-max(0.0, over))), push


class _Loudness:
    """The loudness of a sum under any gain curve, after measuring it once under one.

    Gains hardly change within a hop of 64 frames, so the energies measured are scaled by them.
    """

    def __init__(self, total: Floats, base: Floats) -> None:
        meter = LoudnessMeter(RATE)
        for start, stop in blocks(total.shape[1]):
            meter.add(_interleaved(total, base, start, stop))
        self._hops = meter.hops()
        self._base = np.maximum(base, np.float32(1e-9))
        self.powers = dynamics.powers(total) * np.square(base[: -(-total.shape[1] // dynamics.HOP)])
        self._each = _tenths(self.powers, len(self._hops)) + 1e-20

    def under(self, gains: Floats) -> float:
        """LUFS under a curve; LOUDNESS for silence, which nothing can raise."""
        scaled = self.powers * np.square(gains / self._base)[: len(self.powers)]
        found = loudness_of(self._hops * (_tenths(scaled, len(self._hops)) / self._each), RATE)
        return found if found > -70.0 else LOUDNESS


def _tenths(powers: Floats, count: int) -> Doubles:
    """Sums over each tenth of a second, which is a whole number of hops."""
    size = RATE // 10 // dynamics.HOP
    return powers[: count * size].reshape(count, size).sum(1, dtype=np.float64)


def level(frames: int) -> Floats:
    """A curve that changes nothing."""
    return np.ones(-(-frames // dynamics.HOP) + 1, np.float32)


def automation(score: Score, frames: int, *, fade: bool = True) -> Floats:
    """Sections by their energy (up to ``mix.swell`` dB apart), and the fade at the very end."""
    count = -(-frames // dynamics.HOP) + 1
    time = np.arange(count, dtype=np.float64) * dynamics.HOP / RATE
    points, levels = [score.sections[0].start], [_section_level(score, score.sections[0].energy)]
    for before, after in zip(score.sections, score.sections[1:], strict=False):
        points += [max(points[-1], after.start - 0.12), after.start]
        levels += [_section_level(score, before.energy), _section_level(score, after.energy)]
    curve = 10.0 ** (np.interp(time, points, levels) / 20.0)
    if fade:
        end = frames / RATE
        curve *= np.clip((end - 0.02 - time) / min(1.4, end * 0.12), 0.0, 1.0)
    return curve.astype(np.float32)


def _section_level(score: Score, energy: float) -> float:
    return score.mix.swell * (energy - 1.0) * 1.6


def _reach(curve: Floats, like: Floats) -> Floats:
    """Bring a curve to the length of another by repeating its last point."""
    count = len(like)
    return np.concatenate([curve, curve[-1:].repeat(max(0, count - len(curve)))])[:count].astype(np.float32)


def _true_peak(total: Floats, gains: Floats) -> float:
    meter = TruePeakMeter(RATE, 2)
    for start, stop in blocks(total.shape[1]):
        meter.add(_interleaved(total, gains, start, stop))
    return meter.decibels()


def _interleaved(total: Floats, gains: Floats, start: int, stop: int) -> Floats:
    block = total[:, start:stop] * dynamics.curve(gains, start, stop)
    return np.ascontiguousarray(block.T)
