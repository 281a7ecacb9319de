"""What is sent once is never sent again by itself, and nothing that was not sent is lost."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from fakes.pump import Pump
from fakes.service import fake_service

from musicapi_desktop.domain.errors import DiskError, EngineError, InvalidRequest
from musicapi_desktop.domain.events import Notice
from musicapi_desktop.domain.job import Blame, Charge, JobState

S = JobState
CREATE = "/api/v1/sonic/create"


@pytest.fixture
def service():
    with fake_service() as running:
        yield running


@pytest.fixture
def pump(tmp_path, service):
    made = Pump(tmp_path, service.base_url)
    yield made
    made.close()


def answers(*script):
    """Give the answers in turn, then answer as usual."""
    left = list(script)
    return lambda *_: left.pop(0) if left else None


def test_a_lost_answer_is_perhaps_sent_and_waits_for_the_person(pump, service):
    service.on("POST", CREATE, lambda handler, _body: handler.hang_up())
    (job,) = pump.make()
    pump.run()
    lost = pump.job(job.id)
    assert lost.state is S.PERHAPS_SENT
    assert (lost.balance_before, lost.balance_after) == (1000, 1000)
    assert len(service.posts) == 1
    assert pump.song(job) is not None
    assert "still 1000 credits" in pump.queue.look_for(job.id)
    service.credits = 985
    assert "15 credits less" in pump.queue.look_for(job.id)
    pump.run()
    assert len(service.posts) == 1
    service.usual("POST", CREATE)
    pump.queue.send_again(job.id)
    pump.run()
    assert pump.job(job.id).state is S.READY
    assert len(service.posts) == 2


def test_a_perhaps_sent_job_can_be_forgotten(pump, service):
    service.on("POST", CREATE, lambda handler, _body: handler.hang_up())
    (job,) = pump.make()
    pump.run()
    pump.queue.forget(job.id)
    assert pump.job(job.id).state is S.ABANDONED
    assert pump.queue.jobs() == ()
    assert pump.song(job) is None


@pytest.mark.parametrize("body", [b"<html>hello</html>", [], {"message": "success"}, {"task_id": None}, 12])
def test_an_answer_of_success_that_makes_no_sense_is_perhaps_sent(pump, service, body):
    service.on("POST", CREATE, lambda *_: (200, body))
    (job,) = pump.make()
    pump.run()
    assert pump.job(job.id).state is S.PERHAPS_SENT
    assert len(service.posts) == 1


@pytest.mark.parametrize(
    ("status", "body", "blame", "charge"),
    [
        (400, {"type": "validation_error", "error": "mv is wrong"}, Blame.YOURS, Charge.NONE),
        (402, {"type": "insufficient_credits", "error": "x"}, Blame.MONEY, Charge.NONE),
        (403, {"type": "forbidden", "error": "not enough credits"}, Blame.MONEY, Charge.NONE),
        (403, {"type": "forbidden", "error": "artist names in description"}, Blame.YOURS, Charge.NONE),
        (404, {"type": "not_found", "error": "x"}, Blame.THEIRS, Charge.NONE),
        (302, {"error": "x"}, Blame.YOURS, Charge.NONE),
    ],
)
def test_refusals_end_the_job_and_cost_nothing(pump, service, status, body, blame, charge):
    service.on("POST", CREATE, lambda *_: (status, body))
    (job,) = pump.make()
    pump.run()
    job = pump.job(job.id)
    assert (job.state, job.failure.blame, job.charge) == (S.FAILED, blame, charge)
    assert job.failure.message
    assert job.failure.hint
    assert pump.song(job) is None
    assert len(service.posts) == 1


def test_a_broken_service_leaves_the_money_unknown_until_the_balance_says(pump, service):
    service.on("POST", CREATE, lambda *_: (500, {"type": "server_error", "error": "boom"}))
    (job,) = pump.make()
    pump.run(until=lambda: pump.job(job.id).state is S.FAILED)
    assert pump.job(job.id).charge is Charge.UNKNOWN
    pump.run()
    assert pump.job(job.id).charge is Charge.NONE
    assert pump.job(job.id).failure.blame is Blame.THEIRS
    assert len(service.posts) == 1


def test_too_fast_waits_and_goes_out_again(pump, service):
    service.on("POST", CREATE, answers((429, {"type": "rate_limit"}), (429, {"type": "rate_limit"})))
    (job,) = pump.make()
    pump.run()
    assert pump.job(job.id).state is S.READY
    assert len(service.posts) == 3


def test_a_refused_key_pauses_its_profile_and_keeps_the_job(pump, service):
    service.on("POST", CREATE, lambda *_: (401, {"type": "unauthorized", "error": "bad key"}))
    jobs = [pump.make()[0], pump.make()[0]]
    pump.run()
    assert [pump.job(job.id).state for job in jobs] == [S.WAITING, S.WAITING]
    assert len(service.posts) == 1
    assert "key" in pump.sink.queue()[-1].reason
    assert pump.sink.queue()[-1].paused
    service.usual("POST", CREATE)
    pump.queue.resume()
    pump.run()
    assert [pump.job(job.id).state for job in jobs] == [S.READY, S.READY]


def test_no_key_and_no_engine_pause_with_a_sentence(tmp_path):
    def broken(_profile):
        raise EngineError("The local engine did not start.", "Try again.")

    pump = Pump(tmp_path, connect=broken)
    (job,) = pump.make()
    pump.run()
    assert pump.job(job.id).state is S.WAITING
    assert pump.queue.reason == "The local engine did not start. Try again."
    pump.close()


def test_offline_waits_without_burning_attempts(tmp_path):
    with fake_service() as service:
        address = service.base_url
    pump = Pump(tmp_path, address)
    (job,) = pump.make()
    pump.run(steps=60, seconds=600.0)
    job = pump.job(job.id)
    assert job.state is S.WAITING
    assert job.attempts == 0
    assert "cannot be reached" in pump.sink.queue()[-1].reason
    assert not pump.sink.queue()[-1].paused
    assert 5 < pump.sink.states(job.id).count("sending") < 20
    pump.close()


def test_pause_all_sends_nothing_and_stays_over_a_restart(pump, service, tmp_path):
    pump.queue.pause_all()
    (job,) = pump.make()
    pump.run()
    assert service.posts == []
    pump.close()
    again = Pump(tmp_path, service.base_url)
    again.runner.recover()
    again.run()
    assert again.queue.paused
    assert service.posts == []
    again.queue.resume()
    again.run()
    assert again.job(job.id).state is S.READY
    again.close()


def test_order_hold_and_remove(pump, service):
    one, two, three = (pump.make(pump.described(text))[0] for text in ("one", "two", "three"))
    pump.queue.hold(two.id)
    pump.queue.run_next(three.id)
    pump.queue.remove(one.id)
    pump.run()
    sent = [body["gpt_description_prompt"] for _path, body in service.posts]
    assert sent == ["three"]
    assert pump.job(one.id).state is S.REMOVED
    assert pump.song(one) is None
    pump.queue.release(two.id)
    pump.run()
    assert pump.job(two.id).state is S.READY
    assert [job.id for job in pump.queue.jobs()] == [three.id, two.id]
    assert pump.queue.clear_finished() == 2
    assert pump.queue.jobs() == ()


def test_a_job_can_be_moved_before_another_or_last(pump):
    ids = [pump.make(pump.described(str(number)))[0].id for number in range(4)]
    pump.queue.move(ids[3], ids[1])
    pump.queue.move(ids[0], None)
    assert [job.id for job in pump.queue.jobs()] == [ids[3], ids[1], ids[2], ids[0]]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"description": ""}, "description"),
        ({"description": "x" * 401}, "description"),
        ({"description": "nul \0 inside"}, "description"),
        ({"title": "t" * 81}, "title"),
        ({"songs": 0}, "songs"),
        ({"songs": 101}, "songs"),
    ],
)
def test_bad_fields_are_found_before_anything_is_kept(pump, fields, field):
    with pytest.raises(InvalidRequest) as caught:
        pump.make(pump.described(**{"text": fields.pop("description", "a song"), **fields}))
    assert field in caught.value.problems
    assert pump.queue.jobs() == ()
    assert pump.library.count() == 0


def test_emoji_and_right_to_left_text_go_out_as_they_are(pump, service):
    text = "🎹 שיר אהבה مرحبا e\u0301"
    (job,) = pump.make(pump.described(text))
    assert pump.job(job.id).request.description == text
    pump.run()
    assert service.posts[0][1]["gpt_description_prompt"] == text
    assert pump.job(job.id).state is S.READY
    assert pump.library.songs("אהבה") == [job.tasks[0].song_id]


def test_a_half_character_is_kept_as_something_that_can_be_written(pump, service):
    (job,) = pump.make(pump.described("half \ud83d of one"))
    pump.run()
    assert pump.job(job.id).state is S.READY
    assert service.posts[0][1]["gpt_description_prompt"] == "half ? of one"


def test_an_accepted_task_is_written_down_as_soon_as_the_disk_allows(pump, service, monkeypatch):
    (job,) = pump.make()
    change = pump.records.jobs.change
    full = [True, True]

    def refusing(job_id, apply, *, durable=False, answer=None):
        changed = apply(pump.records.jobs.get(job_id))
        if changed is not None and changed.state is S.ACCEPTED and full:
            full.pop()
            raise DiskError("The disk is full.", "Make some room.")
        return change(job_id, apply, durable=durable, answer=answer)

    monkeypatch.setattr(type(pump.records.jobs), "change", lambda _self, *a, **k: refusing(*a, **k))
    pump.run(until=lambda: len(service.posts) == 1)
    assert any(isinstance(event, Notice) for event in pump.sink.events)
    with pytest.raises(DiskError):
        pump.runner.step(pump.now)
    pump.run()
    assert pump.job(job.id).state is S.READY
    assert len(service.posts) == 1


def test_nothing_is_sent_where_the_claim_cannot_be_written(pump, service, monkeypatch):
    pump.make()

    def full(*_args, **_more):
        raise DiskError("The disk is full.", "Make some room.")

    with monkeypatch.context() as patch:
        patch.setattr(type(pump.records.jobs), "change", full)
        with pytest.raises(DiskError):
            pump.run()
    assert service.posts == []
    pump.run()
    assert len(service.posts) == 1


def test_a_mistake_of_ours_while_sending_is_put_to_the_person(tmp_path):
    sent = []

    class Broken:
        def perform(self, operation, _body):
            sent.append(operation)
            raise ZeroDivisionError

        def credits(self):
            return SimpleNamespace(total=1000)

    made = Pump(tmp_path, connect=lambda _profile: Broken())
    (job,) = made.make()
    with pytest.raises(ZeroDivisionError):
        made.run()
    asked = made.job(job.id)
    assert (asked.state, asked.charge, asked.failure.blame) == (S.PERHAPS_SENT, Charge.UNKNOWN, Blame.OURS)
    made.run()
    assert len(sent) == 1
    made.close()
