import threading
import time

import numpy as np
import pytest

from musicapi_desktop.audio.outputs import DeviceLost, Latency, NullOutput
from musicapi_desktop.audio.player import Player
from musicapi_desktop.audio.sources import RATE, Source
from musicapi_desktop.audio.track import BLOCK, Track
from musicapi_desktop.bridge.audio_feeder import AudioFeeder, AudioWorkers
from musicapi_desktop.domain.errors import SoundError


class Device(NullOutput):
    """A device that keeps what it was given, can be rewound, and breaks when told to."""

    name = "device"
    silent = False

    def __init__(self):
        super().__init__(RATE, 0.1)
        self.kept = []
        self.broken = threading.Event()
        self.rested = threading.Event()
        self.closed = False

    def write(self, block):
        if self.broken.is_set():
            raise DeviceLost("unplugged")
        self.kept.extend(block.reshape(-1, BLOCK, 2).copy())
        super().write(block)

    def rewind(self, frames):
        del self.kept[-frames // BLOCK :]
        super().rewind(frames)

    def rest(self):
        self.rested.set()

    def close(self):
        self.closed = True

    @property
    def sound(self):
        return np.concatenate(self.kept)


class Shop:
    """Opens devices, or has none; remembers what was asked for."""

    def __init__(self):
        self.devices = []
        self.asked = []
        self.empty = False

    def __call__(self, latency, device):
        self.asked.append((latency, device))
        if self.empty:
            raise SoundError("No sound device: playing silently.")
        self.devices.append(Device())
        return self.devices[-1]


class Told(list):
    def publish(self, event):
        self.append(event.message)


def soon(condition, seconds=5.0):
    pause, until = threading.Event(), time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        pause.wait(0.005)


@pytest.fixture
def shop():
    return Shop()


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def player():
    made = Player()
    count = (np.arange(60 * RATE, dtype=np.float32) + 1) / 2**23
    samples = np.stack([count, -count], axis=1)
    track = Track({"a": Source(samples, 32768.0, len(samples), ready=len(samples), complete=True)})
    made.load(track, track.alone())
    return made


@pytest.fixture
def feeder(player, shop, told):
    made = AudioFeeder(player, told, shop)
    yield made
    made.stop()


def test_it_feeds_in_order_and_takes_back_for_a_control(feeder, player, shop):
    feeder.start()
    player.play()
    soon(lambda: shop.devices and len(shop.devices[0].kept) > 30)
    player.seek(30 * RATE)
    soon(lambda: player.at > 30 * RATE + 20 * BLOCK)
    feeder.stop()
    heard = np.round(shop.devices[0].sound[:, 0].astype(np.float64) * 2**23)
    jump = int(np.argmax(heard > 29 * RATE))
    before = heard[:jump][heard[:jump] > 0]
    assert set(np.diff(before[: -2 * BLOCK])) == {1}
    assert set(np.diff(heard[jump + 2 * BLOCK :])) == {1}
    assert shop.devices[0].closed


def test_a_lost_device_is_replaced_by_time_and_comes_back(feeder, player, shop, told):
    feeder.start()
    player.play()
    soon(lambda: shop.devices and player.at > 10 * BLOCK)
    shop.empty = True
    shop.devices[0].broken.set()
    soon(lambda: player.silent)
    assert shop.devices[0].closed
    at = player.at
    soon(lambda: player.at > at + 20 * BLOCK)  # the clock goes on
    assert told == ["No sound device: playing silently."]
    shop.empty = False
    soon(lambda: not player.silent)
    assert told[-1] == "Sound is back."


def test_a_device_that_another_replaces_is_not_worth_a_word(feeder, player, shop, told):
    feeder.start()
    player.play()
    soon(lambda: shop.devices and player.at > 5 * BLOCK)
    shop.devices[0].broken.set()
    soon(lambda: len(shop.devices) == 2 and shop.devices[1].kept)
    assert told == []


def test_the_device_sleeps_after_a_while_and_wakes(feeder, player, shop):
    feeder.start()
    soon(lambda: shop.devices and shop.devices[0].rested.is_set(), 8)
    count = len(shop.devices[0].kept)
    player.play()
    soon(lambda: len(shop.devices[0].kept) > count + 5)


def test_another_latency_opens_anew(feeder, player, shop):
    feeder.start()
    soon(lambda: shop.devices)
    feeder.choose(Latency.SAFE, "speakers")
    soon(lambda: len(shop.devices) == 2)
    assert shop.asked[-1] == (Latency.SAFE, "speakers")
    assert shop.devices[0].closed


def test_a_queue_that_runs_empty_is_made_deeper_once_said(feeder, player, shop, told, monkeypatch):
    monkeypatch.setattr("musicapi_desktop.bridge.audio_feeder._SETTLE_SECONDS", 0.0)
    feeder.start()
    player.play()
    soon(lambda: shop.devices and player.at > 5 * BLOCK)
    shop.devices[0].underruns = 1
    soon(lambda: len(shop.devices) == 2 and shop.devices[1].kept)
    assert shop.asked == [(Latency.NORMAL, ""), (Latency.SAFE, "")]
    shop.devices[1].underruns = 1
    at = player.at
    soon(lambda: player.at > at + 5 * BLOCK)
    assert len(shop.devices) == 2  # there is nothing deeper
    assert len(told) == 1
    assert "skipped" in told[0]


def test_what_was_queued_is_heard_from_the_next_device(feeder, player, shop):
    feeder.start()
    player.play()
    soon(lambda: shop.devices and player.at > 40 * BLOCK)
    feeder.choose(Latency.SAFE)
    soon(lambda: len(shop.devices) == 2 and len(shop.devices[1].kept) > 3)
    first, second = shop.devices[0].sound, shop.devices[1].sound
    frames = np.round(second[second[:, 0] > 0][:1, 0].astype(np.float64) * 2**23)
    last = np.round(first[-1:, 0].astype(np.float64) * 2**23)
    assert 0 <= last[0] - frames[0] + 1 <= 0.11 * RATE


def test_stopping_twice_or_before_the_start_is_harmless(player, shop, told):
    feeder = AudioFeeder(player, told, shop)
    feeder.stop()
    other = AudioFeeder(player, told, shop)
    other.start()
    other.stop()
    other.stop()


def test_a_mistake_of_ours_is_told_once(feeder, player, shop, told, caplog):
    def broken():
        raise ZeroDivisionError

    player.render = broken
    feeder.start()
    soon(lambda: told)
    assert "mistake" in told[0]
    assert "the sound thread ended" in caplog.text


def test_workers_share_work_and_keep_its_order():
    workers = AudioWorkers()
    assert workers.together([lambda n=n: n * n for n in range(7)]) == [n * n for n in range(7)]
    assert workers.together([]) == []
    done = threading.Event()
    workers.spawn(done.set)
    assert done.wait(5)
    workers.stop()
    workers.spawn(done.clear)
    assert done.is_set()
    assert workers.together([lambda: 1, lambda: 2]) == [1, 2]


def test_background_failures_are_logged(caplog):
    workers = AudioWorkers()
    workers.spawn(lambda: 1 / 0)
    workers.stop()
    assert "decoding failed" in caplog.text
