import subprocess
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest

from musicapi_desktop.audio.probe import probe
from musicapi_desktop.domain.errors import AudioUnreadable, DiskError
from musicapi_desktop.domain.mix import MixState, Strip
from musicapi_desktop.domain.song import Song, Stem, Take, TakeState
from musicapi_desktop.dsp.writer import write_mp3, write_pcm16
from musicapi_desktop.services.controls import FIRST_VOLUME
from musicapi_desktop.services.playback import Playback

RATE = 48_000


def level(value, seconds=4.0):
    time = np.arange(int(seconds * RATE)) / RATE
    wave = value * np.sin(2 * np.pi * 300 * time)
    return np.stack([wave, wave], axis=1).astype(np.float32)


class Folder:
    """A song with takes A (0.1), B (0.2) and C (not there yet), and stems of A: two that sum to it, one silent."""

    def __init__(self, root):
        self.root = root
        write_pcm16(root / "A.wav", level(0.1), RATE)
        write_mp3(root / "B.mp3", level(0.2), RATE)
        write_pcm16(root / "v.wav", level(0.06), RATE)
        write_pcm16(root / "d.wav", level(0.04, 3.0), RATE)
        stems = (
            Stem("v", "a", "full", "Vocals", "vocals", "v.wav", 0),
            Stem("d", "a", "full", "Drums", "drums", "d.wav", 1),
            Stem("s", "a", "full", "Strings", "strings", "", 2, silent=True),
        )
        ready = TakeState.READY
        a = Take("a", "song", "A", state=ready, path="A.wav", facts=probe(root / "A.wav"), stems=stems)
        b = Take("b", "song", "B", state=ready, path="B.mp3", facts=probe(root / "B.mp3"))
        self.now = Song("song", "Song", takes=(a, b, Take("c", "song", "C")))

    def song(self, song_id):
        return self.now if song_id == "song" else None

    def path(self, relative):
        return self.root / relative


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "music").mkdir()
    return Folder(tmp_path / "music")


@pytest.fixture
def playback(folder, tmp_path):
    made = Playback(folder, tmp_path / "cache", lambda work: work())
    made.volume(0.0)
    yield made
    made.close()


def sound(playback, blocks=40):
    player = playback.start()
    out = np.concatenate([player.render().copy() for _ in range(blocks)])
    player.wrote(0.0, 0.0)
    return out


def peak(playback, blocks=40):
    return float(np.abs(sound(playback, blocks)[-2000:]).max())


