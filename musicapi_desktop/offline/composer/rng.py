"""Chance from raw integers: the same seed gives the same song on every machine and library version."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
_MASK = (1 << 64) - 1


class Rng:
    """A splitmix64 stream.

    Each purpose takes its own (``Rng(seed, "melody", "chorus")``), so that changing one part of a song
    leaves the others as they were.
    """

    def __init__(self, seed: int, *purpose: object) -> None:
        text = "\x1f".join([str(seed), *(str(part) for part in purpose)])
        self._state = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "little")

    def bits(self) -> int:
        """The next 64 bits."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        z = self._state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return z ^ (z >> 31)

    def below(self, limit: int) -> int:
        """A whole number from 0 to ``limit`` - 1."""
        return self.bits() % max(1, limit)

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        """A number between ``low`` and ``high``."""
        return low + (high - low) * (self.bits() >> 11) / float(1 << 53)

    def chance(self, share: float) -> bool:
        """True in ``share`` of the cases."""
        return self.uniform() < share

    def bell(self, width: float) -> float:
        """A bell-shaped number about 0 with standard deviation ``width``, never beyond 3.5 of them."""
        return (sum(self.uniform() for _ in range(4)) - 2.0) * width * 3.0**0.5

    def pick(self, choices: Sequence[T]) -> T:
        """One of ``choices``, which must not be empty."""
        return choices[self.below(len(choices))]

    def shuffled(self, choices: Sequence[T]) -> list[T]:
        """All of ``choices`` in another order."""
        rest = list(choices)
        for place in range(len(rest) - 1, 0, -1):
            other = self.below(place + 1)
            rest[place], rest[other] = rest[other], rest[place]
        return rest


def take_seed(seed: int, take: int, draw: int) -> int:
    """The seed of one take alone; ``draw`` counts its ideas."""
    return Rng(seed, "take", take, *((draw,) if draw else ())).bits()
