import math

import numpy as np
import pytest

from musicapi_desktop.dsp.loudness import LoudnessMeter, integrated, true_peak

RATE = 48_000


def tone(level, seconds, frequency=1000.0, rate=RATE):
    time = np.arange(int(seconds * rate)) / rate
    wave = 10 ** (level / 20) * np.sin(2 * np.pi * frequency * time)
    return np.stack([wave, wave], axis=1).astype(np.float32)


# EBU Tech 3341, minimum requirements, cases 1 to 5
CASES = {
    "1": ([(-23, 20)], -23.0),
    "2": ([(-33, 20)], -33.0),
    "3": ([(-36, 10), (-23, 60), (-36, 10)], -23.0),
    "4": ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0),
    "5": ([(-26, 20), (-20, 20.1), (-26, 20)], -23.0),
}


@pytest.mark.parametrize("case", CASES)
def test_the_cases_of_tech_3341(case):
    parts, expected = CASES[case]
    signal = np.concatenate([tone(level, seconds) for level, seconds in parts])
    assert integrated(signal, RATE) == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 96_000, 192_000])
def test_every_rate_measures_alike(rate):
    assert integrated(tone(-23, 5, rate=rate), rate) == pytest.approx(-23.0, abs=0.1)


def test_the_filter_is_the_recursive_one_of_the_standard():
    # The two biquads of BS.1770-4 table 1 and 2, run sample by sample.
    rng = np.random.default_rng(3)
    signal = rng.normal(0, 0.1, (RATE, 2))
    stages = [
        ([1.53512485958697, -2.69169618940638, 1.19839281085285], [-1.69065929318241, 0.73248077421585]),
        ([1.0, -2.0, 1.0], [-1.99004745483398, 0.99007225036621]),
    ]
    weighted = signal
    for b, a in stages:
        out, x1, x2, y1, y2 = np.zeros_like(weighted), *np.zeros((4, 2))
        for i, x0 in enumerate(weighted):
            y0 = b[0] * x0 + b[1] * x1 + b[2] * x2 - a[0] * y1 - a[1] * y2
            out[i], x1, x2, y1, y2 = y0, x0, x1, y0, y1
        weighted = out
    hops = np.square(weighted).sum(axis=1).reshape(10, -1).sum(axis=1)
    blocks = np.array([hops[i : i + 4].sum() / (0.4 * RATE) for i in range(7)])
    assert integrated(signal.astype(np.float32), RATE) == pytest.approx(-0.691 + 10 * np.log10(blocks.mean()), abs=2e-4)


def test_blocks_of_any_size_measure_like_the_whole():
    signal = np.random.default_rng(1).normal(0, 0.1, (RATE * 4 + 777, 2)).astype(np.float32)
    meter = LoudnessMeter(RATE)
    at = 0
    for size in [1, 17, 4800, 30_000, 77, 65_536, 10**9]:
        meter.add(signal[at : at + size])
        at += size
    assert meter.integrated() == pytest.approx(integrated(signal, RATE), abs=1e-6)


def test_silence_and_moments_have_no_loudness():
    assert integrated(np.zeros((RATE, 2), np.float32), RATE) == -math.inf
    assert integrated(tone(-10, 0.3), RATE) == -math.inf
    assert integrated(np.zeros((0, 2), np.float32), RATE) == -math.inf


@pytest.mark.parametrize(
    ("divisor", "phase", "amplitude", "expected"),
    [(4, 0, 0.5, -6.0), (4, 45, 0.5, -6.0), (6, 60, 0.5, -6.0), (8, 67.5, 0.5, -6.0), (4, 45, 1.41, 3.0)],
)
def test_true_peak_cases_of_tech_3341(divisor, phase, amplitude, expected):
    time = np.arange(RATE) / RATE
    wave = amplitude * np.sin(2 * np.pi * RATE / divisor * time + np.radians(phase))
    fade = np.minimum(1, np.minimum(time, time[::-1]) * 20)
    found = true_peak(np.stack([wave * fade] * 2, axis=1).astype(np.float32), RATE)
    assert expected - 0.4 <= found <= expected + 0.2


def test_true_peak_of_silence():
    assert true_peak(np.zeros((1000, 2), np.float32), RATE) == -math.inf
