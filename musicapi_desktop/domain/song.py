"""Songs, takes, stems and files: what the library keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .units import Seconds


class FileKind(StrEnum):
    """What a file of a take is."""

    AUDIO = "audio"
    WAV = "wav"
    STEM = "stem"
    EXTRA = "extra"
    """Any other file of a take: another format, a score, a video."""


class TakeState(StrEnum):
    """Whether a take can be played."""

    EXPECTED = "expected"
    READY = "ready"
    FAILED = "failed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """What decoding a file once found out. ``overview`` is peaks for a mini waveform: 200 bytes, 0–255 of full scale.

    ``loudness`` in LUFS (BS.1770 integrated), ``true_peak`` in dBTP; None for silence.
    """

    frames: int
    rate: int
    channels: int
    format: str
    overview: bytes
    loudness: float | None = None
    true_peak: float | None = None

    @property
    def seconds(self) -> Seconds:
        """Length in seconds."""
        return Seconds(self.frames / self.rate if self.rate else 0.0)


STEM_KINDS = (
    "vocals",
    "backing_vocals",
    "drums",
    "percussion",
    "bass",
    "guitar",
    "keyboard",
    "strings",
    "synth",
    "fx",
    "brass",
    "woodwinds",
)
"""Canonical stem names, in the order of the mixer; the keys of the hues in tokens.json."""


@dataclass(frozen=True, slots=True)
class Stem:
    """One stem file of a take. ``path`` is relative to the music folder. ``split`` is 'basic' or 'full'."""

    id: str
    take_id: str
    split: str
    name: str
    kind: str
    path: str
    position: int = 0
    clip_id: str = ""
    facts: AudioFacts | None = None
    silent: bool = False
    audio_url: str = ""
    """Where the file came from, so that a missing one can be fetched again while the service keeps it."""


@dataclass(frozen=True, slots=True)
class Take:
    """One clip of a song. ``letter`` is A, B, C …; ``path`` and ``wav_path`` are relative to the music folder."""

    id: str
    song_id: str
    letter: str
    clip_id: str = ""
    state: TakeState = TakeState.EXPECTED
    path: str = ""
    wav_path: str = ""
    model: str = ""
    lyrics: str = ""
    style: str = ""
    image_url: str = ""
    created_at: float = 0.0
    seconds: Seconds = Seconds(0.0)
    bpm: float | None = None
    key: str = ""
    facts: AudioFacts | None = None
    stems: tuple[Stem, ...] = ()
    audio_url: str = ""
    """Where the file came from, so that a missing one can be fetched again while the service keeps it."""
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    """Further files by what they are (midi, notes, alignment, video, mp3, m4a), relative to the music folder.

    Those of a stem have its id behind a colon: ``midi:<stem id>``.
    """
    extra: Mapping[str, object] = field(default_factory=dict[str, object])
    """What else is known of it, as JSON: ``parts`` it was joined from, ``vox``, ``tempo``."""

    def stem_of_clip(self, clip_id: str) -> Stem | None:
        """Return the stem that is this clip of the service, or None."""
        return next((stem for stem in self.stems if clip_id and stem.clip_id == clip_id), None)


@dataclass(frozen=True, slots=True)
class Link:
    """What a song was made from: a take of the library (ids may be empty or gone), a clip of the service, and how.

    ``start`` and ``end`` are the range of the source that was picked, in seconds.
    """

    song_id: str
    take_id: str
    clip_id: str
    operation: str
    start: Seconds | None = None
    end: Seconds | None = None


@dataclass(frozen=True, slots=True)
class Song:
    """A song and its takes. ``folder`` is relative to the music folder. Times are Unix seconds.

    ``job_id`` is the job that makes it, while it is being made; ``batch`` is the press of the button it came of, which
    it shares with its siblings; ``parents`` are what it was made from.
    """

    id: str
    title: str
    style: str = ""
    lyrics: str = ""
    description: str = ""
    leave_out: str = ""
    model: str = ""
    profile_id: str = ""
    folder: str = ""
    created_at: float = 0.0
    favourite: bool = False
    rating: int = 0
    notes: str = ""
    trashed_at: float | None = None
    job_id: str = ""
    batch: str = ""
    parents: tuple[Link, ...] = ()
    takes: tuple[Take, ...] = ()

    def take(self, take_id: str) -> Take | None:
        """Return the take with this id, or None."""
        return next((t for t in self.takes if t.id == take_id), None)
