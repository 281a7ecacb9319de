"""The local engine's own server really sends webhooks, and the app really takes them in: no question is asked."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest
from fakes.local_server import TOKEN, LocalServer
from fakes.pump import CLOUD, Keys, Pump

from musicapi_desktop.bridge.webhook_listener import WebhookListener
from musicapi_desktop.client.client import Client
from musicapi_desktop.client.webhook_probe import deliver
from musicapi_desktop.domain.job import JobState
from musicapi_desktop.services.webhooks import Ears, Webhooks
from musicapi_desktop.settings.preferences import Preferences

PATIENCE = 60.0


class Secrets(Keys):
    secret = Keys.get
    set_secret = Keys.set
    where_secret = Keys.where


class CountingClient(Client):
    """Counts its questions after tasks and batches."""

    asked = 0

    def task(self, *which):
        self.asked += 1
        return super().task(*which)

    def batch_status(self, *which):
        self.asked += 1
        return super().batch_status(*which)


class World:
    """A queue in real time on a profile of a server that is asked by address, and a port for webhooks."""

    def __init__(self, folder, server):
        self.woken = threading.Event()
        self.threads = []
        self.client = CountingClient(server.url, TOKEN)
        self.webhooks = Webhooks(
            Preferences(folder / "preferences.json"), Secrets(), Ears(time.monotonic), time.time, deliver
        )
        self.listener = WebhookListener(self.webhooks.receive)
        self.listener.start(0)
        self.pump = Pump(
            folder / "app", server.url, connect=lambda _p: self.client, spawn=self.spawn,
            around=lambda _made: {"hooks": self.webhooks},
        )  # fmt: skip
        self.pump.profile = replace(self.pump.profile, interval=0.0)
        self.pump.fetcher._wake = self.woken.set
        self.webhooks.hand = self.take
        self.taken = []

    def take(self, profile_id, event):
        self.taken.append(event.kind)
        self.pump.runner.heard(profile_id, event)
        self.woken.set()

    def spawn(self, work):
        self.threads.append(threading.Thread(target=work))
        self.threads[-1].start()

    def until(self, *jobs):
        end = time.monotonic() + PATIENCE
        while any(self.pump.job(job.id).state is not JobState.READY for job in jobs):
            assert time.monotonic() < end, [self.pump.job(job.id) for job in jobs]
            self.woken.clear()
            due = self.pump.runner.step(time.monotonic())
            self.woken.wait(0.5 if due is None else max(0.0, min(0.5, due - time.monotonic())))

    def close(self):
        self.listener.stop()
        self.pump.runner.stop()
        for thread in self.threads:
            thread.join()
        self.client.close()
        self.pump.close()


@pytest.mark.parametrize("dialect", ["webhook-sha256", "webhook-plain"])
def test_songs_come_by_webhook_alone_once_it_is_heard(tmp_path, dialect):
    with LocalServer(tmp_path / "engine", "--dialect", dialect) as server:
        world = World(tmp_path, server)
        try:
            world.webhooks.turn_on(CLOUD, f"http://127.0.0.1:{world.listener.port}/in", "a-secret-of-the-profile")
            world.webhooks.test(CLOUD)
            jobs = [
                *world.pump.make(world.pump.described("a quiet tune", duration=10.0)),
                *world.pump.make(world.pump.described("two more", duration=10.0, songs=2)),
            ]
            world.until(*jobs)
            songs = [world.pump.song(job, task.index) for job in jobs for task in job.tasks]
            assert [len([take for take in song.takes if take.path]) for song in songs] == [2, 2, 2]
            assert world.client.asked == 0
            assert world.taken.count("song.completed") == 3
        finally:
            world.close()
