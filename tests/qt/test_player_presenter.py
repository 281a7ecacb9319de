from dataclasses import replace

import pytest
from fakes import playing as fake

from musicapi_desktop.domain.errors import AudioUnreadable
from musicapi_desktop.domain.events import SongChanged, SongGone
from musicapi_desktop.presenters.player import PlayerPresenter
from musicapi_desktop.presenters.player_state import FIRST_VOLUME


class Stage:
    def __init__(self, *songs):
        self.transport = fake.FakeTransport()
        self.library = fake.FakeLibrary(*songs)
        self.calls = fake.FakeCalls()
        self.relay = fake.FakeRelay()
        self.preferences = fake.FakePreferences()
        self.player = PlayerPresenter(
            self.transport, self.library, self.calls, self.relay, self.preferences, lambda _take: fake.WORDS
        )
        self.told = []
        self.player.told.connect(self.told.append)


@pytest.fixture
def stage(qapp):
    return Stage(fake.song())


@pytest.fixture
def playing(stage):
    song = fake.song()
    stage.player.open(song, song.takes[0])
    return stage


def test_first_volume_is_quiet(stage):
    assert stage.transport.level == FIRST_VOLUME == -12.0
    assert stage.player.state.empty


def test_opening_plays_once_the_file_is_ready(stage):
    song = fake.song()
    stage.calls.later = True
    stage.player.open(song, song.takes[0])
    assert stage.player.state.loading
    assert not stage.transport.now.playing
    stage.calls.finish()
    assert stage.player.state.playing
    assert stage.transport.now.playing
    assert stage.player.state.seconds == fake.SECONDS


def test_of_two_openings_the_last_one_wins(stage):
    song, other = fake.song(), fake.song(fake.take("A", song_id="other"), song_id="other", title="Other")
    stage.calls.later = True
    stage.player.open(song, song.takes[0])
    stage.player.open(other, other.takes[0])
    opened = []
    stage.player.opened.connect(lambda s, _take: opened.append(s.id))
    stage.calls.finish()
    assert opened == ["other"]


def test_opens_what_the_library_names(stage):
    stage.player.open_by_id("song", "song-B")
    assert stage.player.state.take == "B"
    stage.player.open_by_id("gone", "x")
    assert stage.player.state.take == "B"


def test_an_unreadable_take_says_so_and_does_not_play(stage):
    stage.transport.breaks = AudioUnreadable("The file is damaged.")
    song = fake.song()
    stage.player.open(song, song.takes[0])
    assert stage.player.state.error == "The file is damaged."
    assert not stage.player.state.playing
    stage.player.toggle()
    assert not stage.transport.now.playing
    assert stage.told


def test_level_match_takes_the_louder_take_down(playing):
    assert playing.player.state.match == pytest.approx(-1.8)
    playing.player.choose_take("B")
    assert playing.player.state.match == 0.0
    assert ("switch", "B") in playing.transport.asked


def test_choosing_a_take_by_number(playing):
    playing.player.choose_take_number(2)
    assert playing.player.state.take == "B"
    playing.player.choose_take_number(9)
    assert playing.player.state.take == "B"


def test_loop_is_kept_in_order_and_inside_the_song(playing):
    playing.player.set_loop(90, 60)
    assert playing.transport.looped == (60, 90)
    playing.player.set_loop(190, 400)
    assert playing.transport.looped == (190, fake.SECONDS)
    playing.player.set_loop(10, 10.01)
    assert playing.transport.looped == (190, fake.SECONDS), "a slip of the mouse is no loop"


def test_loop_in_and_out_at_the_playhead(playing):
    playing.player.seek(50)
    playing.player.loop_in()
    playing.player.seek(70)
    playing.player.loop_out()
    assert playing.transport.looped == (50, 70)
    playing.player.toggle_loop()
    assert playing.transport.looped is None
    assert playing.player.state.loop == (50, 70)
    playing.player.toggle_loop()
    assert playing.transport.looped == (50, 70)
    assert playing.player.clear_loop()
    assert not playing.player.clear_loop()


def test_previous_restarts_before_it_leaves_the_song(playing):
    asked = []
    playing.player.step_asked.connect(asked.append)
    playing.player.seek(40)
    playing.player.previous()
    assert playing.transport.now.position == 0.0
    playing.player.previous()
    playing.player.next()
    assert asked == [-1, 1]


def test_sections_are_stepped_through(playing):
    playing.player.seek(30)
    playing.player.step_section(1)
    assert playing.transport.now.position == 60
    playing.player.step_section(-1)
    assert playing.transport.now.position == 20
    playing.player.step_section(-1)
    playing.player.step_section(-1)
    assert playing.transport.now.position == 0


def test_the_end_and_a_lost_device_are_noticed(playing):
    playing.transport.now = replace(playing.transport.now, playing=False, silent=True)
    playing.player.look()
    assert not playing.player.state.playing
    assert playing.player.state.silent


def test_volume_is_kept_when_the_hand_lets_go(playing):
    playing.player.set_volume(-20.04)
    assert playing.preferences.values == {}
    playing.player.keep_volume()
    assert playing.preferences.values == {"player.volume": -20.0}
    playing.player.toggle_quiet()
    assert playing.transport.level == float("-inf")
    playing.player.toggle_quiet()
    assert playing.transport.level == -20.0


def test_the_song_is_followed_while_it_changes(playing):
    changed = replace(fake.song(), title="Renamed", favourite=True)
    playing.relay.published.emit(SongChanged(changed))
    assert (playing.player.state.title, playing.player.state.favourite) == ("Renamed", True)
    playing.player.toggle_favourite()
    assert playing.library.favourites == [("song", False)]
    playing.relay.published.emit(SongGone("song"))
    assert playing.player.state.empty
    assert not playing.transport.now.playing
