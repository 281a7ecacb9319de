"""Every operation of the table: its path, its body, and what its answer gives."""

from __future__ import annotations

import subprocess
import sys

import pytest
from fakes.every_operation import REQUESTS, ROWS, answers
from fakes.fault_server import fault_server, html, reply

from musicapi_desktop.client.client import Client
from musicapi_desktop.client.download import Downloader
from musicapi_desktop.domain import errors
from musicapi_desktop.domain.request import Operation, System
from musicapi_desktop.wire import routes
from musicapi_desktop.wire.codec import body_of
from musicapi_desktop.wire.operations import SPECS, Answer
from musicapi_desktop.wire.schema import Posted, TaskPhase

ANSWERS = answers()


@pytest.fixture
def server():
    with fault_server() as running:
        yield running


@pytest.fixture
def client(server):
    with Client(server.url, "sk_operations") as made:
        yield made


def test_the_table_has_every_operation():
    assert set(REQUESTS) == set(Operation) == set(SPECS)


@pytest.mark.parametrize(("request_", "path", "sent"), ROWS, ids=[row[0].operation for row in ROWS])
def test_an_operation_sends_its_body_and_returns_its_value(server, client, request_, path, sent):
    kind = SPECS[request_.operation].answer
    server.answer(reply(ANSWERS[kind]))
    posted = client.perform(request_.operation, body_of(request_))
    (seen,) = server.seen
    assert (seen.method, seen.target) == ("POST", f"/api/v1/{path}")
    assert seen.json == sent
    match kind:
        case Answer.TASK:
            assert posted == Posted("task-1")
        case Answer.UPLOAD:
            assert posted == Posted("", "c9", ANSWERS[kind])
        case _:
            assert posted == Posted(answer=ANSWERS[kind])


@pytest.mark.parametrize("operation", Operation)
@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (reply({"type": "endpoint_retired", "error": "moved"}, status=410), errors.Retired),
        (reply({"type": "insufficient_credits", "error": "no"}, status=402), errors.NoCredits),
        (reply({"type": "forbidden", "error": "not enough credits"}, status=403), errors.NoCredits),
        (reply({"type": "forbidden", "error": "The lyrics are copyrighted"}, status=403), errors.WordsRefused),
        (reply({"type": "upstream_error", "error": "no", "retriable": True}, status=502), errors.ServiceBroken),
        (html(), errors.AnswerNotUnderstood),
    ],
    ids=["retired", "money-402", "money-403", "words", "broken", "page"],
)
def test_an_operation_that_is_refused_is_told_in_the_apps_errors(server, client, operation, script, expected):
    server.answer(script)
    with pytest.raises(expected):
        client.perform(operation, body_of(REQUESTS[operation]))


@pytest.mark.parametrize("operation", [each for each in Operation if SPECS[each].answer is not Answer.TASK])
def test_an_answer_still_worked_out_is_asked_for_again(server, client, operation):
    server.answer(reply({"code": 202, "type": "not_ready", "error": "soon"}, status=202))
    with pytest.raises(errors.NotReady):
        client.perform(operation, body_of(REQUESTS[operation]))


def test_a_task_of_each_system_is_asked_after_at_its_own_address(server, client):
    server.answer(reply({"task_id": "t", "status": "succeeded", "audio_url": "https://c.test/a.wav"}))
    for system in System:
        assert client.task("t", system).phase is TaskPhase.SUCCEEDED
    assert [seen.path for seen in server.seen] == [f"/api/v1/{system}/task/t" for system in System]


@pytest.mark.parametrize("path", [routes.RIFFUSION_TASK, routes.STUDIO_TASK])
def test_an_old_task_of_a_retired_system_is_read(server, client, path):
    song = {"id": "r1", "song_path": "https://c.test/r.mp3", "title": "Old one"}
    body = {"task_id": "t", "status": "SUCCESS", "progress": "100%", "data": {"songs": [song]}}
    server.answer(reply({"code": "success", "message": "", "data": body}))
    result = client.task_at(routes.task("t", path))
    assert result.phase is TaskPhase.SUCCEEDED
    assert (result.clips[0].audio_url, result.clips[0].title) == ("https://c.test/r.mp3", "Old one")


# --- what a host teaches


def refused(said):
    return reply({"type": "validation_error", "error": said}, status=400)


