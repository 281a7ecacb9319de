"""The service's refusals, both ways: an answer to one of our errors, and a refusal to an answer (contract §14)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from musicapi_desktop.domain.errors import (
    AnswerNotUnderstood,
    KeyRefused,
    NoCredits,
    NotFound,
    Refused,
    Retired,
    ServiceBroken,
    ServiceError,
    TooFast,
    WordsRefused,
)

from .values import Json, first_text, flag, items, mapping, text

STATUS_OF_TYPE: Final[Mapping[str, int]] = MappingProxyType(
    {
        "not_ready": 202,
        "validation_error": 400,
        "bad_request": 400,
        "unauthorized": 401,
        "insufficient_credits": 402,
        "forbidden": 403,
        "not_found": 404,
        "endpoint_retired": 410,
        "rate_limit": 429,
        "server_error": 500,
        "api_error": 500,
        "upstream_error": 502,
        "timeout": 504,
    }
)
"""The error words of the service and the HTTP status each goes with."""


class NothingHere(NotFound):
    """The platform answered, not the service: this path does not exist there (404 or 405 without JSON)."""


_DETAIL_LENGTH = 2000
_MONEY = re.compile(r"\bcredits?\b|subscri|\bbalance\b|\bpayment\b|\bbilling\b|top[ -]?up", re.IGNORECASE)
_BUSY = re.compile(r"\bqps\b|\bqueue\b|too many|concurren|\bbusy\b", re.IGNORECASE)
_UNKNOWN = re.compile(r"not found|does ?n[o']t exist|no such|unknown (task|clip|batch)", re.IGNORECASE)
_WORDS = re.compile(
    r"copyright|inappropriate|moderat|artist|producer tag|profan|explicit|sensitive|offensive|prohibited"
    r"|violat|polic(y|ies)|safety|flagged",
    re.IGNORECASE,
)
_FIELDS = re.compile(r"\blyrics?\b|\bdescription\b|\bprompt\b|\btags?\b|\btitle\b|\bwords?\b|\bstyle\b", re.IGNORECASE)
_RECORDING = re.compile(r"known recording|fingerprint|matches (an? )?(existing|known)", re.IGNORECASE)
_OLD = re.compile(r"\b24 ?h(ours?)?\b|too old|older than|expired clip|clip (has )?expired", re.IGNORECASE)
_FETCH = re.compile(
    r"not accessible|inaccessible|could ?n[o']t (be )?(fetch|download|access)|not (a )?(valid )?audio|unreachable url"
    r"|audio (is )?too (long|short)|audio (must|should) be",
    re.IGNORECASE,
)
_ALIGN = re.compile(r"no lyrics|without lyrics|lyrics? (to|that can be) align", re.IGNORECASE)
_MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|</?[a-z!][^>]{0,2000}>", re.IGNORECASE | re.DOTALL)
_REFUNDED = re.compile(r"(?<!not )(?<!no )\b(refunded|credits? (has|have) been returned)\b", re.IGNORECASE)


def error_text(body: object) -> str:
    """Return the text of a refusal: error, then error.message, message, detail, fail_reason; empty where none.

    A text of the answer itself comes before one of a failed step (contract §8.2) and one under ``data``.
    """
    source = mapping(body)
    found = _own_text(source)
    for step in mapping(source.get("steps")).values():
        found = found if found not in _NO_REASON else _own_text(mapping(step)) or found
    return found or _own_text(mapping(source.get("data")))


_NO_REASON = ("", "failed", "error", "success")


def _own_text(source: Json) -> str:
    nested = mapping(source.get("error"))
    for value in (
        source.get("error"),
        nested.get("message"),
        nested.get("error"),
        source.get("message"),
        source.get("detail"),
        *(mapping(entry).get("msg") for entry in items(source.get("detail"))),
        source.get("fail_reason"),
        source.get("error_message"),
    ):
        found = text(value).strip()
        if found:
            return found
    return ""


def error_type(body: object) -> str:
    """Return the machine word of a refusal (``type``), in lower case."""
    source = mapping(body)
    return (first_text(source, ("type",)) or first_text(mapping(source.get("error")), ("type",))).strip().lower()


def refunded(body: object) -> bool | None:
    """Return what the answer says of the money: True, False, or None where it says nothing."""
    source = mapping(body)
    for place in (source, mapping(source.get("data")), mapping(source.get("error"))):
        for key in ("refund_processed", "refunded"):
            said = flag(place.get(key))
            if said is not None:
                return said
    return True if _REFUNDED.search(error_text(source)) else None


def error_of(status: int, body: object, *, raw: str = "", retry_after: float | None = None) -> ServiceError:
    """Return the error an answer means.

    ``status`` is the HTTP status (a success status is replaced by what ``body``'s type or code says), ``body`` the
    parsed JSON or None, ``raw`` the text of an answer that is no JSON.
    """
    kind = error_type(body)
    said = error_text(body)
    if status < HTTPStatus.BAD_REQUEST:
        status = STATUS_OF_TYPE.get(kind) or _code(body) or status
    if status < HTTPStatus.BAD_REQUEST:
        return not_understood(raw or said, status=status)
    detail = (said or plain(raw) or _reason(status))[:_DETAIL_LENGTH]
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        fast = TooFast(
            "The service asks for a slower pace.", "It is tried again by itself in a moment.", retry_after=retry_after
        )
        fast.detail = detail
        return fast
    make, message, hint = _verdict(status, kind, said) if mapping(body) else _verdict_of_stranger(status)
    error = make(message, hint, detail=detail, status=status, refunded=refunded(body))
    again = flag(mapping(body).get("retriable"))
    if again is not None and isinstance(error, ServiceBroken):
        # the service itself says whether asking again may help
        error.retryable = again
    return error


def not_understood(raw: str, *, status: int = 0) -> AnswerNotUnderstood:
    """Return the error for an answer outside every documented shape."""
    return AnswerNotUnderstood(
        "The service gave an answer this app does not understand.",
        "Try again later. If it stays so, check the address in Settings.",
        detail=plain(raw)[:_DETAIL_LENGTH],
        status=status,
    )


def plain(raw: str) -> str:
    """Return the words of an answer that is a page: without marks, on one line."""
    return " ".join(_MARKUP.sub(" ", raw[:20_000]).split())


def _code(body: object) -> int:
    code = mapping(body).get("code")
    return code if isinstance(code, int) and not isinstance(code, bool) and 400 <= code <= 599 else 0


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"HTTP {status}"


_Verdict = tuple[type[ServiceError], str, str]

_NO_CREDITS: _Verdict = (
    NoCredits,
    "There are not enough credits for this, or no active plan.",
    "Add credits to the account, or choose another profile.",
)
_WORDS_REFUSED: _Verdict = (
    WordsRefused,
    "The service refused the words of this request.",
    "Change the words it names below, then send it again. Names of artists are often the cause.",
)
_NOT_FOUND: _Verdict = (
    NotFound,
    "The service does not know this song or task any more.",
    "Old results are removed there after a while. Make it again if you still need it.",
)
_BROKEN: _Verdict = (ServiceBroken, "The service has trouble at the moment.", "Try again in a few minutes.")
_NO_LYRICS: _Verdict = (
    NotFound,
    "There are no words in this take to find the times of.",
    "Only what is sung can be aligned; choose a take with lyrics.",
)
_TOO_OLD: _Verdict = (
    Refused,
    "The service works only on takes of the last 24 hours, and this one is older.",
    "Hand its file in anew (Upload) and work on that.",
)
_UNFETCHED: _Verdict = (
    Refused,
    "The service cannot fetch this audio.",
    "The link must be public, lead straight to the file, and the file must be audio of the length it takes.",
)
_RECORDED: _Verdict = (
    Refused,
    "The service refused this audio: it matches a known recording.",
    "Use a recording of your own.",
)

_BY_STATUS: Final[Mapping[int, _Verdict]] = MappingProxyType(
    {
        401: (KeyRefused, "The service does not accept this key.", "Open Settings and paste the key again."),
        402: _NO_CREDITS,
        404: _NOT_FOUND,
        405: (
            Refused,
            "The service has nothing at this address.",
            "Check the address of the profile in Settings.",
        ),
        410: (Retired, "The service no longer offers this.", "Choose another way to make it."),
        413: (Refused, "The service says this request is too large.", "Shorten the lyrics or the description."),
        502: (ServiceBroken, "The service's own supplier has trouble at the moment.", "Try again in a few minutes."),
        504: (ServiceBroken, "The service took too long to answer.", "Try again in a few minutes."),
    }
)


_SPECIAL: Final = ((_RECORDING, _RECORDED), (_OLD, _TOO_OLD), (_FETCH, _UNFETCHED))
"""What a 400 or 403 says that has a next step of its own."""


def _verdict_of_stranger(status: int) -> _Verdict:
    """Judge an answer that is no JSON: not the service spoke but its platform, or something on the way."""
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED):
        return (
            NothingHere,
            "The service has nothing at this address.",
            "Check the address of the profile in Settings.",
        )
    if status == HTTPStatus.FORBIDDEN:
        return (
            Refused,
            "Something on the way to the service refused this.",
            "Check the network, the proxy and the address of the profile in Settings.",
        )
    return _verdict(status, "", "")


def _verdict(status: int, kind: str, detail: str) -> _Verdict:
    if kind == "insufficient_credits":
        return _NO_CREDITS
    if status in (HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY):
        return _verdict_by_words(status, detail)
    if status == HTTPStatus.NOT_FOUND and _ALIGN.search(detail):
        return _NO_LYRICS
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _BROKEN
    return (Refused, "The service refused this request.", "Read what it says below, change the request and try again.")


def _verdict_by_words(status: int, detail: str) -> _Verdict:
    """Tell the overloaded 400 and 403 apart by their text: money, an unknown id, the words sent, or something else."""
    forbidden = status == HTTPStatus.FORBIDDEN
    if forbidden and _MONEY.search(detail):
        return _NO_CREDITS
    special = next((verdict for pattern, verdict in _SPECIAL if pattern.search(detail)), None)
    if special is not None:
        return special
    if _WORDS.search(detail) or (forbidden and _FIELDS.search(detail)):
        return _WORDS_REFUSED
    if forbidden and _BUSY.search(detail):
        return (Refused, "The service is full at the moment.", "Try again in a few minutes.")
    if not forbidden and _UNKNOWN.search(detail):
        return _NOT_FOUND
    if forbidden:
        return (Refused, "The service refused this request.", "Read its reason below; another request may pass.")
    return (Refused, "The service did not accept a field of this request.", "Read what it says below and correct it.")


def refusal(kind: str, said: str, **more: object) -> tuple[int, dict[str, object]]:
    """Return the status and body a server answers a refusal with: both text keys, so that every client reads it.

    ``kind`` is a key of STATUS_OF_TYPE; ``more`` adds keys such as ``refund_processed``.
    """
    status = STATUS_OF_TYPE[kind]
    return status, {"code": status, "type": kind, "error": said, "message": said, **more}
