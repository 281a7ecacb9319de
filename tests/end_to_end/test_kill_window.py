"""kill -9 of the app and of its engine while a song is made: picked up afterwards, never sent twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from fakes.service import fake_service
from fakes.window import BAND, opened

from musicapi_desktop.domain.job import JobState
from musicapi_desktop.domain.song import TakeState
from musicapi_desktop.services import pacing
from musicapi_desktop.store.database import Database
from musicapi_desktop.store.jobs import JobStore

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

TESTS = Path(__file__).parents[1]
ENDED = "The local engine ended by itself. It starts again with the next song."


def start(data, server, words):
    """The app in a process of its own; returns it and its engine's process id once the song is being made."""
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)]),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "fakes.app_process", str(data), server, words],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    said = process.stdout.readline().split()
    assert said[:1] == ["making"], said
    return process, int(said[1])


def kill(process):
    process.kill()
    process.wait()
    process.stdout.close()


def sent(data):
    """The task of the one job, as it stands on the disk."""
    database = Database(data / "data" / "library.db")
    (job,) = JobStore(database).shown()
    assert database.sound()
    database.close()
    return job.tasks[0].task_id


def is_whole(visit, task_id):
    """The song is there, by the task that was sent before."""
    job = visit.job()
    assert (job.tasks[0].task_id, job.attempts) == (task_id, 1)
    (song,) = visit.songs()
    assert [take.state for take in song.takes] == [TakeState.READY, TakeState.READY]
    assert all(visit.core.library.path(take.path).is_file() for take in song.takes)
    assert not list(visit.core.places.music.rglob("*.part*"))


def test_the_app_killed_while_its_engine_makes_a_song(qapp, tmp_path):
    data, go_on = tmp_path / "data", tmp_path / "go on"
    process, engine = start(data, "", f"wait for {go_on}")
    workers = psutil.Process(engine).children(recursive=True)
    kill(process)
    psutil.wait_procs([psutil.Process(engine)] if psutil.pid_exists(engine) else [], timeout=20)
    task_id = sent(data)
    with opened(qapp, data, maker=BAND) as visit:
        visit.until("the song to be asked after", lambda: visit.job().state is JobState.MAKING)
        go_on.touch()
        visit.ended()
        is_whole(visit, task_id)
    assert psutil.wait_procs(workers, timeout=20)[1] == []
    assert not psutil.pid_exists(engine)


def test_the_app_killed_while_the_service_makes_a_song(qapp, tmp_path, monkeypatch):
    monkeypatch.setattr(pacing, "POLL_CLOUD", 0.2)
    data = tmp_path / "data"
    with fake_service() as service:
        service.hold_polls = 1_000_000
        process, _engine = start(data, service.base_url, "a quiet song")
        kill(process)
        task_id = sent(data)
        assert task_id
        with opened(qapp, data, server=service.base_url) as visit:
            visit.until("the song to be asked after", lambda: len(service.polls) > 2)
            service.hold_polls = 0
            visit.ended()
            is_whole(visit, task_id)
        assert len(service.posts) == 1


def test_the_engine_killed_while_it_makes_a_song(qapp, tmp_path):
    go_on = tmp_path / "go on"
    with opened(qapp, tmp_path / "data", maker=BAND) as visit:
        visit.describe(f"wait for {go_on}")
        visit.press_create()
        visit.ended(1, JobState.MAKING)
        task_id, first = visit.job().tasks[0].task_id, visit.core.engine.pid
        os.kill(first, signal.SIGKILL)
        visit.says(ENDED)
        visit.until("another engine", lambda: visit.core.engine.pid not in (None, first))
        go_on.touch()
        visit.ended()
        is_whole(visit, task_id)


def test_an_engine_that_ended_starts_again_with_the_next_song(qapp, tmp_path):
    with opened(qapp, tmp_path / "data", maker=BAND) as visit:
        visit.until("the engine", lambda: visit.core.engine.pid is not None)
        visit.until("its answer", lambda: visit.presenters.profiles.state.engine == "ready")
        os.kill(visit.core.engine.pid, signal.SIGTERM)
        visit.says(ENDED)
        visit.describe()
        visit.press_create()
        visit.ended()
        assert len(visit.songs()) == 1


@pytest.mark.parametrize("jump", [-400 * 86_400.0, 4000 * 86_400.0], ids=["back", "ahead"])
def test_the_clock_jumps_while_songs_wait_and_are_made(qapp, tmp_path, monkeypatch, jump):
    real, shift = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: real() + shift[0])
    monkeypatch.setattr(pacing, "POLL_CLOUD", 0.2)
    with fake_service() as service:
        service.hold_polls = 1_000_000
        with opened(qapp, tmp_path / "data", server=service.base_url) as visit:
            visit.describe("the one that is made")
            visit.press_create()
            visit.ended(1, JobState.MAKING)
            answers = [(429, {"type": "rate_limit"})]
            service.on("POST", "/api/v1/sonic/create", lambda *_: answers.pop() if answers else None)
            visit.describe("the one that waits")
            visit.press_create()
            visit.until("the slower pace", lambda: not answers)
            shift[0] = jump
            visit.until("the other one to go out", lambda: len(service.posts) == 3)
            lines = " ".join(visit.queue_lines())
            assert ":-" not in lines
            assert ", -" not in lines
            service.hold_polls = 0
            visit.ended(2)
            assert len(visit.songs()) == 2
            assert len(service.posts) == 3
