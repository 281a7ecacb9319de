"""Refusals, both ways."""

from __future__ import annotations

import pytest

from musicapi_desktop.domain import errors
from musicapi_desktop.wire.errors import STATUS_OF_TYPE, NothingHere, error_of, error_text, refunded, refusal


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"error": "a", "message": "b", "detail": "c"}, "a"),
        ({"error": {"message": "a"}, "message": "b", "detail": "c"}, "a"),
        ({"error": {"type": "validation_error", "error": "a"}}, "a"),
        ({"error": None, "message": "b", "detail": "c"}, "b"),
        ({"error": "  ", "detail": "c"}, "c"),
        ({"detail": [{"msg": "too long"}]}, "too long"),
        ({"data": {"fail_reason": "no"}}, "no"),
        ({"message": "failed", "steps": {"upload": {"error": "source rejected"}}}, "source rejected"),
        ({"steps": {"upload": {"error": {"message": "source rejected"}}}}, "source rejected"),
        ({}, ""),
        ([], ""),
        (None, ""),
        ("text", ""),
    ],
)
def test_the_text_of_a_refusal_is_found_in_its_order(body, expected):
    assert error_text(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"refund_processed": True}, True),
        ({"refund_processed": "false"}, False),
        ({"data": {"refunded": True}}, True),
        ({"message": "Failed, credits refunded."}, True),
        ({"message": "Failed, not refunded."}, None),
        ({"message": "Failed."}, None),
    ],
)
def test_what_is_said_of_the_money_is_read_and_nothing_more(body, expected):
    assert refunded(body) is expected
    assert error_of(500, {"error": "x", **body}).refunded is (None if "message" in body else expected)


@pytest.mark.parametrize(
    ("kind", "make"),
    [
        ("validation_error", errors.Refused),
        ("unauthorized", errors.KeyRefused),
        ("insufficient_credits", errors.NoCredits),
        ("forbidden", errors.Refused),
        ("not_found", errors.NotFound),
        ("endpoint_retired", errors.Retired),
        ("rate_limit", errors.TooFast),
        ("server_error", errors.ServiceBroken),
        ("upstream_error", errors.ServiceBroken),
        ("timeout", errors.ServiceBroken),
    ],
)
def test_what_a_server_of_ours_refuses_our_client_reads(kind, make):
    status, body = refusal(kind, "because", refund_processed=True)
    assert status == STATUS_OF_TYPE[kind]
    assert body == {"code": status, "type": kind, "error": "because", "message": "because", "refund_processed": True}
    for seen in (status, 200):
        error = error_of(seen, body)
        assert type(error) is make
        assert error.status == status
        assert error.detail == "because"


def test_a_type_that_speaks_of_credits_is_believed_whatever_the_status():
    assert type(error_of(403, {"type": "insufficient_credits", "error": "no"})) is errors.NoCredits


def test_a_length_limit_is_no_refusal_of_the_words():
    error = error_of(400, {"type": "validation_error", "error": "prompt must be less than 5000 characters"})
    assert type(error) is errors.Refused
    assert "5000" in error.detail
    assert "5000" not in error.message


def test_a_path_that_does_not_exist_points_at_the_address():
    for status in (404, 405):
        error = error_of(status, None, raw="<h1>Not Found</h1>")
        assert isinstance(error, NothingHere)
        assert "address" in error.message
        assert error.detail == "Not Found"
    assert error_of(404, None).detail == "Not Found"
    assert error_of(499, {}).detail == "HTTP 499"


