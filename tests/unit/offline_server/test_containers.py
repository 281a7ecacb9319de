"""M4A and MP4 written here: read back by another program where there is one, and box by box where there is none."""

from __future__ import annotations

import shutil
import struct
import subprocess

import numpy as np
import pytest
import soundfile

from musicapi_desktop.offline.server import m4a, still, video

RATE, FRAMES = 48_000, 48_000 * 3 + 777
FFMPEG = shutil.which("ffmpeg")


@pytest.fixture
def master(tmp_path):
    dice = np.random.default_rng(5)
    samples = (np.sin(np.arange(FRAMES) / 30)[:, None] * [9000, -7000] + dice.normal(0, 200, (FRAMES, 2))).astype("i2")
    soundfile.write(tmp_path / "mix.wav", samples, RATE, subtype="PCM_16")
    return tmp_path / "mix", samples


def boxes(data):
    """The boxes of a level: (kind, body)."""
    place = 0
    while place < len(data):
        size, kind = struct.unpack_from(">I4s", data, place)
        assert size >= 8
        yield kind, data[place + 8 : place + size]
        place += size
    assert place == len(data)


def within(data, *path):
    for kind in path:
        data = dict(boxes(data))[kind]
    return data


def test_an_m4a_tells_its_length_and_all_its_packets(tmp_path, master):
    m4a.make_m4a([master[0]], tmp_path / "song.m4a")
    data = (tmp_path / "song.m4a").read_bytes()
    assert [kind for kind, _ in boxes(data)] == [b"ftyp", b"moov", b"mdat"]
    media = within(data, b"moov", b"trak", b"mdia")
    assert struct.unpack_from(">II", within(media, b"mdhd"), 12) == (RATE, FRAMES)
    sizes = within(media, b"minf", b"stbl", b"stsz")
    count = struct.unpack_from(">I", sizes, 8)[0]
    assert count == -(-FRAMES // 4096)
    assert sum(struct.unpack_from(f">{count}I", sizes, 12)) == len(within(data, b"mdat"))
    offset = struct.unpack_from(">I", within(media, b"minf", b"stbl", b"stco"), 8)[0]
    assert data[offset - 4 : offset] == b"mdat"
    assert [file.name for file in tmp_path.iterdir() if file.suffix in (".caf", ".part")] == []


@pytest.mark.skipif(FFMPEG is None, reason="no other reader here")
@pytest.mark.parametrize("form", ["m4a", "mp4"])
def test_another_program_reads_the_master_bit_for_bit(tmp_path, master, form):
    target = tmp_path / f"song.{form}"
    if form == "m4a":
        m4a.make_m4a([master[0]], target)
    else:
        video.make_video([master[0]], target, 77)
    read = subprocess.run(
        [FFMPEG, "-v", "warning", "-i", target, "-map", "0:a", "-f", "s16le", "-"], capture_output=True, check=True
    )
    assert read.stderr == b""
    assert np.array_equal(np.frombuffer(read.stdout, "<i2").reshape(-1, 2), master[1])


@pytest.mark.skipif(FFMPEG is None, reason="no other reader here")
def test_another_program_sees_the_picture_in_every_frame(tmp_path, master):
    video.make_video([master[0]], tmp_path / "song.mp4", 200)
    shape = (video.HEIGHT * 3 // 2, video.WIDTH)
    command = [FFMPEG, "-v", "warning", "-i", tmp_path / "song.mp4", "-map", "0:v", "-pix_fmt", "yuv420p"]
    read = subprocess.run([*command, "-f", "rawvideo", "-"], capture_output=True, check=True)
    assert read.stderr == b""
    frames = np.frombuffer(read.stdout, np.uint8).reshape(-1, *shape)
    assert len(frames) == 4
    assert (frames == frames[0]).all()
    assert frames[0][: video.HEIGHT].max() == 208


def test_no_start_code_is_left_in_a_unit():
    plane = np.zeros((16, 16), np.uint8)
    _track, samples = still.still(plane, plane[:8, :8], plane[:8, :8], 12)
    assert len(samples) == 12
    for sample in samples:
        assert struct.unpack_from(">I", sample)[0] == len(sample) - 4
        assert not any(code in sample[4:] for code in (b"\0\0\0", b"\0\0\1", b"\0\0\2"))
    assert [sample[4] & 0x1F for sample in samples] == [5, *[1] * 9, 5, 1]