def test_making_one_loads_no_arithmetic():
    code = (
        "import sys; from pathlib import Path\n"
        "from musicapi_desktop.services.playback import Playback\n"
        "import musicapi_desktop.services.export, musicapi_desktop.bridge.audio_feeder\n"
        "p = Playback(None, Path('x'), lambda work: None); p.volume(-3); p.match(True); p.play(); p.snapshot()\n"
        "sys.exit('numpy' in sys.modules or 'soundfile' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_first_volume_is_quiet(folder, tmp_path):
    playback = Playback(folder, tmp_path / "cache", lambda work: work())
    playback.match(False)
    playback.open_take(folder.now, folder.now.takes[0])
    playback.play()
    assert FIRST_VOLUME == -12.0
    assert peak(playback) == pytest.approx(0.1 * 10 ** (-12 / 20), rel=0.01)


def test_a_take_plays_from_its_start_and_waits_for_play(playback, folder):
    playback.open_take(folder.now, folder.now.takes[0])
    assert not sound(playback, 3).any()
    now = playback.snapshot()
    assert (now.song_id, now.take_id, now.letter, now.playing) == ("song", "a", "A", False)
    assert now.seconds == pytest.approx(4.0)
    playback.play()
    assert peak(playback) == pytest.approx(0.1, rel=0.02)
    assert playback.snapshot().playing
    assert playback.snapshot().position == pytest.approx(40 * 512 / RATE)


def test_the_end_is_told_and_play_begins_again(playback, folder):
    playback.open_take(folder.now, folder.now.takes[0])
    playback.play()
    sound(playback, 400)
    now = playback.snapshot()
    assert (now.playing, now.ended) == (False, True)
    assert now.position == pytest.approx(4.0)
    playback.toggle()
    sound(playback, 10)
    assert playback.snapshot().position == pytest.approx(10 * 512 / RATE)


def test_takes_switch_at_the_same_position_and_are_matched(playback, folder):
    playback.open_take(folder.now, folder.now.takes[0])
    playback.play()
    sound(playback, 20)
    playback.switch_take("B")
    assert peak(playback, 10) == pytest.approx(0.1, rel=0.03)  # B is 6 dB louder
    now = playback.snapshot()
    assert now.letter == "B"
    assert now.offset == pytest.approx(-6.0, abs=0.2)
    assert now.position == pytest.approx(30 * 512 / RATE)
    playback.match(False)
    assert peak(playback, 10) == pytest.approx(0.2, rel=0.03)
    assert playback.snapshot().offset == 0.0


def test_a_take_that_landed_meanwhile_can_be_switched_to(playback, folder):
    playback.open_take(folder.now, folder.now.takes[0])
    with pytest.raises(AudioUnreadable, match="not there yet"):
        playback.switch_take("C")
    a, b, c = folder.now.takes
    folder.now = replace(folder.now, takes=(a, b, replace(c, state=TakeState.READY, path="v.wav")))
    playback.switch_take("C")
    assert playback.snapshot().letter == "C"


def test_stems_sum_to_the_take_and_follow_the_mix(playback, folder):
    take = folder.now.takes[0]
    playback.match(False)
    playback.mix(MixState({"d": Strip(mute=True)}))
    playback.open_take(folder.now, take)
    playback.play()
    assert peak(playback) == pytest.approx(0.1, rel=0.02)
    playback.open_stems(take)
    assert playback.snapshot().stems
    assert peak(playback) == pytest.approx(0.06, rel=0.02)
    playback.mix(MixState())
    assert peak(playback) == pytest.approx(0.1, rel=0.02)
    playback.mix(MixState({"v": Strip(solo=True, level=-6.0)}))
    assert peak(playback) == pytest.approx(0.06 * 10 ** (-6 / 20), rel=0.02)
    playback.original(True)
    assert peak(playback) == pytest.approx(0.1, rel=0.02)
    playback.original(False)
    playback.open_whole()
    assert not playback.snapshot().stems
    assert peak(playback) == pytest.approx(0.1, rel=0.02)


def test_the_original_is_heard_as_loud_as_the_stems(playback, folder):
    take = folder.now.takes[0]
    playback.open_take(folder.now, take)
    assert playback.stems_loudness(take) is None, "no stems are open"
    playback.open_stems(take)
    expected = take.facts.loudness - 0.7
    assert playback.stems_loudness(take) == pytest.approx(expected, abs=0.1), "they sum to it but for the last second"
    playback.match(False)
    playback.play()
    playback.original_level(-6.0)
    stems = peak(playback)
    playback.original(True)
    assert peak(playback) == pytest.approx(stems * 10 ** (-6 / 20), rel=0.02)
    playback.original(False)
    assert peak(playback) == pytest.approx(stems, rel=0.02), "the stems are not moved"


def test_meters_are_by_stem(playback, folder, monkeypatch):
    take = folder.now.takes[0]
    playback.match(False)
    playback.open_take(folder.now, take)
    playback.open_stems(take)
    playback.mix(MixState({"v": Strip(balance=-1.0)}))
    playback.play()
    sound(playback, 30)
    player = playback.start()
    player.wrote(0.05, 1e12)  # heard 50 ms ago, for ever
    peaks = playback.snapshot().peaks
    assert peaks["v"] == pytest.approx((0.06, 0.0), abs=1e-3)
    assert peaks["d"] == pytest.approx((0.04, 0.04), abs=1e-3)
    assert peaks["s"] == (0.0, 0.0)
    assert peaks[""] == pytest.approx((0.1, 0.04), abs=2e-3)


def test_a_broken_stem_is_silent_and_named(playback, folder):
    (folder.root / "d.wav").write_bytes(b"not audio")
    take = folder.now.takes[0]
    playback.open_take(folder.now, take)
    playback.open_stems(take)
    assert list(playback.snapshot().problems) == ["d"]
    assert playback.snapshot().problems["d"].endswith(".")
    playback.match(False)
    playback.play()
    assert peak(playback) == pytest.approx(0.06, rel=0.02)


def test_a_song_without_its_file_says_so(playback, folder):
    (folder.root / "A.wav").unlink()
    with pytest.raises(DiskError, match="not there"):
        playback.open_take(folder.now, folder.now.takes[0])


def test_stems_need_an_open_take(playback, folder):
    with pytest.raises(AudioUnreadable):
        playback.open_stems(folder.now.takes[0])


def test_seek_and_loop_in_seconds(playback, folder):
    playback.open_take(folder.now, folder.now.takes[0])
    playback.seek(2.0)
    assert playback.snapshot().position == pytest.approx(0.0, abs=2.1)
    playback.loop((2.0, 2.5))
    playback.play()
    sound(playback, 200)
    assert 1.99 <= playback.snapshot().position <= 2.5
    playback.loop(None)
    sound(playback, 60)
    assert playback.snapshot().position > 2.5
    playback.seek(float("nan"))
    playback.seek(-3.0)
    sound(playback, 1)
    assert playback.snapshot().position < 0.1


def test_a_muted_range_is_silent(playback, folder):
    take = folder.now.takes[0]
    playback.open_take(folder.now, take)
    playback.open_stems(take)
    for stem in "vd":
        playback.mute_ranges(stem, [(1.0, 2.0)])
    playback.play()
    out = sound(playback, 300)
    assert not out[int(1.01 * RATE) : int(1.99 * RATE)].any()
    assert np.abs(out[: RATE - 10]).max() > 0.05


def test_lanes_are_pairs_of_int8(playback, folder):
    take = folder.now.takes[0]
    playback.open_take(folder.now, take)
    playback.open_stems(take)
    for key, value in (("", 0.1), ("v", 0.06), ("s", 0.0)):
        peaks = np.frombuffer(playback.lane_peaks(folder.now, take, key, 100), np.int8).reshape(100, 2)
        assert peaks[:, 1].max() == pytest.approx(value * 127, abs=1.01)
        assert peaks[:, 0].min() == pytest.approx(-value * 127, abs=1.01)


def test_lanes_of_a_song_that_is_not_open_and_of_broken_files(playback, folder):
    take = folder.now.takes[0]
    first = playback.lane_peaks(folder.now, take, "v")
    assert len(first) == 2 * 4096
    assert playback.lane_peaks(folder.now, take, "v") == first
    (folder.root / "d.wav").write_bytes(b"no")
    with pytest.raises(AudioUnreadable):
        playback.lane_peaks(folder.now, take, "d")


def test_opening_something_else_stops_waiting(folder, tmp_path):
    """A take whose decoding never comes is left at once when another is opened."""
    held, begun = [], threading.Event()

    def hold(work):
        held.append(work)
        if getattr(work, "__name__", "") == "decode":
            begun.set()

    playback = Playback(folder, tmp_path / "cache", hold)
    first = threading.Thread(target=playback.open_take, args=(folder.now, folder.now.takes[1]))
    first.start()
    assert begun.wait(5)
    playback.close()
    first.join(5)
    assert not first.is_alive()
    assert playback.snapshot().take_id == ""
    for work in held:
        work()


def test_playing_starts_before_everything_is_decoded(folder, tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    write_mp3(folder.root / "long.mp3", level(0.1, 60.0), RATE)
    a = replace(folder.now.takes[0], path="long.mp3", facts=None)
    with ThreadPoolExecutor(1) as pool:
        playback = Playback(folder, tmp_path / "cache", lambda work: pool.submit(work) and None)
        playback.open_take(replace(folder.now, takes=(a,)), a)
        track = playback.start().wanted.track
        early = track.ready
        playback.play()
        assert sound(playback, 4).any() or early < 60 * RATE
    assert early < 60 * RATE
    playback.close()