LESSONS = {
    "use_suno_cdn": (Operation.CREATE, "use_suno_cdn is required", {"use_suno_cdn": True}),
    "custom_mode": (Operation.EXTEND, "custom_mode must be a boolean", {"custom_mode": True}),
    "own types": (Operation.COVER, "an uploaded clip wants cover_upload_music", {"task_type": "cover_upload_music"}),
    "plain types": (Operation.EXTEND_UPLOAD, "task_type is invalid", {"task_type": "extend_music"}),
    "whole seconds": (Operation.EXTEND, "continue_at must be an integer", {"continue_at": 10}),
    "older persona": (Operation.PERSONA, "continue_clip_id is required",
                      {"name": "Tide", "description": "warm", "continue_clip_id": "c1"}),
    "shorter persona": (Operation.PERSONA, "unknown field describe", {"name": "Tide", "clip_id": "c1"}),
    "prompt": (Operation.LYRICS, "prompt is required", {"prompt": "the sea"}),
    "description": (Operation.PRODUCER_LYRICS, "description is required", {"description": "the sea"}),
    "legacy range": (Operation.PRODUCER_REPLACE, "starts is required", {"starts": 10.5, "ends": 30}),
}  # fmt: skip


@pytest.mark.parametrize(("operation", "said", "expected"), LESSONS.values(), ids=LESSONS)
def test_a_refused_field_goes_out_in_its_other_spelling_and_stays_so(server, client, operation, said, expected):
    good = reply(ANSWERS[SPECS[operation].answer])
    request = REQUESTS[operation]
    body = body_of(request)
    if operation is Operation.EXTEND and "custom_mode" in expected:
        body = {key: value for key, value in body.items() if key not in ("custom_mode", "prompt", "make_instrumental")}
    server.answer(refused(said), good, good)
    client.perform(operation, body)
    client.perform(operation, body)
    assert len(server.seen) == 3
    for seen in server.seen[1:]:
        assert {key: seen.json[key] for key in expected} == expected


def test_a_refusal_no_spelling_helps_against_is_told_as_it_first_was(server, client):
    server.answer(refused("use_suno_cdn is required"), refused("mv is invalid"))
    with pytest.raises(errors.Refused) as told:
        client.perform(Operation.CREATE, body_of(REQUESTS[Operation.CREATE]))
    assert told.value.detail == "use_suno_cdn is required"
    server.answer(reply(ANSWERS[Answer.TASK]))
    client.perform(Operation.CREATE, body_of(REQUESTS[Operation.CREATE]))
    # what did not help is not kept
    assert "use_suno_cdn" not in server.seen[-1].json


def test_what_a_clip_teaches_is_kept_to_that_clip(server, client):
    own = "an uploaded clip wants cover_upload_music"
    server.answer(refused(own), *[reply(ANSWERS[Answer.TASK])] * 3)
    body = body_of(REQUESTS[Operation.COVER])
    client.perform(Operation.COVER, body)
    client.perform(Operation.COVER, {**body, "continue_clip_id": "of the service"})
    client.perform(Operation.COVER, body)
    assert [seen.json["task_type"] for seen in server.seen] == [
        "cover_music", "cover_upload_music", "cover_music", "cover_upload_music",
    ]  # fmt: skip


def test_two_paths_may_teach_opposite_things(server, client):
    task, words = reply(ANSWERS[Answer.TASK]), reply(ANSWERS[Answer.LYRICS])
    server.answer(refused("description is required"), task, refused("prompt is required"), words, task, words)
    for _time in range(2):
        client.perform(Operation.PRODUCER_LYRICS, {"prompt": "the sea"})
        client.perform(Operation.LYRICS, {"description": "the sea"})
    assert [list(seen.json) for seen in server.seen] == [
        ["prompt"], ["description"], ["description"], ["prompt"], ["description"], ["prompt"],
    ]  # fmt: skip


def test_what_is_said_after_a_lesson_is_told(server, client):
    gone = reply({"type": "endpoint_retired", "error": "no personas any more"}, status=410)
    server.answer(refused("continue_clip_id is required"), gone)
    with pytest.raises(errors.Retired):
        client.perform(Operation.PERSONA, body_of(REQUESTS[Operation.PERSONA]))


@pytest.mark.parametrize("status", [402, 403, 404, 500])
def test_another_refusal_is_never_sent_twice(server, client, status):
    server.answer(reply({"type": "x", "error": "use_suno_cdn is required"}, status=status))
    with pytest.raises(errors.ServiceError):
        client.perform(Operation.CREATE, body_of(REQUESTS[Operation.CREATE]))
    assert len(server.seen) == 1


