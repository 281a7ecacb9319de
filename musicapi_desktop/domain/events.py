"""What services publish: frozen values, delivered to the window by one relay."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from .job import Job
from .persona import Persona
from .song import Song
from .words import Draft


@dataclass(frozen=True, slots=True)
class JobChanged:
    """A job was added or moved."""

    job: Job


@dataclass(frozen=True, slots=True)
class SongChanged:
    """A song was added or changed (a take landed, a title was edited, it was trashed or brought back)."""

    song: Song


@dataclass(frozen=True, slots=True)
class SongGone:
    """A song no longer exists (its request failed or was removed, or it was deleted for good)."""

    song_id: str


@dataclass(frozen=True, slots=True)
class BalanceChanged:
    """The credits of a profile, as the service last said."""

    profile_id: str
    credits: int


@dataclass(frozen=True, slots=True)
class QueueChanged:
    """The pump's own state: paused by the person, or by the world (``reason`` is a sentence).

    ``next_due`` is when the next request may go out, in monotonic seconds: the wall clock jumps.
    """

    paused: bool
    reason: str = ""
    next_due: float | None = None


@dataclass(frozen=True, slots=True)
class WordsArrived:
    """The service wrote what ``job`` asked for: drafts of lyrics, or one style."""

    job: Job
    drafts: tuple[Draft, ...]


@dataclass(frozen=True, slots=True)
class VoiceAdded:
    """There is a new voice to sing with."""

    persona: Persona


class EngineState(StrEnum):
    """The local engine."""

    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class EngineChanged:
    """The local engine started, stopped or broke (``reason`` is a sentence)."""

    state: EngineState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell the person calmly, with the next step."""

    message: str
    hint: str = ""
    detail: str = ""


Event = (
    JobChanged
    | SongChanged
    | SongGone
    | BalanceChanged
    | QueueChanged
    | WordsArrived
    | VoiceAdded
    | EngineChanged
    | Notice
)


class EventSink(Protocol):
    """Where services publish. Called from any thread; must not block."""

    def publish(self, event: Event) -> None:
        """Deliver ``event``."""
        ...
