"""The mixer's state as one immutable value, and the laws of its controls (design §7)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .units import Decibels

_NUMBER = re.compile(r"[+-]?(\d{1,4}(\.\d*)?|\.\d+)", re.ASCII)

TOP_DB = Decibels(6.0)
OFF = Decibels(-math.inf)
LEAST_DB = Decibels(-100.0)
"""Anything at or below this is off."""

SOLO_DIMS = (OFF, Decibels(-24.0), Decibels(-18.0), Decibels(-12.0))
"""How loud the others stay while one is soloed: the choices offered."""

Span = tuple[float, float]
"""Start and end in seconds."""

TICKS = (6.0, 3.0, 0.0, -3.0, -6.0, -10.0, -20.0, -30.0, -40.0, -math.inf)
"""Levels in dB marked beside a fader; 0 dB is the longest mark."""


def gain_of(level: float) -> float:
    """Linear gain of ``level`` dB; −∞ gives 0."""
    return 0.0 if level == -math.inf else 10.0 ** (level / 20.0)


def position_of(level: float) -> float:
    """Fader travel (0–1) of ``level`` dB: ((6·log2 g + 192)/198)^8, the top is +6 dB."""
    gain = gain_of(level)
    if gain <= 0.0:
        return 0.0
    return min(1.0, max(0.0, (6.0 * math.log2(gain) + 192.0) / 198.0) ** 8)


def level_at(position: float) -> Decibels:
    """Level in dB at fader travel ``position`` (0–1); 0 is off. The inverse of position_of."""
    if position <= 0.0:
        return OFF
    gain = 2.0 ** ((198.0 * min(1.0, position) ** 0.125 - 192.0) / 6.0)
    return Decibels(20.0 * math.log10(gain))


def clamped(level: float) -> Decibels:
    """``level`` within what a fader reaches, on its grid of 0.1 dB; at or below LEAST_DB it is off."""
    if level <= LEAST_DB:
        return OFF
    return Decibels(round(min(TOP_DB, level), 1) + 0.0)


def level_words(level: float) -> str:
    """A level as it stands in a dB box: ``0.0``, ``−3.5``, ``+0.6``, ``−∞``."""
    if level <= LEAST_DB:
        return "−∞"
    tenths = round(level, 1)
    sign = "+" if tenths > 0 else "−" if tenths < 0 else ""
    return f"{sign}{abs(tenths):.1f}"


def level_from_words(text: str) -> Decibels | None:
    """The level a person typed (``-3.5``, ``−3,5 dB``, ``off``, ``-inf``), or None where it is not a level."""
    plain = text.strip().lower().removesuffix("db").strip().replace("−", "-").replace("–", "-").replace(",", ".")
    if plain in {"off", "-inf", "-∞", "∞"}:
        return OFF
    if not _NUMBER.fullmatch(plain):
        return None
    return clamped(float(plain))


def balance_gains(balance: float) -> tuple[float, float]:
    """Left and right gain of a stereo balance (−1 … 1): 0 dB at the centre, the far side falls with a sine law."""
    far = math.cos(min(1.0, abs(balance)) * math.pi / 2.0)
    return (1.0, far) if balance < 0 else (far, 1.0) if balance > 0 else (1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Strip:
    """One stem's controls. ``level`` in dB, ``balance`` −1 … 1."""

    level: float = 0.0
    balance: float = 0.0
    mute: bool = False
    solo: bool = False


