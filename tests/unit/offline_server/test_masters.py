"""Masters and what is delivered from them."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile

from musicapi_desktop.offline.server import masters

RATE = 48_000
FRAMES = 3 * 65_536 + 777


def noise(seed, scale):
    return np.random.default_rng(seed).integers(-scale, scale, (FRAMES, 2), np.int16)


@pytest.fixture
def pair(tmp_path):
    for name, seed in (("one", 1), ("two", 2)):
        soundfile.write(tmp_path / f"{name}.wav", noise(seed, 9000), RATE, subtype="PCM_16")
    return [tmp_path / "one", tmp_path / "two"]


def test_an_archive_and_its_wav_are_bit_for_bit_the_master(tmp_path, pair):
    masters.archive(pair[0])
    assert not pair[0].with_suffix(".wav").exists()
    masters.archive(pair[0])
    masters.make_wav(pair[:1], tmp_path / "out.wav")
    samples, rate = soundfile.read(tmp_path / "out.wav", dtype="int16")
    assert rate == RATE
    assert np.array_equal(samples, noise(1, 9000))


def test_a_wav_of_several_is_their_exact_sum(tmp_path, pair):
    masters.archive(pair[1])
    masters.make_wav(pair, tmp_path / "out.wav")
    samples, _ = soundfile.read(tmp_path / "out.wav", dtype="int16")
    assert np.array_equal(samples, noise(1, 9000) + noise(2, 9000))


def test_a_sum_beyond_full_scale_is_clipped_in_wav_and_kept_in_mp3(tmp_path):
    time = np.arange(RATE)
    wave = np.rint(30_000 * np.sin(2 * np.pi * 220 * time / RATE)).astype(np.int16)
    for name in ("one", "two"):
        soundfile.write(tmp_path / f"{name}.wav", np.stack([wave, wave], 1), RATE, subtype="PCM_16")
    pair = [tmp_path / "one", tmp_path / "two"]
    masters.make_wav(pair, tmp_path / "out.wav")
    clipped, _ = soundfile.read(tmp_path / "out.wav", dtype="int16")
    assert (clipped.max(), clipped.min()) == (32_767, -32_768)
    masters.make_mp3(pair, tmp_path / "out.mp3", lambda _share: None)
    kept, _ = soundfile.read(tmp_path / "out.mp3", dtype="float32")
    assert kept.max() > 1.7


@pytest.mark.parametrize("frames", [1, 1151, 1152, 16_384, FRAMES])
def test_an_mp3_is_as_long_as_its_master_and_in_place(tmp_path, frames):
    click = np.zeros((frames, 2), np.int16)
    click[frames // 2 :][:200] = 20_000
    soundfile.write(tmp_path / "mix.wav", click, RATE, subtype="PCM_16")
    shares = []
    assert masters.make_mp3([tmp_path / "mix"], tmp_path / "clip.mp3", shares.append) == frames / RATE
    assert shares[-1] == 1.0
    decoded, _ = soundfile.read(tmp_path / "clip.mp3", dtype="float32", always_2d=True)
    assert len(decoded) == frames
    if frames > 2000:
        loud = np.flatnonzero(np.abs(decoded[:, 0]) > 0.2)
        assert abs(loud[0] - frames // 2) < 24


def test_a_missing_master_is_told(tmp_path):
    with pytest.raises(FileNotFoundError):
        masters.make_wav([tmp_path / "none"], tmp_path / "out.wav")
    assert not list(tmp_path.iterdir())
