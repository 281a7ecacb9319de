"""The whole mixer by keyboard alone: every control is reached, named, and does what its keys say."""

import pytest
from fakes import playing as fake
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QApplication, QMenu, QVBoxLayout, QWidget

from musicapi_desktop.domain.mix import OFF
from musicapi_desktop.presenters.mixer import MixerPresenter
from musicapi_desktop.presenters.player import PlayerPresenter
from musicapi_desktop.ui.mixer.mixer_view import MixerView
from musicapi_desktop.ui.mixer.strip import Strip

# the offscreen platform says so of every window, and of every popup
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "raise", "grabbing the", extend=True)

Key, Mod = Qt.Key, Qt.KeyboardModifier


class Room:
    def __init__(self, qtbot):
        self.transport, calls, relay = fake.FakeTransport(), fake.FakeCalls(), fake.FakeRelay()
        self.player = PlayerPresenter(self.transport, fake.FakeLibrary(), calls, relay, fake.FakePreferences())
        self.mixer = MixerPresenter(
            self.player, self.transport, calls, relay, fake.FakeMemory(), fake.FakeSplitter(), fake.peaks
        )
        self.view = MixerView(self.mixer)
        self.window = QWidget()
        QVBoxLayout(self.window).addWidget(self.view)
        self.window.resize(1216, 640)
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitExposed(self.window)
        song = fake.song()
        self.player.open(song, song.takes[0])
        QApplication.processEvents()

    @property
    def focus(self):
        return self.window.focusWidget()

    def press(self, key, modifiers=Mod.NoModifier):
        QTest.keyClick(self.focus, key, modifiers)

    def row(self, name):
        return next(strip for strip in self.view.desk.strips if strip.lane.name == name)

    def mixed(self, name):
        return self.transport.mixed.strip(self.row(name).lane.stem_id)


@pytest.fixture
def room(qtbot):
    return Room(qtbot)


def named(widget):
    face = QAccessible.queryAccessibleInterface(widget)
    return face.text(QAccessible.Text.Name) if face is not None else ""


def test_tab_and_arrows_reach_every_control_and_each_has_a_name_and_a_ring(room):
    """Buttons without the focus (mute, solo, dB boxes) have a key on the strip instead."""
    room.view.header.solo.setFocus()
    seen = []
    first = room.view.desk.strips[0]
    first.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(400):
        at = room.focus
        if at in seen and at is first:
            break
        seen.append(at)
        if isinstance(at, Strip):
            for _step in range(2):
                room.press(Key.Key_Right)
                seen.append(room.focus)
            at.setFocus(Qt.FocusReason.TabFocusReason)
        room.press(Key.Key_Tab)
    controls = [
        widget
        for widget in room.view.findChildren(QWidget)
        if isinstance(widget, QAbstractButton | QAbstractSlider | Strip)
        and widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]
    missed = [named(widget) or type(widget).__name__ for widget in controls if widget not in seen]
    assert not missed
    assert all(named(widget) for widget in controls)


def test_a_mix_is_made_without_a_mouse(room):
    room.view.desk.strips[0].setFocus(Qt.FocusReason.TabFocusReason)
    room.press(Key.Key_Down)
    assert room.focus is room.row("Backing vocals")
    room.press(Key.Key_M)
    assert room.mixed("Backing vocals").mute
    room.press(Key.Key_Down)
    room.press(Key.Key_S)
    assert room.mixed("Drums").solo
    room.press(Key.Key_Right)
    for _ in range(3):
        room.press(Key.Key_Down)
    room.press(Key.Key_Up, Mod.ShiftModifier)
    assert room.mixed("Drums").level == pytest.approx(-1.4)
    room.press(Key.Key_Right)
    room.press(Key.Key_PageUp)
    assert room.mixed("Drums").balance == 0.25
    room.press(Key.Key_Left)
    room.press(Key.Key_End)
    assert room.mixed("Drums").level == OFF
    for digit in "-6":
        QTest.keyClicks(room.focus, digit)
    room.press(Key.Key_Return)
    assert room.mixed("Drums").level == -6.0
    assert named(room.focus) == "Drums, level, −6.0 dB"


def test_what_a_screen_reader_hears_of_a_strip(room):
    bass, vocals = room.row("Bass"), room.row("Vocals")
    assert named(vocals) == "Vocals, level, 0.0 dB"
    vocals.setFocus()
    room.mixer.set_level(vocals.lane.stem_id, -3.5)
    assert named(vocals) == "Vocals, level, −3.5 dB"
    room.press(Key.Key_S)
    assert named(bass) == "Bass, silenced by solo"
    assert named(vocals) == "Vocals, level, −3.5 dB, soloed"
    assert named(room.row("Brass")) == "Brass, no signal"
    assert named(bass.fader) == "Bass, level, 0.0 dB"
    assert named(bass.mute) == "Bass, mute, off"


def test_holding_s_listens_and_letting_go_ends_it(room, qtbot):
    strip = room.row("Bass")
    strip.setFocus()
    QTest.keyPress(strip, Key.Key_S)
    qtbot.waitUntil(lambda: bool(room.transport.mixed.soloed))
    QTest.keyRelease(strip, Key.Key_S)
    assert room.transport.mixed.soloed == frozenset()
    assert not room.mixer.state.can_undo


def test_a_key_that_repeats_is_one_press(room):
    strip = room.row("Bass")
    strip.setFocus()
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    for repeat in (False, True, True):
        QApplication.sendEvent(
            strip, QKeyEvent(QEvent.Type.KeyPress, Key.Key_M, Mod.NoModifier, "m", autorep=repeat, count=1)
        )
    assert room.mixed("Bass").mute


def test_shift_m_mutes_what_the_loop_spans(room):
    room.player.set_loop(20.0, 40.0)
    strip = room.row("Bass")
    strip.setFocus()
    room.press(Key.Key_M, Mod.ShiftModifier)
    assert room.transport.ranges[strip.lane.stem_id] == ((20.0, 40.0),)
    room.press(Key.Key_M, Mod.ShiftModifier)
    assert room.transport.ranges[strip.lane.stem_id] == ()


def test_the_clip_lamp_of_strip_and_mix_goes_out_by_a_key(room):
    strip = room.row("Bass")
    for meter in (strip.meter, room.view.master.meter):
        meter.feed(1.5, 0.1, 0.0)
    strip.setFocus()
    room.press(Key.Key_C)
    assert not strip.meter.clipped
    room.view.master.fader.setFocus()
    room.press(Key.Key_C)
    assert not room.view.master.meter.clipped


def test_scenes_and_chips_by_space(room):
    header = room.view.header
    room.mixer.toggle_mute(room.row("Bass").lane.stem_id)
    header.scenes["B"].setFocus()
    room.press(Key.Key_Space)
    assert room.mixer.state.scenes == frozenset("B")
    room.mixer.undo()
    header.mono.setFocus()
    room.press(Key.Key_Space)
    assert room.transport.mixed.mono
    header.original.setFocus()
    room.press(Key.Key_Space)
    assert ("original", True) in room.transport.asked
    assert isinstance(header.others.menu(), QMenu)


def test_what_a_key_has_done_is_said_where_the_focus_is(room, monkeypatch):
    said = []

    class Heard:
        @staticmethod
        def updateAccessibility(event):  # noqa: N802  # Qt's name
            said.append(event.message())

    monkeypatch.setattr("musicapi_desktop.ui.mixer.strip.QAccessible", Heard)
    room.row("Vocals").setFocus()
    room.press(Key.Key_M)
    assert said == ["Vocals, level, 0.0 dB, muted"], "the others have nothing to say"
