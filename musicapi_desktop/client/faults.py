"""What went wrong on the line, in the app's own errors: the one place that reads httpcore's and httpx's."""

from __future__ import annotations

import ssl

import httpcore
import httpx

from musicapi_desktop.domain.errors import AnswerLost, NetworkError, Offline

NEVER_SENT = (
    httpcore.ConnectError,
    httpcore.ConnectTimeout,
    httpcore.PoolTimeout,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    httpcore.LocalProtocolError,
)
"""Errors that come before the first byte of a request left."""

LINE_ERRORS = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    httpcore.ConnectionNotAvailable,
    httpx.HTTPError,
    httpx.StreamError,
)
"""Everything the line may raise."""

_LOST_HINT = "Check the network; nothing you made is lost."


def network_error(error: Exception, host: str) -> NetworkError:
    """Return what ``error`` means: Offline where nothing was sent, AnswerLost where something may have been."""
    detail = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    if isinstance(error, NEVER_SENT):
        if untrusted(error):
            return Offline(
                f"The secure connection to {host} could not be trusted.",
                "Check the date of this computer and its network; some networks read along with their own certificate.",
                detail=detail,
            )
        return Offline(
            f"{host} cannot be reached.", "Check the network. It goes on by itself afterwards.", detail=detail
        )
    if isinstance(error, httpcore.TimeoutException):
        return AnswerLost(f"{host} did not answer in time.", _LOST_HINT, detail=detail)
    return AnswerLost(f"The connection to {host} was lost before the answer came.", _LOST_HINT, detail=detail)


def untrusted(error: BaseException) -> bool:
    """Tell whether the other side's certificate was the reason."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
