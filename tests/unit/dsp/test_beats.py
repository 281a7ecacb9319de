import numpy as np
import pytest

from musicapi_desktop.dsp.beats import find_beats

RATE = 48_000
START = 0.31


def drums(bpm, seconds=40, seed=0):
    """A kick on the first of four, noise on the third, hats in eighths, a tone on each beat; the beats."""
    rng = np.random.default_rng(seed)
    sound = rng.standard_normal((seconds * RATE, 2)).astype(np.float32) * np.float32(0.002)
    beats = np.arange(START, seconds - 0.6, 60 / bpm)
    time = np.arange(8000)
    fall = np.exp(-time / 1500)
    for number, beat in enumerate(beats):
        at = int(beat * RATE)
        part = 0.1 * np.sin(2 * np.pi * 220 * time / RATE) * fall
        if number % 4 == 0:
            part = part + 0.6 * np.sin(2 * np.pi * 60 * time / RATE) * fall
        if number % 4 == 2:
            part = part + 0.15 * rng.standard_normal(8000) * fall
        sound[at : at + 8000] += part[:, None].astype(np.float32)
        for half in (at, at + int(30 / bpm * RATE)):
            sound[half : half + 2000] += 0.05 * rng.standard_normal((2000, 1)) * np.exp(-time[:2000, None] / 300)
    return sound, beats


def found(sound, told=None, block=50_000):
    return find_beats((sound[at : at + block] for at in range(0, len(sound), block)), RATE, told)


def distance(beats, times):
    """Largest distance in seconds of a beat from the nearest time."""
    return np.abs(beats[:, None] - np.array(times)[None, :]).min(axis=1).max()


@pytest.mark.parametrize("bpm", [96.3, 112, 128, 140])
def test_beats_lie_where_they_are_heard(bpm):
    sound, beats = drums(bpm)
    heard = found(sound)
    assert heard.bpm == pytest.approx(bpm, rel=0.002)
    assert distance(beats, heard.times) < 0.006


@pytest.mark.parametrize("bpm", [60, 75, 174, 200])
def test_a_tempo_that_is_told_settles_what_could_be_double_or_half(bpm):
    sound, beats = drums(bpm)
    heard = found(sound, told=bpm)
    assert heard.bpm == pytest.approx(bpm, rel=0.002)
    assert distance(beats, heard.times) < 0.006


def test_bars_begin_with_the_low_drum():
    heard = found(drums(120)[0])
    bars = heard.times[heard.first :: heard.bar]
    assert distance(np.array([START]), bars) < 0.006


@pytest.mark.parametrize("sound", [np.zeros((20 * RATE, 2), np.float32), drums(120)[0][:RATE], drums(120)[0][:0]])
def test_there_are_none_where_nothing_beats(sound):
    assert found(sound).times == ()
