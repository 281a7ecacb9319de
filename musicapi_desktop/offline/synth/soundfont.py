"""Reader of SoundFont 2 and 3 banks (SF3: every sample is an Ogg Vorbis stream).

Source of the layout: the SoundFont 2.04 specification; generator numbers are its own. Nothing is
decoded before it is asked for.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .sound import Floats

GEN_INSTRUMENT = 41
GEN_KEYS = 43
GEN_VELOCITIES = 44
GEN_SAMPLE = 53
DRUMS = 128
"""The bank number of drum kits."""
VORBIS = 0x10
"""The flag of a sample stored as a Vorbis stream."""

_DEFAULTS = {8: 13500, 33: -12000, 34: -12000, 35: -12000, 36: -12000, 37: 0, 38: -12000, 56: 100, 58: -1}
_NOT_ADDED = frozenset({0, 1, 2, 3, 4, 12, 41, 43, 44, 45, 46, 47, 50, 53, 54, 57, 58})

Zone = dict[int, int]
Row = tuple[Any, ...]


class Header(NamedTuple):
    """A sample: where it lies in the sample chunk, its loop (for Vorbis: from its own start), rate and pitch."""

    name: bytes
    start: int
    end: int
    loop_start: int
    loop_end: int
    rate: int
    root: int
    cents: int
    link: int
    kind: int


class Preset(NamedTuple):
    """A program as the file lists it; ``bag`` is its first zone."""

    name: bytes
    program: int
    bank: int
    bag: int


@dataclass(frozen=True, slots=True)
class Sample:
    """Decoded mono sample; loop points in frames."""

    data: Floats
    loop_start: int
    loop_end: int
    rate: int
    root: int
    cents: int


@dataclass(frozen=True, slots=True)
class Region:
    """One sample's part of a program: key and velocity ranges, and generators by their number."""

    keys: tuple[int, int]
    velocities: tuple[int, int]
    sample: int
    generators: Zone

    def answers(self, key: int, velocity: int) -> bool:
        """True where this region sounds for the note."""
        return self.keys[0] <= key <= self.keys[1] and self.velocities[0] <= velocity <= self.velocities[1]


class Tables:
    """The raw lists of a bank's ``pdta`` chunk, and where the sample chunk lies."""

    def __init__(self, data: bytes) -> None:
        found: dict[bytes, tuple[int, int]] = {}
        for name, start, size in _chunks(data, 12, len(data)):
            if name == b"LIST":
                for inner, at, length in _chunks(data, start + 4, start + size):
                    found[inner] = (at, length)
        self.data = data
        self.sample_chunk = found[b"smpl"][0]

        def rows(chunk: bytes, layout: str) -> list[Row]:
            start, size = found[chunk]
            return list(struct.iter_unpack(layout, data[start : start + size - size % struct.calcsize(layout)]))

        self.presets = [Preset(*row[:4]) for row in rows(b"phdr", "<20sHHHIII")]
        self.samples = [Header(*row) for row in rows(b"shdr", "<20sIIIIIBbHH")]
        self._instruments = [int(row[1]) for row in rows(b"inst", "<20sH")]
        self._preset_bags = [int(row[0]) for row in rows(b"pbag", "<HH")]
        self._instrument_bags = [int(row[0]) for row in rows(b"ibag", "<HH")]
        self._preset_generators = rows(b"pgen", "<Hh")
        self._instrument_generators = rows(b"igen", "<Hh")

    def preset_zones(self, index: int) -> list[Zone]:
        """Zones of a program, its global zone folded in."""
        bags = self._preset_bags[self.presets[index].bag : self.presets[index + 1].bag + 1]
        return _zones(bags, self._preset_generators, GEN_INSTRUMENT)

    def instrument_zones(self, index: int) -> list[Zone]:
        """Zones of an instrument, its global zone folded in."""
        bags = self._instrument_bags[self._instruments[index] : self._instruments[index + 1] + 1]
        return _zones(bags, self._instrument_generators, GEN_SAMPLE)

    def sample_bytes(self, index: int) -> bytes:
        """The stored bytes of a sample: a Vorbis stream, or 16-bit frames."""
        header = self.samples[index]
        unit = 1 if header.kind & VORBIS else 2
        return self.data[self.sample_chunk + header.start * unit : self.sample_chunk + header.end * unit]


