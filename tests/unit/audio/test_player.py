import numpy as np
import pytest
from support.transport import constant, counter, playing, rendered, source, tone

from musicapi_desktop.audio.player import Player
from musicapi_desktop.audio.sources import RATE
from musicapi_desktop.audio.track import BLOCK, Track
from musicapi_desktop.audio.voices import LOOP_FADE, SHORTEST_LOOP, TAKE_FADE
from musicapi_desktop.domain.mix import MixState, Strip


def numbers(sound):
    return np.round(sound[:, 0].astype(np.float64) * 2**23).astype(int)


def test_it_plays_every_frame_once_and_then_ends():
    frames = 10 * BLOCK + 77
    player, _ = playing(counter(frames))
    sound = numbers(rendered(player, 13))
    assert sound[:frames].tolist() == list(range(1, frames + 1))
    assert not sound[frames:].any()
    assert player.over
    assert player.idle


def test_play_after_the_end_starts_again():
    player, _ = playing(counter(2 * BLOCK))
    rendered(player, 4)
    player.play()
    assert numbers(rendered(player, 1))[0] == 1
    assert not player.over


def test_seek_after_the_end_does_not_play():
    player, _ = playing(counter(2 * BLOCK))
    rendered(player, 4)
    player.seek(BLOCK)
    assert not rendered(player, 2).any()
    assert player.at == BLOCK
    player.play()
    assert numbers(rendered(player, 1))[-1] == 2 * BLOCK


def test_one_sample_is_a_song():
    player, _ = playing(np.full((1, 2), 0.5, np.float32))
    sound = rendered(player, 2)
    assert sound[0].tolist() == [0.5, 0.5]
    assert not sound[1:].any()
    assert player.over


def test_sources_of_different_length_and_width():
    player = Player()
    track = Track({"mono": source(np.full((700, 1), 0.25, np.float32)), "stereo": source(counter(3000))})
    player.load(track, track.alone())
    player.play()
    sound = rendered(player, 7)
    both = numbers(sound[:700]) - np.round(0.25 * 2**23)
    assert both.tolist() == list(range(1, 701))
    assert numbers(sound)[700:3000].tolist() == list(range(701, 3001))


def test_silence_without_a_track():
    player = Player()
    player.play()
    assert player.idle or not rendered(player, 1).any()
    assert not rendered(player, 3).any()


def test_loop_is_exact_to_the_sample_and_its_start_is_whole():
    start, end = 5_000, 5_000 + 3 * BLOCK + 123
    player, _ = playing(counter(100_000), 4_000, (start, end))
    sound = numbers(rendered(player, 60))
    begins = np.flatnonzero(sound == start + 1)
    assert len(begins) > 10
    assert set(np.diff(begins)) == {end - start}
    inside = sound[begins[0] : begins[0] + end - start - LOOP_FADE]
    assert inside.tolist() == list(range(start + 1, end + 1 - LOOP_FADE))


