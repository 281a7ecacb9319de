"""The seam between the local server and the music: one brief in, one finished take on disk out.

Runs inside worker processes; knows nothing of HTTP, jobs or clips. The same brief, seed, take and
engine version always give the same score, and on one machine the same samples.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .stem_names import STEM_NAMES as STEM_NAMES

ENGINE_VERSION = "1.1"
"""Raised whenever the same seed would give another song."""

Progress = Callable[[float, str], None]
"""Told the share done (0-1) and a word for the person."""

Cancel = Callable[[], bool]
"""Asked now and then; True once the work is no longer wanted."""

Preview = Callable[[Path], None]
"""Told where the first seconds of the take can be heard: a WAV, whole and closed, while the rest is being made."""


class Cancelled(Exception):
    """The take was no longer wanted; nothing it wrote is worth keeping."""


class Unsuitable(ValueError):
    """What was given cannot be worked on; the text is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class MadeStem:
    """One stem: WAV, 16 bit, 48 kHz, stereo, as long as the mix. ``silent`` where nothing plays in it.

    ``draft`` where it was taken out of a finished recording, which is never clean; the rest of such a
    recording, whatever plays in it, lies under "Synth".
    """

    name: str
    path: Path
    silent: bool
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """A clip that exists. ``mix`` is any audio file; ``stems`` are empty until known, ``score`` None for an upload."""

    folder: Path
    mix: Path
    stems: tuple[MadeStem, ...]
    score: Path | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Brief:
    """One take to make. ``take`` 0 and 1 are two ideas of one brief.

    ``duration`` in seconds; ``weirdness`` and ``style_weight`` 0-1; ``vocal_gender`` is "", "f" or "m".
    ``operation`` is the contract's ``task_type`` or path. ``sources`` are the clips it works on: for ``concat_music``
    all parts in order, for ``mashup`` the two. ``start`` and ``end`` in seconds of the first source: where an
    extension begins, or the range replaced, sampled or sung into. ``section_lyrics`` are the words of a replaced
    section. ``audio_weight`` 0-1: how near to stay to the source. ``variation``: "subtle", "normal" or "high".
    ``persona`` is what persona_of or voice_of returned. ``join``: the whole song is wanted too (``full``).
    """

    title: str
    lyrics: str
    description: str
    tags: str
    negative_tags: str
    instrumental: bool
    vocal_gender: str
    duration: float | None
    weirdness: float | None
    style_weight: float | None
    seed: int
    take: int
    operation: str = "create_music"
    sources: tuple[Material, ...] = ()
    start: float | None = None
    end: float | None = None
    section_lyrics: str = ""
    audio_weight: float | None = None
    variation: str = ""
    persona: dict[str, object] | None = None
    join: bool = False


@dataclass(frozen=True, slots=True)
class MadeTake:
    """A finished take. ``stems`` always holds the twelve of STEM_NAMES and sums to ``mix``.

    ``lyrics`` are the words as sung (written here where the brief had none); ``score`` is a JSON file
    with all that other operations need (see composer/score.py). ``full`` is the whole song where
    the brief asked to ``join``: the take itself is then the new part alone.
    """

    title: str
    lyrics: str
    tags: str
    seconds: float
    bpm: float
    key: str
    mix: Path
    stems: tuple[MadeStem, ...]
    score: Path
    full: MadeTake | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """What an ear makes of a recording: ``beats`` in seconds, the best two ``keys``; ``bpm`` 0 where there is no pulse.

    ``slowest`` and ``fastest`` bpm bound the tempo over stretches of 16 beats. ``chords`` are (start, end, name).
    """

    seconds: float
    bpm: float
    slowest: float
    fastest: float
    keys: tuple[str, str]
    beats: tuple[float, ...]
    has_voice: bool
    chords: tuple[tuple[float, float, str], ...] = field(default=())

    @property
    def key(self) -> str:
        """The likeliest key: ``A minor``."""
        return self.keys[0]


@dataclass(frozen=True, slots=True)
class PlayedNote:
    """A note in the contract's units: seconds, MIDI number, velocity 0-1."""

    start: float
    end: float
    pitch: int
    velocity: float


def engine_version() -> str:
    """Return the version a seed belongs to."""
    return ENGINE_VERSION


def make_take(
    brief: Brief, folder: Path, progress: Progress, cancelled: Cancel, preview: Preview | None = None
) -> MadeTake:
    """Do one operation and write its take into ``folder`` (made where missing).

    Writes ``mix.wav``, one WAV per stem and ``score.json``; a joined song lies in ``folder/full``. ``preview`` is
    told at most once. Raises Cancelled as soon as ``cancelled`` says so, Unsuitable where the source cannot be used,
    and OSError where the disk refuses; either way the folder holds nothing worth keeping.
    """
    from .operations.dispatch import make

    return make(brief, folder, progress, cancelled, preview)


def analyse(audio: Path, folder: Path, progress: Progress, cancelled: Cancel) -> Analysis:
    """Listen to any audio file; writes ``analysis.json`` into ``folder`` for later operations.

    Raises Unsuitable where the file cannot be read as sound or is shorter than two seconds.
    """
    from .operations.uploads import analyse as listen

    return listen(audio, folder, progress, cancelled)


def separate(material: Material, folder: Path, progress: Progress, cancelled: Cancel) -> tuple[MadeStem, ...]:
    """Take a recording apart into the twelve stems, most of them silent; they sum to it exactly. All are drafts."""
    from .operations.uploads import separate as part

    return part(material, folder, progress, cancelled)


def vox(material: Material, folder: Path, start: float, end: float) -> Path:
    """Write the voice between two times as ``folder/vox.wav``. Raises Unsuitable where nobody sings there."""
    from .operations.voices import vox as excerpt

    return excerpt(material, folder, start, end)


def persona_of(material: Material, start: float | None, end: float | None) -> dict[str, object]:
    """The voice and manner of a clip (between two times) as plain JSON, for ``Brief.persona``."""
    from .operations.voices import persona_of as describe

    return describe(material, start, end)


def voice_of(audio: Path) -> dict[str, object]:
    """The voice of a recording of one speaker or singer as plain JSON. Raises Unsuitable where none is heard."""
    from .operations.voices import voice_of as describe

    return describe(audio)


def midi_notes(material: Material) -> tuple[tuple[str, tuple[PlayedNote, ...]], ...]:
    """Notes by instrument: the score's where there is one, else what can be heard of bass, chords, tune and drums."""
    from .operations.notes import midi_notes as played

    return played(material)


def write_lyrics(description: str, seed: int) -> tuple[tuple[str, str], tuple[str, str]]:
    """Two songs' words on a subject, each a title and lyrics with section tags."""
    from .operations.words import write_lyrics as write

    return write(description, seed)


def upsample_tags(tags: str) -> str:
    """A fuller style text out of a few words: style, tempo, instruments, mood, voice."""
    from .operations.words import upsample_tags as fill

    return fill(tags)
