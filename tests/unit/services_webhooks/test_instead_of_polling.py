"""Webhooks and the queue: what they tell is taken in as an answer, and questions wait while they are heard."""

from __future__ import annotations

import json

import pytest
from fakes.pump import CLOUD, Keys, Pump
from fakes.service import fake_service

from musicapi_desktop.domain.job import Charge, JobState
from musicapi_desktop.domain.request import Operation, Request, Source
from musicapi_desktop.services.pacing import POLL_CLOUD, SILENCE
from musicapi_desktop.services.webhooks import Ears, Webhooks
from musicapi_desktop.services.webhooks_signed import Delivery, signature
from musicapi_desktop.settings.preferences import Preferences

S = JobState
SECRET = "planted-webhook-secret"
URL = "https://tunnel.example/in"


class Secrets(Keys):
    secret = Keys.get
    set_secret = Keys.set
    where_secret = Keys.where


@pytest.fixture
def service():
    with fake_service() as running:
        yield running


@pytest.fixture
def pump(tmp_path, service):
    def around(made):
        webhooks = Webhooks(
            Preferences(tmp_path / "preferences.json"), Secrets(), Ears(lambda: made.now), made.clock, lambda *_: 200
        )
        webhooks.hand = lambda *heard: made.runner.heard(*heard)  # noqa: PLW0108  # the runner comes later
        webhooks.turn_on(CLOUD, URL, SECRET)
        return {"hooks": webhooks}

    made = Pump(tmp_path / "app", service.base_url, around=around)
    yield made
    made.close()


def tell(pump, service, task_id, kind="song.completed", body=None, event_id=None):
    """Sign and deliver what the service would send of a task."""
    whole = body or {**service.shown(task_id), "task_id": task_id, "platform": "suno", "event": kind}
    raw = json.dumps(whole).encode()
    stamp = str(int(pump.clock()))
    headers = {
        "x-webhook-id": event_id or f"{task_id} {kind}",
        "x-webhook-timestamp": stamp,
        "x-webhook-signature": "sha256=" + signature(SECRET, raw, stamp),
    }
    return pump.gate.hooks.receive(Delivery(headers, raw)).status


def accepted(pump, job):
    return pump.run(until=lambda: pump.job(job.id).state is S.ACCEPTED)


def test_the_address_and_the_secret_go_with_the_request_and_are_kept_nowhere(pump, service):
    (job,) = pump.make()
    pump.run()
    (path, body) = service.posts[0]
    assert path.endswith("/create")
    assert (body["webhook_url"], body["webhook_secret"]) == (URL, SECRET)
    assert SECRET.encode() not in (pump.folder / "data" / "library.db").read_bytes()
    assert pump.job(job.id).request.extra == {}


def test_a_request_with_webhooks_of_its_own_is_left_alone(pump, service):
    pump.make(extra={"webhook_url": "https://mine.example"})
    pump.run()
    (_, body) = service.posts[0]
    assert body["webhook_url"] == "https://mine.example"
    assert "webhook_secret" not in body


def test_a_batch_asks_for_them_in_every_song(pump, service):
    pump.make(songs=3)
    pump.run()
    assert [item["webhook_url"] for item in service.posts[0][1]["items"]] == [URL] * 3


def test_what_was_told_is_a_song_with_no_question_asked(pump, service):
    (first,) = pump.make()
    accepted(pump, first)
    assert tell(pump, service, "task-1") == 200
    pump.run()
    assert pump.job(first.id).state is S.READY
    (second,) = pump.make()
    service.polls.clear()
    accepted(pump, second)
    pump.run(seconds=SILENCE - 60)
    assert service.polls == []
    assert tell(pump, service, "task-2") == 200
    pump.run()
    assert pump.job(second.id).state is S.READY
    assert service.polls == []
    assert len(pump.song(second).takes) == 2


