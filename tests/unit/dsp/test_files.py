import struct
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from musicapi_desktop.domain.errors import AudioUnreadable, DiskError
from musicapi_desktop.dsp.files import Reader, read_all, read_blocks, to_stereo
from musicapi_desktop.dsp.mp3 import UNTOLD_DELAY, untold_delay
from musicapi_desktop.dsp.writer import Encoding, Writer, write_flac, write_float, write_mp3, write_pcm16, write_pcm24

RATE = 48_000


def music(seconds=1.0, rate=RATE, seed=0):
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * rate)) / rate
    left = 0.4 * np.sin(2 * np.pi * 220 * time) + rng.normal(0, 0.02, len(time))
    right = 0.3 * np.sin(2 * np.pi * 331 * time)
    return np.stack([left, right], axis=1).astype(np.float32)


@pytest.mark.parametrize(
    ("write", "name", "step"),
    [(write_pcm16, "a.wav", 2**-15), (write_pcm24, "a.wav", 2**-23), (write_flac, "a.flac", 2**-23)],
)
def test_what_is_written_is_rounded_to_the_nearest(tmp_path, write, name, step):
    samples = music()
    write(tmp_path / name, samples, RATE)
    back, rate = read_all(tmp_path / name)
    assert rate == RATE
    assert back.shape == samples.shape
    assert np.abs(back - samples).max() <= step * 0.501
    assert abs(float((back - samples).mean())) < step * 0.02  # libsndfile's own rounding is half a step too low


def test_float_is_kept_to_the_bit_and_over_full_scale(tmp_path):
    samples = music() * 9
    write_float(tmp_path / "a.wav", samples, RATE)
    assert np.array_equal(read_all(tmp_path / "a.wav")[0], samples)


def test_mp3_has_its_length_and_place(tmp_path):
    samples = music(3)
    write_mp3(tmp_path / "a.mp3", samples, RATE)
    back, _ = read_all(tmp_path / "a.mp3")
    assert len(back) == len(samples)
    assert np.abs(back - samples)[2000:-2000].mean() < 0.02


