from dataclasses import replace
from pathlib import Path

import pytest
from fakes import playing as fake
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QKeySequence, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from musicapi_desktop.domain.mix import OFF
from musicapi_desktop.presenters.mixer import MixerPresenter
from musicapi_desktop.presenters.player import PlayerPresenter
from musicapi_desktop.ui.mixer.columns import lane_heights
from musicapi_desktop.ui.mixer.drag_out import DragOut
from musicapi_desktop.ui.mixer.mixer_view import MixerView

# the offscreen platform says so of every window
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


class Stage:
    def __init__(self):
        self.transport = fake.FakeTransport()
        calls, relay = self.calls, _ = fake.FakeCalls(), fake.FakeRelay()
        self.player = PlayerPresenter(
            self.transport, fake.FakeLibrary(), calls, relay, fake.FakePreferences(), lambda _take: fake.WORDS
        )
        self.splitter = fake.FakeSplitter()
        self.mixer = MixerPresenter(
            self.player, self.transport, calls, relay, fake.FakeMemory(), self.splitter, fake.peaks
        )
        self.view = MixerView(self.mixer)

    def row(self, name):
        return next(strip for strip in self.view.desk.strips if strip.lane.name == name)

    def mixed(self, name):
        return self.transport.mixed.strip(self.row(name).lane.stem_id)


@pytest.fixture
def empty(qtbot):
    made = Stage()
    made.view.resize(1216, 628)
    qtbot.addWidget(made.view)
    made.view.show()
    qtbot.waitExposed(made.view)
    return made


@pytest.fixture
def stage(empty):
    song = fake.song()
    empty.player.open(song, song.takes[0])
    return empty


def test_twelve_stems_fit_the_small_window_without_a_scroll_bar(stage):
    scroll = stage.view._scroll
    assert not scroll.verticalScrollBar().isVisible()
    last = stage.view.desk.strips[-1]
    assert last.geometry().bottom() < stage.view.desk.height()
    assert stage.view.desk.height() <= scroll.viewport().height()


def test_the_smallest_window_has_room_for_the_header(stage):
    stage.mixer.toggle_solo(stage.row("Vocals").lane.stem_id)
    assert stage.view.minimumSizeHint().width() <= 900 - 64


@pytest.mark.parametrize(("room", "height"), [(900, 50), (474, 39), (200, 30)])
def test_heights_are_shared_out(room, height):
    assert lane_heights([False] * 12, room) == [height] * 12


def test_silent_stems_are_folded():
    assert lane_heights([False] * 10 + [True] * 2, 474) == [40] * 10 + [34] * 2


def test_mute_and_solo_by_mouse(stage, qtbot):
    qtbot.mouseClick(stage.row("Keyboard").mute, LEFT)
    assert stage.mixed("Keyboard").mute
    qtbot.mouseClick(stage.row("Vocals").solo, LEFT)
    qtbot.mouseClick(stage.row("Drums").solo, LEFT)
    assert len(stage.transport.mixed.soloed) == 2
    assert stage.row("Bass").mute.overruled
    assert not stage.row("Keyboard").mute.overruled, "its own mute is down: filled, not dashed"
    assert stage.row("Bass").accessibleName() == "Bass, silenced by solo"
    assert stage.view.header.solo.text() == "Solo active (2) ×"
    qtbot.mouseClick(stage.row("Bass").solo, LEFT, CTRL)
    assert stage.transport.mixed.soloed == {stage.row("Bass").lane.stem_id}
    qtbot.mouseClick(stage.row("Vocals").solo, LEFT, SHIFT)
    assert stage.transport.mixed.soloed == {stage.row("Vocals").lane.stem_id}
    qtbot.mouseClick(stage.row("Drums").solo, LEFT, ALT)
    assert stage.transport.mixed.soloed == frozenset()
    assert stage.mixed("Keyboard").mute


def test_the_chip_leaves_solo(stage, qtbot):
    qtbot.mouseClick(stage.row("Vocals").solo, LEFT)
    qtbot.mouseClick(stage.view.header.solo, LEFT)
    assert stage.transport.mixed.soloed == frozenset()
    assert not stage.view.header.solo.isVisible()


def test_holding_solo_is_momentary(stage, qtbot):
    solo = stage.row("Vocals").solo
    QTest.mousePress(solo, LEFT)
    qtbot.waitUntil(lambda: bool(stage.transport.mixed.soloed))
    QTest.mouseRelease(solo, LEFT)
    assert stage.transport.mixed.soloed == frozenset()
    assert not stage.mixer.state.can_undo


