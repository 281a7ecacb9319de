"""Speed, key, click and count-in: what the person sets, what the transport is asked for, what is kept."""

import pytest
from fakes import playing as fake

from musicapi_desktop.domain.beats import Beats
from musicapi_desktop.domain.errors import AudioUnreadable
from musicapi_desktop.presenters.player import PlayerPresenter


class Stage:
    def __init__(self, preferences=None):
        self.transport, self.calls = fake.FakeTransport(), fake.FakeCalls()
        self.preferences = preferences or fake.FakePreferences()
        self.song = fake.song()
        library, relay = fake.FakeLibrary(self.song), fake.FakeRelay()
        self.player = PlayerPresenter(self.transport, library, self.calls, relay, self.preferences)

    def open(self, number=0):
        self.player.open(self.song, self.song.takes[number])


@pytest.fixture
def stage(qapp):
    made = Stage()
    made.open()
    return made


def test_speed_and_key_are_asked_for_together(stage):
    stage.player.set_speed(75)
    stage.player.set_key(-3)
    assert stage.transport.tuned == (0.75, -3)
    assert (stage.player.state.speed, stage.player.state.key) == (75, -3)
    stage.player.reset_speed()
    assert stage.transport.tuned == (1.0, 0)


@pytest.mark.parametrize(("asked", "got"), [(20, 50), (400, 150)])
def test_speed_stays_within_its_limits(stage, asked, got):
    stage.player.set_speed(asked)
    assert stage.player.state.speed == got


def test_a_kept_tune_is_taken_up_within_the_limits(stage):
    stage.player.restore_tune(60, 40)
    assert (stage.player.state.speed, stage.player.state.key) == (60, 12)


def test_beats_are_known_a_while_after_the_take_is_open(qapp):
    stage = Stage()
    stage.calls.later = True
    stage.open()
    stage.calls.finish()
    assert stage.player.state.playing
    assert not stage.player.state.click_ready
    stage.calls.finish()
    assert stage.player.state.click_ready
    assert stage.player.state.beats == stage.transport.beats.times


def test_beats_of_a_take_that_was_left_are_not_taken_up(qapp):
    stage = Stage()
    stage.calls.later = True
    stage.open()
    stage.calls.finish()
    stage.transport.beats = Beats((1.0, 2.0), 60.0)
    stage.open(1)
    stage.calls.finish()
    assert not stage.player.state.click_ready


def test_a_take_without_a_beat_has_no_click(qapp):
    stage = Stage()
    stage.transport.beats = Beats()
    stage.open()
    assert not stage.player.state.click_ready
    assert stage.player.state.beats == ()


def test_where_beats_cannot_be_found_playing_goes_on(qapp):
    stage = Stage()

    def refuse(_take):
        raise AudioUnreadable("no")

    told = []
    stage.transport.find_beats = refuse
    stage.player.told.connect(told.append)
    stage.open()
    assert stage.player.state.playing
    assert told == []


def test_click_and_its_level_are_kept_for_the_next_song(stage):
    stage.player.toggle_click()
    stage.player.set_click_level(-9.5)
    assert stage.transport.clicks == (True, -9.5)
    again = Stage(stage.preferences)
    assert again.transport.clicks == (True, -9.5)
    assert again.player.state.click


def test_a_bar_is_counted_when_the_person_presses_play_and_not_when_a_song_opens(stage):
    stage.player.toggle_count_in()
    stage.open()
    assert not stage.transport.counted
    stage.player.pause()
    stage.player.play()
    assert stage.transport.counted
    assert Stage(stage.preferences).player.state.count_in
