"""What a person asks for with one press: a value, checked against a model's limits before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from .units import Seconds


class System(StrEnum):
    """The three families of models behind the one API."""

    SONIC = "sonic"
    PRODUCER = "producer"
    NURO = "nuro"


class Outcome(StrEnum):
    """What an operation leaves behind."""

    SONG = "song"
    """A new song with takes of its own."""
    FILES = "files"
    """Files of a take that exists."""
    FACTS = "facts"
    """Something known of a take that exists: its tempo, its words' times."""
    WORDS = "words"
    """Text for the form."""
    VOICE = "voice"
    """A persona that later requests can sing with."""


class Operation(StrEnum):
    """What the service is asked to do. The names are the contract's ``task_type`` or path, and the price table's."""

    CREATE = "create_music"
    EXTEND = "extend_music"
    COVER = "cover_music"
    CONCAT = "concat_music"
    WITH_PERSONA = "persona_music"
    REMASTER = "remaster"
    ADD_INSTRUMENTAL = "add_instrumental"
    ADD_VOCALS = "add_vocals"
    EXTEND_UPLOAD = "extend_upload_music"
    COVER_UPLOAD = "cover_upload_music"
    REPLACE_SECTION = "replace-section"
    SAMPLE = "sample"
    MASHUP = "mashup"
    UPLOAD = "upload"
    UPLOAD_EXTEND = "upload-extend"
    UPLOAD_COVER = "upload-cover"
    STEMS_BASIC = "stems/basic"
    STEMS_FULL = "stems/full"
    WAV = "wav"
    DOWNLOAD = "download"
    MIDI = "midi"
    VOX = "vox"
    BPM = "bpm"
    ALIGNED_LYRICS = "aligned-lyrics"
    UPSAMPLE_TAGS = "upsample-tags"
    LYRICS = "lyrics"
    PERSONA = "persona"
    CREATE_VOICE = "create-voice"
    PRODUCER_CREATE = "producer/create_music"
    PRODUCER_EXTEND = "producer/extend_music"
    PRODUCER_REPLACE = "producer/replace_music"
    PRODUCER_COVER = "producer/cover_music"
    PRODUCER_UPLOAD = "producer/upload"
    PRODUCER_DOWNLOAD = "producer/download"
    PRODUCER_LYRICS = "producer/lyrics-create"
    PRODUCER_VIDEO = "producer/video-clip"
    NURO_VOCAL = "nuro/vocal"
    NURO_BGM = "nuro/bgm"

    @property
    def system(self) -> System:
        """The family of models that does it."""
        family = self.partition("/")[0]
        return System(family) if family in ("producer", "nuro") else System.SONIC

    @property
    def outcome(self) -> Outcome:
        """What it leaves behind."""
        return _OUTCOMES.get(self, Outcome.SONG)

    @property
    def makes_songs(self) -> bool:
        """True where the result is a new song."""
        return self.outcome is Outcome.SONG


_O = Operation
_OUTCOMES: Final = {
    **dict.fromkeys(
        (
            _O.STEMS_BASIC,
            _O.STEMS_FULL,
            _O.WAV,
            _O.DOWNLOAD,
            _O.MIDI,
            _O.PRODUCER_DOWNLOAD,
            _O.PRODUCER_VIDEO,
        ),
        Outcome.FILES,
    ),
    **dict.fromkeys((_O.BPM, _O.ALIGNED_LYRICS, _O.VOX), Outcome.FACTS),
    **dict.fromkeys((_O.UPSAMPLE_TAGS, _O.LYRICS, _O.PRODUCER_LYRICS), Outcome.WORDS),
    **dict.fromkeys((_O.PERSONA, _O.CREATE_VOICE), Outcome.VOICE),
}


class Mode(StrEnum):
    """The three ways in of the Create panel."""

    DESCRIBE = "describe"
    LYRICS = "lyrics"
    INSTRUMENTAL = "instrumental"


class Voice(StrEnum):
    """The voice asked for."""

    ANY = ""
    FEMALE = "f"
    MALE = "m"


@dataclass(frozen=True, slots=True)
class Source:
    """The take a request works on: our ids, and the service's clip."""

    song_id: str
    take_id: str
    clip_id: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One press of a button. Text of a field that the mode does not use is kept and not sent.

    ``weirdness``, ``style_weight`` and ``audio_weight`` are 0–1, None where the person left them alone.
    ``songs`` is the number of songs asked for; the service makes two takes of each. ``start`` and ``end`` are the
    range picked on the source, in seconds of it: where an extension begins, the section that is replaced, the piece
    that is sampled or sung into.
    """

    operation: Operation = Operation.CREATE
    mode: Mode = Mode.DESCRIBE
    model: str = ""
    description: str = ""
    lyrics: str = ""
    style: str = ""
    leave_out: str = ""
    title: str = ""
    voice: Voice = Voice.ANY
    songs: int = 1
    duration: Seconds | None = None
    weirdness: float | None = None
    style_weight: float | None = None
    audio_weight: float | None = None
    source: Source | None = None
    second: Source | None = None
    """The other take of a mashup."""
    start: Seconds | None = None
    end: Seconds | None = None
    section_lyrics: str = ""
    """The words of the section that is replaced; ``lyrics`` are those of the whole song."""
    join: bool = False
    """The new part is joined to the rest by the service (``auto_concat``)."""
    persona_id: str = ""
    variation: str = ""
    """How far a remaster may go: subtle, normal, high."""
    url: str = ""
    """The public address of audio from elsewhere, for the operations that take one."""
    extra: dict[str, object] = field(default_factory=dict[str, object])
    """Fields of the contract that have no name of their own here, sent as they are."""

    @property
    def instrumental(self) -> bool:
        """True where no voice is wanted."""
        return self.mode is Mode.INSTRUMENTAL


@dataclass(frozen=True, slots=True)
class ModelLimits:
    """What one model accepts. Lengths in characters; durations in seconds, None where the field does not exist."""

    model: str
    label: str
    lyrics: int = 5000
    style: int = 1000
    description: int = 400
    title: int = 80
    voices: bool = True
    duration: tuple[int, int] | None = None
    variations: bool = False
    """Whether a remaster may be told how far to go."""


MAX_SONGS = 100
"""The most songs one press may ask for (forty variants by tonight, with room)."""
