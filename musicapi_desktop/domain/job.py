"""A job is one request on its way: a frozen value, and a table of its legal moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from .errors import BugError
from .request import Request
from .units import Credits


class JobState(StrEnum):
    """Where a job is. The words shown to the person live in the presenters."""

    HELD = "held"
    WAITING = "waiting"
    SENDING = "sending"
    ACCEPTED = "accepted"
    MAKING = "making"
    DOWNLOADING = "downloading"
    CHECKING = "checking"
    READY = "ready"
    FAILED = "failed"
    PERHAPS_SENT = "perhaps_sent"
    REMOVED = "removed"
    ABANDONED = "abandoned"


class Blame(StrEnum):
    """Whose a failure is; the queue groups by it."""

    YOURS = "yours"
    OURS = "ours"
    THEIRS = "theirs"
    MONEY = "money"


class Charge(StrEnum):
    """What is known of the money of a job."""

    NONE = "not charged"
    CHARGED = "charged"
    REFUNDED = "refunded"
    UNKNOWN = "not known"


S = JobState
MOVES: dict[JobState, frozenset[JobState]] = {
    S.HELD: frozenset({S.WAITING, S.REMOVED}),
    S.WAITING: frozenset({S.HELD, S.SENDING, S.REMOVED, S.FAILED}),
    # back to waiting only where nothing was sent: the connection never opened, 429, or a refused key
    S.SENDING: frozenset({S.ACCEPTED, S.WAITING, S.FAILED, S.PERHAPS_SENT}),
    S.ACCEPTED: frozenset({S.MAKING, S.DOWNLOADING, S.FAILED, S.ABANDONED}),
    S.MAKING: frozenset({S.DOWNLOADING, S.FAILED, S.ABANDONED}),
    S.DOWNLOADING: frozenset({S.CHECKING, S.FAILED, S.ABANDONED, S.MAKING}),
    S.CHECKING: frozenset({S.READY, S.FAILED, S.DOWNLOADING, S.MAKING}),
    S.READY: frozenset(),
    S.FAILED: frozenset({S.WAITING, S.ACCEPTED, S.DOWNLOADING, S.REMOVED}),
    S.PERHAPS_SENT: frozenset({S.WAITING, S.ACCEPTED, S.ABANDONED, S.FAILED}),
    S.REMOVED: frozenset({S.WAITING}),
    S.ABANDONED: frozenset({S.ACCEPTED}),
}
"""From a state to the states it may move to.

``failed → accepted`` and ``failed → downloading`` pick up paid work again.
"""

UNSENT = frozenset({S.HELD, S.WAITING})
IN_FLIGHT = frozenset({S.SENDING, S.ACCEPTED, S.MAKING, S.DOWNLOADING, S.CHECKING})
ENDED = frozenset({S.READY, S.FAILED, S.REMOVED, S.ABANDONED})
NEEDS_PERSON = frozenset({S.FAILED, S.PERHAPS_SENT})


@dataclass(frozen=True, slots=True)
class JobTask:
    """One task of the service that belongs to a job (a batch has up to ten).

    ``song_id`` is the song it makes or works on.
    """

    index: int
    song_id: str
    task_id: str = ""
    done: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job failed: a sentence, the next step, the raw text, and whose it is."""

    message: str
    hint: str = ""
    detail: str = ""
    blame: Blame = Blame.THEIRS


@dataclass(frozen=True, slots=True)
class Job:
    """One POST to the service and all that comes of it.

    ``id`` is made here before anything is sent. Times are Unix seconds; ``due`` is when the next step may be
    taken. ``batch`` groups jobs of one press (more than ten songs, or several models, become several jobs).
    """

    id: str
    request: Request
    profile_id: str
    state: JobState = JobState.WAITING
    tasks: tuple[JobTask, ...] = ()
    position: float = 0.0
    attempts: int = 0
    created_at: float = 0.0
    sent_at: float | None = None
    ended_at: float | None = None
    due: float = 0.0
    estimate: Credits = Credits(0)
    charge: Charge = Charge.NONE
    balance_before: int | None = None
    balance_after: int | None = None
    failure: Failure | None = None
    progress: str = ""
    batch: str = ""
    answered: bool = False
    """The answer to the POST holds the result itself, and is kept (store.jobs.JobStore.answer)."""
    service_batch: str = ""
    """The service's own id of a batch, where the songs of this job went out as one."""

    def moved(self, state: JobState, **changes: object) -> Job:
        """Return the job in ``state``; raises BugError for a move that is not in MOVES."""
        if state is not self.state and state not in MOVES[self.state]:
            raise BugError(f"job {self.id}: {self.state} may not become {state}")
        return replace(self, state=state, **changes)  # type: ignore[arg-type]  # fields are checked by dataclasses at run time
