"""Speed and key behind the mixer: what is heard, where the clock is, and that no change is a click."""

import numpy as np
import pytest
from support.transport import playing, rendered, tone

from musicapi_desktop.audio.sources import RATE
from musicapi_desktop.audio.track import BLOCK

SPEEDS = (0.5, 0.75, 1.5)
_WARM = 12
"""Blocks until a change is over."""


def loudest(sound):
    """Frequency in Hz of the strongest partial, by the peak of a long windowed spectrum."""
    wave = sound[:, 0] * np.hanning(len(sound))
    spectrum = np.abs(np.fft.rfft(wave, 1 << 20))
    return np.argmax(spectrum) * RATE / (1 << 20)


def roughness(sound):
    """Largest second difference: a jump in a low tone stands far above it."""
    return float(np.abs(np.diff(sound[:, 0].astype(np.float64), 2)).max())


def heard_at(player):
    """Position of the next frame that comes out."""
    return player._state.mark.at


@pytest.mark.parametrize("speed", SPEEDS)
def test_another_speed_keeps_the_pitch_and_moves_the_clock(speed):
    player, _ = playing(tone(20 * RATE, 440))
    player.set_tune(speed, 0)
    rendered(player, _WARM)
    before = heard_at(player)
    sound = rendered(player, 200)
    assert heard_at(player) - before == pytest.approx(200 * BLOCK * speed, abs=2 * BLOCK)
    assert loudest(sound) == pytest.approx(440.0, abs=0.1)
    assert np.abs(sound).max() == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize("key", range(-12, 13))
def test_every_key_is_in_tune_and_keeps_the_time(key):
    player, _ = playing(tone(20 * RATE, 440))
    player.set_tune(1.0, key)
    rendered(player, _WARM)
    before = heard_at(player)
    sound = rendered(player, 150)
    wanted = 440.0 * 2 ** (key / 12)
    assert 1200 * abs(np.log2(loudest(sound) / wanted)) < 3.0
    assert heard_at(player) - before == pytest.approx(150 * BLOCK, abs=2 * BLOCK)


def test_an_attack_is_heard_when_the_clock_says():
    samples = np.zeros((8 * RATE, 2), np.float32)
    noise = np.random.default_rng(3).standard_normal((600, 1)) * np.exp(-np.arange(600)[:, None] / 120)
    beats = range(RATE, 7 * RATE, RATE // 2)
    for beat in beats:
        samples[beat : beat + 600] += 0.3 * noise.astype(np.float32)
    player, _ = playing(samples)
    player.set_tune(0.8, 0)
    sound = rendered(player, int(8 * RATE / 0.8 / BLOCK))
    power = np.convolve(np.square(sound[:, 0]), np.ones(96) / 96, "same")
    for beat in beats:
        due = int(beat / 0.8)
        near = power[due - 4000 : due + 4000]
        assert abs(int(np.argmax(near > 0.5 * near.max())) - 4000) < 0.012 * RATE


def test_slower_drums_have_no_shadow_before_them():
    samples = np.zeros((6 * RATE, 2), np.float32)
    noise = np.random.default_rng(4).standard_normal((4000, 1)) * np.exp(-np.arange(4000)[:, None] / 700)
    beats = range(RATE, 5 * RATE, RATE // 2)
    for beat in beats:
        samples[beat : beat + 4000] += 0.3 * noise.astype(np.float32)
    player, _ = playing(samples)
    player.set_tune(0.75, 0)
    power = np.convolve(np.square(rendered(player, int(6 * RATE / 0.75 / BLOCK))[:, 0]), np.ones(96) / 96, "same")
    shadows = []
    for beat in beats:
        near = power[int(beat / 0.75) - 4800 : int(beat / 0.75) + 4800]
        shadows.append(near[: 4800 - 480].max() / near.max())
    assert 10 * np.log10(np.mean(shadows)) < -18


def test_both_sides_keep_their_places():
    wave = tone(10 * RATE, 330)
    wave[:, 1] *= -0.5
    player, _ = playing(wave)
    player.set_tune(0.7, 3)
    sound = rendered(player, 100)[20 * BLOCK :]
    assert np.abs(sound[:, 1] + 0.5 * sound[:, 0]).max() < 1e-4


def test_no_change_of_speed_or_key_is_a_click():
    player, _ = playing(tone(60 * RATE, 110))
    parts = [rendered(player, 20)]
    limit = 3.0 * roughness(parts[0]) * 4  # an octave up a tone bends four times as fast
    tunes = [(0.9, 0), (0.5, 0), (1.5, 0), (1.5, 5), (1.0, 12), (0.7, -7), (1.0, 0), (1.2, 0), (1.0, 0)]
    for speed, key in tunes:
        player.set_tune(speed, key)
        parts.append(rendered(player, 20))
    assert roughness(np.concatenate(parts)) < limit


def test_back_as_made_is_exact_where_the_clock_says():
    samples = tone(30 * RATE, 97)
    player, _ = playing(samples)
    player.set_tune(0.75, 0)
    rendered(player, 60)
    player.set_tune(1.0, 0)
    rendered(player, 1)
    at = player.at
    assert np.array_equal(rendered(player, 10), samples[at : at + 10 * BLOCK])


def test_a_loop_repeats_in_its_own_time():
    player, _ = playing(tone(20 * RATE, 220), loop=(2 * RATE, 3 * RATE))
    player.seek(2 * RATE)
    player.set_tune(0.5, 0)
    places = []
    for _ in range(int(6.2 * RATE / BLOCK)):
        player.render()
        places.append(heard_at(player))
    steps = np.diff(places)
    assert (steps < -RATE / 2).sum() == 3
    assert min(places[10:]) >= 2 * RATE - 2 * BLOCK  # the seam begins a little before the loop
    assert max(places) <= 3 * RATE + BLOCK


def test_a_seek_is_heard_at_once_at_any_speed():
    samples = tone(20 * RATE, 220)
    samples[10 * RATE :] = tone(10 * RATE, 880)
    player, _ = playing(samples)
    player.set_tune(0.8, 0)
    rendered(player, 40)
    player.seek(12 * RATE)
    assert loudest(rendered(player, 4)[BLOCK:]) == pytest.approx(880, abs=20)


def test_the_end_is_played_out_before_it_is_the_end():
    frames = 3 * RATE
    player, _ = playing(tone(frames, 220))
    player.set_tune(0.5, 0)
    sound = []
    while not player.idle:
        assert len(sound) < 2 * frames / BLOCK + 60
        was_over = player.over
        sound.append(player.render().copy())
    assert was_over
    heard = np.concatenate(sound)
    last = np.flatnonzero(np.abs(heard[:, 0]) > 0.01)[-1]
    assert last == pytest.approx(2 * frames, abs=3000)


def test_what_was_rendered_can_be_taken_back_at_any_speed():
    player, _ = playing(tone(20 * RATE, 330))
    player.set_tune(0.6, 4)
    rendered(player, 20)
    once = rendered(player, 12)
    assert player.unrender(12 * BLOCK) == 12 * BLOCK
    assert np.array_equal(rendered(player, 12), once)