def test_the_whole_strip_by_keyboard(stage, qtbot):
    vocals, backing = stage.row("Vocals"), stage.row("Backing vocals")
    vocals.setFocus()
    qtbot.keyClick(vocals, Qt.Key.Key_Down)
    assert backing.hasFocus()
    qtbot.keyClick(backing, Qt.Key.Key_M)
    assert stage.mixed("Backing vocals").mute
    qtbot.keyClick(backing, Qt.Key.Key_S)
    assert stage.mixed("Backing vocals").solo
    qtbot.keyClick(backing, Qt.Key.Key_Right)
    assert backing.fader.hasFocus()
    qtbot.keyClick(backing.fader, Qt.Key.Key_PageDown)
    assert stage.mixed("Backing vocals").level == -3.0
    qtbot.keyClick(backing.fader, Qt.Key.Key_Right)
    assert backing.balance.hasFocus()
    qtbot.keyClick(backing.balance, Qt.Key.Key_Down)
    assert stage.mixed("Backing vocals").balance == -0.05
    qtbot.keyClick(backing.balance, Qt.Key.Key_Left)
    qtbot.keyClick(backing.fader, Qt.Key.Key_Left)
    assert backing.hasFocus()
    qtbot.keyClick(backing, Qt.Key.Key_Up)
    assert vocals.hasFocus()


@pytest.fixture
def console(stage, qtbot):
    qtbot.mouseClick(stage.view.header.console, LEFT)
    return stage


def test_rows_turn_into_a_console_and_back(console, qtbot):
    view = console.view
    strips = view.desk.strips
    assert len({strip.y() for strip in strips}) == 1
    assert [strip.x() for strip in strips] == sorted({strip.x() for strip in strips})
    assert strips[-1].geometry().right() < view.width(), "twelve stand side by side"
    assert not view.desk.lanes.isVisible()
    assert not view.ruler.isVisible()
    assert view.mix.isVisible()
    qtbot.mouseClick(view.header.console, LEFT)
    assert len({strip.y() for strip in strips}) == 12
    assert view.desk.lanes.isVisible()
    assert strips[0].fader.width() > strips[0].fader.height()


def test_an_upright_fader_rises_by_mouse_and_keys(console, qtbot):
    fader = console.row("Bass").fader
    top = round(fader.height() - fader.thumb_centre())
    QTest.mousePress(fader, LEFT, pos=QPoint(15, top))
    assert console.mixed("Bass").level == 0.0
    QTest.mouseMove(fader, QPoint(15, top + 40))
    QTest.mouseRelease(fader, LEFT, pos=QPoint(15, top + 40))
    assert console.mixed("Bass").level < -3
    level = console.mixed("Bass").level
    qtbot.keyClick(fader, Qt.Key.Key_Up)
    assert console.mixed("Bass").level == level + 0.5
    qtbot.mouseDClick(fader, LEFT, pos=QPoint(15, 20))
    assert console.mixed("Bass").level == 0.0


def test_in_the_console_neighbours_are_left_and_right(console, qtbot):
    vocals, backing = console.row("Vocals"), console.row("Backing vocals")
    vocals.setFocus()
    qtbot.keyClick(vocals, Qt.Key.Key_Right)
    assert backing.hasFocus()
    qtbot.keyClick(backing, Qt.Key.Key_Down)
    assert backing.fader.hasFocus()
    qtbot.keyClick(backing.fader, Qt.Key.Key_Left)
    assert vocals.hasFocus()
    qtbot.keyClick(vocals, Qt.Key.Key_S)
    assert console.mixed("Vocals").solo


def test_a_new_song_stands_in_the_console_too(console):
    song = fake.song(fake.take("A", stems=("vocals", "drums"), song_id="other"), song_id="other")
    console.player.open(song, song.takes[0])
    assert all(strip.upright for strip in console.view.desk.strips)


