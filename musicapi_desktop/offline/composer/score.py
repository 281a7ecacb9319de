"""The score of a take: all that was decided, in plain values, stored as score.json beside the sound.

Everything that other operations need (midi, bpm, aligned lyrics, extend, cover, stems) is in here.
Times are seconds from the start of the take, rounded to 10 µs; pitches MIDI numbers; velocities 1-127.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Note:
    """One note."""

    start: float
    length: float
    pitch: int
    velocity: int


@dataclass(frozen=True, slots=True)
class Track:
    """What one sound plays. ``sound`` is ``gm:<program>``, ``synth:<patch>``, ``kit:<kit>:<lane>`` or ``fx:<name>``.

    ``level`` in dB against the other tracks, ``pan`` -1 to 1, ``reverb``, ``delay``, ``drive``,
    ``duck`` (how far the kick pushes it down) 0-1.
    """

    stem: str
    sound: str
    level: float
    pan: float
    reverb: float
    delay: float
    drive: float
    duck: float
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Syllable:
    """A sung syllable: its letters, the word it belongs to (index in the line) and its note or notes."""

    text: str
    word: int
    stress: int
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A sung word and its times."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class VocalLine:
    """A sung line. ``backing`` lines go to the backing vocals."""

    text: str
    section: int
    backing: bool
    syllables: tuple[Syllable, ...]
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class SectionMark:
    """A section of the form as it came out."""

    kind: str
    label: str
    start: float
    end: float
    bars: int
    energy: float


@dataclass(frozen=True, slots=True)
class ChordMark:
    """A chord, its name and pitch classes."""

    start: float
    end: float
    name: str
    tones: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MixPlan:
    """How the take is mixed: see the style format's ``[mix]``."""

    reverb: float = 1.6
    size: float = 0.5
    duck: float = 0.0
    low: float = 0.0
    high: float = 0.0
    dull: float = 0.0
    width: float = 1.25
    swell: float = 2.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the composer was told beside the style's name: its sub-style, how it was bent, who does not play.

    ``draw`` counts the ideas thrown away before this one, which was unlike the other take's.
    """

    variant: str = ""
    weirdness: float = 0.5
    leave_out: tuple[str, ...] = ()
    draw: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """A whole take.

    ``levels`` are the gains in dB the mixer gave each track and ``makeup`` the master's, so that more of the same
    song sounds alike. ``manner`` is the singer's, empty for the plain one. ``attaches_at`` is where in the song it
    continues this take begins (seconds; 0: it continues none); ``offset`` is when its bar 0 begins. ``recorded`` is
    True where parts of the sound come from a recording that no track describes.
    """

    title: str
    lyrics: str
    seed: int
    take: int
    engine: str
    style: str
    tags: str
    key: str
    tonic: int
    mode: str
    bpm: float
    meter: str
    seconds: float
    gender: str
    sections: tuple[SectionMark, ...]
    chords: tuple[ChordMark, ...]
    tracks: tuple[Track, ...]
    vocals: tuple[VocalLine, ...]
    melody: tuple[Note, ...]
    kicks: tuple[float, ...] = field(default=())
    mix: MixPlan = field(default_factory=MixPlan)
    recipe: Recipe = field(default_factory=Recipe)
    levels: dict[str, float] = field(default_factory=dict[str, float])
    makeup: float = 0.0
    manner: dict[str, object] = field(default_factory=dict[str, object])
    attaches_at: float = 0.0
    offset: float = 0.0
    recorded: bool = False

    def to_json(self) -> str:
        """The file's text: keys sorted, the same score gives the same bytes."""
        body = {"format": FORMAT, **asdict(self)}
        return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)

    def write(self, path: Path) -> None:
        """Write score.json."""
        path.write_text(self.to_json(), encoding="ascii")


def rounded(seconds: float) -> float:
    """A time as the score keeps it."""
    return round(seconds, 5)
