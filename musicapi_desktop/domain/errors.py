"""The one error tree of the app.

Exception
├── KnownError             the world's doing: a sentence, a next step, perhaps worth trying again
│   ├── InvalidRequest     fields that break a rule, found before anything is sent
│   ├── ServiceError       the service answered, and the answer was no
│   │   ├── KeyRefused         401
│   │   ├── NoCredits          402, or 403 that speaks of credits or a subscription
│   │   ├── WordsRefused       403 or 400 that speaks of the words sent
│   │   ├── Refused            any other 4xx
│   │   ├── NotFound           404
│   │   ├── Retired            410
│   │   ├── TooFast            429
│   │   ├── NotReady           the result is still worked out: the same call is due again
│   │   ├── ServiceBroken      5xx
│   │   ├── GenerationFailed   the task itself ended in failure
│   │   └── AnswerNotUnderstood  HTML, wrong types, a body outside every known variant
│   ├── NetworkError       no connection, or it was lost
│   │   ├── Offline            the connection never opened: nothing was sent
│   │   └── AnswerLost         lost after the body may have been sent
│   ├── DownloadError      a file could not be fetched, or is not what it claims
│   │   ├── AudioUnreadable    the file does not decode
│   │   └── TooLarge           more bytes than any song has
│   ├── DiskError          full, read-only or vanished disk
│   ├── StoreError         the library file is locked, newer than this app, or damaged
│   ├── PlaceError         the place for source files refused a file, or gives no public link to it
│   ├── KeyringError       the system keyring is missing, locked, slow or dismissed
│   ├── SoundError         the sound device is missing or was lost
│   └── EngineError        the local engine did not start or ended by itself
└── BugError               ours: reported, never shown as the person's mistake
"""

from __future__ import annotations

from collections.abc import Mapping


class KnownError(Exception):
    """A failure of the world around the app.

    ``message`` is a calm sentence for the person, ``hint`` the next step, ``detail`` the raw text of
    whoever refused (shown below the sentence, never instead of it).
    """

    retryable = False

    def __init__(self, message: str, hint: str = "", *, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.detail = detail


class InvalidRequest(KnownError):
    """A request breaks rules; ``problems`` maps the field's name to a sentence."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(next(iter(problems.values()), "The request is not complete."))
        self.problems = dict(problems)


class ServiceError(KnownError):
    """The service answered with a refusal. ``status`` is the HTTP status, 0 where there was none.

    ``refunded`` is what the service said of the money: True, False or None (it did not say).
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        detail: str = "",
        status: int = 0,
        refunded: bool | None = None,
    ) -> None:
        super().__init__(message, hint, detail=detail)
        self.status = status
        self.refunded = refunded


class KeyRefused(ServiceError):
    """The key was not accepted (401)."""


class NoCredits(ServiceError):
    """Not enough credits, or no active subscription (402, or 403 that says so)."""


class WordsRefused(ServiceError):
    """The words of the request were refused (403 or 400 that says so)."""


class Refused(ServiceError):
    """Refused for any other reason (other 4xx)."""


class NotFound(ServiceError):
    """The task, clip or source is unknown or gone (404)."""


class Retired(ServiceError):
    """The service has retired this operation (410)."""


class TooFast(ServiceError):
    """Too many requests (429). ``retry_after`` in seconds where the service said so."""

    retryable = True

    def __init__(self, message: str, hint: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message, hint, status=429)
        self.retry_after = retry_after


class NotReady(ServiceError):
    """The answer of a call is still worked out; ``retry_after`` is the seconds until the same call is due again."""

    retryable = True

    def __init__(self, message: str, hint: str = "", *, retry_after: float = 3.0) -> None:
        super().__init__(message, hint, status=202)
        self.retry_after = retry_after


class ServiceBroken(ServiceError):
    """The service failed internally (5xx)."""

    retryable = True


class GenerationFailed(ServiceError):
    """The task was accepted and then failed."""


class AnswerNotUnderstood(ServiceError):
    """The answer is not one of the documented shapes."""

    retryable = True


class NetworkError(KnownError):
    """The network failed."""

    retryable = True


class Offline(NetworkError):
    """The connection never opened; nothing was sent."""


class AnswerLost(NetworkError):
    """The connection was lost after the request may have been sent."""


class DownloadError(KnownError):
    """A file could not be fetched whole."""

    retryable = True


class AudioUnreadable(DownloadError):
    """A file does not hold audio that can be played."""


class TooLarge(DownloadError):
    """The server announces or sends more bytes than any song has."""

    retryable = False


class DiskError(KnownError):
    """The disk is full, read-only or gone."""


class StoreError(KnownError):
    """The library file cannot be used."""


class PlaceError(KnownError):
    """A source file could not be put where the service can fetch it; nothing was sent to the service."""


class KeyringError(KnownError):
    """The system keyring cannot be used."""


class SoundError(KnownError):
    """The sound device cannot be used."""

    retryable = True


class EngineError(KnownError):
    """The local engine is not there."""

    retryable = True


class BugError(Exception):
    """A mistake of ours."""
