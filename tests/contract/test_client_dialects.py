"""The client against every documented spelling of an answer: rows of the contract's discrepancy table (§17)."""

from __future__ import annotations

import pytest
from fakes.bodies import CLIP, TASK, TWIN, clip, listed
from fakes.fault_server import fault_server, reply

from musicapi_desktop.client.client import Client
from musicapi_desktop.domain import errors
from musicapi_desktop.domain.request import Operation, System
from musicapi_desktop.wire.schema import ClipPhase, TaskPhase

KEY = "sk_contract_test"


@pytest.fixture
def server():
    with fault_server() as running:
        yield running


@pytest.fixture
def client(server):
    with Client(server.url, KEY) as made:
        yield made


SUBMITTED = {
    "message and task_id": {"message": "success", "task_id": TASK},
    "with code": {"code": 200, "message": "success", "task_id": TASK},
    "code as text": {"code": "success", "message": "", "task_id": TASK},
    "under data": {"code": 200, "data": {"task_id": TASK}, "message": "success"},
    "data as list": {"code": 200, "data": [{"task_id": TASK}]},
    "data as text": {"code": 200, "data": TASK},
    "with steps": {"task_id": TASK, "steps": {"upload": {"clip_id": "c0"}, "extend": {"task_id": TASK}}},
    "steps only": {"message": "success", "steps": {"upload": {"clip_id": "c0"}, "extend": {"task_id": TASK}}},
    "accepted": {"code": 202, "message": "accepted", "task_id": TASK},
}


@pytest.mark.parametrize("body", SUBMITTED.values(), ids=SUBMITTED)
def test_a_submit_gives_its_task_in_every_dialect(server, client, body):
    server.answer(reply(body, status=202 if body.get("code") == 202 else 200))
    submitted = client.perform(Operation.CREATE, {"prompt": "la"})
    assert submitted.task_id == TASK
    assert submitted.clip_id == ("c0" if "steps" in body else "")
    sent = server.seen[0]
    assert (sent.method, sent.target) == ("POST", "/api/v1/sonic/create")
    assert sent.headers["content-type"] == "application/json"
    assert sent.json == {"prompt": "la"}


def test_a_failed_upload_step_is_a_refusal(server, client):
    body = {"message": "failed", "steps": {"upload": {"error": "source rejected"}}}
    for status in (400, 200):
        server.answer(reply(body, status=status))
        with pytest.raises(errors.Refused) as told:
            client.perform(Operation.UPLOAD_EXTEND, {"url": "https://a.test/a.mp3", "continue_at": 10})
        assert told.value.detail == "source rejected"


RUNNING = {
    "pending list": (200, listed(clip(state="pending", audio_url=None, duration=None), clip(state="pending"))),
    "one ready, one not": (200, listed(CLIP, clip(clip_id="c2", state="running", audio_url=""))),
    "processing": (200, listed(clip(state="processing", audio_url=None))),
    "unknown state": (200, listed(clip(state="polishing the brass", audio_url=None))),
    "upper case": (200, {"code": 200, "message": "success", "status": "RUNNING", "data": []}),
    "202 not ready": (202, {"code": 202, "type": "not_ready", "error": "Still processing."}),
    "200 not ready": (200, {"type": "not_ready", "error": "Still processing."}),
    "200 not ready with code": (200, {"code": 202, "type": "not_ready", "error": "Still processing."}),
    "202 without a body": (202, None),
    "empty list under data": (200, {"code": 200, "message": "success", "data": []}),
    "null under data": (200, {"code": 200, "message": "success", "data": None}),
    "status under data": (200, {"code": 200, "data": {"status": "processing", "progress": "45%"}}),
    "nuro": (200, {"task_id": TASK, "status": "running", "progress": 45, "audio_url": "", "duration": 0}),
    "pair being joined": (200, listed({"extended": CLIP, "full": None}, {"extended": TWIN, "full": None})),
    "no state, no audio": (200, listed({"clip_id": "c1"})),
}


@pytest.mark.parametrize(("status", "body"), RUNNING.values(), ids=RUNNING)
def test_a_task_under_way_is_running_in_every_dialect(server, client, status, body):
    server.answer(reply(body, status=status))
    assert client.task(TASK).phase is TaskPhase.RUNNING
    assert server.seen[0].target == f"/api/v1/sonic/task/{TASK}"


def without(*keys):
    return {key: value for key, value in CLIP.items() if key not in keys}