@pytest.mark.parametrize("start", [0, 1, LOOP_FADE - 1, 40_000])
@pytest.mark.parametrize("length", [SHORTEST_LOOP, BLOCK, 7 * BLOCK, 30_000])
def test_a_loop_seam_keeps_the_power_and_never_clicks(start, length):
    samples = tone(100_000, 441)
    player, _ = playing(samples, start, (start, start + length))
    sound = rendered(player, max(40, 3 * length // BLOCK))
    slope = np.abs(np.diff(samples[:, 0])).max()
    assert np.abs(np.diff(sound[2 * BLOCK :, 0])).max() < 2 * slope + 0.25 * (np.pi / 2) / LOOP_FADE


def test_loop_edges_move_while_it_plays():
    player, _ = playing(tone(200_000, 300), 10_000, (10_000, 40_000))
    steps = [rendered(player, 20)]
    for end in (21_000, 20_700, 60_000, 15_000, 12_000):
        player.set_loop((10_000, end))
        steps.append(rendered(player, 5))
        assert 9_000 < player.at <= max(end, 26_000)
    sound = np.concatenate(steps)[BLOCK:, 0]
    assert np.abs(np.diff(sound)).max() < 0.25 * 2 * np.pi * 300 / RATE * 2


def test_an_edge_dragged_before_the_playhead_turns_it_round():
    player, _ = playing(counter(200_000), 30_000, (10_000, 40_000))
    rendered(player, 2)
    player.set_loop((10_000, 20_000))
    rendered(player, 1)
    assert 10_000 <= player.at < 11_000


def test_a_seek_behind_the_loop_plays_on():
    player, _ = playing(counter(200_000), 10_000, (10_000, 20_000))
    rendered(player, 2)
    player.seek(50_000)
    rendered(player, 100)
    assert player.at == 50_000 + 100 * BLOCK


def test_loop_may_end_where_the_song_does():
    player, _ = playing(counter(20_000), 18_000, (10_000, 20_000))
    rendered(player, 100)
    assert not player.over
    assert 10_000 - LOOP_FADE <= player.at < 20_000


def test_a_take_switch_keeps_position_and_power():
    one, two = tone(60_000, 500), tone(60_000, 777)
    player = Player()
    a, b = Track({"a": source(one)}), Track({"b": source(two)})
    player.load(a, a.alone())
    player.play()
    rendered(player, 10)
    player.switch(b, b.alone())
    sound = rendered(player, 6)
    at = 10 * BLOCK
    angle = np.minimum(np.arange(1, len(sound) + 1) / TAKE_FADE, 1) * np.pi / 2
    expected = one[at : at + len(sound), 0] * np.cos(angle) + two[at : at + len(sound), 0] * np.sin(angle)
    assert sound[:, 0] == pytest.approx(expected, abs=2e-6)
    assert np.array_equal(sound[TAKE_FADE:], two[at + TAKE_FADE : at + len(sound)])


def test_gains_ramp_over_ten_milliseconds():
    player, track = playing(constant(60_000, 0.5))
    rendered(player, 4)
    player.set_mix(track.compile(MixState({"a": Strip(mute=True)})))
    sound = rendered(player, 2)[:, 0]
    assert sound[:480] == pytest.approx(0.5 - 0.5 * np.arange(1, 481) / 480, abs=1e-6)
    assert not sound[480:].any()


def test_balance_master_and_mono():
    player, track = playing(np.stack([np.full(60_000, 0.5), np.full(60_000, 0.25)], axis=1).astype(np.float32))
    player.set_mix(track.compile(MixState({"a": Strip(balance=-1.0)}, master=-6.0)))
    left, right = rendered(player, 3)[-1]
    assert left == pytest.approx(0.5 * 10 ** (-6 / 20), rel=1e-5)
    assert right == pytest.approx(0, abs=1e-7)
    player.set_mix(track.compile(MixState(mono=True)))
    assert rendered(player, 3)[-1] == pytest.approx([0.375, 0.375])


def test_volume_does_not_touch_the_meters():
    player, _ = playing(constant(60_000, 0.5))
    player.set_volume(-20)
    sound = rendered(player, 3)
    player.wrote(0.0, 10.0)
    levels = player.heard(10.0).levels
    assert sound[-1, 0] == pytest.approx(0.05, rel=1e-5)
    assert levels is None or levels.left == pytest.approx(0.5)


def test_muted_ranges_have_soft_edges():
    player, track = playing(constant(60_000, 0.5))
    player.set_mix(track.compile(MixState(), ranges={"a": [(2_000, 9_000)]}))
    sound = rendered(player, 30)[:, 0]
    assert sound[:2_000] == pytest.approx(0.5)
    assert not sound[2_240:8_760].any()
    assert sound[9_000:] == pytest.approx(0.5)
    assert np.abs(np.diff(sound)).max() < 0.5 / 200


def test_a_range_muted_under_the_playhead_is_ramped():
    player, track = playing(constant(60_000, 0.5))
    rendered(player, 4)
    player.set_mix(track.compile(MixState(), ranges={"a": [(0, 30_000)]}))
    sound = rendered(player, 2)[:, 0]
    assert np.abs(np.diff(sound)).max() < 0.5 / 400
    assert not sound[BLOCK:].any()


def test_the_original_is_heard_alone_or_not_at_all():
    player = Player()
    track = Track({"": source(constant(60_000, 0.1)), "s": source(constant(60_000, 0.3))})
    player.load(track, track.compile(MixState()))
    player.play()
    assert rendered(player, 2)[-1, 0] == pytest.approx(0.3)
    player.set_mix(track.compile(MixState({"s": Strip(level=-3)}), original=True))
    assert rendered(player, 2)[-1, 0] == pytest.approx(0.1)


def test_playing_waits_for_the_decoder_without_a_click():
    samples = tone(60_000, 300)
    waiting = source(samples)
    waiting.ready, waiting.complete = 6 * BLOCK, False
    player = Player()
    track = Track({"a": waiting})
    player.load(track, track.alone())
    player.play()
    before = rendered(player, 12)
    assert player.waiting
    assert np.abs(np.diff(before[:, 0])).max() < 0.25 * 2 * np.pi * 300 / RATE * 1.5
    here = player.at
    waiting.ready = 60_000
    track.refresh()
    after = rendered(player, 4)
    assert not player.waiting
    assert after[-1, 0] == samples[here + 4 * BLOCK - 1, 0]


def test_what_is_not_heard_yet_can_be_taken_back():
    player, track = playing(counter(200_000))
    straight = rendered(player, 40)
    assert player.unrender(16 * BLOCK + 100) == 16 * BLOCK
    again = player.render_again(16 * BLOCK)
    assert np.array_equal(again, straight[24 * BLOCK :])
    player.unrender(5 * BLOCK)
    player.set_mix(track.compile(MixState({"a": Strip(mute=True)})))
    muted = player.render_again(5 * BLOCK)
    assert muted[0, 0] == pytest.approx(straight[35 * BLOCK, 0] * 479 / 480, rel=1e-4)
    assert not muted[480:].any()


def test_no_more_is_taken_back_than_was_rendered():
    player, _ = playing(counter(200_000))
    rendered(player, 3)
    assert player.unrender(100 * BLOCK) == 3 * BLOCK
    assert numbers(rendered(player, 1))[0] == 1


def test_the_position_heard_lags_by_the_latency():
    player, _ = playing(counter(RATE * 10))
    rendered(player, 40)
    player.wrote(0.2, 100.0)
    assert player.heard(100.0).at == pytest.approx(40 * BLOCK - 0.2 * RATE, abs=1)
    assert player.heard(100.05).at == pytest.approx(40 * BLOCK - 0.15 * RATE, abs=1)
    assert player.heard(105.0).at == 40 * BLOCK  # the clock does not run ahead of the sound


def test_the_position_heard_knows_where_a_seek_is():
    player, _ = playing(counter(RATE * 20))
    rendered(player, 20)
    player.seek(10 * RATE)
    rendered(player, 20)
    player.wrote(0.2, 100.0)
    assert player.heard(100.0).at > 10 * RATE
    assert player.heard(99.99 - 0.1).at < RATE  # what is heard at that time was mixed before the seek


def test_controls_wake_whoever_feeds():
    player, woken = Player(), []
    player.listen(lambda: woken.append(1))
    for control in (player.play, player.pause, lambda: player.seek(5), lambda: player.set_loop(None)):
        control()
    assert len(woken) == 4


class Restless:
    """A hand that moves any control at any time, and a device that gives back any number of blocks."""

    LEVEL, LOW, HIGH = 0.2, 150, 260

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        pairs = [(self.LOW, self.HIGH, 400_000), (self.LOW + 20, self.HIGH - 30, 390_000)]
        self.tracks = [
            Track({"a": self.song(low, length), "b": self.song(high, 400_000)}) for low, high, length in pairs
        ]
        self.now = 0
        self.player = Player()
        self.player.load(self.tracks[0], self.tracks[0].alone())
        self.player.play()
        self.sound = []

    def song(self, frequency, length):
        samples = tone(length, frequency, self.LEVEL)
        samples[-4_000:] *= np.linspace(1, 0, 4_000, dtype=np.float32)[:, None]  # a song that ends, not one that is cut
        return source(samples)

    def mix(self):
        rng = self.rng
        strips = {
            name: Strip(float(rng.uniform(-30, 3)), float(rng.uniform(-1, 1)), rng.random() < 0.3, rng.random() < 0.2)
            for name in "ab"
        }
        ranges = {"a": [(0, 200_000)]} if rng.random() < 0.5 else {}
        return self.tracks[self.now].compile(MixState(strips, mono=rng.random() < 0.2), ranges=ranges)

    def loop(self):
        start = int(self.rng.integers(0, 390_000))
        self.player.set_loop((start, start + int(self.rng.integers(0, 30_000))))

    def switch(self):
        self.now = 1 - self.now
        self.player.switch(self.tracks[self.now], self.mix())

    def move(self):
        player, rng = self.player, self.rng
        moves = [
            lambda: player.seek(int(rng.integers(0, 410_000))),
            self.loop,
            lambda: player.set_loop(None),
            player.pause,
            self.switch,
            lambda: player.set_volume(float(rng.uniform(-20, 0))),
            player.play,
            lambda: player.set_mix(self.mix()),
        ]
        moves[rng.integers(len(moves))]()
        back = player.unrender(int(rng.integers(0, 20)) * BLOCK)
        if back:
            del self.sound[-back // BLOCK :]
            self.sound.extend(player.render_again(back).reshape(-1, BLOCK, 2).copy())

    def run(self, blocks):
        for _ in range(blocks):
            if self.rng.random() < 0.3:
                self.move()
            if self.rng.random() < 0.05:
                self.player.play()
            self.sound.append(self.player.render().copy())
        return np.concatenate(self.sound)


@pytest.mark.parametrize("seed", range(8))
def test_no_control_ever_clicks(seed):
    heard = Restless(seed).run(1500)
    # At most: both sources at +3 dB in two voices, on their own slope and through the shortest fade.
    gain = 10 ** (3 / 20)
    slope = 2 * Restless.LEVEL * gain * (2 * np.pi * Restless.HIGH / RATE + (np.pi / 2) / LOOP_FADE)
    steps = np.abs(np.diff(heard, axis=0)).max(axis=1)
    assert steps.max() < 1.3 * slope, np.flatnonzero(steps > 1.3 * slope)
    assert np.abs(heard).max() > 0.05
