"""Between the accepted task and the file: odd answers, lost lines, full disks, people who change their mind."""

from __future__ import annotations

import errno
import os
import threading

import pytest
from fakes.pump import Pump
from fakes.service import fake_service

from musicapi_desktop.domain.errors import DownloadError
from musicapi_desktop.domain.job import Blame, Charge, JobState
from musicapi_desktop.domain.song import TakeState
from musicapi_desktop.services.pacing import POLL_CLOUD

S = JobState
TASK = "/api/v1/sonic/task"


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
    left = list(script)
    return lambda *_: left.pop(0) if left else None


@pytest.mark.parametrize(
    "odd",
    [
        (200, b"<html>maintenance</html>"),
        (200, []),
        (202, {"code": 202, "type": "not_ready", "error": "wait"}),
        (200, {"type": "not_ready", "error": "wait"}),
        (500, {"type": "server_error", "error": "x"}),
        (503, b"busy"),
        (429, {"type": "rate_limit"}),
        (404, {"type": "not_found", "error": "task not found"}),
        (400, {"type": "validation_error", "error": "task not found"}),
        (200, {"code": 200, "data": [{"clip_id": "x", "state": "dancing"}]}),
        (200, {"code": "200", "data": None}),
    ],
)
def test_an_odd_answer_to_a_poll_is_asked_again(pump, service, odd):
    service.on("GET", TASK, answers(odd, odd))
    (job,) = pump.make()
    pump.run()
    assert pump.job(job.id).state is S.READY
    assert len(pump.song(job).takes) in (2, 3)
    assert len(service.posts) == 1


def test_a_task_that_stays_unknown_fails(pump, service):
    service.on("GET", TASK, lambda *_: (404, {"type": "not_found", "error": "task not found"}))
    (job,) = pump.make()
    began = pump.now
    pump.run()
    job = pump.job(job.id)
    assert (job.state, job.failure.blame, job.charge) == (S.FAILED, Blame.THEIRS, Charge.CHARGED)
    assert pump.now - began >= 60.0


def test_a_task_that_never_ends_is_asked_less_and_less_until_the_person_stops(pump, service):
    service.clip_of = lambda *_: {"state": "running"}
    (job,) = pump.make()
    pump.run(steps=3000, seconds=2 * 3600.0)
    assert pump.job(job.id).state is S.MAKING
    assert 60 < len(service.polls) < 2 * 3600 / POLL_CLOUD * 0.6
    pump.queue.stop_waiting(job.id)
    assert pump.job(job.id).state is S.ABANDONED
    assert pump.song(job) is None


def test_an_abandoned_job_is_picked_up_where_it_was_finished_after_all(pump, service):
    service.clip_of = lambda _task, _number, polls: {"state": "running"} if polls < 4 else {}
    (job,) = pump.make()
    pump.run(until=lambda: pump.job(job.id).state is S.MAKING)
    pump.queue.stop_waiting(job.id)
    pump.run()
    assert pump.job(job.id).state is S.READY
    assert [take.state for take in pump.song(job).takes] == [TakeState.READY] * 2
    assert len(service.posts) == 1


def test_an_abandoned_job_that_fails_is_asked_after_no_more(pump, service):
    service.clip_of = lambda _task, _number, polls: {"state": "running" if polls < 3 else "failed"}
    (job,) = pump.make()
    pump.run(until=lambda: pump.job(job.id).state is S.MAKING)
    pump.queue.stop_waiting(job.id)
    pump.run(seconds=48 * 3600.0)
    assert pump.job(job.id).state is S.ABANDONED
    assert len(service.polls) < 6


def test_offline_while_waiting_goes_on_by_itself(tmp_path, service):
    pump = Pump(tmp_path, service.base_url)
    service.hold_polls = 1
    (job,) = pump.make()
    pump.run(until=lambda: pump.job(job.id).state is S.MAKING)
    pump.client.close()
    pump.run(seconds=300.0)
    assert pump.job(job.id).state is S.MAKING
    assert pump.queue.reason
    pump.client = None
    pump.run()
    assert pump.job(job.id).state is S.READY
    assert pump.queue.reason == ""
    pump.close()


def test_a_file_that_never_comes_fails_ours_and_the_other_take_stays(pump, service):
    service.on("GET", "/files/task-1-1", lambda handler, _body: handler.hang_up())
    (job,) = pump.make()
    pump.run()
    failed = pump.job(job.id)
    assert (failed.state, failed.failure.blame, failed.charge) == (S.FAILED, Blame.OURS, Charge.CHARGED)
    assert [take.state for take in pump.song(job).takes] == [TakeState.READY, TakeState.EXPECTED]
    service.usual("GET", "/files/task-1-1")
    pump.queue.try_failed_again()
    pump.run()
    assert pump.job(job.id).state is S.READY
    assert [take.state for take in pump.song(job).takes] == [TakeState.READY, TakeState.READY]
    assert len(service.posts) == 1
    assert len([path for path, _range in service.fetched if path == "/files/task-1-0.mp3"]) == 1