SUCCEEDED = {
    "list under data": listed(CLIP, TWIN),
    "bare list": [CLIP, TWIN],
    "clips under data": {"code": 200, "data": {"clips": [CLIP, TWIN]}},
    "songs of the studio": {
        "code": "success",
        "message": "",
        "data": {"task_id": TASK, "status": "SUCCESS", "progress": "100%", "data": {"songs": [CLIP, TWIN]}},
    },
    "state of the whole task": listed(without("state"), TWIN, status="SUCCESS"),
    "state in capitals": listed(clip(state="SUCCEEDED"), TWIN | {"state": "Complete"}),
    "no state but audio": listed(without("state"), TWIN),
    "no message, no code": {"data": [CLIP, TWIN]},
    "pairs": listed({"extended": clip(clip_id="e1"), "full": CLIP}, {"replaced": clip(clip_id="e2"), "full": TWIN}),
    "id for clip_id": listed(without("clip_id") | {"id": "c1"}, TWIN),
    "keys absent": listed(without("video_url", "gpt_description_prompt", "negative_tags"), TWIN),
}


@pytest.mark.parametrize("body", SUCCEEDED.values(), ids=SUCCEEDED)
def test_a_finished_task_gives_both_takes_in_every_dialect(server, client, body):
    server.answer(reply(body))
    result = client.task(TASK)
    assert result.phase is TaskPhase.SUCCEEDED
    assert [c.audio_url for c in result.clips] == ["https://cdn.test/1.mp3", "https://cdn.test/2.mp3"]
    assert result.clips[0].clip_id == "c1"
    assert result.clips[0].title == "Harbour Lights"
    assert result.clips[0].duration == 104.88
    assert result.error == ""


def test_pairs_keep_their_pieces_beside_what_was_asked_for(server, client):
    server.answer(reply(listed({"extended": clip(clip_id="e1"), "full": clip(clip_id="f1")})))
    result = client.task(TASK)
    assert [(c.clip_id, c.role) for c in result.clips] == [("f1", "full")]
    assert [(c.clip_id, c.role) for c in result.parts] == [("e1", "extended")]


def test_a_pair_whose_piece_failed_has_failed(server, client):
    server.answer(reply(listed({"extended": clip(state="failed"), "full": None})))
    assert client.task(TASK).phase is TaskPhase.FAILED


@pytest.mark.parametrize(
    ("duration", "expected"),
    [(179, 179.0), ("104.88", 104.88), (185.02, 185.02), (" 12 ", 12.0), (None, None), (0, None), ("0", None),
     ("long", None), (True, None), ([], None), (-3, None), ("nan", None), ("inf", None), (10**400, None)],
)  # fmt: skip
def test_a_duration_may_be_any_kind_of_number(server, client, duration, expected):
    server.answer(reply(listed(clip(duration=duration))))
    assert client.task(TASK).clips[0].duration == expected


@pytest.mark.parametrize("mv", ["sonic-v5", "chirp-v5", "FUZZ-2.0", "sonic-v9-unheard-of", None])
def test_the_model_comes_back_as_the_service_calls_it(server, client, mv):
    server.answer(reply(listed(clip(mv=mv))))
    assert client.task(TASK).clips[0].mv == (mv or "")


def test_a_stream_before_the_end_is_no_final_file(server, client):
    server.answer(reply(listed(clip(state="streaming", audio_url="https://audiopipe.test/?item_id=c1"))))
    (only,) = client.task(TASK).clips
    assert only.phase is ClipPhase.STREAMING
    assert only.audio_url == "https://audiopipe.test/?item_id=c1"


def test_one_take_of_two_may_fail(server, client):
    server.answer(reply(listed(CLIP, clip(clip_id="c2", state="failed", error_message="out of ideas"))))
    result = client.task(TASK)
    assert result.phase is TaskPhase.PARTIAL
    assert [c.phase for c in result.clips] == [ClipPhase.SUCCEEDED, ClipPhase.FAILED]
    assert result.error == "out of ideas"


FAILED = {
    "clips": (200, listed(clip(state="failed"), clip(state="failed")), "", None),
    "refunded": (200, {"type": "api_error", "message": "boom", "refund_processed": True}, "boom", True),
    "not refunded": (200, {"type": "failed", "error": "boom", "refund_processed": False}, "boom", False),
    "says refunded": (200, {"status": "FAILED", "type": "failed", "message": "failed, refunded", "data": []},
                      "failed, refunded", True),
    "code 500 inside": (200, {"code": 500, "status": "FAILED", "message": "broken", "data": []}, "broken", None),
    "nuro over http": (500, {"type": "api_error", "message": "provider failure", "refund_processed": True},
                       "provider failure", True),
    "timed out": (504, {"type": "timeout", "error": "Task timed out, credits refunded"},
                  "Task timed out, credits refunded", True),
    "under data": (200, {"data": {"status": "failed", "fail_reason": "no idea"}}, "no idea", None),
}  # fmt: skip


