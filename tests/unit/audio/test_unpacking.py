"""AAC through the decoder that comes with Qt: in its own process, to the sample where the WAV is.

The files are made by ffmpeg, which encodes AAC; where it is not installed these tests have nothing to decode.
"""

import shutil
import subprocess
import sys

import numpy as np
import pytest

from musicapi_desktop.audio.cache import DecodedCache
from musicapi_desktop.audio.sources import RATE, decode_all, open_source
from musicapi_desktop.bridge.sound_processes import SoundProcesses
from musicapi_desktop.domain.errors import AudioUnreadable
from musicapi_desktop.dsp import packed
from musicapi_desktop.dsp.files import read_all
from musicapi_desktop.dsp.writer import write_pcm16
from musicapi_desktop.settings.locations import program

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg makes the files")


@pytest.fixture
def processes(tmp_path, monkeypatch):
    made = SoundProcesses([*program(), "sound", str(tmp_path / "unpacked")], most=1)
    monkeypatch.setattr(packed._Unpacking, "by", made.unpack)
    yield made
    made.stop()


def music(rate, seconds=3.0):
    rng = np.random.default_rng(5)
    time = np.arange(int(seconds * rate)) / rate
    wave = 0.4 * np.sin(2 * np.pi * 330 * time) * np.exp(-(time % 0.5) * 6)
    side = 0.3 * np.sin(2 * np.pi * 495 * time) * np.exp(-(time % 0.375) * 6)
    return np.stack([wave + rng.normal(0, 0.01, len(time)), side], axis=1).astype(np.float32)


def encoded(path, rate, name, *options):
    write_pcm16(path / "plain.wav", music(rate), rate)
    command = ["ffmpeg", "-v", "error", "-y", "-i", str(path / "plain.wav"), *options, str(path / name)]
    subprocess.run(command, check=True)
    return path / name


def offset(sound, wanted):
    """By how many frames the best fit of the one lies behind the other."""
    size = 1 << (len(wanted) * 2 - 1).bit_length()
    likeness = np.fft.irfft(np.fft.rfft(sound, size) * np.conj(np.fft.rfft(wanted, size)), size)
    best = int(np.argmax(likeness))
    return best if best < size // 2 else best - size


@needs_ffmpeg
@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_a_stem_in_m4a_lies_where_its_wav_lies(tmp_path, processes, rate):
    path = encoded(tmp_path, rate, "a.m4a", "-c:a", "aac", "-b:a", "192k")
    sound, found = read_all(path)
    wanted, _ = read_all(tmp_path / "plain.wav")
    assert found == rate
    assert offset(sound[:, 0], wanted[:, 0]) == 0
    assert offset(sound[:, 1], wanted[:, 1]) == 0
    assert 0 <= len(sound) - len(wanted) < 1024
    assert np.corrcoef(sound[: len(wanted), 0], wanted[:, 0])[0, 1] > 0.99


@needs_ffmpeg
def test_lossless_m4a_is_the_wav(tmp_path, processes):
    path = encoded(tmp_path, RATE, "a.m4a", "-c:a", "alac")
    assert np.array_equal(read_all(path)[0], read_all(tmp_path / "plain.wav")[0])


@needs_ffmpeg
def test_it_is_probed_and_played_like_any_other(tmp_path, processes):
    path = encoded(tmp_path, RATE, "a.m4a", "-c:a", "aac")
    facts = processes.probe(path)
    assert (facts.format, facts.rate, facts.channels) == ("m4a", RATE, 2)
    source, decoding = open_source(path, DecodedCache(tmp_path / "cache"), facts)
    decode_all([decoding], lambda: False, lambda: None)
    assert source.problem is None
    assert source.frames == facts.frames


@needs_ffmpeg
def test_a_damaged_one_is_refused_with_a_sentence(tmp_path, processes):
    path = encoded(tmp_path, RATE, "a.m4a", "-c:a", "aac")
    path.write_bytes(path.read_bytes()[:40] + b"nothing of the kind" * 50)
    with pytest.raises(AudioUnreadable) as raised:
        read_all(path)
    assert raised.value.message.endswith(".")


@needs_ffmpeg
def test_unpacked_once_it_is_read_again_without_a_process(tmp_path, processes):
    path = encoded(tmp_path, RATE, "a.m4a", "-c:a", "aac")
    first = processes.unpack(path)
    written = first.stat().st_ino
    assert processes.unpack(path) == first
    assert first.stat().st_ino == written


def test_without_the_decoder_there_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(packed._Unpacking, "by", None)
    (tmp_path / "a.m4a").write_bytes(b"\0\0\0\x20ftypM4A " + bytes(64))
    with pytest.raises(AudioUnreadable, match="decoder"):
        read_all(tmp_path / "a.m4a")


def test_the_window_never_loads_the_decoder(tmp_path):
    code = "import sys; import musicapi_desktop.app.core; assert 'musicapi_desktop.dsp.aac' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
