"""The client against every fault of the line: the right error, in time, and the key to nobody else."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
import traceback

import pytest
from fakes import fault_server as fake
from fakes.fault_server import fault_server, reply

from musicapi_desktop.client.client import Client
from musicapi_desktop.client.exchange import Timeouts
from musicapi_desktop.domain import errors
from musicapi_desktop.domain.request import Operation
from musicapi_desktop.domain.retry import decide, perhaps_sent
from musicapi_desktop.wire.schema import TaskPhase

KEY = "sk_planted_0123456789abcdef"
QUICK = Timeouts(connect=1.0, read=0.3, total=0.6)


@pytest.fixture
def server():
    with fault_server() as running:
        yield running


@pytest.fixture
def client(server):
    with Client(server.url, KEY, timeouts=QUICK) as made:
        yield made


def unused_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


CALLS = {
    "GET": lambda client: client.task("t1"),
    "POST": lambda client: client.perform(Operation.CREATE, {"prompt": "la"}),
}
LOST = [
    fake.reset_before_answer,
    fake.close_before_answer,
    fake.reset_in_body,
    fake.hang,
    fake.cut_body(b'{"code":200,', announced=500),
    fake.trickle(fake.head(200, {"Content-Length": "100000"})),
    fake.trickle(b"HTTP/1.1 200 OK\r\nX-Slow: "),
    fake.trickle(b""),
]
LOST_NAMES = ["reset", "close", "reset-in-body", "hang", "cut", "trickle-body", "trickle-headers", "trickle-status"]


@pytest.mark.parametrize("method", CALLS)
@pytest.mark.parametrize("script", LOST, ids=LOST_NAMES)
def test_an_answer_lost_on_the_way_is_told_as_lost_and_in_time(server, client, script, method):
    server.answer(script)
    started = time.monotonic()
    with pytest.raises(errors.AnswerLost) as told:
        CALLS[method](client)
    assert time.monotonic() - started < 2.0
    assert len(server.seen) == 1, "the client itself never sends twice"
    assert perhaps_sent(told.value)
    assert decide(told.value, is_post=True, attempts=1).again is False
    assert decide(told.value, is_post=False, attempts=1).again is True


def test_a_connection_that_never_opened_is_offline():
    client = Client(f"http://127.0.0.1:{unused_port()}", KEY, timeouts=QUICK)
    with client, pytest.raises(errors.Offline) as told:
        client.perform(Operation.CREATE, {})
    assert not perhaps_sent(told.value)
    assert decide(told.value, is_post=True, attempts=99).again is True


NOT_UNDERSTOOD = {
    "html": fake.html(),
    "empty": reply(raw=b""),
    "list": reply([]),
    "object": reply({}),
    "number": reply(3),
    "null": reply(raw=b"null"),
    "cut-json": reply(raw=b'{"code":200,"data":[{"clip_id":"c1"'),
    "deep": reply(raw=b"[" * 200_000),
    "deep-objects": reply(raw=b'{"data":' * 100_000),
    "huge-number": reply(raw=b"9" * 20_000),
    "endless": fake.endless(b" " * 65536, None),
    "3-gigabytes": fake.endless(b" " * 1024, 3 * 1024**3),
}


@pytest.mark.parametrize("method", CALLS)
@pytest.mark.parametrize("script", NOT_UNDERSTOOD.values(), ids=NOT_UNDERSTOOD)
def test_an_answer_outside_every_shape_is_not_understood(server, script, method):
    server.answer(script)
    with Client(server.url, KEY) as client, pytest.raises(errors.AnswerNotUnderstood) as told:
        CALLS[method](client)
    assert perhaps_sent(told.value), "a POST answered with success may have been paid for"
    assert decide(told.value, is_post=True, attempts=1).again is False
    assert len(told.value.detail) <= 2000


def test_invalid_utf8_in_a_title_does_not_lose_the_song(server, client):
    body = json.dumps({"code": 200, "data": [{"clip_id": "c1", "state": "succeeded", "title": "@"}]}).encode()
    server.answer(reply(raw=body.replace(b"@", b"Caf\xe9")))
    result = client.task("t1")
    assert result.phase is TaskPhase.SUCCEEDED
    assert result.clips[0].title == "Caf\ufffd"


def test_a_byte_order_mark_is_no_fault(server, client):
    server.answer(reply(raw=b'\xef\xbb\xbf{"credits": 7}'))
    assert client.credits().total == 7


@pytest.mark.parametrize("method", CALLS)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_refused_and_the_other_host_hears_nothing(server, client, status, method):
    with fault_server(reply({"task_id": "stolen"})) as other:
        server.answer(reply(status=status, Location=f"{other.url}/api/v1/sonic/create"))
        with pytest.raises(errors.Refused) as told:
            CALLS[method](client)
        assert other.seen == []
    assert "127.0.0.1" in told.value.message
    assert told.value.hint
    assert not perhaps_sent(told.value)


@pytest.mark.parametrize(
    ("retry_after", "expected"),
    [(None, None), ("7", 7.0), ("0.5", 0.5), ("soon", None), ("-3", 0.0), ("999999", 3600.0), ("nan", None)],
)
def test_429_says_when_to_come_back(server, client, retry_after, expected):
    headers = {} if retry_after is None else {"Retry_After": retry_after}
    server.answer(reply({"type": "rate_limit", "error": "slow down"}, status=429, **headers))
    with pytest.raises(errors.TooFast) as told:
        client.perform(Operation.CREATE, {})
    assert told.value.retry_after == expected
    decision = decide(told.value, is_post=True, attempts=1)
    assert decision.again
    assert decision.delay >= max(3.0, expected or 0.0) if (expected or 0) < 600 else decision.delay == 600


def test_429_with_a_date_says_when_to_come_back(server, client):
    server.answer(reply(status=429, raw=b"", Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"))
    with pytest.raises(errors.TooFast) as told:
        client.credits()
    assert told.value.retry_after == 0.0


REFUSALS = [
    (400, {"type": "validation_error", "error": "mv must be one of sonic-v5"}, errors.Refused),
    (400, {"type": "validation_error", "error": "Task not found"}, errors.NotFound),
    (400, {"detail": "Audio matches a known recording"}, errors.Refused),
    (400, {"detail": [{"loc": ["body", "title"], "msg": "too long"}]}, errors.Refused),
    (400, {"type": "bad_request", "message": "inappropriate words"}, errors.WordsRefused),
    (401, {"type": "unauthorized", "error": "bad key"}, errors.KeyRefused),
    (402, {"type": "insufficient_credits", "error": "top up", "retriable": False}, errors.NoCredits),
    (403, {"type": "forbidden", "error": "Not enough credits"}, errors.NoCredits),
    (403, {"type": "forbidden", "message": "No active subscription"}, errors.NoCredits),
    (403, {"type": "forbidden", "error": "Lyrics format rejected"}, errors.WordsRefused),
    (403, {"type": "forbidden", "error": {"message": "Copyrighted lyrics"}}, errors.WordsRefused),
    (403, {"type": "forbidden", "error": "Artist names are not allowed in the description"}, errors.WordsRefused),
    (403, {"type": "forbidden", "message": "QPS limit"}, errors.Refused),
    (403, {"type": "forbidden", "error": "no"}, errors.Refused),
    (404, {"type": "not_found", "error": "unknown clip"}, errors.NotFound),
    (410, {"type": "endpoint_retired", "error": "moved"}, errors.Retired),
    (500, {"type": "server_error", "error": "oops"}, errors.ServiceBroken),
    (502, {"type": "upstream_error", "error": "oops"}, errors.ServiceBroken),
    (503, {"message": "maintenance"}, errors.ServiceBroken),
    (418, {"error": "teapot"}, errors.Refused),
]


@pytest.mark.parametrize(("status", "body", "expected"), REFUSALS, ids=lambda value: str(value)[:40])
def test_each_refusal_is_its_own_error_with_a_sentence_and_a_next_step(server, client, status, body, expected):
    server.answer(reply(body, status=status))
    with pytest.raises(expected) as told:
        client.perform(Operation.CREATE, {"prompt": "la"})
    error = told.value
    assert type(error) is expected
    assert error.status == status
    assert error.message.endswith(".")
    assert error.hint.endswith(".")
    assert str(status) not in error.message
    assert error.detail
    assert not perhaps_sent(error)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 500, 502, 503, 504])
def test_a_page_instead_of_json_is_told_without_its_marks(server, client, status):
    server.answer(fake.html(status, "<html><style>b{}</style><body>Gateway <b>says no</b> credits</body></html>"))
    with pytest.raises(errors.KnownError) as told:
        client.credits()
    assert not isinstance(told.value, errors.NoCredits | errors.WordsRefused)
    assert told.value.detail == "Gateway says no credits"


@pytest.mark.parametrize("status", [502, 504])
def test_a_gateway_that_lost_the_answer_to_a_post_may_have_passed_it_on(server, client, status):
    server.answer(fake.html(status))
    with pytest.raises(errors.AnswerLost):
        client.perform(Operation.CREATE, {})
    with pytest.raises(errors.ServiceBroken):
        client.task("t1")


@pytest.mark.parametrize("end", ["cancel", "close"])
def test_another_thread_ends_a_call_that_waits(server, end):
    server.answer(fake.hang)
    client = Client(server.url, KEY)
    failures = []

    def call():
        try:
            client.perform(Operation.CREATE, {})
        except errors.KnownError as error:
            failures.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    assert server.arrived.wait(5)
    started = time.monotonic()
    getattr(client, end)()
    thread.join(5)
    assert not thread.is_alive()
    assert time.monotonic() - started < 1.0
    assert [type(error) for error in failures] == [errors.AnswerLost]
    server.answer(reply({"credits": 1}))
    if end == "cancel":
        assert client.credits().total == 1
        client.close()
    else:
        with pytest.raises(errors.Offline):
            client.credits()


def test_the_key_travels_in_one_header_and_shows_nowhere(server, caplog):
    caplog.set_level(logging.DEBUG)
    shown = []
    with Client(server.url, KEY) as client:
        shown.append(repr(client) + str(vars(client)) + repr(client._exchange))
        echo = {"type": "unauthorized", "error": f"key {KEY} is unknown"}
        page = f"<p>Bearer {KEY}</p>".encode()
        say_key = fake.trickle(f"HTTP/1.1 Bearer {KEY}\r\n\r\n".encode())
        other = reply(status=302, Location="http://127.0.0.1:1/?key=" + KEY)
        for script in (
            reply(echo, status=401), reply(raw=page), reply(raw=page, status=403), other, say_key,
            fake.reset_before_answer,
        ):  # fmt: skip
            for call in CALLS.values():
                server.answer(script)
                with pytest.raises(errors.KnownError) as told:
                    call(client)
                error = told.value
                shown.append("".join(traceback.format_exception(error)))
                shown.append(f"{error!r} {error} {error.message} {error.hint} {error.detail} {vars(error)}")
    assert {seen.headers["authorization"] for seen in server.seen} == {f"Bearer {KEY}"}
    assert all(KEY not in seen.target and KEY.encode() not in seen.body for seen in server.seen)
    assert KEY not in "".join(shown)
    assert caplog.records, "the debug log was on"
    assert KEY not in caplog.text


@pytest.mark.parametrize("key", ["sk_a\nX-Evil: 1", "sk_ä", "sk a", "sk_\x00"])
def test_a_key_that_cannot_be_sent_is_refused_without_being_told(key):
    with pytest.raises(errors.InvalidRequest) as told:
        Client("https://api.musicapi.ai", key)
    assert list(told.value.problems) == ["key"]
    assert key not in "".join(traceback.format_exception(told.value))


@pytest.mark.parametrize(
    "url",
    ["http://api.musicapi.ai", "ftp://api.musicapi.ai", "api.musicapi.ai", "", "https://", "https://u:p@host",
     "https://host/?q=1", "https://host:99999", "http://127.0.0.1.evil.example", "https://ho st", "http://[::1"],
)  # fmt: skip
def test_an_address_that_is_not_safe_is_refused(url):
    with pytest.raises(errors.InvalidRequest) as told:
        Client(url, KEY)
    assert list(told.value.problems) == ["base_url"]


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://api.musicapi.ai/", "https://api.musicapi.ai"),
        (" https://api.musicapi.ai/api/v1/ ", "https://api.musicapi.ai"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://gate.example/music", "https://gate.example/music"),
    ],
)
def test_a_safe_address_is_kept_in_its_shortest_form(url, kept):
    with Client(url, KEY) as client:
        assert client.base_url == kept


def test_a_local_engine_is_asked_directly_whatever_the_proxy(server, client, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{unused_port()}")
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{unused_port()}")
    server.answer(reply({"credits": 3}))
    assert client.credits().total == 3
