"""Real playback: the player through the system's sound server into a null sink, recorded and compared to the sample."""

from __future__ import annotations

import sys
import threading
import time

import numpy as np
import pytest
from fakes import null_sink
from fakes.null_sink import RATE, NullSink, wait_for

from musicapi_desktop.audio.mixdown import Order, inputs_of, mix_down
from musicapi_desktop.audio.outputs import Latency
from musicapi_desktop.audio.player import Player
from musicapi_desktop.audio.sources import Source
from musicapi_desktop.audio.track import Track
from musicapi_desktop.bridge.audio_feeder import AudioFeeder, AudioWorkers
from musicapi_desktop.domain.events import Notice
from musicapi_desktop.domain.mix import MixState, Strip
from musicapi_desktop.domain.song import Song, Stem, Take, TakeState
from musicapi_desktop.dsp.files import read_all
from musicapi_desktop.dsp.writer import Encoding, write_pcm16
from musicapi_desktop.services.playback import Playback

pytestmark = pytest.mark.skipif(bool(null_sink.missing()), reason=null_sink.missing())

SCALE = 2**23


class Heard(list):
    """An EventSink."""

    def publish(self, event):
        self.append(event)

    @property
    def words(self):
        return [event.message for event in self if isinstance(event, Notice)]


@pytest.fixture(autouse=True)
def quick_switches():
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.001)  # as the application does
    yield
    sys.setswitchinterval(before)


@pytest.fixture
def sink():
    made = NullSink()
    made.install()
    try:
        made.start()
        made.record()
        yield made
    finally:
        made.close()


@pytest.fixture
def events():
    return Heard()


@pytest.fixture
def player():
    return Player()


@pytest.fixture
def feeder(sink, player, events):
    made = AudioFeeder(player, events)
    made.start()
    wait_for(lambda: made.device == "pulse")
    settle(sink, 0.4)  # the sink drops what comes before it runs
    yield made
    made.stop()


def settle(sink, seconds):
    """Wait until that much more was recorded."""
    until = sink.recorded + int(seconds * RATE)
    wait_for(lambda: sink.recorded >= until, seconds + 5)


def counter(seconds, sign=1):
    count = sign * (np.arange(int(seconds * RATE), dtype=np.float32) + 1) / SCALE
    samples = np.stack([count, -count], axis=1)
    return Source(samples, 32768.0, len(samples), ready=len(samples), complete=True)


def numbers(samples):
    found = np.round(samples[:, 0].astype(np.float64) * SCALE).astype(np.int64)
    assert np.array_equal(samples[:, 0].astype(np.float64) * SCALE, found), "not one of ours, or not exact"
    return found


def whole(samples):
    """The numbers of a stretch where nothing fades."""
    found = numbers(samples)
    assert np.array_equal(samples[:, 1], -samples[:, 0])
    return found


def first(mask, after):
    found = np.flatnonzero(mask[after:])
    assert len(found), "never heard"
    return found[0] / RATE * 1000


def test_every_sample_arrives_once_in_order(sink, player, feeder):
    track = Track({"a": counter(30)})
    player.load(track, track.alone())
    player.play()
    settle(sink, 1.0)
    start = sink.recorded
    settle(sink, 5.0)
    heard = whole(sink.samples(start))
    assert heard[0] > 0
    assert set(np.diff(heard)) == {1}


def test_every_sample_arrives_beside_a_busy_thread(sink, player, feeder):
    busy = threading.Event()

    def spin():
        while not busy.is_set():
            sum(range(200))

    thread = threading.Thread(target=spin)
    thread.start()
    try:
        track = Track({"a": counter(30)})
        player.load(track, track.alone())
        player.play()
        settle(sink, 1.0)
        start = sink.recorded
        settle(sink, 4.0)
    finally:
        busy.set()
        thread.join()
    assert set(np.diff(whole(sink.samples(start)))) == {1}


def test_controls_are_heard_at_once_behind_the_deep_queue(sink, player, feeder):
    one, two = Track({"a": counter(120)}), Track({"a": counter(120, -1)})
    player.load(one, one.alone())
    player.play()
    settle(sink, 1.5)
    marks = {}

    def at(name, control):
        marks[name] = sink.recorded
        control()
        settle(sink, 0.5)

    at("seek", lambda: player.seek(60 * RATE))
    at("mute", lambda: player.set_mix(one.compile(MixState({"a": Strip(mute=True)}))))
    at("unmute", lambda: player.set_mix(one.alone()))
    at("take", lambda: player.switch(two, two.alone()))
    at("pause", player.pause)
    heard = sink.samples()[:, 0] * SCALE
    reached = {
        "seek": first((heard > 59.9 * RATE) & (heard < 65 * RATE), marks["seek"]),
        "mute": first(heard == 0, marks["mute"]),
        "unmute": first(heard > 30 * RATE, marks["unmute"]),
        "take": first(heard < -30 * RATE, marks["take"]),
        "pause": first(heard == 0, marks["pause"]),
    }
    # The bars are 40 ms for a seek and 120 ms for the rest (bench audition); a loaded machine gets some slack here.
    assert reached["seek"] < 60, reached
    assert max(reached.values()) < 120, reached
    steps = np.abs(np.diff(sink.samples(marks["seek"])[:, 0] * SCALE))
    assert steps.max() < 62 * RATE * (np.pi / 2) / 384 * 1.5, "a step that no fade makes"


def test_a_loop_is_exact_for_ever(sink, player, feeder):
    track = Track({"a": counter(60)})
    start, end = 10 * RATE, 10 * RATE + 24_123
    player.load(track, track.alone(), start)
    player.set_loop((start, end))
    player.play()
    settle(sink, 4.0)
    heard = np.round(sink.samples()[:, 0].astype(np.float64) * SCALE).astype(np.int64)
    begins = np.flatnonzero(heard == start + 1)
    assert len(begins) >= 5
    assert set(np.diff(begins[1:])) == {end - start}


