"""Keys, scales and chords as data and plain arithmetic. Pitches are MIDI numbers, pitch classes 0-11."""

from __future__ import annotations

import re
from dataclasses import dataclass

SHARP_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
FLAT_NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")

SCALES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
}
PENTATONIC = {"major": (0, 2, 4, 7, 9), "minor": (0, 3, 5, 7, 10)}
BLUES = {"major": (0, 2, 3, 4, 7, 9), "minor": (0, 3, 5, 6, 7, 10)}

_MAJOR_DEGREES = SCALES["major"]
_MINOR_DEGREES = SCALES["minor"]
_NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii")
_SYMBOL = re.compile(r"([b#]?)(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)([^/]*)(?:/([b#]?\d))?$")
_QUALITIES: dict[str, tuple[int, ...]] = {
    "5": (0, 7),
    "6": (0, 4, 7, 9),
    "69": (0, 4, 7, 9, 14),
    "maj7": (0, 4, 7, 11),
    "maj9": (0, 4, 7, 11, 14),
    "7": (0, 4, 7, 10),
    "9": (0, 4, 7, 10, 14),
    "13": (0, 4, 7, 10, 14, 21),
    "7b9": (0, 4, 7, 10, 13),
    "7#9": (0, 4, 7, 10, 15),
    "add9": (0, 4, 7, 14),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "7sus4": (0, 5, 7, 10),
    "9sus4": (0, 5, 7, 10, 14),
    "o": (0, 3, 6),
    "o7": (0, 3, 6, 9),
    "7b5": (0, 3, 6, 10),
    "+": (0, 4, 8),
    "11": (0, 4, 7, 10, 14, 17),
}
_WRITTEN = {"maj7": "maj7", "o": "dim", "o7": "dim7", "7b5": "m7b5", "+": "aug"}


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic (pitch class) and a mode of SCALES."""

    tonic: int
    mode: str

    @property
    def family(self) -> str:
        """``minor`` where the third is minor, else ``major``."""
        return "minor" if 3 in SCALES[self.mode] else "major"

    @property
    def name(self) -> str:
        """As one writes it: ``F# minor``."""
        return f"{self._names[self.tonic]} {self.mode}"

    @property
    def scale(self) -> frozenset[int]:
        """The pitch classes of the mode."""
        return frozenset((self.tonic + step) % 12 for step in SCALES[self.mode])

    def steps(self, kind: str) -> frozenset[int]:
        """The pitch classes a tune uses: ``mode``, ``pentatonic`` or ``blues``."""
        table = {"pentatonic": PENTATONIC, "blues": BLUES}.get(kind)
        if table is None:
            return self.scale
        return frozenset((self.tonic + step) % 12 for step in table[self.family])

    @property
    def _names(self) -> tuple[str, ...]:
        relative = (self.tonic + (3 if self.family == "minor" else 0)) % 12
        return SHARP_NAMES if relative in (7, 2, 9, 4, 11) else FLAT_NAMES

    def note_name(self, pitch: int) -> str:
        """Name of a pitch class as this key spells it."""
        return self._names[pitch % 12]


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord: root and bass pitch class, intervals above the root, and its written name."""

    root: int
    intervals: tuple[int, ...]
    bass: int
    name: str

    @property
    def tones(self) -> tuple[int, ...]:
        """Pitch classes, root first."""
        return tuple((self.root + step) % 12 for step in self.intervals)

    @property
    def third(self) -> int:
        """Pitch class of the third, or of what stands in its place."""
        return self.tones[1] if len(self.intervals) > 2 else self.root

    @property
    def fifth(self) -> int:
        """Pitch class of the fifth."""
        return self.tones[1] if len(self.intervals) == 2 else self.tones[2]


def chord_of(symbol: str, key: Key) -> Chord:
    """Read a roman numeral in ``key``.

    Degrees are those of the plain major or (natural) minor scale of the key's family; ``b`` and ``#``
    move them by a semitone, upper case is major, ``/3`` puts the third in the bass. Raises ValueError.
    """
    found = _SYMBOL.match(symbol)
    if not found:
        raise ValueError(f"not a chord: {symbol!r}")
    accidental, numeral, quality, bass = found.groups()
    degrees = _MINOR_DEGREES if key.family == "minor" else _MAJOR_DEGREES
    shift = {"b": -1, "#": 1, "": 0}[accidental]
    root = (key.tonic + degrees[_NUMERALS.index(numeral.lower())] + shift) % 12
    minor = numeral.islower()
    intervals = _intervals(quality, minor)
    lowest = (root + _bass_step(bass, intervals)) % 12
    own = {"b": FLAT_NAMES, "#": SHARP_NAMES}.get(accidental)
    name = own[root] if own else key.note_name(root)
    name += "m" if minor and 3 in intervals and 6 not in intervals else ""
    name += _WRITTEN.get(quality, quality)
    return Chord(root, intervals, lowest, name + (f"/{key.note_name(lowest)}" if lowest != root else ""))


def _intervals(quality: str, minor: bool) -> tuple[int, ...]:
    if quality not in ("", *_QUALITIES):
        raise ValueError(f"not a kind of chord: {quality!r}")
    plain = _QUALITIES.get(quality, (0, 4, 7))
    return tuple(3 if minor and step == 4 else step for step in plain)


def _bass_step(bass: str | None, intervals: tuple[int, ...]) -> int:
    if bass is None:
        return 0
    shift = {"b": -1, "#": 1}.get(bass[0], 0)
    number = int(bass[-1])
    if shift == 0 and number in (3, 5, 7):
        place = {3: 1, 5: 2, 7: 3}[number]
        return intervals[place] if place < len(intervals) else 0
    return _MAJOR_DEGREES[(number - 1) % 7] + shift


def nearest(pitch_class: int, to: int) -> int:
    """The pitch of this class nearest to ``to`` (the lower one where both are as near)."""
    above = (pitch_class - to) % 12
    return to + above if above < 6 else to + above - 12


def lowest_from(pitch_class: int, floor: int) -> int:
    """The lowest pitch of this class that is not below ``floor``."""
    return floor + (pitch_class - floor) % 12
