import numpy as np
import pytest
import soundfile

from musicapi_desktop.audio.mixdown import Input, MixdownCancelled, Order, inputs_of, mix_down
from musicapi_desktop.audio.sources import RATE
from musicapi_desktop.domain.mix import MixState, Strip
from musicapi_desktop.dsp.files import read_all
from musicapi_desktop.dsp.writer import Encoding, write_flac, write_pcm16


def stem(tmp_path, number, seconds=2.0, write=write_pcm16, suffix=".wav"):
    time = np.arange(int(seconds * RATE)) / RATE
    wave = 0.08 * np.sin(2 * np.pi * 110 * (number + 1) * time)
    path = tmp_path / f"{number}{suffix}"
    write(path, np.stack([wave, np.roll(wave, 50)], axis=1).astype(np.float32), RATE)
    return path


def exact(order, paths_and_gains, frames):
    out = np.zeros((frames, 2))
    for path, gains in paths_and_gains:
        samples = read_all(path)[0].astype(np.float64)[:frames]
        out[: len(samples)] += samples * np.array(gains)
    return out


@pytest.mark.parametrize("balance", [0.0, 0.4])
def test_a_mix_is_the_sum_in_float64_to_within_minus_120_dbfs(tmp_path, balance):
    paths = [stem(tmp_path, n, 1.5 + n * 0.1, *((write_flac, ".flac") if n % 2 else ())) for n in range(6)]
    state = MixState({str(n): Strip(level=-n, balance=balance if n == 2 else 0.0) for n in range(6)}, master=-1.0)
    order = Order(inputs_of(state, [(str(n), path) for n, path in enumerate(paths)]), Encoding.WAV32F)
    report = mix_down(order, tmp_path / "mix.wav", lambda: False)
    mixed, _ = read_all(tmp_path / "mix.wav")
    assert report.frames == len(mixed) == int(2.0 * RATE)
    reference = exact(order, [(part.path, part.gains) for part in order.inputs], len(mixed))
    assert np.abs(mixed - reference).max() < 1e-6
    assert report.loudness is not None
    assert report.true_peak < 0


def test_silent_stems_are_not_read(tmp_path):
    state = MixState({"a": Strip(mute=True)})
    assert inputs_of(state, [("a", tmp_path / "not there.wav"), ("b", tmp_path / "b.wav")]) == (
        Input(tmp_path / "b.wav"),
    )


def test_a_span_is_cut_to_the_frame(tmp_path):
    paths = [stem(tmp_path, 0), stem(tmp_path, 1, write=write_flac, suffix=".flac")]
    whole = Order(tuple(Input(path) for path in paths), Encoding.WAV32F)
    mix_down(whole, tmp_path / "whole.wav", lambda: False)
    part = Order(whole.inputs, Encoding.WAV32F, span=(12_345, 67_890))
    mix_down(part, tmp_path / "part.wav", lambda: False)
    assert np.array_equal(read_all(tmp_path / "part.wav")[0], read_all(tmp_path / "whole.wav")[0][12_345:67_890])


def test_equal_length_is_padded_with_silence(tmp_path):
    order = Order((Input(stem(tmp_path, 0, 1.0)),), Encoding.WAV16, span=(0, 3 * RATE))
    mix_down(order, tmp_path / "a.wav", lambda: False)
    samples, _ = read_all(tmp_path / "a.wav")
    assert len(samples) == 3 * RATE
    assert np.abs(samples[RATE + 100 :]).max() <= 2 / 32768  # dither only


def test_muted_ranges(tmp_path):
    order = Order((Input(stem(tmp_path, 0), muted=((10_000, 50_000),)),), Encoding.WAV32F)
    mix_down(order, tmp_path / "a.wav", lambda: False)
    samples, _ = read_all(tmp_path / "a.wav")
    assert not samples[10_240:49_760].any()
    assert samples[:10_000].any()


def test_mono(tmp_path):
    mix_down(Order((Input(stem(tmp_path, 0)),), Encoding.WAV32F, mono=True), tmp_path / "a.wav", lambda: False)
    samples, _ = read_all(tmp_path / "a.wav")
    assert np.array_equal(samples[:, 0], samples[:, 1])


def test_nothing_audible_is_silence_of_the_length(tmp_path):
    mix_down(Order((), Encoding.WAV16, span=(0, RATE)), tmp_path / "a.wav", lambda: False)
    assert len(soundfile.read(tmp_path / "a.wav")[0]) == RATE


def test_it_can_be_stopped(tmp_path):
    with pytest.raises(MixdownCancelled):
        mix_down(Order((Input(stem(tmp_path, 0)),), Encoding.WAV16), tmp_path / "a.wav", lambda: True)
