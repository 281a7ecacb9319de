"""kill -9 at every moment: nothing is lost, nothing is sent twice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fakes.pump import Pump
from fakes.service import fake_service

from musicapi_desktop.domain.job import Charge, JobState
from musicapi_desktop.domain.song import TakeState

S = JobState
TESTS = Path(__file__).parents[2]


def start(folder, url, moment):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)])}
    return subprocess.Popen(
        [sys.executable, "-m", "fakes.pump_process", str(folder), url, moment],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def kill(process):
    process.kill()
    process.wait()
    process.stdout.close()


def after(folder, url):
    pump = Pump(folder, url)
    assert pump.database.sound()
    pump.runner.recover()
    pump.run()
    (job,) = pump.queue.jobs()
    song = pump.song(job)
    pump.close()
    return job, song


@pytest.fixture
def service():
    with fake_service() as running:
        running.hold_polls = 1
        yield running


@pytest.mark.parametrize(
    "moment",
    [
        "waiting",
        "accepted",
        "making",
        "downloading",
        "in the middle of a file",
        "a file is whole and not in place",
        "a take landed",
        "ready",
    ],
)
def test_killed_at(tmp_path, service, moment):
    process = start(tmp_path, service.base_url, moment)
    assert process.stdout.readline() == "here\n"
    kill(process)
    assert len(service.posts) == (0 if moment == "waiting" else 1)
    job, song = after(tmp_path, service.base_url)
    assert job.state is S.READY
    assert [take.state for take in song.takes] == [TakeState.READY, TakeState.READY]
    assert all((tmp_path / "Music" / take.path).is_file() for take in song.takes)
    assert not list((tmp_path / "Music").rglob("*.part*"))
    assert len(service.posts) == 1


def test_killed_between_the_claim_and_the_request(tmp_path, service):
    process = start(tmp_path, service.base_url, "sending")
    assert process.stdout.readline() == "here\n"
    kill(process)
    job, song = after(tmp_path, service.base_url)
    assert (job.state, job.charge) == (S.PERHAPS_SENT, Charge.UNKNOWN)
    assert (job.balance_before, job.balance_after) == (1000, 1000)
    assert song is not None
    assert service.posts == []


def test_killed_while_the_service_is_answering(tmp_path, service):
    process = None

    def kill_the_asker(handler, _body):
        kill(process)
        return handler.hang_up()

    service.on("POST", "/api/v1/sonic/create", kill_the_asker)
    process = start(tmp_path, service.base_url, "never")
    process.wait()
    job, _song = after(tmp_path, service.base_url)
    assert job.state is S.PERHAPS_SENT
    assert len(service.posts) == 1
