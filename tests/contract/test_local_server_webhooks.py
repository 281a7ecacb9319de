"""Webhooks over a real receiver on loopback: signed, in order, told again until somebody takes them."""

from __future__ import annotations

import hashlib
import hmac
import json
import time

import pytest
from fakes.fault_server import FaultServer, close_before_answer, reply
from fakes.local_server import DESCRIBED, LocalServer

SECRET = "a webhook's own secret"
FIVE = {"x-webhook-id", "idempotency-key", "x-webhook-event", "x-webhook-timestamp", "x-webhook-signature"}
TAKEN = reply({"ok": True})


@pytest.fixture
def receiver():
    server = FaultServer([TAKEN])
    yield server
    server.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with LocalServer(tmp_path_factory.mktemp("hooks") / "data", "--credits", "5000") as running:
        yield running
        assert SECRET not in running.log.read_text()


def events(receiver, count, server):
    return server.wait_for(lambda: len(receiver.seen) >= count and [seen.json["event"] for seen in receiver.seen])


def signed(seen):
    moment = seen.headers["x-webhook-timestamp"]
    assert abs(time.time() - int(moment)) < 300
    expected = hmac.new(SECRET.encode(), f"{moment}.".encode() + seen.body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(seen.headers["x-webhook-signature"], f"sha256={expected}")


def test_a_finished_song_is_told_and_signed(server, receiver):
    task_id = server.create(webhook_url=f"{receiver.url}/hook?to=me", webhook_secret=SECRET)
    assert events(receiver, 1, server) == ["song.completed"]
    seen = receiver.seen[0]
    assert (seen.method, seen.target) == ("POST", "/hook?to=me")
    assert seen.headers.keys() >= FIVE
    assert seen.headers["x-webhook-id"] == seen.headers["idempotency-key"]
    assert signed(seen)
    assert seen.json == {**server.task(task_id), "task_id": task_id, "platform": "suno", "event": "song.completed"}
    server.wait_for(lambda: not list((server.data / "webhooks").glob("*.json")))


def test_the_first_sound_is_told_before_the_end(server, receiver, tmp_path):
    gate = tmp_path / "go"
    hook = {"webhook_url": receiver.url, "webhook_secret": SECRET}
    server.create(gpt_description_prompt=f"wait for {gate}", **hook)
    assert events(receiver, 1, server) == ["song.streaming"]
    body = receiver.seen[0].json
    assert body["message"] == "streaming"
    assert {clip["state"] for clip in body["data"]} == {"running"}
    kept = list((server.data / "webhooks").glob("*.json"))
    assert [file.stat().st_mode & 0o777 for file in kept] == [0o600]
    gate.touch()
    assert events(receiver, 2, server) == ["song.streaming", "song.completed"]
    assert len({seen.headers["x-webhook-id"] for seen in receiver.seen}) == 2


def test_a_failure_is_told_with_its_refund(server, receiver):
    server.create(gpt_description_prompt="break", webhook_url=receiver.url, webhook_secret=SECRET)
    assert events(receiver, 1, server) == ["song.failed"]
    body = receiver.seen[0].json
    assert (body["type"], body["refund_processed"]) == ("failed", True)
    assert "mistake in the engine" in body["message"]


def test_every_family_and_kind_of_task_tells(server, receiver):
    hook = {"webhook_url": receiver.url, "webhook_secret": SECRET}
    server.post("/producer/create", sound="piano", length=10, **hook)
    server.post("/nuro/create", type="bgm", description="calm", duration=10, **hook)
    server.post("/producer/lyrics-create", description="rain", **hook)
    assert set(events(receiver, 3, server)) == {"song.completed"}
    told = sorted((seen.json["platform"], "data" in seen.json) for seen in receiver.seen)
    assert told == [("nuro", False), ("producer", True), ("producer", True)]


def test_a_batch_tells_of_each_and_an_item_knows_better(server, receiver):
    other = FaultServer([TAKEN])
    items = [{**DESCRIBED}, {**DESCRIBED, "webhook_url": other.url, "webhook_secret": SECRET}]
    batch = server.post("/sonic/batch", items=items, webhook_url=receiver.url, webhook_secret=SECRET)
    events(receiver, 1, server)
    events(other, 1, server)
    other.close()
    assert [seen.json["task_id"] for seen in (receiver.seen[0], other.seen[0])] == [
        task["task_id"] for task in batch["tasks"]
    ]


def test_what_is_not_taken_is_told_again_with_the_same_id(server, receiver):
    receiver.answer(reply(status=500), close_before_answer, TAKEN)
    server.create(webhook_url=receiver.url, webhook_secret=SECRET)
    events(receiver, 3, server)
    assert len({seen.headers["x-webhook-id"] for seen in receiver.seen}) == 1
    assert len({seen.body for seen in receiver.seen}) == 1
    assert all(signed(seen) for seen in receiver.seen)


def test_a_restart_goes_on_telling(tmp_path, receiver):
    receiver.answer(reply(status=503))
    with LocalServer(tmp_path / "data") as first:
        task_id = first.create(webhook_url=receiver.url, webhook_secret=SECRET)
        events(receiver, 1, first)
        first.kill()
    receiver.answer(TAKEN)
    before = len(receiver.seen)
    with LocalServer(tmp_path / "data") as second:
        events(receiver, before + 1, second)
        seen = receiver.seen[-1]
        assert (seen.json["task_id"], signed(seen)) == (task_id, True)
        assert seen.headers["x-webhook-id"] == receiver.seen[0].headers["x-webhook-id"]
        assert seen.json["data"][0]["audio_url"].startswith(second.url)


def test_the_older_signature_and_platform_are_dialects(tmp_path, receiver):
    gate = tmp_path / "go"
    with LocalServer(tmp_path / "data", "--dialect", "webhook-plain", "--dialect", "platform-sonic") as server:
        hook = {"webhook_url": receiver.url, "webhook_secret": SECRET}
        task_id = server.create(gpt_description_prompt=f"wait for {gate}", **hook)
        server.until(task_id, lambda clips: all("stream_url" in clip for clip in clips))
        gate.touch()
        assert events(receiver, 1, server) == ["song.completed"]
        (seen,) = receiver.seen
    assert seen.json["platform"] == "sonic"
    assert not FIVE & seen.headers.keys()
    assert seen.headers["x-signature"] == hmac.new(SECRET.encode(), seen.body, hashlib.sha256).hexdigest()
    assert json.loads(seen.body) == seen.json


@pytest.mark.parametrize(
    "url",
    ["http://example.com/hook", "http://192.168.1.2/", "file:///etc/passwd", "https://", "http://127.0.0.1:99999/"],
)
def test_nobody_else_on_the_network_is_told_in_the_clear(server, url):
    for path in ("/sonic/create", "/sonic/batch"):
        answer = server.client.post(path, json={**DESCRIBED, "items": [DESCRIBED], "webhook_url": url})
        assert (answer.status_code, answer.json()["type"]) == (400, "validation_error")
