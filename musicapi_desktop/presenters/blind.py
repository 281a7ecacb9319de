"""Comparing takes blind: letters hidden and in no order, and a tally of what was preferred. No Qt."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence

Tally = tuple[tuple[str, int], ...]
"""Letters and how often each was preferred, in the order of the letters."""


def shuffled(letters: Sequence[str]) -> list[str]:
    """The letters in a chance order."""
    return random.sample(letters, len(letters))


class Blind:
    """Hides the takes of one song. ``shuffle`` gives them their places."""

    def __init__(self, letters: Sequence[str], shuffle: Callable[[Sequence[str]], list[str]] = shuffled) -> None:
        self._shuffle = shuffle
        self._votes: Counter[str] = Counter(dict.fromkeys(sorted(letters), 0))
        self.order = tuple(shuffle(letters))

    @property
    def choices(self) -> int:
        """How often the person has chosen."""
        return self._votes.total()

    @property
    def tally(self) -> Tally:
        """What was preferred, for when the letters are shown again."""
        return tuple(self._votes.items())

    def prefer(self, letter: str) -> None:
        """Count a choice, and give the takes new places."""
        self._votes[letter] += 1
        self.order = tuple(self._shuffle(self.order))
