"""The metronome: where clicks fall, at any speed, in loops, and the bar before the start."""

import numpy as np
import pytest
from support.transport import playing, rendered

from musicapi_desktop.audio.clicks import metronome
from musicapi_desktop.audio.sources import RATE
from musicapi_desktop.audio.track import BLOCK

BEATS = [0.25 + n / 2 for n in range(16)]


def clicking(at=0, loop=None, *, on=True):
    player, _ = playing(np.zeros((10 * RATE, 2), np.float32), at, loop)
    player.pause()
    rendered(player, 2)
    player.set_metronome(metronome(BEATS, 4))
    player.set_click(on, 0.0)
    return player


def starts(sound):
    """Frames at which clicks begin."""
    loud = np.abs(sound[:, 0]) > 1e-3
    quiet = np.convolve(loud, np.ones(1000), "full")[: len(loud)] - loud
    return np.flatnonzero(loud & (quiet == 0)).tolist()


@pytest.mark.parametrize("speed", [1.0, 0.5, 1.5])
def test_beats_click_when_they_are_heard(speed):
    player = clicking()
    player.set_tune(speed, 0)
    player.play()
    sound = rendered(player, int(4 * RATE / speed / BLOCK))
    assert starts(sound) == pytest.approx([beat * RATE / speed for beat in BEATS[:8]], abs=70)


def test_the_first_of_a_bar_is_higher():
    player = clicking()
    player.play()
    sound = rendered(player, 3 * RATE // BLOCK)[:, 0]
    pitches = []
    for start in starts(sound[:, None])[:5]:
        part = sound[start : start + 1200]
        pitches.append(np.argmax(np.abs(np.fft.rfft(part, RATE))))
    assert [pitch > 1250 for pitch in pitches] == [True, False, False, False, True]


def test_a_loop_clicks_on_each_round():
    player = clicking(loop=(RATE, 2 * RATE))
    player.seek(RATE)
    player.play()
    sound = rendered(player, 3 * RATE // BLOCK)
    assert starts(sound) == pytest.approx([RATE // 4 + n * RATE // 2 for n in range(6)], abs=3)


def test_a_bar_is_counted_before_the_music():
    player = clicking(on=False)
    samples = np.full((10 * RATE, 2), 0.0, np.float32)
    samples[4 * RATE + RATE // 4 :, 1] = 0.5
    player.wanted.track.sources[0].words = samples
    at = 4 * RATE + RATE // 4
    player.seek(at)
    player.play(count_in=True)
    assert not player.idle
    before = rendered(player, 1)
    assert player.heard(0.0).counting or player._state.lead
    sound = np.concatenate((before, rendered(player, 4 * RATE // BLOCK)))
    begun = np.flatnonzero(sound[:, 1] - sound[:, 0] > 0.4)[0]
    clicks = starts(sound)
    assert len(clicks) == 4
    assert np.diff([*clicks, begun]) == pytest.approx([RATE / 2] * 4, abs=400)  # the music fades in


def test_pausing_ends_the_count():
    player = clicking(on=False)
    player.play(count_in=True)
    rendered(player, 30)
    player.pause()
    rendered(player, 5)
    assert player.idle
    player.play()
    rendered(player, 2)
    assert player.at > 0


def test_a_song_is_counted_in_before_its_first_beat():
    player = clicking(on=False)
    player.seek(0)
    player.play(count_in=True)
    assert len(starts(rendered(player, 2 * RATE // BLOCK))) == 4


def test_two_beats_are_needed():
    assert metronome([1.0], 4) is None