@pytest.mark.parametrize(("status", "body", "error", "refunded"), FAILED.values(), ids=FAILED)
def test_a_failed_task_is_a_result_that_tells_of_the_money(server, client, status, body, error, refunded):
    server.answer(reply(body, status=status))
    result = client.task(TASK)
    assert result.phase is TaskPhase.FAILED
    assert result.error == error
    assert result.refunded is refunded


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (404, {"type": "not_found", "error": "no such task"}, errors.NotFound),
        (400, {"type": "validation_error", "error": "Task not found"}, errors.NotFound),
        (200, {"code": 404, "type": "not_found", "error": "no such task"}, errors.NotFound),
        (200, {"code": 401, "type": "unauthorized", "error": "who?"}, errors.KeyRefused),
        (500, {"type": "server_error", "error": "oops"}, errors.ServiceBroken),
        (200, {"success": True}, errors.AnswerNotUnderstood),
        (200, {"error": "?"}, errors.AnswerNotUnderstood),
        (200, {"code": 200, "data": "later"}, errors.AnswerNotUnderstood),
        (200, {"code": 200, "data": [1, 2]}, errors.AnswerNotUnderstood),
        (200, {"code": 200, "data": {"error": "hm"}}, errors.AnswerNotUnderstood),
    ],
)
def test_a_poll_that_was_refused_is_an_error_and_not_the_end_of_the_task(server, client, status, body, expected):
    server.answer(reply(body, status=status))
    with pytest.raises(expected):
        client.task(TASK)


def test_a_result_that_is_no_clip_is_kept_as_it_is(server, client):
    server.answer(reply({"code": 200, "data": {"persona_id": "p1", "name": "Ann"}}))
    result = client.task(TASK)
    assert (result.phase, result.data) == (TaskPhase.SUCCEEDED, {"persona_id": "p1", "name": "Ann"})


def test_nuro_and_producer_are_polled_at_their_own_addresses(server, client):
    nuro = {"task_id": TASK, "status": "succeeded", "progress": 100, "audio_url": "https://c.test/a.wav",
            "lyrics": "la", "duration": 199.04, "genre": "Pop"}  # fmt: skip
    server.answer(reply(nuro))
    result = client.task(TASK, System.NURO)
    assert result.phase is TaskPhase.SUCCEEDED
    assert result.progress == 100
    assert (result.clips[0].clip_id, result.clips[0].duration) == (TASK, 199.04)
    assert result.clips[0].extra["genre"] == "Pop"
    item = {"clip_id": "p1", "title": None, "sound": "soft piano", "audio_url": "https://c.test/p.m4a",
            "wav_url": "https://c.test/p.wav", "duration": 185.02, "mv": "FUZZ-2.0"}  # fmt: skip
    server.answer(reply({"code": 200, "message": "success", "status": "SUCCESS", "data": [item]}))
    (only,) = client.task(TASK, System.PRODUCER).clips
    assert (only.phase, only.tags, only.extra["wav_url"]) == (ClipPhase.SUCCEEDED, "soft piano", item["wav_url"])
    assert [seen.path for seen in server.seen] == [f"/api/v1/nuro/task/{TASK}", f"/api/v1/producer/task/{TASK}"]


def test_a_task_id_cannot_leave_its_place_in_the_address(server, client):
    server.answer(reply(listed(CLIP)))
    client.task("../get-credits?x=#")
    assert server.seen[0].target == "/api/v1/sonic/task/..%2Fget-credits%3Fx%3D%23"


@pytest.mark.parametrize(
    ("body", "total"),
    [
        ({"credits": 50, "extra_credits": 7}, 57),
        ({"credits": "50", "extra_credits": None}, 50),
        ({"credits": 50.9}, 50),
        ({"code": 200, "message": "success", "data": {"credits": 50, "extra_credits": "5"}}, 55),
        ({"credits": 0, "extra_credits": 0}, 0),
    ],
)
def test_the_balance_is_read_in_every_dialect(server, client, body, total):
    server.answer(reply(body))
    assert client.credits().total == total
    assert server.seen[0].target == "/api/v1/get-credits"
