"""Stems as they should not be, opened side by side: what can be heard is heard, the rest says why."""

import numpy as np
import pytest
import soundfile

from musicapi_desktop.audio.cache import DecodedCache
from musicapi_desktop.audio.mixdown import Input, Order, mix_down
from musicapi_desktop.audio.player import Player
from musicapi_desktop.audio.probe import probe
from musicapi_desktop.audio.shelf import Part, Shelf
from musicapi_desktop.audio.sources import RATE
from musicapi_desktop.domain.mix import MixState
from musicapi_desktop.dsp.files import read_all
from musicapi_desktop.dsp.writer import Encoding, write_flac, write_pcm16


def tone(seconds, rate=RATE, level=0.1, hertz=200.0):
    wave = level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)
    return np.stack([wave, wave], axis=1).astype(np.float32)


@pytest.fixture
def shelf(tmp_path):
    made = Shelf(DecodedCache(tmp_path / "cache"), lambda work: work())
    yield made
    made.close()


def parts(*paths):
    return [Part(path.stem, path) for path in paths]


def played(opened, seconds):
    player = Player()
    player.load(opened.track, opened.track.compile(MixState()))
    player.play()
    return np.concatenate([player.render().copy() for _ in range(int(seconds * RATE / 512))])


def test_twelve_odd_stems_play_together(tmp_path, shelf):
    write_pcm16(tmp_path / "short.wav", tone(0.5), RATE)
    write_flac(tmp_path / "long.flac", tone(2.0), RATE)
    write_pcm16(tmp_path / "one.wav", np.full((1, 2), 0.25, np.float32), RATE)
    write_pcm16(tmp_path / "slow.wav", tone(1.0, 8_000), 8_000)
    write_pcm16(tmp_path / "fast.wav", tone(1.0, 192_000), 192_000)
    write_pcm16(tmp_path / "mono.wav", tone(1.0)[:, :1], RATE)
    soundfile.write(tmp_path / "eight.wav", np.repeat(tone(1.0)[:, :1], 8, axis=1), RATE, subtype="FLOAT")
    broken = tone(1.0)
    broken[1000:1100] = np.nan
    broken[2000, 0], broken[2001, 0] = np.inf, 40.0
    soundfile.write(tmp_path / "broken.wav", broken, RATE, subtype="FLOAT")
    (tmp_path / "noise.flac").write_bytes(b"fLaC" + bytes(range(256)) * 40)
    (tmp_path / "empty.mp3").write_bytes(b"")
    cut = (tmp_path / "long.flac").read_bytes()
    (tmp_path / "cut.flac").write_bytes(cut[: len(cut) // 2])
    names = ("short.wav", "long.flac", "one.wav", "slow.wav", "fast.wav", "mono.wav", "eight.wav", "broken.wav",
             "noise.flac", "empty.mp3", "cut.flac", "absent.wav")  # fmt: skip
    opened = shelf.open("stems", parts(*(tmp_path / name for name in names)))
    assert opened.wait_complete()
    assert {"noise", "empty", "absent"} <= set(opened.problems) <= {"noise", "empty", "absent", "cut"}
    assert all(words.endswith(".") for words in opened.problems.values())
    assert opened.track.frames == 2 * RATE
    frames = dict(zip(opened.track.ids, (source.frames for source in opened.track.sources), strict=True))
    assert (frames["short"], frames["one"]) == (RATE // 2, 1)
    assert frames["slow"] == pytest.approx(RATE, abs=2)
    assert frames["fast"] == pytest.approx(RATE, abs=2)
    sound = played(opened, 2.2)
    assert np.isfinite(sound).all()
    assert np.abs(sound[int(1.5 * RATE) : int(1.9 * RATE)]).max() == pytest.approx(0.1, abs=0.01)
    assert not sound[2 * RATE :].any()


def test_an_export_of_odd_stems_is_as_long_as_the_longest(tmp_path):
    write_pcm16(tmp_path / "a.wav", tone(0.5), RATE)
    write_flac(tmp_path / "b.flac", tone(1.25, 44_100), 44_100)
    write_pcm16(tmp_path / "c.wav", np.full((1, 1), 0.25, np.float32), RATE)
    order = Order(tuple(Input(tmp_path / name) for name in ("a.wav", "b.flac", "c.wav")), Encoding.WAV32F)
    report = mix_down(order, tmp_path / "out.wav", lambda: False)
    assert report.frames == len(read_all(tmp_path / "out.wav")[0]) == pytest.approx(1.25 * RATE, abs=2)


def test_one_sample_is_probed(tmp_path):
    write_pcm16(tmp_path / "one.wav", np.full((1, 2), 0.25, np.float32), RATE)
    facts = probe(tmp_path / "one.wav")
    assert (facts.frames, facts.loudness) == (1, None)


@pytest.mark.parametrize("how", ["replaced", "cut", "removed"])
def test_a_file_that_changes_while_it_is_open_does_no_harm(tmp_path, how):
    later: list = []
    shelf = Shelf(DecodedCache(tmp_path / "cache"), later.append)
    path = tmp_path / "a.flac"
    write_flac(path, tone(5.0), RATE)
    opened = shelf.open("stems", parts(path))
    if how == "replaced":
        write_flac(tmp_path / "b.flac", tone(1.0, hertz=900), RATE)
        (tmp_path / "b.flac").replace(path)
    elif how == "cut":
        with path.open("r+b") as file:
            file.truncate(2000)
    else:
        path.unlink()
    for work in later:
        work()
    assert opened.wait_complete()
    sound = played(opened, 5.2)
    assert np.isfinite(sound).all()
    if how != "cut":  # a file that has lost its name or been replaced is still read as it was opened
        assert np.abs(sound[4 * RATE : 4 * RATE + 4800]).max() == pytest.approx(0.1, abs=0.01)
    else:
        assert opened.problems or opened.track.frames < 5 * RATE
    shelf.close()


def test_a_replaced_file_is_heard_anew_when_it_is_opened_again(tmp_path):
    path = tmp_path / "a.flac"
    for hertz in (200.0, 900.0):
        write_flac(path, tone(1.0, hertz=hertz), RATE)
        shelf = Shelf(DecodedCache(tmp_path / "cache"), lambda work: work())
        sound = played(shelf.open("stems", parts(path)), 1.0)[:, 0]
        loudest = np.argmax(np.abs(np.fft.rfft(sound * np.hanning(len(sound))))) * RATE / len(sound)
        assert loudest == pytest.approx(hertz, abs=2)
        shelf.close()
