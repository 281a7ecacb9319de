"""What of a take the lanes have in view: zoom, scroll, following the playhead, kept per take."""

from dataclasses import replace

import pytest
from fakes import playing as fake
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip

from musicapi_desktop.domain.kept_mix import KeptMix
from musicapi_desktop.domain.notes import Note, Track
from musicapi_desktop.presenters.lane_view import LEAST, LaneView
from musicapi_desktop.presenters.mixer import MixerPresenter
from musicapi_desktop.presenters.player import PlayerPresenter
from musicapi_desktop.ui.mixer.mixer_view import MixerView

# the offscreen platform says so of every window
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

NONE, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


class Stage:
    def __init__(self, memory=None):
        self.transport = fake.FakeTransport()
        calls, relay = fake.FakeCalls(), fake.FakeRelay()
        self.player = PlayerPresenter(
            self.transport, fake.FakeLibrary(), calls, relay, fake.FakePreferences(), lambda _take: fake.WORDS
        )
        self.memory = memory or fake.FakeMemory()
        self.mixer = MixerPresenter(
            self.player, self.transport, calls, relay, self.memory, fake.FakeSplitter(), fake.peaks
        )
        self.mixer.read_notes = lambda take, stem_id: () if stem_id else (Track("Bass", (Note(0.0, 90.0, 40, 1.0),)),)
        self.view = MixerView(self.mixer)

    def open(self):
        song = fake.song()
        self.player.open(song, song.takes[0])

    def wheel(self, widget, x, by, modifiers, across=0):
        place = QPointF(x, 5)
        event = QWheelEvent(
            place, place, QPoint(), QPoint(across, by), Qt.MouseButton.NoButton, modifiers,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(widget, event)


@pytest.fixture
def stage(qtbot):
    made = Stage()
    made.view.resize(1216, 628)
    qtbot.addWidget(made.view)
    made.view.show()
    qtbot.waitExposed(made.view)
    made.open()
    return made


def test_views_stay_within_the_take_and_are_never_too_narrow():
    view = LaneView()
    view.show(-20.0, 20.0, 100.0)
    assert view.span == (0.0, 40.0)
    view.show(50.0, 50.2, 100.0)
    assert view.span is not None
    assert view.span[1] - view.span[0] == LEAST
    view.show(99.0, 140.0, 100.0)
    assert view.span == (59.0, 100.0)
    view.show(0.0, 130.0, 100.0)
    assert view.span is None


def test_zooming_keeps_what_is_under_the_hand():
    view = LaneView()
    view.zoom(0.5, 25.0, 100.0)
    assert view.span == (12.5, 62.5)
    view.zoom(2.0, 25.0, 100.0)
    assert view.span is None


def test_the_view_is_turned_over_when_the_playhead_runs_out_but_not_when_one_scrolled_away():
    view = LaneView((10.0, 20.0))
    assert not view.follow(12.0, 100.0)
    assert view.follow(20.5, 100.0)
    assert view.span == (19.5, 29.5)
    view.show(60.0, 70.0, 100.0)
    assert not view.follow(21.0, 100.0)
    assert view.span == (60.0, 70.0)


def test_ctrl_wheel_zooms_where_the_pointer_is_on_every_timeline(stage):
    lanes = stage.view.desk.lanes
    there = lanes.time_at(300)
    stage.wheel(lanes, 300, 480, CTRL)
    first, last = lanes.view
    assert last - first == pytest.approx(198.0 * 0.8**4)
    assert lanes.time_at(300) == pytest.approx(there, abs=0.3)
    assert stage.view.ruler.view == stage.view.mix.view == (first, last)
    stage.wheel(lanes, 300, -120, SHIFT)
    assert lanes.view[0] == pytest.approx(first + 0.1 * (last - first))
    stage.wheel(stage.view.ruler, 300, -4800, CTRL)
    assert stage.mixer.state.view is None


def test_a_plain_wheel_is_for_what_lies_around(stage):
    stage.wheel(stage.view.desk.lanes, 300, 480, NONE)
    assert stage.mixer.state.view is None


def test_zooming_draws_another_part(stage):
    lanes = stage.view.desk.lanes
    whole = lanes.grab().toImage()
    stage.mixer.show_part(60.0, 90.0)
    assert lanes.grab().toImage() != whole
    assert lanes.x_of(60.0) == 0
    stage.mixer.zoom_loop()
    assert lanes.grab().toImage() == whole


def test_the_loop_comes_into_view_and_goes_again(stage):
    stage.player.set_loop(60.0, 80.0)
    stage.mixer.zoom_loop()
    assert stage.mixer.state.view == (59.0, 81.0)
    stage.mixer.zoom_loop()
    assert stage.mixer.state.view is None


def test_the_view_follows_while_playing(stage):
    stage.mixer.show_part(10.0, 20.0)
    for position in (15.0, 20.2):
        stage.transport.now = replace(stage.transport.now, position=position, playing=True)
        stage.view._look()
    assert stage.mixer.state.view == pytest.approx((19.2, 29.2))


def test_view_speed_and_key_are_kept_per_take(stage):
    stage.mixer.show_part(30.0, 50.0)
    stage.mixer.keep()
    kept = stage.memory.get("song-A")
    assert (kept.view, kept.speed, kept.key) == ((30.0, 50.0), 100, 0)
    other = Stage(stage.memory)
    other.mixer.attend(True)
    other.open()
    assert other.mixer.state.view == (30.0, 50.0)


def test_a_view_of_another_length_is_not_believed(qapp):
    memory = fake.FakeMemory()
    memory.put("song-A", KeptMix(view=(300.0, 400.0)))
    stage = Stage(memory)
    stage.mixer.attend(True)
    stage.open()
    assert stage.mixer.state.view is None


@pytest.mark.qt_log_ignore("raise", "propagateSizeHints", extend=True)
def test_lines_have_ticks_and_are_told(stage):
    ruler = stage.view.ruler
    assert [line[0] for line in ruler.lines] == ["Taxi lights", "rivers of glass", "Neon rain", "Rain"]
    QApplication.sendEvent(ruler, QHelpEvent(QHelpEvent.Type.ToolTip, QPoint(ruler.x_of(61.5), 5), QPoint(9, 9)))
    assert QToolTip.text() == "Neon rain"
    QToolTip.hideText()


def test_notes_are_painted_over_the_lane_that_has_them(stage):
    lanes, bass = stage.view.desk.lanes, next(s for s in stage.view.desk.strips if s.lane.kind == "bass")
    with_notes = lanes.grab(bass.geometry().translated(0, 0)).toImage()
    assert stage.mixer.state.has_notes
    stage.mixer.toggle_notes()
    assert lanes.grab(bass.geometry()).toImage() != with_notes