def test_upright_meters_show_their_level(console):
    meter = console.row("Vocals").meter
    meter.feed(1.0, 0.0, 0.0)
    picture = meter.grab().toImage()
    middle = picture.height() // 2
    left, right = (picture.pixelColor(x, middle) for x in (meter.width() // 2 - 5, meter.width() // 2 + 5))
    assert left != right


def test_the_keys_go_on_to_the_original_and_the_mix_and_back(stage, qtbot):
    view = stage.view
    last = view.desk.strips[-1]
    last.setFocus()
    qtbot.keyClick(last, Qt.Key.Key_Down)
    assert view.original.hasFocus()
    qtbot.keyClick(view.original, Qt.Key.Key_S)
    assert stage.mixer.state.original
    qtbot.keyClick(view.original, Qt.Key.Key_Down)
    assert view.master.fader.hasFocus()
    qtbot.keyClick(view.master.fader, Qt.Key.Key_PageDown)
    assert stage.transport.mixed.master == -3.0
    assert view.master.fader.accessibleName() == "Mix, level, −3.0 dB"
    view.original.setFocus()
    qtbot.keyClick(view.original, Qt.Key.Key_Up)
    assert last.hasFocus()


def test_strip_keys_win_over_the_windows_shortcuts(stage, qtbot):
    fired = []
    for key in ("Right", "M", "7"):
        action = QAction(stage.view)
        action.setShortcut(QKeySequence(key))
        action.triggered.connect(lambda _on=False, key=key: fired.append(key))
        stage.view.addAction(action)
    strip = stage.row("Vocals")
    strip.setFocus()
    stage.view.activateWindow()
    for key in (Qt.Key.Key_M, Qt.Key.Key_Right):
        QTest.keyClick(stage.view.windowHandle(), key)
    assert strip.fader.hasFocus()
    QTest.keyClick(stage.view.windowHandle(), Qt.Key.Key_7)
    assert fired == []
    assert stage.mixed("Vocals").mute


def test_typing_a_number_on_the_fader_sets_it(stage, qtbot):
    strip = stage.row("Bass")
    strip.fader.setFocus()
    qtbot.keyClick(strip.fader, "-")
    assert strip.box.hasFocus()
    qtbot.keyClicks(strip.box, "4.5")
    qtbot.keyClick(strip.box, Qt.Key.Key_Return)
    assert stage.mixed("Bass").level == -4.5
    assert strip.box.text() == "−4.5"
    assert strip.fader.hasFocus()
    stage.mixer.undo()
    assert strip.box.text() == "0.0"


def test_nonsense_in_the_box_goes_back(stage, qtbot):
    box = stage.row("Bass").box
    qtbot.mouseClick(box, LEFT)
    qtbot.keyClicks(box, "loud")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.text() == "0.0"
    qtbot.mouseClick(box, LEFT)
    qtbot.keyClicks(box, "-9")
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert box.text() == "0.0"
    assert stage.mixed("Bass").level == 0.0


def test_a_drag_is_one_step_of_undo(stage):
    fader = stage.row("Drums").fader
    start = QPoint(round(fader.thumb_centre()), 12)
    QTest.mousePress(fader, LEFT, pos=start)
    for x in (start.x() - 10, start.x() - 20, start.x() - 30):
        QTest.mouseMove(fader, QPoint(x, 12))
    QTest.mouseRelease(fader, LEFT, pos=QPoint(start.x() - 30, 12))
    assert stage.mixed("Drums").level < -5
    stage.mixer.undo()
    assert stage.mixed("Drums").level == 0.0
    assert fader.level == 0.0


def test_lanes_seek_and_loop(stage, qtbot):
    lanes = stage.view.desk.lanes
    qtbot.mouseClick(lanes, LEFT, pos=QPoint(lanes.x_of(50), 200))
    assert stage.transport.now.position == pytest.approx(50, abs=0.4)
    QTest.mousePress(lanes, LEFT, pos=QPoint(lanes.x_of(20), 100))
    QTest.mouseMove(lanes, QPoint(lanes.x_of(30), 100))
    QTest.mouseMove(lanes, QPoint(lanes.x_of(40), 100))
    QTest.mouseRelease(lanes, LEFT, pos=QPoint(lanes.x_of(40), 100))
    assert stage.transport.looped == pytest.approx((20, 40), abs=0.4)
    qtbot.mouseDClick(stage.view.ruler, LEFT, pos=QPoint(stage.view.ruler.x_of(70), 25))
    assert stage.transport.looped == (60, 90)


def test_one_timeline(stage):
    view = stage.view
    assert view.ruler.x_of(123) == view.desk.lanes.x_of(123) == view.mix.x_of(123)
    left = [w.mapTo(view, QPoint(0, 0)).x() for w in (view.ruler, view.desk.lanes, view.mix)]
    assert left == [480, 480, 480]


def test_scenes_by_mouse(stage, qtbot):
    scenes = stage.view.header.scenes
    stage.mixer.set_level(stage.row("Vocals").lane.stem_id, -6)
    qtbot.mouseClick(scenes["A"], LEFT, CTRL)
    assert scenes["A"].isChecked()
    stage.mixer.set_level(stage.row("Vocals").lane.stem_id, OFF)
    assert not scenes["A"].isChecked()
    QTest.mousePress(scenes["A"], LEFT)
    qtbot.waitUntil(lambda: stage.mixed("Vocals").level == -6)
    QTest.mouseRelease(scenes["A"], LEFT)
    assert stage.mixed("Vocals").level == OFF
    qtbot.mouseClick(scenes["A"], LEFT)
    assert stage.mixed("Vocals").level == -6


def test_others_and_mono(stage, qtbot):
    header = stage.view.header
    next(action for action in header.others.menu().actions() if action.data() == -18.0).trigger()
    assert stage.transport.mixed.solo_dim == -18.0
    assert header.others.text() == "Others −18 dB ▾"
    qtbot.mouseClick(header.mono, LEFT)
    assert stage.transport.mixed.mono


def test_waveforms_follow_the_mix(stage):
    lanes = stage.view.desk.lanes
    strip = stage.row("Vocals")
    place = strip.geometry()

    def picture():
        return lanes.grab(place.translated(0, 0).adjusted(0, 0, 200, -1)).toImage()

    full = picture()
    stage.mixer.set_level(strip.lane.stem_id, -12)
    low = picture()
    stage.mixer.toggle_mute(strip.lane.stem_id)
    outline = picture()
    stage.mixer.toggle_mute(strip.lane.stem_id)
    stage.mixer.toggle_solo(stage.row("Drums").lane.stem_id)
    dimmed = picture()
    shots = [full, low, outline, dimmed]
    assert all(a != b for i, a in enumerate(shots) for b in shots[i + 1 :])
    stage.mixer.clear_solo()
    assert picture() == low


def test_meters_move_with_the_sound_and_rest_after_it(stage):
    strip = stage.row("Vocals")
    stage.transport.now = replace(stage.transport.now, peaks={strip.lane.stem_id: (0.5, 1.2), "": (0.5, 0.5)})
    stage.view._look()
    assert strip.meter.clipped
    assert not strip.meter.resting
    assert not stage.view.master.meter.clipped


def test_the_original_is_a_lane_matched_to_the_stems(stage, qtbot):
    view, header = stage.view, stage.view.header
    assert ("original level", -0.6) in stage.transport.asked, "the stems are at −14.8 LUFS, the take at −14.2"
    assert view.original.accessibleName() == "Original, not heard, matched to the stems, −0.6 dB"
    assert not header.match.isVisible()
    qtbot.mouseClick(view.original.listen, LEFT)
    assert ("original", True) in stage.transport.asked
    assert header.original.isChecked()
    assert header.match.text() == "Match original −0.6 dB"
    qtbot.mouseClick(header.match, LEFT)
    assert stage.transport.asked[-1] == ("original level", 0.0)
    assert header.match.text() == "Match original off"
    view.original.setFocus()
    qtbot.keyClick(view.original, Qt.Key.Key_S)
    assert not stage.mixer.state.original
    assert view.whole.x_of(99) == view.mix.x_of(99)


class Files:
    def __init__(self):
        self.asked = []

    def make(self, song, take, mix, stem_id, loop):
        self.asked.append((stem_id, loop, mix))
        return Path("/made.wav")


def drag_handle(widget, modifiers=NONE, *, release=False):
    for kind, x in ((QEvent.Type.MouseButtonPress, 15), (QEvent.Type.MouseMove, 60)):
        place = QPointF(x, 15)
        event = QMouseEvent(kind, place, widget.mapToGlobal(place), LEFT, LEFT, modifiers)
        QApplication.sendEvent(widget, event)
    if release:
        QTest.mouseRelease(widget, LEFT)


@pytest.fixture
def dragged(stage, monkeypatch):
    stage.mixer.files = Files()
    paths = []
    monkeypatch.setattr(DragOut, "start", lambda self, path: paths.append(str(path)))
    return paths


def test_the_masters_handle_drags_the_mix_as_it_is_set(stage, dragged):
    stage.mixer.toggle_mute(stage.row("Drums").lane.stem_id)
    drag_handle(stage.view.master)
    assert dragged == ["/made.wav"]
    assert stage.mixer.files.asked == [("", None, stage.transport.mixed)]


def test_ctrl_drags_only_the_loop(stage, dragged):
    stage.player.set_loop(20.0, 40.0)
    drag_handle(stage.view.master, CTRL)
    bass = stage.row("Bass")
    drag_handle(bass, CTRL)
    assert [asked[:2] for asked in stage.mixer.files.asked] == [("", (20.0, 40.0)), (bass.lane.stem_id, (20.0, 40.0))]


def test_a_stem_that_is_a_wav_is_dragged_as_it_is(empty, monkeypatch):
    song = fake.song()
    stems = tuple(replace(stem, path=f"{stem.name}.wav") for stem in song.takes[0].stems)
    take = replace(song.takes[0], stems=stems)
    empty.player.open(replace(song, takes=(take,)), take)
    empty.mixer.files, paths = Files(), []
    monkeypatch.setattr(DragOut, "start", lambda _self, path: paths.append(path.as_posix()))
    drag_handle(empty.row("Bass"))
    assert paths == ["/music/Bass.wav"]
    assert empty.mixer.files.asked == []


def test_any_other_stem_is_made_a_wav_first(stage, dragged):
    drag_handle(stage.row("Bass"))
    assert dragged == ["/made.wav"]
    assert [asked[:2] for asked in stage.mixer.files.asked] == [(stage.row("Bass").lane.stem_id, None)]


def test_no_drag_begins_after_the_hand_let_go(stage, dragged):
    stage.calls.later = True
    drag_handle(stage.view.master, release=True)
    stage.calls.finish()
    assert dragged == []
    assert stage.mixer.files.asked, "it is there for the next drag"


def test_split_page(empty, qtbot):
    page = empty.view.page
    assert page.heading.text() == "Nothing in the mixer yet"
    assert not page.basic.isVisible()
    song = fake.song()
    empty.player.open(song, song.takes[1])
    assert page.basic.text() == "Split into stems: 2 parts · 15 credits"
    assert page.full.text() == "All parts · 75 credits"
    assert not empty.view.header.export.isVisible()
    qtbot.mouseClick(page.full, LEFT)
    assert empty.splitter.asked == [("song-B", True)]


def test_export_names_what_is_mixed(stage, qtbot):
    stage.mixer.toggle_mute(stage.row("Vocals").lane.stem_id)
    asked = []
    stage.mixer.export_asked.connect(lambda song, take, mix: asked.append((song.id, take.letter, mix)))
    qtbot.mouseClick(stage.view.header.export, LEFT)
    assert asked == [("song", "A", stage.transport.mixed)]


def test_every_control_has_a_name(stage):
    for widget in stage.view.findChildren(QWidget):
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isVisible():
            assert widget.accessibleName() or getattr(widget, "text", str)(), widget


def test_a_new_set_of_stems_replaces_the_old(stage, qtbot):
    song = fake.song(fake.take("A", stems=("vocals", "drums"), song_id="other"), song_id="other")
    stage.player.open(song, song.takes[0])
    assert [strip.lane.name for strip in stage.view.desk.strips] == ["Vocals", "Drums"]
    QTest.qWait(0)
    stage.view.desk.repaint()


def test_leaving_the_view_stops_looking(stage):
    assert stage.view._frames.isActive()
    stage.view.hide()
    assert not stage.view._frames.isActive()


def test_a_range_drawn_on_a_lane_is_muted_by_m(stage, qtbot):
    lanes, row = stage.view.desk.lanes, stage.row("Bass")
    y = row.geometry().center().y()
    QTest.mousePress(lanes, LEFT, pos=QPoint(lanes.x_of(20), y))
    QTest.mouseMove(lanes, QPoint(lanes.x_of(30), y))
    QTest.mouseMove(lanes, QPoint(lanes.x_of(40), y))
    QTest.mouseRelease(lanes, LEFT, pos=QPoint(lanes.x_of(40), y))
    assert row.hasFocus()
    before = lanes.grab().toImage()
    qtbot.keyClick(row, Qt.Key.Key_M)
    assert not stage.mixed("Bass").mute
    assert stage.transport.ranges[row.lane.stem_id] == (pytest.approx((20, 40), abs=0.4),)
    assert lanes.grab().toImage() != before
    stage.mixer.undo()
    assert stage.transport.ranges[row.lane.stem_id] == ()
    qtbot.keyClick(row, Qt.Key.Key_M)
    assert stage.mixed("Bass").mute, "the next press is the stem's own mute again"


def test_the_original_is_heard_instead(stage, qtbot):
    qtbot.mouseClick(stage.view.header.original, LEFT)
    assert ("original", True) in stage.transport.asked
    assert stage.view.header.original.isChecked()


def test_a_stem_that_cannot_be_read_says_so(stage):
    row = stage.row("Drums")
    stage.transport.now = replace(stage.transport.now, problems={row.lane.stem_id: "The file is damaged."})
    stage.view._look()
    assert row.accessibleName() == "Drums, The file is damaged."
    assert not row.fader.isVisible()
