"""The beats of a take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast


@dataclass(frozen=True, slots=True)
class Beats:
    """Beats in seconds, in order; beats a minute; the number of the beat that begins a bar; beats a bar.

    Empty where no beat was found.
    """

    times: tuple[float, ...] = ()
    bpm: float = 0.0
    first: int = 0
    bar: int = 4


def beats_to_plain(beats: Beats) -> dict[str, object]:
    """``beats`` as JSON types."""
    return {"times": list(beats.times), "bpm": beats.bpm, "first": beats.first, "bar": beats.bar}


def beats_from_plain(plain: object) -> Beats:
    """The inverse of beats_to_plain. Raises ValueError where it is something else."""
    try:
        table = cast("dict[str, object]", plain)
        times = tuple(float(time) for time in cast("list[float]", table["times"]))
        bpm, first, bar = (cast("float", table[name]) for name in ("bpm", "first", "bar"))
        return Beats(times, float(bpm), int(first), int(bar))
    except (TypeError, KeyError) as error:
        raise ValueError("not beats") from error
