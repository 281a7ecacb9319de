"""The pump against the local engine's own server: real processes, real HTTP, real time."""

from __future__ import annotations

import threading
import time

import pytest
from fakes.local_server import TOKEN, LocalServer
from fakes.pump import Keys, Pump

from musicapi_desktop.client.client import Client
from musicapi_desktop.domain.job import Charge, JobState
from musicapi_desktop.domain.profile import LOCAL_PROFILE
from musicapi_desktop.domain.request import Operation, Request, Source
from musicapi_desktop.domain.song import TakeState
from musicapi_desktop.services.accounts import Accounts, Line
from musicapi_desktop.settings.preferences import Preferences

PATIENCE = 60.0


class RealTime:
    """A pump that runs in real time, with downloads in threads, on the profile of this computer."""

    def __init__(self, folder, server):
        self.woken = threading.Event()
        self.threads = []
        self.pump = Pump(folder, connect=self.connect, spawn=self.spawn)
        self.pump.fetcher._wake = self.woken.set
        self.pump.profile = LOCAL_PROFILE
        self.clients = []
        line = Line(self.open, lambda: (server.url, TOKEN), self.pump.gate.limiter, time.monotonic, self.woken.wait)
        self.accounts = Accounts(Keys(), Preferences(folder / "p.json"), line, self.pump.sink)

    def connect(self, profile):
        return self.accounts.connect(profile)

    def open(self, url, token):
        self.clients.append(Client(url, token))
        return self.clients[-1]

    def spawn(self, work):
        self.threads.append(threading.Thread(target=work))
        self.threads[-1].start()

    def until(self, job, states=(JobState.READY,)):
        end = time.monotonic() + PATIENCE
        while self.pump.job(job.id).state not in states:
            assert time.monotonic() < end, self.pump.job(job.id)
            self.woken.clear()
            due = self.pump.runner.step(time.monotonic())
            self.woken.wait(0.5 if due is None else max(0.0, min(0.5, due - time.monotonic())))
        return self.pump.job(job.id)

    def close(self):
        self.pump.runner.stop()
        for thread in self.threads:
            thread.join()
        for client in self.clients:
            client.close()
        self.pump.close()


@pytest.fixture
def server(tmp_path):
    with LocalServer(tmp_path / "engine") as running:
        yield running


@pytest.fixture
def world(tmp_path, server):
    made = RealTime(tmp_path, server)
    yield made
    made.close()


def test_song_stems_and_wav_from_this_computer(world):
    pump = world.pump
    (job,) = pump.make(pump.described("a quiet tune", duration=10.0))
    assert world.until(job).charge is Charge.NONE
    song = pump.song(job)
    assert [take.state for take in song.takes] == [TakeState.READY, TakeState.READY]
    assert all(take.facts.seconds > 1.0 for take in song.takes)
    source = Source(song.id, song.takes[0].id, song.takes[0].clip_id, song.title)
    (split,) = pump.submit.create(Request(operation=Operation.STEMS_FULL, source=source), LOCAL_PROFILE)
    (wav,) = pump.submit.create(Request(operation=Operation.WAV, source=source), LOCAL_PROFILE)
    world.until(split)
    world.until(wav)
    take = pump.song(job).takes[0]
    assert len(take.stems) == 12
    assert len({stem.name for stem in take.stems}) == 12
    assert all(pump.library.path(stem.path).is_file() for stem in take.stems)
    assert pump.library.path(take.wav_path).read_bytes()[:4] == b"RIFF"
    assert pump.library.songs("has:stems has:wav") == [song.id]


def test_three_songs_in_a_batch(world):
    (job,) = world.pump.make(world.pump.described("a quiet tune", duration=10.0, songs=3))
    assert world.until(job).tasks[2].done
    assert world.pump.library.count() == 3
