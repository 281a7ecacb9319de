"""Whether and when something is tried again: a pure decision, made in one place."""

from __future__ import annotations

from typing import NamedTuple

from .errors import AnswerLost, AnswerNotUnderstood, KnownError, NotReady, Offline, TooFast

MOST_ATTEMPTS = 20
"""Attempts at one GET before a person is asked; with the pauses below about a quarter of an hour."""

MOST_ASKED = 60
"""Times a result that is still worked out is asked for: three minutes and more."""

_FIRST_PAUSE = 2.0
_LONGEST_PAUSE = 60.0
LONGEST_WAIT = 600.0
"""Seconds a service's own Retry-After is believed for at most."""
_PACE = 3.0


class Retry(NamedTuple):
    """Whether to try again, and in how many seconds."""

    again: bool
    delay: float = 0.0


NEVER = Retry(False)


def decide(error: KnownError, *, is_post: bool, attempts: int, jitter: float = 0.5) -> Retry:
    """Decide after ``attempts`` failed attempts (1 or more) that ended in ``error``.

    A GET is tried again where the error may pass. A POST costs credits and has no key against doing it twice:
    it is tried again only where it was surely not accepted (the connection never opened, or 429). Being offline
    never uses up attempts. ``jitter`` is the caller's random number, 0–1.
    """
    if isinstance(error, Offline):
        return Retry(True, _pause(attempts, jitter))
    if isinstance(error, NotReady):
        return Retry(attempts < MOST_ASKED, max(_PACE, error.retry_after))
    if attempts >= MOST_ATTEMPTS or not error.retryable:
        return NEVER
    if isinstance(error, TooFast):
        asked = error.retry_after
        pause = _PACE * (1.0 + jitter) + _pause(attempts, jitter) if asked is None else asked + jitter
        return Retry(True, min(LONGEST_WAIT, max(_PACE, pause)))
    return NEVER if is_post else Retry(True, _pause(attempts, jitter))


def perhaps_sent(error: KnownError) -> bool:
    """Tell whether a POST that ended in ``error`` may have been accepted all the same, and paid for.

    So it is where the answer was lost, and where an answer of success could not be read.
    """
    if isinstance(error, AnswerNotUnderstood):
        return error.status < 400
    return isinstance(error, AnswerLost)


def _pause(attempts: int, jitter: float) -> float:
    longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(10, max(0, attempts - 1)))
    return longest * (0.5 + 0.5 * jitter)
