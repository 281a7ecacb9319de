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