def test_a_batch_nothing_of_which_was_accepted_goes_out_in_the_hosts_spelling(server, client):
    no = {"type": "validation_error", "error": "use_suno_cdn is required"}
    refused_all = {"batch_id": "b", "tasks": [{"index": 0, "error": no}, {"index": 1, "error": no}]}
    half = {"batch_id": "b", "tasks": [{"index": 0, "task_id": "t0"}, {"index": 1, "error": no}]}
    server.answer(reply(refused_all), reply({"batch_id": "b", "tasks": ["t0", "t1"]}))
    assert [entry.task_id for entry in client.batch([{"a": 1}, {"a": 2}]).entries] == ["t0", "t1"]
    assert server.seen[1].json["items"] == [{"a": 1, "use_suno_cdn": True}, {"a": 2, "use_suno_cdn": True}]
    server.answer(reply(half))
    with Client(server.url, "sk_operations") as other:
        assert [entry.task_id for entry in other.batch([{"a": 1}, {"a": 2}]).entries] == ["t0", ""]
    # a song that was accepted is never sent again
    assert len(server.seen) == 3


def test_a_host_of_the_older_namespace_is_found_once(server, client):
    server.by_path["/api/v1/sonic/create"] = html(404)
    server.answer(reply(ANSWERS[Answer.TASK]))
    client.perform(Operation.CREATE, {"a": 1})
    client.perform(Operation.MASHUP, {"a": 1})
    assert [seen.path for seen in server.seen] == [
        "/api/v1/sonic/create", "/api/v1/suno/create", "/api/v1/suno/mashup",
    ]  # fmt: skip


def test_a_path_that_is_nowhere_is_told_and_a_known_namespace_is_kept(server, client):
    server.answer(html(404))
    with pytest.raises(errors.NotFound):
        client.perform(Operation.CREATE, {"a": 1})
    server.by_path["/api/v1/sonic/bpm"] = reply(ANSWERS[Answer.TEMPO])
    client.perform(Operation.BPM, {"clip_id": "c1"})
    with pytest.raises(errors.NotFound):
        client.perform(Operation.CREATE, {"a": 1})
    assert [seen.path.split("/")[3] for seen in server.seen] == ["sonic", "suno", "sonic", "sonic"]


def test_any_path_can_be_called_for_scripts(server, client):
    server.answer(reply({"credits": 3}))
    assert client.call("GET", routes.CREDITS) == {"credits": 3}
    server.answer(reply({"error": "no"}, status=404))
    with pytest.raises(errors.NotFound):
        client.call("POST", "/api/v1/sonic/feed", {"a": 1})
    assert server.seen[-1].json == {"a": 1}


def test_a_download_goes_through_the_systems_proxy_and_a_loopback_never_does(server, monkeypatch):
    with fault_server(reply(raw=b"by proxy")) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "direct.test")
        server.answer(reply(raw=b"direct"))
        downloader = Downloader()
        with downloader.open("http://cdn.test/a.mp3?sig=1") as download:
            assert b"".join(download.chunks()) == b"by proxy"
        with downloader.open(server.url) as download:
            assert b"".join(download.chunks()) == b"direct"
        downloader.close()
        assert [seen.target for seen in proxy.seen] == ["http://cdn.test/a.mp3?sig=1"]


def test_the_key_is_given_to_a_proxy_for_no_secure_host(monkeypatch):
    with (
        fault_server(reply(status=502, raw=b"")) as proxy,
        Client("https://api.music.test", "sk_planted_key") as client,
    ):
        monkeypatch.setenv("https_proxy", proxy.url)
        with pytest.raises(errors.Offline):
            client.perform(Operation.CREATE, {})
        (seen,) = proxy.seen
        assert (seen.method, seen.target) == ("CONNECT", "api.music.test:443")
        assert "authorization" not in seen.headers
        assert "sk_planted_key" not in str(seen)


@pytest.mark.parametrize("address", ["socks5://127.0.0.1:1", "ftp://127.0.0.1:1"])
def test_a_proxy_of_another_kind_is_told_in_words(monkeypatch, address):
    monkeypatch.setenv("https_proxy", address)
    with Client("https://api.music.test", "sk_x") as client, pytest.raises(errors.Offline) as told:
        client.perform(Operation.CREATE, {})
    assert "proxy" in told.value.message


def test_the_room_is_cheap_until_a_client_is_made():
    code = (
        "import sys, musicapi_desktop.client, musicapi_desktop.wire.codec, musicapi_desktop.domain.retry;"
        "print([m for m in ('httpx', 'httpcore', 'ssl', 'truststore') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_batch_that_leaves_a_song_unmentioned_is_never_sent_again(server, client):
    no = {"type": "validation_error", "error": "use_suno_cdn is required"}
    server.answer(reply({"batch_id": "b", "tasks": [{"index": 0, "error": no}]}))
    assert [entry.task_id for entry in client.batch([{"a": 1}, {"a": 2}]).entries] == [""]
    assert len(server.seen) == 1
