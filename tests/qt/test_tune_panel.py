"""Speed, key, click and count-in: the panel, and what opens it."""

import pytest
from fakes import playing as fake
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from musicapi_desktop.domain.kept_mix import KeptMix
from musicapi_desktop.presenters.mixer import MixerPresenter
from musicapi_desktop.presenters.player import PlayerPresenter
from musicapi_desktop.ui.player.tune_button import TuneButtons
from musicapi_desktop.ui.player.tune_panel import TunePanel, key_words

# the offscreen platform says so of every window, and of every popup
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "raise", "grabbing the", extend=True)


class Stage:
    def __init__(self, qtbot):
        self.transport, calls, relay = fake.FakeTransport(), fake.FakeCalls(), fake.FakeRelay()
        self.player = PlayerPresenter(self.transport, fake.FakeLibrary(), calls, relay, fake.FakePreferences())
        self.memory = fake.FakeMemory()
        self.mixer = MixerPresenter(
            self.player, self.transport, calls, relay, self.memory, fake.FakeSplitter(), fake.peaks
        )
        self.window = QWidget()
        self.buttons = TuneButtons(self.player, wide=True, parent=self.window)
        self.panel = TunePanel(self.player, self.window)
        qtbot.addWidget(self.window)
        self.window.show()
        song = fake.song()
        self.player.open(song, song.takes[0])


@pytest.fixture
def stage(qtbot):
    return Stage(qtbot)


@pytest.mark.parametrize(("semitones", "words"), [(0, "±0"), (3, "+3"), (-2, "−2")])
def test_key_words(semitones, words):
    assert key_words(semitones) == words


def test_speed_and_key_by_keys_and_back(stage, qtbot):
    stage.panel.show()
    qtbot.keyClick(stage.panel.speed, Qt.Key.Key_Down)
    qtbot.keyClick(stage.panel.speed, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(stage.panel.key, Qt.Key.Key_Up)
    assert (stage.player.state.speed, stage.player.state.key) == (94, 1)
    assert [label.text() for label in stage.panel.figures[:2]] == ["94 %", "+1"]
    assert stage.panel.speed.accessibleName() == "Speed, 94 percent"
    assert stage.panel.key.accessibleName() == "Key, 1 semitones up"
    assert (stage.buttons.speed.text(), stage.buttons.key.text()) == ("Speed 94 %", "Key +1")
    assert stage.buttons.speed.isChecked()
    qtbot.mouseClick(stage.panel.reset, Qt.MouseButton.LeftButton)
    assert (stage.player.state.speed, stage.player.state.key) == (100, 0)
    assert not stage.buttons.speed.isChecked()
    assert not stage.panel.reset.isEnabled()


def test_the_ends_are_the_ends(stage, qtbot):
    stage.panel.show()
    for _ in range(12):
        qtbot.keyClick(stage.panel.speed, Qt.Key.Key_PageDown)
        qtbot.keyClick(stage.panel.key, Qt.Key.Key_PageUp)
    assert (stage.player.state.speed, stage.player.state.key) == (50, 12)


def test_without_beats_there_is_no_click_and_it_is_said(stage, qtbot):
    stage.player.show(click_ready=False)
    stage.panel.show()
    assert not stage.panel.click.isEnabled()
    assert stage.panel.note.text() == "No beat was found in this take."
    stage.player.show(click_ready=True)
    qtbot.mouseClick(stage.panel.click, Qt.MouseButton.LeftButton)
    assert stage.player.state.click
    assert stage.panel.click.accessibleName() == "Click, on"
    before = stage.player.state.click_level
    qtbot.keyClick(stage.panel.level, Qt.Key.Key_Up)
    assert stage.player.state.click_level == before + 0.5
    qtbot.mouseClick(stage.panel.count_in, Qt.MouseButton.LeftButton)
    assert stage.player.state.count_in
    assert stage.panel.note.text() == ""


def test_a_chip_opens_the_panel_and_stays_as_it_is_set(stage, qtbot):
    qtbot.mouseClick(stage.buttons.key, Qt.MouseButton.LeftButton)
    opened = stage.buttons._panel
    assert opened is not None
    assert opened.isVisible()
    assert not stage.buttons.key.isChecked()
    opened.close()


def test_with_little_room_there_is_one_sign_that_tells_all(stage):
    stage.buttons.set_wide(False)
    assert not stage.buttons.speed.isVisible()
    stage.player.set_speed(80)
    assert stage.buttons.sign.accessibleName() == "Speed 80 %, key ±0, click off"
    assert stage.buttons.minimumSizeHint().width() < 60


def test_speed_and_key_are_kept_with_the_take(stage):
    stage.mixer.attend(True)
    stage.player.set_speed(85)
    stage.player.set_key(-2)
    stage.mixer.keep()
    kept = stage.memory.get("song-A")
    assert (kept.speed, kept.key) == (85, -2)
    stage.memory.put("other-A", KeptMix(speed=70, key=3))
    other = fake.song(fake.take("A", song_id="other"), song_id="other")
    stage.player.open(other, other.takes[0])
    assert (stage.player.state.speed, stage.player.state.key) == (70, 3)


def test_speed_and_key_belong_to_the_take_outside_the_mixer_too(stage):
    other = fake.song(fake.take("A", song_id="other"), song_id="other")
    stage.player.set_speed(80)
    stage.mixer.keep()
    stage.player.open(other, other.takes[0])
    assert stage.player.state.speed == 100, "another song is heard as it was made"
    song = fake.song()
    stage.player.open(song, song.takes[0])
    assert stage.player.state.speed == 80
    stage.mixer.attend(True)
    assert (stage.player.state.speed, stage.mixer.state.speed) == (80, 80)
    assert stage.memory.get("other-A") is None or stage.memory.get("other-A").speed == 100


def test_a_loop_set_beside_the_mixer_is_kept_with_the_take_on_the_desk(stage):
    stage.mixer.attend(True)
    stage.mixer.attend(False)
    stage.player.set_loop(10.0, 20.0)
    stage.mixer.keep()
    assert stage.memory.get("song-A").loop == (10.0, 20.0)