def strip_first_frame(data):
    """An MP3 as encoders without a header frame write it: cut the Xing or Info frame off."""
    rates, kbits = [44100, 48000, 32000], [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
    third = data[2]
    length = 144 * kbits[third >> 4] * 1000 // rates[third >> 2 & 3] + (third >> 1 & 1)
    return data[length:]


def test_the_untold_delay_of_an_mp3_is_taken_off(tmp_path):
    samples = music(2)
    write_mp3(tmp_path / "told.mp3", samples, RATE)
    (tmp_path / "untold.mp3").write_bytes(strip_first_frame((tmp_path / "told.mp3").read_bytes()))
    assert untold_delay(tmp_path / "told.mp3") == 0
    assert untold_delay(tmp_path / "untold.mp3") == UNTOLD_DELAY
    told, untold = read_all(tmp_path / "told.mp3")[0], read_all(tmp_path / "untold.mp3")[0]
    size = min(len(told), len(untold)) - 4800
    shifts = [float(np.dot(told[2000:size, 0], untold[2000 + s : size + s, 0])) for s in range(-3, 4)]
    assert int(np.argmax(shifts)) == 3
    assert np.abs(told[4000:size] - untold[4000:size]).max() < 1e-3


def test_a_tag_before_the_first_frame_is_skipped(tmp_path):
    write_mp3(tmp_path / "a.mp3", music(), RATE)
    tag = b"ID3\x04\x00\x00" + bytes([0, 0, 8, 0]) + bytes(1024)
    (tmp_path / "b.mp3").write_bytes(tag + (tmp_path / "a.mp3").read_bytes())
    assert untold_delay(tmp_path / "b.mp3") == 0
    assert len(read_all(tmp_path / "b.mp3")[0]) == RATE


def test_blocks_are_the_whole(tmp_path):
    write_flac(tmp_path / "a.flac", music(2), RATE)
    whole, _ = read_all(tmp_path / "a.flac")
    assert np.array_equal(np.concatenate(list(read_blocks(tmp_path / "a.flac", 1000))), whole)


def test_flac_of_unknown_length_is_read_to_its_end(tmp_path):
    write_flac(tmp_path / "a.flac", music(2), RATE)
    data = bytearray((tmp_path / "a.flac").read_bytes())
    at = data.index(b"fLaC") + 8 + 13  # the five bytes that end with 36 bits of length
    data[at] &= 0xF0
    data[at + 1 : at + 5] = bytes(4)
    (tmp_path / "b.flac").write_bytes(data)
    assert len(read_all(tmp_path / "b.flac")[0]) == 2 * RATE


def test_flac_that_claims_a_terabyte_is_read_as_it_is(tmp_path):
    write_flac(tmp_path / "a.flac", music(1), RATE)
    data = bytearray((tmp_path / "a.flac").read_bytes())
    at = data.index(b"fLaC") + 8 + 13
    data[at] |= 0x0F
    data[at + 1 : at + 5] = b"\xff" * 4
    (tmp_path / "b.flac").write_bytes(data)
    assert sum(len(block) for block in read_blocks(tmp_path / "b.flac")) == RATE


def test_a_truncated_mp3_gives_what_is_there(tmp_path):
    write_mp3(tmp_path / "a.mp3", music(4), RATE)
    data = (tmp_path / "a.mp3").read_bytes()
    (tmp_path / "b.mp3").write_bytes(data[: len(data) // 2])
    with Reader(tmp_path / "b.mp3") as reader:
        count = sum(len(block) for block in reader.blocks())
    assert RATE < count < 3 * RATE


def test_nan_and_infinity_become_finite(tmp_path):
    samples = music()
    samples[10, 0], samples[20, 1], samples[30, 0] = np.nan, np.inf, -np.inf
    soundfile.write(tmp_path / "a.wav", samples, RATE, subtype="FLOAT")
    back, _ = read_all(tmp_path / "a.wav")
    assert np.isfinite(back).all()
    assert back[10, 0] == 0
    assert np.array_equal(back[100:], samples[100:])


@pytest.mark.parametrize("data", [b"", b"no sound", b"<html>404</html>" * 50, b"RIFF\x24\0\0\0WAVE"])
def test_what_is_not_audio_is_refused_calmly(tmp_path, data):
    (tmp_path / "a.mp3").write_bytes(data)
    with pytest.raises(AudioUnreadable) as caught:
        read_all(tmp_path / "a.mp3")
    assert caught.value.message.endswith(".")


def test_aac_is_named(tmp_path):
    (tmp_path / "a.m4a").write_bytes(b"\0\0\0\x20ftypM4A \0\0\0\0" + bytes(100))
    with pytest.raises(AudioUnreadable, match="AAC"):
        Reader(tmp_path / "a.m4a")


def test_a_missing_file_is_the_disks_matter(tmp_path):
    with pytest.raises(DiskError, match="not there"):
        Reader(tmp_path / "a.wav")


@pytest.mark.parametrize(("channels", "rate"), [(9, 48_000), (1000, 48_000), (2, 4_000), (2, 384_000)])
def test_limits(tmp_path, channels, rate):
    soundfile.write(tmp_path / "a.wav", np.zeros((10, channels), np.float32), rate)
    with pytest.raises(AudioUnreadable, match="unusual"):
        Reader(tmp_path / "a.wav")


def test_folding_down():
    ones = np.eye(6, dtype=np.float32)
    folded = to_stereo(ones)
    side = np.sqrt(0.5)
    assert folded[:, 0] == pytest.approx([1, 0, side, 0, side, 0])
    assert folded[:, 1] == pytest.approx([0, 1, side, 0, 0, side])
    assert to_stereo(np.ones((3, 1), np.float32)).tolist() == [[1, 1]] * 3
    assert to_stereo(np.eye(8, dtype=np.float32)).shape == (8, 2)


def test_clipping_is_counted_and_holds(tmp_path):
    samples = np.array([[0.5, 1.5], [-1.5, -1.0], [1.0, 0.0]], np.float32)
    with Writer(tmp_path / "a.wav", RATE, 2, Encoding.WAV16) as writer:
        writer.write(samples)
    assert writer.clipped >= 2
    words = soundfile.read(tmp_path / "a.wav", dtype="int16")[0]
    assert words.tolist() == [[16384, 32767], [-32768, -32768], [32767, 0]]


def test_dither_is_triangular_and_centred(tmp_path):
    with Writer(tmp_path / "a.wav", RATE, 2, Encoding.WAV16, dither=True) as writer:
        writer.write(np.full((200_000, 2), 0.25 / 32768, np.float32))
    words = soundfile.read(tmp_path / "a.wav", dtype="int16")[0]
    assert words.mean() == pytest.approx(0.25, abs=0.01)  # a level below one step survives as the mean
    assert set(np.unique(words)) <= {-1, 0, 1, 2}
    assert words.std() == pytest.approx(np.sqrt(1 / 6 + 1 / 12), abs=0.02)


FULL = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from musicapi_desktop.domain.errors import DiskError
from musicapi_desktop.dsp.writer import Encoding, Writer
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    with Writer(Path(sys.argv[1]), 48000, 2, Encoding(sys.argv[2])) as writer:
        for _ in range(20):
            writer.write(np.random.default_rng(0).normal(0, 0.2, (48000, 2)).astype(np.float32))
except DiskError as error:
    print(error.message)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file size are a POSIX matter")
@pytest.mark.parametrize("encoding", ["wav16", "wav24", "wav32f", "flac24", "mp3"])
def test_a_disk_that_takes_no_more_is_said(tmp_path, encoding):
    done = subprocess.run(
        [sys.executable, "-c", FULL, tmp_path / f"a{Encoding(encoding).suffix}", encoding],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "The file could not be written.", done.stderr


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(DiskError):
        write_pcm16(tmp_path / "no" / "a.wav", music(), RATE)


def test_suffixes():
    assert [e.suffix for e in Encoding] == [".wav", ".wav", ".wav", ".flac", ".flac", ".mp3"]


def test_wav_header_says_what_is_there(tmp_path):
    write_pcm24(tmp_path / "a.wav", music(), RATE)
    data = (tmp_path / "a.wav").read_bytes()
    assert struct.unpack("<I", data[4:8])[0] == len(data) - 8