@dataclass(frozen=True, slots=True)
class MixState:
    """All controls of one take's mixer.

    ``strips`` is keyed by stem id; ``solo_dim`` is the level in dB of the others while one is soloed.
    ``mutes_before`` holds the muted strips as they were when the first solo was pressed, None while nothing is soloed:
    soloing a muted strip lifts its mute, and leaving the last solo gives the earlier mutes back exactly.
    ``ranges`` are the muted ranges of stems, in order and apart.
    """

    strips: dict[str, Strip] = field(default_factory=dict[str, Strip])
    master: float = 0.0
    mono: bool = False
    solo_dim: float = -math.inf
    mutes_before: frozenset[str] | None = None
    ranges: Mapping[str, tuple[Span, ...]] = field(default_factory=dict[str, tuple[Span, ...]])

    def strip(self, stem_id: str) -> Strip:
        """The strip of a stem; the default one where it was never touched."""
        return self.strips.get(stem_id, Strip())

    def with_strip(self, stem_id: str, strip: Strip) -> MixState:
        """Return the state with one strip replaced."""
        return replace(self, strips={**self.strips, stem_id: strip})

    @property
    def solo_active(self) -> int:
        """How many strips are soloed."""
        return sum(s.solo for s in self.strips.values())

    def silenced_by_solo(self, stem_id: str) -> bool:
        """True where another strip's solo silences this one."""
        return bool(self.solo_active) and not self.strip(stem_id).solo

    @property
    def soloed(self) -> frozenset[str]:
        """The solo pool."""
        return frozenset(key for key, strip in self.strips.items() if strip.solo)

    @property
    def muted(self) -> frozenset[str]:
        """The strips whose mute is down."""
        return frozenset(key for key, strip in self.strips.items() if strip.mute)

    def toggle_mute(self, stem_id: str) -> MixState:
        """Press M. On a strip that a solo silences it also changes what leaving the solo goes back to."""
        strip = self.strip(stem_id)
        state = self.with_strip(stem_id, replace(strip, mute=not strip.mute))
        if self.mutes_before is None or strip.solo:
            return state
        return replace(state, mutes_before=self.mutes_before ^ {stem_id})

    def toggle_solo(self, stem_id: str) -> MixState:
        """Press S: join or leave the solo pool."""
        return self.with_solos(self.soloed ^ {stem_id})

    def solo_only(self, stem_id: str) -> MixState:
        """Ctrl+click S: only this one; again on the only one leaves the solo."""
        only = frozenset({stem_id})
        return self.with_solos(frozenset() if self.soloed == only else only)

    def clear_solo(self) -> MixState:
        """Alt+click S: leave every solo."""
        return self.with_solos(frozenset())

    def with_solos(self, pool: frozenset[str]) -> MixState:
        """Return the state with exactly ``pool`` soloed, mutes lifted and given back by the rule above."""
        before = self.muted if self.mutes_before is None else self.mutes_before
        strips: dict[str, Strip] = {}
        for key in {**self.strips, **dict.fromkeys(pool)}:
            strip = self.strip(key)
            mute = strip.mute if strip.solo and key in pool else key in before and key not in pool
            strips[key] = replace(strip, solo=key in pool, mute=mute)
        return replace(self, strips=strips, mutes_before=before if pool else None)

    def toggle_range(self, stem_id: str, span: Span) -> MixState:
        """Mute a range of one stem; where all of it is muted already, let it be heard again."""
        start, end = sorted(span)
        old = self.ranges.get(stem_id, ())
        if any(low <= start and end <= high for low, high in old):
            new = tuple(part for low, high in old for part in _without((low, high), (start, end)))
        else:
            new = _joined((*old, (start, end)))
        ranges = {**self.ranges, stem_id: new}
        return replace(self, ranges={key: spans for key, spans in ranges.items() if spans})

    def gains(self, stem_id: str) -> tuple[float, float]:
        """Linear left and right gain of a stem, mute and solo applied, master not."""
        strip = self.strip(stem_id)
        dim = gain_of(self.solo_dim) if self.silenced_by_solo(stem_id) else 1.0
        left, right = balance_gains(strip.balance)
        gain = 0.0 if strip.mute else gain_of(strip.level) * dim
        return gain * left, gain * right


def _joined(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Spans in order, those that touch made one."""
    joined: list[Span] = []
    for low, high in sorted(spans):
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        elif high > low:
            joined.append((low, high))
    return tuple(joined)


def _without(span: Span, hole: Span) -> tuple[Span, ...]:
    """What is left of ``span`` outside ``hole``."""
    (low, high), (start, end) = span, hole
    left = (low, min(high, start)), (max(low, end), high)
    return tuple(part for part in left if part[1] > part[0])
