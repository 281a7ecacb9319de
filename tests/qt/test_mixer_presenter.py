from dataclasses import replace

import pytest
from fakes import playing as fake

from musicapi_desktop.domain.errors import AudioUnreadable
from musicapi_desktop.domain.events import JobChanged, SongChanged
from musicapi_desktop.domain.job import Job, JobState
from musicapi_desktop.domain.mix import OFF
from musicapi_desktop.domain.request import Operation, Request, Source
from musicapi_desktop.presenters.mixer import MixerPresenter
from musicapi_desktop.presenters.mixer_state import key_words, lane_words
from musicapi_desktop.presenters.player import PlayerPresenter


class Stage:
    def __init__(self):
        self.transport = fake.FakeTransport()
        self.calls = fake.FakeCalls()
        self.relay = fake.FakeRelay()
        self.memory = fake.FakeMemory()
        self.splitter = fake.FakeSplitter()
        self.player = PlayerPresenter(
            self.transport, fake.FakeLibrary(), self.calls, self.relay, fake.FakePreferences()
        )
        self.mixer = MixerPresenter(
            self.player, self.transport, self.calls, self.relay, self.memory, self.splitter, fake.peaks
        )

    def open(self, song=None, letter="A"):
        song = song or fake.song()
        self.player.open(song, next(t for t in song.takes if t.letter == letter))

    def lane(self, kind):
        return next(lane for lane in self.mixer.state.lanes if lane.kind == kind)


@pytest.fixture
def stage(qapp):
    made = Stage()
    made.mixer.attend(True)
    made.open()
    return made


VOCALS, DRUMS, BASS = "song-A-vocals", "song-A-drums", "song-A-bass"


def test_follows_the_players_take_and_opens_its_stems(stage):
    assert ("stems", "A") in stage.transport.asked
    assert len(stage.mixer.state.lanes) == 12
    assert [lane.kind for lane in stage.mixer.state.lanes if lane.silent] == ["brass", "woodwinds"]
    assert stage.mixer.state.facts == "12 stems · 48 kHz · 3:18 · 112 bpm · F♯ minor"
    assert set(stage.mixer.waveforms) == {"", *(lane.stem_id for lane in stage.mixer.state.lanes if not lane.silent)}


def test_out_of_sight_nothing_is_opened(qapp):
    stage = Stage()
    stage.open()
    assert ("stems", "A") not in stage.transport.asked
    stage.mixer.attend(True)
    assert ("stems", "A") in stage.transport.asked


def test_every_control_reaches_the_sound(stage):
    stage.mixer.set_level(VOCALS, -3.54)
    stage.mixer.set_balance(VOCALS, -2)
    stage.mixer.set_master(9)
    stage.mixer.toggle_mono()
    mixed = stage.transport.mixed
    assert mixed.strip(VOCALS).level == -3.5
    assert mixed.strip(VOCALS).balance == -1.0
    assert mixed.master == 6.0
    assert mixed.mono
    assert mixed == stage.mixer.state.mix


def test_undo_merges_a_drag_and_redo_brings_it_back(stage):
    for level in (-1, -2, -3):
        stage.mixer.set_level(VOCALS, level)
    stage.mixer.end_edit()
    stage.mixer.toggle_mute(DRUMS)
    stage.mixer.undo()
    assert not stage.transport.mixed.strip(DRUMS).mute
    stage.mixer.undo()
    assert stage.transport.mixed.strip(VOCALS).level == 0
    assert not stage.mixer.state.can_undo
    stage.mixer.redo()
    assert stage.transport.mixed.strip(VOCALS).level == -3
    assert stage.mixer.state.can_redo


def test_solo_words_for_screen_readers(stage):
    stage.mixer.set_level(VOCALS, -3.5)
    assert lane_words(stage.lane("vocals")) == "Vocals, level, −3.5 dB"
    stage.mixer.toggle_solo(VOCALS)
    assert lane_words(stage.lane("bass")) == "Bass, silenced by solo"
    assert lane_words(stage.lane("vocals")) == "Vocals, level, −3.5 dB, soloed"
    assert lane_words(stage.lane("brass")) == "Brass, no signal"
    stage.mixer.clear_solo()
    stage.mixer.set_level(BASS, OFF)
    stage.mixer.toggle_mute(BASS)
    assert lane_words(stage.lane("bass")) == "Bass, level, off, muted"


def test_scenes_store_recall_and_listen(stage):
    stage.mixer.set_level(VOCALS, -6)
    stage.mixer.store("A")
    assert stage.mixer.state.scene == "A"
    stage.mixer.set_level(VOCALS, 0)
    assert stage.mixer.state.scene == ""
    stage.mixer.hold("A")
    assert stage.transport.mixed.strip(VOCALS).level == -6
    stage.mixer.release()
    assert stage.transport.mixed.strip(VOCALS).level == 0
    stage.mixer.recall("A")
    assert stage.transport.mixed.strip(VOCALS).level == -6
    stage.mixer.undo()
    assert stage.transport.mixed.strip(VOCALS).level == 0, "recalling is a step like any other"
    stage.mixer.recall("B")
    assert stage.mixer.state.scenes == {"A", "B"}, "an empty scene takes what is set"


def test_holding_solo_leaves_nothing_behind(stage):
    stage.mixer.hold_solo(DRUMS)
    assert stage.transport.mixed.soloed == {DRUMS}
    stage.mixer.release()
    assert stage.transport.mixed.soloed == frozenset()
    assert not stage.mixer.state.can_undo