class OneSong:
    """A song of twelve stems, written as 16-bit WAVs."""

    def __init__(self, root):
        self.root = root
        stems = []
        for number in range(12):
            rng = np.random.default_rng(number)
            samples = rng.normal(0, 0.03, (4 * RATE, 2)).astype(np.float32)
            write_pcm16(root / f"{number}.wav", samples, RATE)
            stems.append(Stem(str(number), "a", "full", f"Stem {number}", "synth", f"{number}.wav", number))
        self.take = Take("a", "song", "A", state=TakeState.READY, path="0.wav", stems=tuple(stems))
        self.now = Song("song", "Song", takes=(self.take,))

    def song(self, song_id):
        return self.now

    def path(self, relative):
        return self.root / relative


def test_what_is_played_is_what_is_exported(sink, events, tmp_path):
    songs = OneSong(tmp_path)
    state = MixState({str(n): Strip(level=-n / 2, balance=n / 12 - 0.5, mute=n == 7) for n in range(12)}, master=-2.0)
    files = [(stem.id, tmp_path / stem.path) for stem in songs.take.stems]
    mix_down(Order(inputs_of(state, files), Encoding.WAV32F), tmp_path / "mix.wav", lambda: False)
    exported, _ = read_all(tmp_path / "mix.wav")

    workers = AudioWorkers()
    playback = Playback(songs, tmp_path / "cache", workers.spawn)
    playback.volume(0.0)
    playback.mix(state)
    feeder = AudioFeeder(playback.start(), events)
    feeder.start()
    try:
        wait_for(lambda: feeder.device == "pulse")
        settle(sink, 0.4)
        playback.open_take(songs.now, songs.take)
        playback.open_stems(songs.take)
        playback.play()
        settle(sink, 3.0)
    finally:
        playback.close()
        feeder.stop()
        workers.stop()
    recorded = sink.samples()
    probe = exported[RATE : RATE + 16]
    starts = np.flatnonzero(np.abs(recorded[:, 0] - probe[0, 0]) < 2e-7)
    at = next(i for i in starts if np.abs(recorded[i : i + 16] - probe).max() < 2e-7)
    length = int(1.2 * RATE)
    assert np.abs(recorded[at : at + length] - exported[RATE : RATE + length]).max() <= 2e-7


def test_the_position_shown_is_the_one_heard(sink, player, feeder):
    track = Track({"a": counter(60)})
    player.load(track, track.alone())
    player.play()
    settle(sink, 2.0)
    differences = []
    for _ in range(20):
        settle(sink, 0.03)
        shown = player.heard(time.monotonic()).at
        differences.append(shown - numbers(sink.samples(sink.recorded - 2))[-1])
    # The recorder hands over 10 to 25 ms late, so what is shown is a little ahead of it.
    assert np.median(differences) / RATE == pytest.approx(0.015, abs=0.035)
    assert max(differences) - min(differences) < 0.06 * RATE


def test_a_killed_server_never_stops_the_clock_and_sound_comes_back(sink, player, feeder, events):
    track = Track({"a": counter(120)})
    player.load(track, track.alone())
    player.play()
    settle(sink, 1.0)
    sink.stop_recording()
    sink.kill()
    wait_for(lambda: player.silent, 3)
    assert any("No sound device" in words for words in events.words)
    start, at = time.monotonic(), player.heard(time.monotonic()).at
    wait_for(lambda: time.monotonic() > start + 1.0)
    moved = player.heard(time.monotonic()).at - at
    assert moved / RATE == pytest.approx(time.monotonic() - start, abs=0.1)
    sink.start()
    back = time.monotonic()
    wait_for(lambda: not player.silent, 4.0)
    assert time.monotonic() - back <= 4.0
    assert events.words[-1] == "Sound is back."
    sink.record()
    settle(sink, 0.5)
    assert np.abs(sink.samples(sink.recorded - RATE // 4)).max() > 0


def test_a_removed_sink_is_survived(sink, player, feeder, events):
    track = Track({"a": counter(120)})
    player.load(track, track.alone())
    player.play()
    settle(sink, 0.5)
    assert sink.control("unload-module", "module-null-sink") == 0
    wait_for(lambda: player.silent, 3)
    at = player.at
    wait_for(lambda: player.at > at + RATE // 4, 2)


def test_no_device_at_all_is_told_once_and_time_passes(player, events, monkeypatch, tmp_path):
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nowhere")
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    feeder = AudioFeeder(player, events)
    track = Track({"a": counter(60)})
    player.load(track, track.alone())
    player.play()
    feeder.start()
    try:
        wait_for(lambda: player.at > RATE // 2)
        start, at = time.monotonic(), player.at
        wait_for(lambda: time.monotonic() > start + 2.5)
        rate = (player.at - at) / RATE / (time.monotonic() - start)
    finally:
        feeder.stop()
    assert rate == pytest.approx(1.0, abs=0.05)
    assert player.silent
    assert events.words == ["No sound device: playing silently."]


def test_a_long_pause_and_another_latency(sink, player, feeder):
    track = Track({"a": counter(120)})
    player.load(track, track.alone())
    player.play()
    settle(sink, 0.5)
    player.pause()
    settle(sink, 4.0)  # the stream is corked by now
    mark = sink.recorded
    player.play()
    settle(sink, 1.0)
    heard = sink.samples(mark)
    assert first(heard[:, 0] != 0, 0) < 150
    feeder.choose(Latency.SAFE)
    settle(sink, 1.5)
    start = sink.recorded
    settle(sink, 1.0)
    assert set(np.diff(whole(sink.samples(start)))) == {1}
