"""What the service says, as values. Every field but an id may be absent; unknown words are kept as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from musicapi_desktop.domain.notes import Track


class TaskPhase(StrEnum):
    """Where a task is, worked out from its clips (contract §21)."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    FAILED = "failed"


class ClipPhase(StrEnum):
    """Where one clip is. ``STREAMING`` means its address is a progressive stream, not the final file."""

    PENDING = "pending"
    RUNNING = "running"
    STREAMING = "streaming"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip of a task result (contract §4.1). ``state`` keeps the service's own word. ``duration`` in seconds."""

    clip_id: str
    phase: ClipPhase
    state: str = ""
    title: str = ""
    tags: str = ""
    lyrics: str = ""
    image_url: str = ""
    audio_url: str = ""
    video_url: str = ""
    created_at: str = ""
    mv: str = ""
    description: str = ""
    duration: float | None = None
    stem_type: str = ""
    error: str = ""
    role: str = ""
    """'full', 'extended' or 'replaced' where the clip is half of a pair (contract §4.3)."""
    extra: dict[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class TaskResult:
    """The answer to a poll. ``refunded`` is what the service said of the money, None where it did not.

    ``clips`` are what was asked for. ``parts`` are the pieces a pair was joined from. ``data`` is a result that
    is no clip (a voice, for one). ``progress`` is 0–100.
    """

    phase: TaskPhase
    clips: tuple[Clip, ...] = ()
    error: str = ""
    error_type: str = ""
    refunded: bool | None = None
    progress: float | None = None
    parts: tuple[Clip, ...] = ()
    data: dict[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class Posted:
    """The answer to a POST: the task to wait for, or ``answer``, the body that holds the result itself.

    ``clip_id`` is the uploaded source where the call made one (contract §8.2).
    """

    task_id: str = ""
    clip_id: str = ""
    answer: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class BatchEntry:
    """One item of a batch: a task, or the reason it was refused."""

    index: int
    task_id: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class BatchSubmitted:
    """The answer to POST /sonic/batch."""

    batch_id: str
    entries: tuple[BatchEntry, ...]


@dataclass(frozen=True, slots=True)
class BatchTask:
    """One item of a batch's aggregate. ``result`` is None where the answer tells nothing but the word ``state``."""

    index: int
    task_id: str = ""
    state: str = ""
    result: TaskResult | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """The answer to GET /sonic/batch."""

    batch_id: str
    phase: TaskPhase
    tasks: tuple[BatchTask, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """The answer to get-credits; what can be spent is the sum (contract §6.9)."""

    credits: int
    extra_credits: int = 0

    @property
    def total(self) -> int:
        """Everything that can be spent."""
        return self.credits + self.extra_credits


@dataclass(frozen=True, slots=True)
class Files:
    """The answer to download: addresses by format (mp3, m4a, wav)."""

    urls: dict[str, str]


@dataclass(frozen=True, slots=True)
class Midi:
    """The answer to midi: the file's address, and the notes by instrument."""

    url: str
    tracks: tuple[Track, ...] = ()


@dataclass(frozen=True, slots=True)
class Tempo:
    """The answer to bpm."""

    average: float
    fastest: float
    slowest: float


@dataclass(frozen=True, slots=True)
class AlignedWord:
    """One entry of aligned-lyrics: text with its own white space and section marks; times in seconds."""

    word: str
    start: float
    end: float
    probability: float | None = None
    success: bool = True


@dataclass(frozen=True, slots=True)
class Vox:
    """The answer to vox: a reference excerpt of a voice, for a persona. Times in seconds."""

    vox_audio_id: str
    status: str = ""
    source_clip_id: str = ""
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The answer to upload: the clip at once, or the task to wait for."""

    clip_id: str = ""
    task_id: str = ""