E = errors
TABLE = {
    # contract §14, row by row: status, type, text, what it is, a word of the sentence
    "bad model": (400, "validation_error", "mv must be one of: sonic-v5", E.Refused, "field"),
    "persona missing": (400, "validation_error", "persona_id is required", E.Refused, "field"),
    "no boolean": (400, "validation_error", "make_instrumental must be a boolean", E.Refused, "field"),
    "too long": (400, "validation_error", "prompt must be less than 5000 characters", E.Refused, "field"),
    "weight": (400, "validation_error", "style_weight must be between 0 and 1", E.Refused, "field"),
    "cdn": (400, "bad_request", "use_suno_cdn is required", E.Refused, "field"),
    "task unknown, older": (400, "validation_error", "task not found", E.NotFound, "know"),
    "no access": (400, "validation_error", "The audio URL is not accessible", E.Refused, "fetch"),
    "no audio": (400, "validation_error", "The URL is not a valid audio file", E.Refused, "fetch"),
    "recording": (400, "", "The audio matches a known recording", E.Refused, "recording"),
    "older than a day": (400, "validation_error", "The clip is older than 24 hours", E.Refused, "24 hours"),
    "language": (400, "bad_request", "Only Chinese and English lyrics are supported", E.Refused, "field"),
    "header": (401, "unauthorized", "Authorization header is missing", E.KeyRefused, "key"),
    "credits, producer": (402, "insufficient_credits", "not enough credits", E.NoCredits, "credits"),
    "credits": (403, "forbidden", "You do not have enough credits", E.NoCredits, "credits"),
    "subscription": (403, "forbidden", "No active subscription", E.NoCredits, "credits"),
    "quota": (403, "forbidden", "Your balance is insufficient", E.NoCredits, "credits"),
    "format": (403, "forbidden", "The format of the lyrics was rejected", E.WordsRefused, "words"),
    "copyright": (403, "forbidden", "Copyrighted lyrics detected", E.WordsRefused, "words"),
    "inappropriate": (403, "forbidden", "Inappropriate lyrics", E.WordsRefused, "words"),
    "moderation": (403, "forbidden", "Your description needs moderation", E.WordsRefused, "words"),
    "artist": (403, "forbidden", "The description contains artist names", E.WordsRefused, "words"),
    "producer tags": (403, "forbidden", "The lyrics contain producer tags", E.WordsRefused, "words"),
    "queue": (403, "forbidden", "QPS limit reached, the queue is full", E.Refused, "full"),
    "other 403": (403, "forbidden", "Not for you", E.Refused, "refused"),
    "task unknown": (404, "not_found", "Task not found", E.NotFound, "know"),
    "nothing sung": (404, "not_found", "This clip has no lyrics to align", E.NotFound, "words"),
    "retired": (410, "endpoint_retired", "music_variation was withdrawn", E.Retired, "no longer"),
    "pace": (429, "rate_limit", "1 request per 3 s", E.TooFast, "pace"),
    "internal": (500, "server_error", "oops", E.ServiceBroken, "trouble"),
    "nuro": (500, "api_error", "provider failure", E.ServiceBroken, "trouble"),
    "supplier": (502, "upstream_error", "no answer", E.ServiceBroken, "supplier"),
    "timeout": (504, "timeout", "Task timed out, credits were refunded", E.ServiceBroken, "too long"),
}
SHAPES = {
    "error": lambda kind, said: {"type": kind, "error": said},
    "message": lambda kind, said: {"type": kind, "message": said},
    "detail": lambda kind, said: {"type": kind, "detail": said},
    "nested": lambda kind, said: {"error": {"type": kind, "message": said}},
    "with code": lambda kind, said: {"code": 1, "type": kind, "error": said, "refund_processed": True},
    "retriable": lambda kind, said: {"type": kind, "error": said, "retriable": False},
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize(("status", "kind", "said", "expected", "word"), TABLE.values(), ids=TABLE)
def test_every_row_of_the_table_is_a_sentence_with_a_next_step(shape, status, kind, said, expected, word):
    error = error_of(status, shape(kind, said))
    assert type(error) is expected
    assert word in error.message
    assert error.message.endswith(".")
    assert error.hint.endswith(".")
    assert error.detail == said
    assert error.status == status


def test_the_service_may_say_itself_whether_asking_again_helps():
    assert error_of(502, {"type": "upstream_error", "error": "x", "retriable": False}).retryable is False
    assert error_of(502, {"type": "upstream_error", "error": "x", "retriable": True}).retryable is True
    assert error_of(403, {"error": "no", "retriable": True}).retryable is False