def test_a_full_disk_fails_ours_and_try_again_goes_on(pump, service, monkeypatch):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    (job,) = pump.make()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        pump.run()
    failed = pump.job(job.id)
    assert (failed.state, failed.failure.blame) == (S.FAILED, Blame.OURS)
    assert failed.failure.message == "The disk is full."
    assert failed.charge is Charge.CHARGED
    pump.queue.try_again(job.id)
    pump.run()
    assert pump.job(job.id).state is S.READY
    assert len(service.posts) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_music_folder_fails_ours(pump, service):
    pump.folders.music.mkdir()
    pump.folders.music.chmod(0o500)
    (job,) = pump.make()
    pump.run()
    pump.folders.music.chmod(0o700)
    assert pump.job(job.id).failure.message == "The music folder cannot be written."


def test_a_music_folder_that_is_a_file_fails_ours(pump, service):
    pump.folders.music.write_text("in the way")
    (job,) = pump.make()
    pump.run()
    failed = pump.job(job.id)
    assert (failed.state, failed.failure.blame) == (S.FAILED, Blame.OURS)
    pump.folders.music.unlink()
    pump.queue.try_again(job.id)
    pump.run()
    assert pump.job(job.id).state is S.READY


def test_a_slow_file_delays_no_poll(tmp_path, service):
    gate = threading.Event()

    def slow(handler, _body):
        if "task-1-" in handler.path:
            gate.wait(20.0)

    service.on("GET", "/files/", slow)
    threads = []

    def spawn(work):
        threads.append(threading.Thread(target=work))
        threads[-1].start()

    pump = Pump(tmp_path, service.base_url, spawn=spawn)
    landed = threading.Condition()

    def wake():
        with landed:
            landed.notify_all()

    pump.fetcher._wake = wake
    slow_job, quick_job = pump.make()[0], pump.make()[0]
    with landed:
        while pump.job(quick_job.id).state is not S.READY:
            due = pump.runner.step(pump.now)
            if due is None or due > pump.now:
                pump.now = max(pump.now, min(due or pump.now, pump.now + 1.0))
                landed.wait(0.05)
    assert pump.job(slow_job.id).state is S.DOWNLOADING
    assert pump.job(slow_job.id).progress == "A, B"
    gate.set()
    for thread in threads:
        thread.join()
    pump.run()
    assert pump.job(slow_job.id).state is S.READY
    pump.close()


def test_stopping_keeps_the_part_that_came(tmp_path, service):
    pump = Pump(tmp_path, service.base_url)
    work = []
    pump.fetcher._spawn = work.append
    (job,) = pump.make()
    pump.run(until=lambda: len(work) == 2)
    pump.runner.stop()
    for each in work:
        each()
    pump.run(steps=20, seconds=1.0)
    assert pump.job(job.id).state is S.DOWNLOADING
    pump.close()
    again = Pump(tmp_path, service.base_url)
    again.runner.recover()
    again.run()
    assert again.job(job.id).state is S.READY
    assert len(service.posts) == 1
    again.close()


def test_a_clock_that_jumps_changes_nothing(pump, service):
    service.hold_polls = 3
    (job,) = pump.make()
    jumps = iter([-86400.0, 10 * 86400.0, -3600.0] * 200)

    def clock():
        return pump.start + pump.now + next(jumps)

    object.__setattr__(pump.records, "clock", clock)
    began = pump.now
    pump.run()
    assert pump.job(job.id).state is S.READY
    assert pump.now - began < 120.0


def test_a_missing_file_keeps_its_row_and_can_be_fetched_again(pump, service):
    (job,) = pump.make()
    pump.run()
    song = pump.song(job)
    pump.library.path(song.takes[0].path).unlink()
    assert pump.library.check_files() == [song.id]
    assert [take.state for take in pump.song(job).takes] == [TakeState.MISSING, TakeState.READY]
    assert pump.library.songs("is:missing") == [song.id]
    again = pump.library.fetch_again(song.id, song.takes[0].id)
    assert again.takes[0].state is TakeState.READY
    assert pump.library.path(again.takes[0].path).is_file()
    service.on("GET", "/files/", lambda *_: (404, b""))
    with pytest.raises(DownloadError):
        pump.library.fetch_again(song.id, song.takes[1].id)
    assert pump.song(job).takes[1].state is TakeState.READY


def test_a_song_thrown_away_while_it_is_made_still_lands(pump, service):
    service.hold_polls = 2
    (job,) = pump.make()
    song_id = job.tasks[0].song_id
    pump.run(until=lambda: pump.job(job.id).state is S.MAKING)
    pump.library.trash([song_id])
    pump.library.delete_for_good([song_id])
    pump.run()
    assert pump.job(job.id).state is S.READY
    assert pump.library.trashed() == [song_id]
    pump.library.restore([song_id])
    assert pump.library.songs() == [song_id]
