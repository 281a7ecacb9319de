"""Who sings and how: plain numbers from which a voice is made its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Manner:
    """A singer. ``bank`` names the file in resources/voices.

    ``formants`` stretches the throat (1.06: smaller, 0.94: larger); ``breath`` scales the noise in the tone;
    ``vibrato`` in cents and ``rate`` in Hz; ``glide`` in seconds from note to note; ``scoop`` in cents below a
    phrase's first note; ``crisp`` the consonants' gain in dB; ``sharp`` how far formants are pressed (1: as spoken);
    ``drift`` in cents.
    """

    bank: str
    formants: float = 1.0
    breath: float = 0.6
    vibrato: float = 24.0
    rate: float = 5.5
    glide: float = 0.085
    scoop: float = 70.0
    crisp: float = 3.5
    sharp: float = 1.1
    drift: float = 4.0


FEMALE = Manner("slt", rate=5.7)
MALE = Manner("rms", vibrato=22.0, rate=5.3)


def manner_of(gender: str) -> Manner:
    """The singer of a song: "m" or anything else."""
    return MALE if gender == "m" else FEMALE


def manner_from(told: Mapping[str, object]) -> Manner | None:
    """The singer that plain JSON describes; None where it describes nobody. Values out of range are brought in."""
    bank = told.get("bank")
    if bank not in (FEMALE.bank, MALE.bank):
        return None
    plain = FEMALE if bank == FEMALE.bank else MALE
    changes: dict[str, float] = {}
    for field in fields(Manner):
        value, (low, high) = told.get(field.name), _RANGES.get(field.name, (0.0, 0.0))
        if field.name in _RANGES and isinstance(value, (int, float)) and not isinstance(value, bool):
            changes[field.name] = min(high, max(low, float(value)))
    return replace(plain, **changes)


def individual(gender: str, chance: Callable[[float, float], float]) -> Manner:
    """A singer of their own: the plain one, a little otherwise. ``chance`` draws between two numbers."""
    plain = manner_of(gender)
    return replace(
        plain,
        formants=round(plain.formants * chance(0.975, 1.03), 4),
        breath=round(plain.breath * chance(0.8, 1.25), 3),
        vibrato=round(plain.vibrato * chance(0.7, 1.15), 2),
        rate=round(plain.rate * chance(0.95, 1.06), 3),
        glide=round(plain.glide * chance(0.8, 1.2), 4),
        scoop=round(plain.scoop * chance(0.5, 1.2), 1),
    )


def told(manner: Manner) -> dict[str, object]:
    """A singer as plain JSON (manner_from)."""
    return dict(asdict(manner))


_RANGES = {
    "formants": (0.85, 1.18),
    "breath": (0.2, 1.0),
    "vibrato": (0.0, 70.0),
    "rate": (4.0, 7.0),
    "glide": (0.02, 0.16),
    "scoop": (0.0, 160.0),
    "crisp": (-3.0, 5.0),
    "sharp": (0.9, 1.25),
    "drift": (0.0, 10.0),
}


def behind(manner: Manner) -> Manner:
    """The same people as a choir behind the lead: rounder, steadier, softer in their consonants."""
    return replace(
        manner,
        formants=manner.formants * (1.05 if manner.bank == "rms" else 0.96),
        breath=min(1.0, manner.breath + 0.3),
        vibrato=manner.vibrato * 0.5,
        scoop=manner.scoop * 0.4,
        crisp=manner.crisp - 7.0,
    )