class SoundFont:
    """A bank opened for playing. Samples are decoded on first use and kept."""

    def __init__(self, path: Path) -> None:
        self._tables = Tables(path.read_bytes())
        self._index = {(p.bank, p.program): i for i, p in enumerate(self._tables.presets[:-1])}
        self._regions: dict[tuple[int, int], tuple[Region, ...]] = {}
        self._samples: dict[int, Sample] = {}

    def programs(self) -> frozenset[tuple[int, int]]:
        """The (bank, program) pairs the file holds."""
        return frozenset(self._index)

    def regions(self, bank: int, program: int) -> tuple[Region, ...]:
        """All regions of a program; one the bank lacks falls back to the first of its kind."""
        wanted = (bank, program) if (bank, program) in self._index else (bank, 0)
        if wanted not in self._regions:
            self._regions[wanted] = tuple(regions_of(self._tables, self._index[wanted]))
        return self._regions[wanted]

    def sample(self, index: int) -> Sample:
        """Decode a sample."""
        if index not in self._samples:
            self._samples[index] = _decode(self._tables, index)
        return self._samples[index]


def regions_of(tables: Tables, preset: int) -> Iterator[Region]:
    """All regions of a program: instrument zones within preset zones, the preset's generators added."""
    for outer in tables.preset_zones(preset):
        for inner in tables.instrument_zones(outer[GEN_INSTRUMENT] & 0xFFFF):
            keys = _overlap(outer.get(GEN_KEYS), inner.get(GEN_KEYS))
            velocities = _overlap(outer.get(GEN_VELOCITIES), inner.get(GEN_VELOCITIES))
            if keys[0] > keys[1] or velocities[0] > velocities[1]:
                continue
            generators = {**_DEFAULTS, **inner}
            for number, amount in outer.items():
                if number not in _NOT_ADDED:
                    generators[number] = generators.get(number, 0) + amount
            yield Region(keys, velocities, inner[GEN_SAMPLE] & 0xFFFF, generators)


def _overlap(first: int | None, second: int | None) -> tuple[int, int]:
    a = (0, 127) if first is None else (first & 255, (first >> 8) & 255)
    b = (0, 127) if second is None else (second & 255, (second >> 8) & 255)
    return max(a[0], b[0]), min(a[1], b[1])


def _zones(bags: list[int], generators: list[Row], last: int) -> list[Zone]:
    common: Zone = {}
    zones: list[Zone] = []
    for place, (start, end) in enumerate(pairwise(bags)):
        zone = {int(row[0]): int(row[1]) for row in generators[start:end]}
        if last in zone:
            zones.append({**common, **zone})
        elif place == 0:
            common = zone
    return zones


def _chunks(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    while start + 8 <= end:
        size = int.from_bytes(data[start + 4 : start + 8], "little")
        yield data[start : start + 4], start + 8, size
        after = start + 8 + size
        # SF3 writers leave an odd sample chunk unpadded: skip the pad byte only where no chunk name stands
        if size & 1 and not data[after : after + 4].isalpha():
            after += 1
        start = after


def _decode(tables: Tables, index: int) -> Sample:
    header = tables.samples[index]
    stored = tables.sample_bytes(index)
    if header.kind & VORBIS:
        data, shift = _decode_vorbis(stored), 0
    else:
        data, shift = np.frombuffer(stored, "<i2").astype(np.float32) / np.float32(32768), header.start
    return Sample(data, header.loop_start - shift, header.loop_end - shift, header.rate, header.root, header.cents)


def _decode_vorbis(stored: bytes) -> Floats:
    import soundfile

    data: Any = soundfile.read(io.BytesIO(stored), dtype="float32", always_2d=True)[0]
    return np.ascontiguousarray(data[:, 0], dtype=np.float32)
