"""What the service says, as values. Every field but an id may be absent; unknown words are kept as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


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
    extra: dict[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class TaskResult:
    """The answer to a poll. ``refunded`` is what the service said of the money, None where it did not."""

    phase: TaskPhase
    clips: tuple[Clip, ...] = ()
    error: str = ""
    error_type: str = ""
    refunded: bool | None = None
    progress: float | None = None


@dataclass(frozen=True, slots=True)
class Submitted:
    """The answer to a create-type POST."""

    task_id: str


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
class Balance:
    """The answer to get-credits; what can be spent is the sum (contract §6.9)."""

    credits: int
    extra_credits: int = 0

    @property
    def total(self) -> int:
        """Everything that can be spent."""
        return self.credits + self.extra_credits
