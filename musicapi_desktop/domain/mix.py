"""The mixer's state as one immutable value, and the laws of its controls (design §7)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from .units import Decibels

TOP_DB = Decibels(6.0)
OFF = Decibels(-math.inf)


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
    """

    strips: dict[str, Strip] = field(default_factory=dict[str, Strip])
    master: float = 0.0
    mono: bool = False
    solo_dim: float = -math.inf

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

    def gains(self, stem_id: str) -> tuple[float, float]:
        """Linear left and right gain of a stem, mute and solo applied, master not."""
        strip = self.strip(stem_id)
        if self.silenced_by_solo(stem_id):
            dim = gain_of(self.solo_dim)
        else:
            dim = 0.0 if strip.mute and not strip.solo else 1.0
        left, right = balance_gains(strip.balance)
        gain = gain_of(strip.level) * dim
        return gain * left, gain * right