def test_the_state_is_kept_per_take(stage):
    stage.mixer.set_level(VOCALS, -6)
    stage.mixer.store("C")
    stage.player.set_loop(10, 20)
    other = fake.song(fake.take("A", song_id="other"), song_id="other")
    stage.open(other)
    assert stage.mixer.state.mix.strip(VOCALS).level == 0
    assert stage.memory.kept["song-A"].mix.strip(VOCALS).level == -6
    stage.open()
    assert stage.transport.mixed.strip(VOCALS).level == -6
    assert stage.mixer.state.scenes == {"C"}
    assert stage.transport.looped == (10, 20)


def test_leaving_the_mixer_keeps_what_is_heard(stage):
    stage.mixer.toggle_mute(VOCALS)
    stage.mixer.attend(False)
    assert stage.transport.mixed.strip(VOCALS).mute
    assert stage.memory.kept["song-A"].mix.strip(VOCALS).mute


def test_no_stems_offers_the_split_with_its_prices(stage):
    stage.open(letter="B")
    offer = stage.mixer.state.split
    assert offer.basic == "Split into stems: 2 parts · 15 credits"
    assert offer.full == "all parts · 75 credits"
    stage.mixer.split(full=True)
    assert stage.splitter.asked == [("song-B", True)]


def test_on_this_computer_splitting_is_free(stage):
    stage.splitter.quoted = (0, 0)
    stage.open(letter="B")
    assert stage.mixer.state.split.basic == "Split into stems: 2 parts · free on this computer"


def test_a_split_is_followed_until_the_stems_open(stage):
    song = fake.song()
    stage.open(song, "B")
    job = Job("j", Request(Operation.STEMS_FULL, source=Source("song", "song-B", "clip")), "local", JobState.MAKING)
    stage.relay.published.emit(JobChanged(job))
    assert stage.mixer.state.split.running == "Splitting"
    stage.relay.published.emit(JobChanged(replace(job, state=JobState.READY)))
    stage.relay.published.emit(SongChanged(replace(song, takes=(song.takes[0], fake.take("B")))))
    assert stage.mixer.state.split.running == ""
    assert len(stage.mixer.state.lanes) == 12
    assert ("stems", "B") in stage.transport.asked


def test_an_unreadable_stem_says_so_and_the_rest_is_there(qapp):
    stage = Stage()

    def peaks(song, take, key):
        if key == DRUMS:
            raise AudioUnreadable("The file of this stem is damaged.")
        return fake.peaks(song, take, key)

    stage.mixer = MixerPresenter(
        stage.player, stage.transport, stage.calls, stage.relay, stage.memory, stage.splitter, peaks
    )
    stage.mixer.attend(True)
    stage.open()
    assert stage.lane("drums").error == "The file of this stem is damaged."
    assert VOCALS in stage.mixer.waveforms


@pytest.mark.parametrize(
    ("key", "words"), [("F#m", "F♯ minor"), ("Eb", "E♭ major"), ("A minor", "A minor"), ("C", "C major"), ("", "")]
)
def test_keys_in_words(key, words):
    assert key_words(key) == words


def test_undo_goes_back_over_loop_speed_key_and_scenes_too(stage):
    stage.mixer.store("A")
    stage.player.set_loop(10.0, 20.0)
    stage.player.set_loop(10.0, 25.0)
    stage.mixer.end_edit()
    stage.player.toggle_loop()
    stage.mixer.end_edit()
    stage.player.set_speed(80)
    stage.player.set_speed(75)
    now = stage.player.state
    assert (now.loop, now.loop_on, now.speed) == ((10.0, 25.0), False, 75)
    stage.mixer.undo()
    assert (now.speed, stage.player.state.speed) == (75, 100)
    stage.mixer.undo()
    assert stage.player.state.loop_on
    stage.mixer.undo()
    assert stage.player.state.loop is None, "the drag was one step"
    assert stage.transport.looped is None
    stage.mixer.undo()
    assert stage.mixer.state.scenes == frozenset()
    assert not stage.mixer.state.can_undo
    for _ in range(4):
        stage.mixer.redo()
    now = stage.player.state
    assert (now.loop, now.loop_on, now.speed, stage.mixer.state.scenes) == ((10.0, 25.0), False, 75, frozenset("A"))


def test_what_was_kept_is_no_step_of_the_persons(stage):
    stage.player.set_loop(10.0, 20.0)
    stage.player.set_speed(80)
    stage.mixer.keep()
    again = Stage()
    again.memory.kept = stage.memory.kept
    again.mixer.attend(True)
    again.open()
    assert (again.player.state.loop, again.player.state.speed) == ((10.0, 20.0), 80)
    assert not again.mixer.state.can_undo


def test_the_figures_are_those_of_the_mix_once_it_rests(stage):
    assert (stage.mixer.state.lufs, stage.mixer.state.measured) == (-14.2, False)
    stage.mixer._measure_soon.timeout.emit()
    assert (stage.mixer.state.lufs, stage.mixer.state.true_peak, stage.mixer.state.measured) == (-14.8, -0.9, True)
    stage.mixer.set_master(3.0)
    assert stage.mixer._measure_soon.isActive(), "measured anew when the hand rests"
    stage.mixer._measure_soon.timeout.emit()
    assert (stage.mixer.state.lufs, round(stage.mixer.state.true_peak, 1)) == (-11.8, 2.1)


def test_figures_of_a_mix_that_is_set_otherwise_by_now_are_not_shown(stage):
    stage.calls.later = True
    stage.mixer._measure_soon.timeout.emit()
    stage.mixer.set_master(-6.0)
    stage.calls.finish()
    assert not stage.mixer.state.measured
