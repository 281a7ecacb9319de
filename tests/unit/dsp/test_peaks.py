import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicapi_desktop.dsp.peaks import BIN, PeakBuilder, columns, overview, pyramid


def slow(samples, scale):
    out = []
    for start in range(0, len(samples), BIN):
        part = samples[start : start + BIN].astype(np.float64) / scale * 127
        low, high = part.min(), part.max()
        out.append((np.sign(low) * np.ceil(abs(low)), np.sign(high) * np.ceil(abs(high))))
    return np.clip(np.array(out), -127, 127)


@pytest.mark.parametrize("channels", [1, 2, 3])
def test_peaks_are_those_of_the_slow_way(channels):
    words = np.random.default_rng(0).integers(-32768, 32768, (5 * BIN + 100, channels)).astype(np.int16)
    builder = PeakBuilder(32768)
    for start in range(0, len(words), 300):
        builder.add(words[start : start + 300])
    assert np.abs(builder.pairs() - slow(words, 32768)).max() <= 1  # float32 may round a bound across an integer


@given(st.integers(0, 3000), st.integers(1, 700))
def test_the_number_of_bins_does_not_depend_on_the_blocks(frames, block):
    builder = PeakBuilder()
    for start in range(0, frames, block):
        builder.add(np.ones((min(block, frames - start), 2), np.float32))
    assert len(builder.pairs()) == -(-frames // BIN)


def test_one_loud_sample_never_vanishes():
    samples = np.zeros((BIN * 400, 2), np.float32)
    samples[BIN * 123 + 5, 1] = 1e-3
    builder = PeakBuilder()
    builder.add(samples)
    pairs = builder.pairs()
    assert columns(pairs, 50)[:, 1].max() == 1
    assert max(overview(pairs)) > 0
    assert all(level[:, 1].max() == 1 for level in pyramid(pairs))


def test_overview_has_200_bytes_whatever_the_length():
    for bins in (0, 1, 3, 199, 200, 201, 5000):
        pairs = np.tile(np.array([[-127, 127]], np.int8), (bins, 1))
        assert overview(pairs) == bytes([255 if bins else 0]) * 200


def test_columns_cover_a_part_and_are_empty_outside():
    pairs = np.stack([-np.arange(100), np.arange(100)], axis=1).astype(np.int8)
    assert columns(pairs, 10, 50, 60)[:, 1].tolist() == list(range(50, 60))
    assert columns(pairs, 4, 98, 102)[:, 1].tolist() == [98, 99, 0, 0]
    assert columns(pairs, 5, 3, 3).tolist() == [[0, 0]] * 5


def test_pyramid_quarters():
    pairs = np.stack([-np.arange(120), np.arange(120)], axis=1).astype(np.int8)
    assert [len(level) for level in pyramid(pairs)] == [120, 30, 8, 2]
    assert pyramid(pairs)[1][:, 1].tolist() == list(range(3, 120, 4))
