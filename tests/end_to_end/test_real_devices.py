"""Devices of a real sound server: listed, chosen, taken away and brought back, at other rates."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from fakes import null_sink
from fakes.null_sink import RATE, NullSink, wait_for

from musicapi_desktop.audio import outputs
from musicapi_desktop.audio.outputs import Latency
from musicapi_desktop.audio.player import Player
from musicapi_desktop.audio.sources import Source
from musicapi_desktop.audio.track import Track
from musicapi_desktop.bridge.audio_feeder import AudioFeeder

pytestmark = pytest.mark.skipif(bool(null_sink.missing()), reason=null_sink.missing())


class Told(list):
    def publish(self, event):
        self.append(event.message)


@pytest.fixture
def sink():
    made = NullSink()
    made.install()
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.001)
    try:
        made.start()
        yield made
    finally:
        sys.setswitchinterval(before)
        made.close()


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def player():
    made = Player()
    wave = 0.25 * np.sin(2 * np.pi * 480 * np.arange(60 * RATE) / RATE)
    samples = np.stack([wave, wave], axis=1).astype(np.float32)
    track = Track({"a": Source(samples, 32768.0, len(samples), ready=len(samples), complete=True)})
    made.load(track, track.alone())
    made.play()
    return made


@pytest.fixture
def feeder(sink, player, told):
    made = AudioFeeder(player, told)
    made.start()
    wait_for(lambda: made.device == "pulse")
    yield made
    made.stop()


def test_devices_are_listed_with_names_for_people(sink):
    sink.load("second")
    assert [device.id for device in outputs.devices()] == ["probe", "second"]
    assert all(device.name for device in outputs.devices())


def test_without_a_server_there_is_no_device(sink):
    sink.kill()
    assert all(device.id != "probe" for device in outputs.devices())


def test_the_system_may_move_sound_that_follows_it(sink, feeder, player, told):
    sink.load("second")
    wait_for(lambda: sink.playing_to() == ["probe"])
    sink.unload(sink.module_of("probe"))
    wait_for(lambda: sink.playing_to() == ["second"])
    at = player.at
    wait_for(lambda: player.at > at + RATE // 2)
    assert not player.silent
    assert told == []


def test_a_chosen_device_that_goes_is_waited_for(sink, feeder, player, told):
    module = sink.load("second")
    feeder.choose(Latency.NORMAL, "second")
    wait_for(lambda: sink.playing_to() == ["second"])
    assert feeder.device_id == "second"
    sink.unload(module)
    wait_for(lambda: player.silent)
    at = player.at
    wait_for(lambda: player.at > at + RATE // 2)  # the clock goes on
    assert told == ["The chosen sound device is not there: playing silently."]
    sink.load("second")
    wait_for(lambda: not player.silent, 6)
    assert sink.playing_to() == ["second"]
    assert told[-1] == "Sound is back."


def test_following_the_system_again_leaves_the_chosen_one(sink, feeder):
    sink.load("second")
    feeder.choose(Latency.LOW, "second")
    wait_for(lambda: sink.playing_to() == ["second"])
    feeder.choose(Latency.LOW, "")
    wait_for(lambda: sink.playing_to() == ["probe"])


@pytest.mark.parametrize("rate", [44_100, 96_000])
def test_a_device_of_another_rate_keeps_pitch_and_time(sink, feeder, player, rate):
    sink.load("other", rate)
    feeder.choose(Latency.NORMAL, "other")
    wait_for(lambda: sink.playing_to() == ["other"])
    sink.record("other")
    first = sink.recorded
    wait_for(lambda: sink.recorded > first + RATE)
    part = sink.samples(first)[:RATE, 0]
    loudest = np.argmax(np.abs(np.fft.rfft(part * np.hanning(len(part))))) * RATE / len(part)
    assert loudest == pytest.approx(480, abs=2)
    assert np.abs(part).max() == pytest.approx(0.25, abs=0.02)
