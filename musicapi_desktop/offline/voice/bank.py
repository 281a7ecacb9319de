"""A voice's units of sound: which to take for a row of phones, joined into one track of parameters.

Files are built by packaging/voices.py: LZMA of a line of JSON (phones, scales) and four arrays: the units' table,
voicing bits, cepstra and excitation strengths as differences modulo 256, column by column.
"""

from __future__ import annotations

import itertools
import json
import lzma
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .phones import PAUSE, SIBILANTS, SONOROUS, VOWELS, class_of, voiced

Floats = npt.NDArray[np.floating[Any]]
_ORDER, _BANDS, _COLUMNS = 25, 5, 7
_SURROUNDINGS, _STRESS, _JOIN = 1.0, 0.7, 0.12
_SMOOTHED = 6
_DE_ESSED = 0.6
"""Nepers taken from sibilants: speech balances them against a voice that is not held and not lifted."""
_NEAR = {"ax": "ah", "ah": "ax", "ao": "aa", "zh": "sh", "ng": "n", "dh": "d", "uh": "ax", "oy": "ow"}


@dataclass(frozen=True, slots=True)
class Sound:
    """A phone to be said and whether its syllable is stressed."""

    phone: str
    stressed: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """From the middle of one phone to the middle of the next; ``split`` is the frame where they meet."""

    before: str
    after: str
    stressed: bool
    start: int
    length: int
    split: int


@dataclass(frozen=True, slots=True)
class Speech:
    """Phones said one after the other, a row per 5 ms.

    Phone i lasts from ``bounds[i]`` to ``bounds[i + 1]``, its middle is ``middles[i]``.
    """

    cepstra: Floats
    strengths: Floats
    voiced: Floats
    bounds: tuple[int, ...]
    middles: tuple[int, ...]


