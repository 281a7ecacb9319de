"""What a failure means for a job: whose it is, what is known of the money. Pure."""

from __future__ import annotations

from musicapi_desktop.domain.errors import (
    BugError,
    DiskError,
    DownloadError,
    EngineError,
    GenerationFailed,
    InvalidRequest,
    KeyRefused,
    KeyringError,
    KnownError,
    NetworkError,
    NoCredits,
    NotReady,
    PlaceError,
    Refused,
    Retired,
    ServiceBroken,
    ServiceError,
    StoreError,
    WordsRefused,
)
from musicapi_desktop.domain.job import MOVES, Blame, Charge, Failure, Job, JobState
from musicapi_desktop.wire.errors import STATUS_OF_TYPE, error_of
from musicapi_desktop.wire.schema import TaskResult

S = JobState
_OURS = (NetworkError, DownloadError, DiskError, StoreError, KeyringError, EngineError, KeyRefused, PlaceError)
_YOURS = (InvalidRequest, WordsRefused, Refused, Retired)
_WAY = (S.ACCEPTED, S.MAKING, S.DOWNLOADING, S.CHECKING, S.READY)


def blame_of(error: KnownError) -> Blame:
    """Return whose a failure is."""
    if isinstance(error, NoCredits):
        return Blame.MONEY
    if isinstance(error, _YOURS):
        return Blame.YOURS
    return Blame.OURS if isinstance(error, _OURS) else Blame.THEIRS


def failure_of(error: KnownError) -> Failure:
    """Return a failure to keep with the job."""
    return Failure(error.message, error.hint, error.detail, blame_of(error))


def charge_of_refused_post(error: KnownError) -> Charge:
    """Return what is known of the money after a POST was answered with an error.

    A refusal (4xx) is not charged. Of an answer that was never ready, and after a failure of the service (5xx), nobody
    knows until the balance is read: it may have failed after it took the credits (contract §14: a timed-out task
    "already refunded").
    """
    if isinstance(error, NotReady):
        return Charge.UNKNOWN
    if isinstance(error, ServiceBroken):
        return Charge.UNKNOWN if error.refunded is not True else Charge.REFUNDED
    return Charge.NONE


def error_of_result(result: TaskResult) -> ServiceError:
    """Return the error a failed task means; what the service says of the words sent is told as such."""
    status = STATUS_OF_TYPE.get(result.error_type, 0)
    if status in (400, 402, 403):
        return error_of(status, {"type": result.error_type, "error": result.error})
    return GenerationFailed(
        "The service accepted this request and then failed to make it.",
        "Try again; other words or another style sometimes help.",
        detail=result.error,
        refunded=result.refunded,
    )


def charge_of_failed_task(refunded: bool | None) -> Charge:
    """Return what is known of the money of a task that failed."""
    if refunded is None:
        return Charge.UNKNOWN
    return Charge.REFUNDED if refunded else Charge.CHARGED


def walked(job: Job, state: JobState, **changes: object) -> Job:
    """Return a job moved to ``state`` by legal moves only, through the stages in between where it skipped some."""
    if state is job.state or state in MOVES[job.state]:
        return job.moved(state, **changes)
    if job.state not in _WAY or state not in _WAY:
        raise BugError(f"job {job.id}: no way from {job.state} to {state}")
    between = S.DOWNLOADING if job.state in (S.ACCEPTED, S.MAKING) else S.CHECKING
    return walked(job.moved(between), state, **changes)
