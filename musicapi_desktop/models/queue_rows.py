"""What a list of jobs shows: frozen rows, worded by the presenter, drawn by the delegate."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Section(StrEnum):
    """The groups of the queue, in the order they are shown."""

    RUNNING = "running"
    WAITING = "waiting"
    NEEDS_YOU = "needs_you"
    READY = "ready"
    STOPPED = "stopped"


class Act(StrEnum):
    """What a person can do to a job."""

    RUN_NEXT = "run_next"
    RELEASE = "release"
    HOLD = "hold"
    STOP_AFTER = "stop_after"
    RELEASE_ALL = "release_all"
    REMOVE = "remove"
    STOP_WAITING = "stop_waiting"
    FIX = "fix"
    TRY_AGAIN = "try_again"
    LOOK = "look"
    SEND_AGAIN = "send_again"
    FORGET = "forget"
    PLAY = "play"
    SHOW = "show"
    COPY_DETAILS = "copy_details"


class Tone(StrEnum):
    """How a piece of text is meant; the delegate turns it into a colour role."""

    PLAIN = "text"
    DIM = "text_dim"
    GOOD = "ok"
    WARN = "warn"
    BAD = "bad"


class Segment(StrEnum):
    """One of the six parts of a job's stage bar."""

    DONE = "done"
    ACTIVE = "active"
    TODO = "todo"
    FAILED = "failed"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class QueueHeading:
    """The line above a group: its name and how many are in it."""

    section: Section
    title: str
    note: str
    tone: Tone = Tone.DIM

    @property
    def key(self) -> str:
        """What makes this line the same line after a change."""
        return f"heading/{self.section}"

    @property
    def spoken(self) -> str:
        """The text for a screen reader."""
        return f"{self.title}, {self.note}"


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One job in words. ``acts`` are its buttons, ``more`` what only its menu holds; ``segments`` has six parts."""

    job_id: str
    section: Section
    song_id: str
    take_id: str
    mark: str
    title: str
    letters: tuple[str, ...]
    badge: str
    second: str
    segments: tuple[Segment, ...]
    stage: str
    elapsed: str
    money: str
    money_tone: Tone
    acts: tuple[Act, ...]
    more: tuple[Act, ...]
    tip: str
    spoken: str
    has_cover: bool

    @property
    def key(self) -> str:
        """What makes this row the same row after a change."""
        return self.job_id


QueueEntry = QueueHeading | QueueRow
