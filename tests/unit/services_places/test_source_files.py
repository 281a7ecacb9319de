"""Source files and the queue: up before the request goes out, sent as a link, gone when the job has ended."""

from __future__ import annotations

import json
from types import SimpleNamespace

import httpx
import pytest
from fakes.pump import CLOUD, Pump
from fakes.service import fake_service, tone

from musicapi_desktop.domain.errors import Offline, StoreError
from musicapi_desktop.domain.job import Blame, Charge, Job, JobState
from musicapi_desktop.domain.place import file_url
from musicapi_desktop.domain.profile import LOCAL_PROFILE, Profile
from musicapi_desktop.domain.request import Mode, Operation, Request
from musicapi_desktop.services.source_files import SourceFiles

S = JobState


class Later:
    """A pool that runs its work when the test says so."""

    def __init__(self):
        self.work = []

    def __call__(self, work):
        self.work.append(work)

    def run(self):
        while self.work:
            self.work.pop(0)()


@pytest.fixture
def service():
    with fake_service() as running:
        yield running


@pytest.fixture
def pool():
    return Later()


@pytest.fixture
def pump(tmp_path, service, here, pool):
    here.file.write_bytes(tone(1.0, rate=44100))

    def around(made):
        return {"sources": SourceFiles(here.places, made.records, pool, made.wake, lambda: made.now)}

    made = Pump(tmp_path / "app", service.base_url, around=around)
    yield made
    made.close()


def covering(here):
    words = {"lyrics": "la", "style": "folk", "title": "t"}
    return Request(Operation.UPLOAD_COVER, Mode.LYRICS, "sonic-v5", url=file_url(here.file), **words)


def sent(service, path):
    return [body for posted, body in service.posts if posted.endswith(path)]


def test_the_file_goes_up_first_and_is_gone_when_the_song_is_there(pump, service, here, pool):
    here.places.keep(here.place, here.secret)
    seen = []
    service.on("POST", "/api/v1/sonic/upload-cover", lambda _h, body: seen.append(httpx.get(body["url"]).content))
    (job,) = pump.submit.create(covering(here), pump.profile)
    pump.run()
    assert service.posts == []
    assert pump.wakes
    pool.run()
    pump.run()
    assert pump.job(job.id).state is S.READY
    assert seen == [here.file.read_bytes()]
    (body,) = sent(service, "/upload-cover")
    assert body["url"].startswith("http://127.0.0.1")
    assert str(here.file) not in json.dumps(body)
    pool.run()
    assert httpx.get(body["url"]).status_code in (403, 404)
    assert here.places.owners() == frozenset()
    # the request that is kept has the file, not the link: it can be made again
    assert pump.job(job.id).request.url == file_url(here.file)
    database = (pump.folder / "data" / "library.db").read_bytes()
    assert here.secret.encode() not in database
    assert b"X-Amz-Signature" not in database


def test_how_far_it_is_shows_and_others_go_first(pump, service, here, pool):
    here.places.keep(here.place, here.secret)
    here.file.write_bytes(b"RIFF" + bytes(2_000_000))
    (job,) = pump.submit.create(covering(here), pump.profile)
    (other,) = pump.make()
    pump.run()
    assert pump.job(other.id).state is S.READY
    assert pump.job(job.id).state is S.WAITING
    pool.run()
    told = [event.job.progress for event in pump.sink.events if getattr(event, "job", None) and event.job.id == job.id]
    assert "100 %" in told
    assert len({words for words in told if words}) >= 5
    pump.run()
    assert pump.job(job.id).state is S.READY


def test_a_refusal_fails_the_request_before_anything_is_sent(pump, service, here, pool):
    here.places.keep(here.place, "wrong")
    (job,) = pump.submit.create(covering(here), pump.profile)
    pump.run()
    pool.run()
    pump.run()
    failed = pump.job(job.id)
    assert (failed.state, failed.charge, failed.failure.blame) == (S.FAILED, Charge.NONE, Blame.OURS)
    assert "Settings" in failed.failure.hint
    assert service.posts == []


def test_with_no_place_the_way_out_is_named(pump, service, here, pool):
    (job,) = pump.submit.create(covering(here), pump.profile)
    pump.run()
    pool.run()
    pump.run()
    assert pump.job(job.id).state is S.FAILED
    assert "paste a link" in pump.job(job.id).failure.hint


def test_a_place_that_cannot_be_reached_is_waited_for(pump, service, here, pool):
    here.places.keep(here.place, here.secret)
    real = here.places.public_url
    here.places.public_url = lambda *_a: (_ for _ in ()).throw(Offline("The place cannot be reached."))
    (job,) = pump.submit.create(covering(here), pump.profile)
    pump.run()
    pool.run()
    pump.run(steps=3)
    assert pump.job(job.id).state is S.WAITING
    assert pump.gate.holds.reason() == "The place cannot be reached."
    here.places.public_url = real
    assert pump.run(until=lambda: pool.work != [])
    pool.run()
    pump.run()
    assert pump.job(job.id).state is S.READY
    assert pump.job(job.id).attempts == 1


def test_a_request_taken_back_stops_its_upload(pump, service, here, pool):
    here.places.keep(here.place, here.secret)
    here.file.write_bytes(b"RIFF" + bytes(3_000_000))
    (job,) = pump.submit.create(covering(here), pump.profile)
    pump.run()
    before = pump.sink.publish

    def publish(event):
        before(event)
        if getattr(event, "job", None) and event.job.progress.startswith("2"):
            pump.queue.remove(job.id)

    pump.sink.publish = publish
    pool.run()
    pump.run()
    pool.run()
    assert pump.job(job.id).state is S.REMOVED
    assert service.posts == []
    assert here.preferences.get("sources.lying", []) == []


def test_after_a_crash_what_nobody_needs_is_deleted_and_the_rest_when_its_job_ends(pump, service, here, pool):
    here.places.keep(here.place, here.secret)
    left = here.places.public_url(here.file, "a job that is gone")
    here.file.write_bytes(tone(0.7))
    service.hold_polls = 1
    (job,) = pump.submit.create(covering(here), pump.profile)
    pump.run()
    pool.run()
    pump.run(until=lambda: pump.job(job.id).state in (S.ACCEPTED, S.MAKING))
    again = SourceFiles(here.places, pump.records, pool, pump.wake, lambda: pump.now)
    again.recover()
    pool.run()
    assert httpx.get(left).status_code in (403, 404)
    assert here.places.owners() == {job.id}
    pump.run()
    assert pump.job(job.id).state is S.READY
    again.settle()
    pool.run()
    assert here.places.owners() == frozenset()


def test_this_computers_engine_reads_the_file_itself(pump, here, pool):
    (job,) = pump.submit.create(covering(here), LOCAL_PROFILE)
    assert pump.gate.sources.address(job, LOCAL_PROFILE) == file_url(here.file)
    assert pool.work == []


def test_an_upload_that_ends_in_a_failing_library_does_not_stop_the_next_one() -> None:
    gone_up = []

    class Library:
        def job(self, *_asked):
            raise StoreError("The library is locked.")

    keeper = SimpleNamespace(public_url=lambda file, *_more: gone_up.append(file.name) or "https://elsewhere.example/x")
    files = SourceFiles(keeper, Library(), lambda work: work(), lambda: None, lambda: 0.0)
    for name in ("one", "two"):
        request = Request(Operation.UPLOAD, url=f"file:///{name}.wav")
        assert files.address(Job(name, request, CLOUD), Profile(CLOUD, "Cloud", "https://api.musicapi.ai")) is None
    assert gone_up == ["one.wav", "two.wav"]