def test_a_failure_that_was_told_ends_the_job_with_its_refund(pump, service):
    (job,) = pump.make()
    accepted(pump, job)
    body = {"type": "failed", "message": "generation failed", "refund_processed": True, "task_id": "task-1",
            "platform": "suno", "event": "song.failed"}  # fmt: skip
    tell(pump, service, "task-1", body=body)
    pump.run()
    assert pump.job(job.id).state is S.FAILED
    assert pump.job(job.id).charge == "refunded"


def test_a_silent_hour_is_asked_through_as_usual(pump, service):
    service.hold_polls = 3
    (job,) = pump.make()
    pump.run()
    assert pump.job(job.id).state is S.READY
    assert len(service.polls) == 4


def test_a_webhook_that_got_lost_is_asked_for_after_the_silence(pump, service):
    (first,) = pump.make()
    accepted(pump, first)
    tell(pump, service, "task-1")
    pump.run()
    (second,) = pump.make()
    accepted(pump, second)
    began = pump.now
    service.polls.clear()
    pump.run()
    assert pump.job(second.id).state is S.READY
    assert service.polls == ["task-2"]
    assert pump.now - began >= SILENCE - POLL_CLOUD


def test_work_that_takes_no_webhooks_is_asked_after_as_usual(pump, service):
    (song,) = pump.make()
    accepted(pump, song)
    tell(pump, service, "task-1")
    pump.run()
    service.polls.clear()
    take = pump.song(song).takes[0]
    (job,) = pump.submit.create(
        Request(Operation.STEMS_BASIC, source=Source(pump.song(song).id, take.id, take.clip_id)), pump.profile
    )
    began = pump.now
    pump.run()
    assert pump.job(job.id).state is S.READY
    assert "webhook_url" not in service.posts[-1][1]
    assert pump.now - began < SILENCE


def test_an_event_of_nobodys_task_and_one_not_understood_do_no_harm(pump, service):
    (job,) = pump.make()
    accepted(pump, job)
    tell(pump, service, "", body={"task_id": "somebody else's", "event": "song.completed"})
    tell(pump, service, "", body={"task_id": "task-1", "event": "song.completed", "data": 7}, event_id="odd")
    pump.run()
    assert pump.job(job.id).state is S.READY


def written(folder, secret):
    """The files below a folder that hold a secret, in any spelling that tags and databases use."""
    spellings = (secret.encode(), secret.encode("utf-16-le"), secret.encode("utf-16-be"))
    files = [each for each in folder.rglob("*") if each.is_file()]
    return [each for each in files if any(spelled in each.read_bytes() for spelled in spellings)]


def test_the_secret_of_one_request_is_sent_and_written_nowhere(pump, service):
    own = "a-secret-of-this-request-alone"
    (job,) = pump.make(extra={"webhook_url": "https://mine.example", "webhook_secret": own})
    assert own not in repr(job)
    assert written(pump.folder, own) == []
    pump.run()
    assert service.posts[0][1]["webhook_secret"] == own
    assert pump.job(job.id).state is S.READY
    assert {each.suffix for each in pump.folder.rglob("*")} >= {".db", ".json", ".wav"}
    assert written(pump.folder, "https://mine.example"), "the rest of the request is in the tags and in the database"
    assert written(pump.folder, own) == []
    assert own not in repr(pump.sink.events)


def test_a_request_whose_secret_went_with_an_earlier_run_is_not_sent_without_it(pump, service):
    (job,) = pump.make(extra={"webhook_url": "https://mine.example", "webhook_secret": "gone-with-the-run"})
    pump.close()
    later = Pump(pump.folder, service.base_url)
    later.run()
    ended = later.job(job.id)
    later.close()
    assert (ended.state, ended.charge) == (S.FAILED, Charge.NONE)
    assert "webhook_secret" in ended.failure.message
    assert service.posts == []


def test_a_refusal_that_quotes_a_secret_is_kept_without_it(pump, service):
    service.on("POST", "/api/v1/sonic/create", lambda _handler, body: (400, {"error": f"bad: {body}"}))
    (job,) = pump.make()
    pump.run()
    assert service.posts[0][1]["webhook_secret"] == SECRET
    assert "•••" in pump.job(job.id).failure.detail
    assert written(pump.folder, SECRET) == []
