"""Signatures of webhooks: the contract's own test vector, both forms, and everything that must not pass."""

from __future__ import annotations

import json

import pytest

from musicapi_desktop.services.webhooks_signed import WINDOW, Delivery, event_of, signature, verified

# webhook.test_vector of the contract's machine-readable twin
SECRET = "test-secret"
TIMESTAMP = "1770000000"
BODY = b'{"task_id":"t","platform":"suno","event":"song.failed"}'
SIGNATURE = "sha256=86f9f11b82c97a6e93636e5f18b7de6954c12b69ecefed591b04f02515a9173a"
NOW = 1_770_000_000.0


def delivery(body: bytes = BODY, **headers: str) -> Delivery:
    return Delivery({name.replace("_", "-"): value for name, value in headers.items()}, body)


def new_form(body: bytes = BODY, signed: str = SIGNATURE, timestamp: str = TIMESTAMP) -> Delivery:
    return delivery(body, x_webhook_signature=signed, x_webhook_timestamp=timestamp, x_webhook_id="1")


def old_form(body: bytes = BODY, secret: str = SECRET) -> Delivery:
    return delivery(body, x_signature=signature(secret, body))


def test_the_contracts_vector_is_verified():
    assert f"sha256={signature(SECRET, BODY, TIMESTAMP)}" == SIGNATURE
    assert verified(new_form(), SECRET, NOW)


@pytest.mark.parametrize("spelling", [str.upper, str.title, lambda text: text.removeprefix("sha256="), "  {}  ".format])
def test_the_prefix_and_the_letters_case_do_not_matter(spelling):
    assert verified(new_form(signed=spelling(SIGNATURE)), SECRET, NOW)


@pytest.mark.parametrize("off", [-WINDOW, WINDOW])
def test_the_time_may_differ_by_the_window(off):
    assert verified(new_form(), SECRET, NOW + off)
    assert not verified(new_form(), SECRET, NOW + off + (1 if off > 0 else -1))


@pytest.mark.parametrize(
    "forged",
    [
        new_form(BODY.replace(b"failed", b"completed")),
        new_form(signed="sha256=" + "0" * 64),
        new_form(signed=""),
        new_form(signed="sha256=ünï"),
        new_form(timestamp="1770000001"),
        new_form(timestamp=""),
        new_form(timestamp="-1770000000"),
        new_form(timestamp="1.77e9"),
        new_form(timestamp="9" * 400),
        new_form(timestamp="١٧٧٠٠٠٠٠٠٠"),
        delivery(),
        delivery(x_signature=""),
        delivery(x_signature=SIGNATURE),
        # the newer form decides where it is there: a good old signature beside a bad new one is no way round the time
        delivery(x_signature=signature(SECRET, BODY), x_webhook_signature="sha256=0", x_webhook_timestamp=TIMESTAMP),
    ],
)
def test_what_was_not_signed_so_is_refused(forged):
    assert not verified(forged, SECRET, NOW)


def test_another_secret_is_refused_in_both_forms():
    assert not verified(new_form(), "other", NOW)
    assert not verified(old_form(secret="other"), SECRET, NOW)


def test_the_older_form_signs_the_body_alone():
    assert verified(old_form(), SECRET, NOW + 1e6)


def test_an_event_names_its_task():
    event = event_of(new_form())
    assert (event.task_id, event.platform, event.kind) == ("t", "suno", "song.failed")
    assert event_of(delivery(b'{"task_id":"t"}', x_webhook_event="song.streaming")).kind == "song.streaming"


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"[]", b"null", b"{}", b'{"task_id":7}', b"[" * 100_000, json.dumps({"a": 1}).encode()]
)
def test_what_names_no_task_is_no_event(body):
    assert event_of(delivery(body)) is None
