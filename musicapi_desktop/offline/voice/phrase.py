"""Sung phrases: which syllables are sung in one breath, and when each phone of them sounds.

A syllable's vowel begins exactly with its note. Consonants keep near their natural length: those before the vowel
come before the note, those after it end the note. The middle of the vowel is what is stretched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from musicapi_desktop.offline.composer.score import Note, VocalLine

from .bank import Bank, Floats, Sound, Speech, natural_frames
from .phones import DIPHTHONGS
from .syllables import SungSyllable, syllables_of

FRAME = 0.005
BREATH_GAP = 0.22
"""A rest at least this long (seconds) parts two phrases."""
_SHORTEST_VOWEL = 0.055
_CONSONANTS_SHARE = 0.62
_SPEECH_TO_SONG = 1.25
_RELEASE = 0.06
_CROWD = 0.95
"""Consonants in a row are each this much shorter."""


@dataclass(frozen=True, slots=True)
class Held:
    """A syllable and the notes it is sung on."""

    syllable: SungSyllable
    notes: tuple[Note, ...]

    @property
    def start(self) -> float:
        """When its vowel begins, seconds."""
        return self.notes[0].start

    @property
    def end(self) -> float:
        """When its last note ends."""
        return self.notes[-1].start + self.notes[-1].length


@dataclass(frozen=True, slots=True)
class Timed:
    """A phrase in time: the speech it is made of and the map from seconds to its frames.

    ``times`` and ``frames`` are the map's corners; ``vowels`` start and end of each syllable's vowel.
    """

    speech: Speech
    times: tuple[float, ...]
    frames: tuple[float, ...]
    vowels: tuple[tuple[float, float], ...]
    nuclei: tuple[int, ...]

    def at(self, seconds: Floats) -> Floats:
        """Frames of the speech at given times."""
        return np.interp(seconds, self.times, self.frames).astype(np.float32)


def phrases_of(line: VocalLine) -> list[list[Held]]:
    """A line's syllables, parted where it rests. Syllables and notes that do not match are made to."""
    sung = syllables_of(line.text)
    notes = [syllable.notes for syllable in line.syllables if syllable.notes]
    if len(notes) > len(sung) > 0:
        notes = [*notes[: len(sung) - 1], tuple(note for rest in notes[len(sung) - 1 :] for note in rest)]
    found: list[list[Held]] = []
    for syllable, own in zip(sung, notes, strict=False):
        held = Held(syllable, own)
        if found and held.start - found[-1][-1].end < BREATH_GAP:
            found[-1].append(held)
        else:
            found.append([held])
    return found


def time_phrase(phrase: Sequence[Held], bank: Bank, room: float) -> Timed:
    """Place every phone. ``room`` is how long before the first note the voice may begin, seconds."""
    sounds = [Sound(p, held.syllable.stress > 0) for held in phrase for p in held.syllable.phones]
    speech = bank.say(sounds)
    nuclei: list[int] = []
    base = 1
    for held in phrase:
        nuclei.append(base + held.syllable.nucleus)
        base += len(held.syllable.phones)
    corners = _Corners(speech, [sound.phone for sound in sounds])
    first = corners.lengths(1, nuclei[0])
    shrink = min(1.0, max(0.03, room - 0.03) / sum(first)) if first else 1.0
    begin = phrase[0].start - sum(first) * shrink
    corners.start(begin)
    corners.consonants(1, nuclei[0], begin, phrase[0].start)
    vowels: list[tuple[float, float]] = []
    for place, held in enumerate(phrase):
        following = phrase[place + 1] if place + 1 < len(phrase) else None
        last = nuclei[place + 1] if following else len(sounds) + 1
        needed = sum(corners.lengths(nuclei[place] + 1, last))
        start, stop = held.start, following.start if following else held.end + 0.6 * needed
        most = max(0.0, min((stop - start) * _CONSONANTS_SHARE, stop - start - _SHORTEST_VOWEL))
        end = stop - min(needed, most)
        corners.vowel(nuclei[place], start, end)
        corners.consonants(nuclei[place] + 1, last, end, stop)
        vowels.append((start, end))
    corners.finish()
    return Timed(speech, tuple(corners.times), tuple(corners.frames), tuple(vowels), tuple(nuclei))


class _Corners:
    """The map from seconds to frames while it is built."""

    def __init__(self, speech: Speech, phones: list[str]) -> None:
        self._speech = speech
        self._phones = phones
        self.times: list[float] = []
        self.frames: list[float] = []

    def lengths(self, first: int, last: int) -> list[float]:
        """Natural lengths in seconds of phones first to last (counted with the silence before them as 0)."""
        bounds = self._speech.bounds
        found: list[float] = []
        for place in range(first, last):
            least, most = natural_frames(self._phones[place - 1])
            spoken = (bounds[place + 1] - bounds[place]) * _SPEECH_TO_SONG
            found.append(min(max(spoken, least), most) * FRAME)
        crowd = _CROWD if len(found) > 1 else 1.0
        return [length * crowd for length in found]

    def start(self, at: float) -> None:
        """The silence before."""
        bound = self._speech.bounds[1]
        lead = min(4, bound)
        self._add(at - lead * FRAME, bound - lead)

    def consonants(self, first: int, last: int, begin: float, end: float) -> None:
        """Phones first to last between two times, in proportion to their lengths."""
        lengths = self.lengths(first, last)
        at, scale = begin, (end - begin) / sum(lengths) if lengths else 1.0
        for place, length in zip(range(first, last), lengths, strict=True):
            self._add(at, self._speech.bounds[place])
            at += length * scale

    def vowel(self, place: int, begin: float, end: float) -> None:
        """A vowel: its beginning and end as spoken, its middle held."""
        left, right = self._speech.bounds[place], self._speech.bounds[place + 1]
        middle, spoken = self._speech.middles[place], (right - left) * FRAME
        self._add(begin, left)
        if end - begin < spoken * 1.1:
            return
        if self._phones[place - 1] in DIPHTHONGS:
            head, tail = left + 0.3 * (right - left), left + 0.45 * (right - left)
            leaving = min((right - tail) * FRAME * 1.2, 0.6 * (end - begin))
        else:
            head, tail = left + 0.6 * (middle - left), middle + 0.45 * (right - middle)
            leaving = (right - tail) * FRAME
        self._add(begin + (head - left) * FRAME, head)
        self._add(end - leaving, tail)

    def finish(self) -> None:
        """The silence after: the last sound dies away."""
        bound = self._speech.bounds[-2]
        left = self._speech.bounds[-1] - bound
        end = self.times[-1] + 0.0
        last = bound - self.frames[-1]
        self._add(end + max(FRAME, last * FRAME), bound)
        self._add(self.times[-1] + _RELEASE, bound + min(left, 10) - 1)

    def _add(self, at: float, frame: float) -> None:
        if self.times and at <= self.times[-1]:
            at = self.times[-1] + 1e-4
        self.times.append(at)
        self.frames.append(float(frame))