class Bank:
    """One singer."""

    def __init__(self, path: Path) -> None:
        raw = lzma.decompress(path.read_bytes())
        line = raw.index(b"\n")
        head = json.loads(raw[:line])
        frames, units = int(head["frames"]), int(head["units"])
        names: list[str] = list(head["phones"])
        body = np.frombuffer(raw, np.uint8, offset=line + 1)
        sizes = np.cumsum([units * _COLUMNS, -(-frames // 8), frames * _ORDER])
        table, bits, cepstra, strengths = np.split(body, sizes)
        values = np.cumsum(cepstra.reshape(_ORDER, frames), axis=1, dtype=np.uint8).view(np.int8).T
        scale, mean = np.array(head["scale"], np.float32), np.array(head["mean"], np.float32)
        self._cepstra = values * scale + mean
        shares = np.cumsum(strengths.reshape(_BANDS, frames), axis=1, dtype=np.uint8).T
        self._strengths = shares.astype(np.float32) / np.float32(31.0)
        self._voiced = np.unpackbits(bits)[:frames].astype(np.float32)
        self._units = self._index(table.reshape(_COLUMNS, units).astype(np.int64), names)

    @staticmethod
    def _index(table: npt.NDArray[np.int64], names: list[str]) -> dict[tuple[str, str], list[Unit]]:
        found: dict[tuple[str, str], list[Unit]] = defaultdict(list)
        start = 0
        for first, second, before, after, stress, length, split in table.T.tolist():
            unit = Unit(chr(before), chr(after), bool(stress), start, length, split)
            found[names[first], names[second]].append(unit)
            start += length
        return dict(found)

    def say(self, sounds: Sequence[Sound]) -> Speech:
        """Say phones between two silences; bounds cover the phones and both silences."""
        row = [Sound(PAUSE, False), *sounds, Sound(PAUSE, False)]
        units = self._choose(row)
        cepstra = [self._cepstra[u.start : u.start + u.length].copy() for u in units]
        strengths = [self._strengths[u.start : u.start + u.length].copy() for u in units]
        for parts in (cepstra, strengths):
            for left, right in itertools.pairwise(parts):
                _join(left, right)
        bits = np.concatenate([self._voiced[u.start : u.start + u.length] for u in units])
        starts = np.cumsum([0, *(u.length for u in units)])
        meets = [int(at) + u.split for at, u in zip(starts, units, strict=False)]
        bounds = (0, *meets, int(starts[-1]))
        middles = (0, *(int(at) for at in starts[1:-1]), int(starts[-1]))
        joined, shares = np.concatenate(cepstra), np.concatenate(strengths)
        softer = np.zeros(len(joined), np.float32)
        for number, sound in enumerate(row):
            inside = slice(bounds[number], bounds[number + 1])
            if sound.phone in SONOROUS:
                bits[inside] = 1.0
            elif not voiced(sound.phone):
                # the source voices guess it wrong at times, and a pulse in an s is a buzz
                bits[inside] = 0.0
                shares[inside] *= np.float32(0.3)
            if sound.phone in SIBILANTS:
                softer[inside] = _DE_ESSED
        joined[:, 0] -= np.convolve(softer, np.ones(5) / 5, "same")
        return Speech(joined, shares, bits, bounds, middles)

    def _options(self, first: str, second: str) -> list[Unit]:
        if first == second == PAUSE:
            return self._units[PAUSE, "hh"][:1]
        for a, b in ((first, second), (_NEAR.get(first, first), second), (first, _NEAR.get(second, second))):
            found = self._units.get((a, b))
            if found:
                return found
        return self._units.get((PAUSE, second)) or self._units[first, PAUSE]

    def _choose(self, row: Sequence[Sound]) -> list[Unit]:
        """The units that fit their surroundings and each other best (Viterbi)."""
        columns = [self._options(a.phone, b.phone) for a, b in itertools.pairwise(row)]
        costs = [self._strangeness(row, 0, columns[0])]
        back: list[npt.NDArray[np.int64]] = []
        for place in range(1, len(columns)):
            ends = self._cepstra[[u.start + u.length - 1 for u in columns[place - 1]], 1:]
            starts = self._cepstra[[u.start for u in columns[place]], 1:]
            jumps = np.sqrt(np.square(ends[:, None] - starts[None]).sum(2)) * _JOIN * 10
            total = costs[-1][:, None] + jumps
            back.append(total.argmin(0))
            costs.append(total.min(0) + self._strangeness(row, place, columns[place]))
        best = int(costs[-1].argmin())
        path = [best]
        for sources in reversed(back):
            best = int(sources[best])
            path.append(best)
        return [column[at] for column, at in zip(columns, reversed(path), strict=True)]

    @staticmethod
    def _strangeness(row: Sequence[Sound], place: int, units: list[Unit]) -> Floats:
        before = class_of(row[place - 1].phone) if place else "-"
        after = class_of(row[place + 2].phone) if place + 2 < len(row) else "-"
        stressed = row[place].stressed if row[place].phone in VOWELS else row[place + 1].stressed
        return np.array(
            [
                _SURROUNDINGS * ((u.before != before) + (u.after != after)) + _STRESS * (u.stressed != stressed)
                for u in units
            ],
            np.float32,
        )


def _join(left: Floats, right: Floats) -> None:
    """Bend both towards their mean over a few frames, in place."""
    gap = (right[0] - left[-1]) * np.float32(0.5)
    for part, sign in ((left[::-1], 1.0), (right, -1.0)):
        count = min(_SMOOTHED, len(part))
        ramp = (1.0 - np.arange(count, dtype=np.float32) / count)[:, None]
        part[:count] += np.float32(sign) * gap * ramp


@cache
def load(path: Path) -> Bank:
    """A bank, kept for the life of the process."""
    return Bank(path)


def natural_frames(phone: str) -> tuple[int, int]:
    """Least and most frames of a consonant when sung."""
    if phone in ("s", "sh", "f", "th", "ch", "z", "zh"):
        return 12, 26
    if phone in ("m", "n", "ng", "l", "r"):
        return 9, 18
    return (7, 16) if voiced(phone) else (9, 20)
