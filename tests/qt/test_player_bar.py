from dataclasses import replace

import pytest
from fakes import playing as fake
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from musicapi_desktop.presenters.player import PlayerPresenter
from musicapi_desktop.ui.player.player_bar import PlayerBar

# the offscreen platform says so of every window
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def stage(qtbot):
    class Stage:
        transport = fake.FakeTransport()
        player = PlayerPresenter(
            transport,
            fake.FakeLibrary(),
            fake.FakeCalls(),
            fake.FakeRelay(),
            fake.FakePreferences(),
            lambda _take: fake.WORDS,
        )
        window = QWidget()
        field = QLineEdit(window)
        bar = PlayerBar(player)

    column = QVBoxLayout(Stage.window)
    column.addWidget(Stage.field)
    column.addWidget(Stage.bar)
    Stage.window.resize(1440, 130)
    qtbot.addWidget(Stage.window)
    Stage.window.show()
    qtbot.waitExposed(Stage.window)
    return Stage


@pytest.fixture
def playing(stage, qtbot):
    song = fake.song()
    stage.player.open(song, song.takes[0])
    qtbot.waitUntil(lambda: stage.bar.wave.width() > 200)
    return stage


def at(bar, seconds):
    return QPoint(bar.wave.x_of(seconds), 45)


def drag(widget, start, end):
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
    middle = (start + end) / 2
    for point in (middle, end):
        QTest.mouseMove(widget, point)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end)


def test_nothing_playing_offers_nothing(stage):
    for widget in (stage.bar.play, stage.bar.next, stage.bar.previous, stage.bar.wave, stage.bar.volume):
        assert not widget.isEnabled()
    assert stage.bar.song.accessibleName() == "Nothing playing"
    assert not stage.bar.time.isVisible()


def test_the_bar_fits_the_smallest_window(playing, qapp):
    from musicapi_desktop.ui.theme import theme

    theme.current().apply(qapp, "dark")
    for press in (lambda: None, playing.player.toggle_blind, playing.player.prefer, playing.player.toggle_blind):
        press()
        qapp.processEvents()
        assert playing.bar.minimumSizeHint().width() <= 900
    assert playing.bar.height() == 92


def test_play_button_and_its_name(playing, qtbot):
    assert playing.bar.play.accessibleName() == "Pause"
    qtbot.mouseClick(playing.bar.play, Qt.MouseButton.LeftButton)
    assert not playing.transport.now.playing
    assert playing.bar.play.accessibleName() == "Play"


def test_click_seeks_and_leaves_the_focus_where_it_was(playing, qtbot):
    playing.field.setFocus()
    qtbot.mouseClick(playing.bar.wave, Qt.MouseButton.LeftButton, pos=at(playing.bar, 99))
    assert playing.transport.now.position == pytest.approx(99, abs=0.5)
    assert playing.field.hasFocus()


def test_drag_makes_a_loop_and_its_edge_moves_it(playing):
    wave = playing.bar.wave
    drag(wave, at(playing.bar, 60), at(playing.bar, 90))
    assert playing.transport.looped == pytest.approx((60, 90), abs=0.6)
    drag(wave, at(playing.bar, 90), at(playing.bar, 120))
    assert playing.transport.looped == pytest.approx((60, 120), abs=0.6)
    drag(wave, at(playing.bar, 60), at(playing.bar, 150))
    assert playing.transport.looped == pytest.approx((120, 150), abs=0.6), "an edge may be drawn past the other"


def test_an_edge_moves_while_the_hand_is_still_down(playing):
    playing.player.set_loop(60, 90)
    wave = playing.bar.wave
    QTest.mousePress(wave, Qt.MouseButton.LeftButton, pos=at(playing.bar, 90))
    QTest.mouseMove(wave, at(playing.bar, 100))
    assert playing.transport.looped == pytest.approx((60, 100), abs=0.6)
    QTest.mouseMove(wave, at(playing.bar, 110))
    assert playing.transport.looped == pytest.approx((60, 110), abs=0.6)
    QTest.mouseRelease(wave, Qt.MouseButton.LeftButton, pos=at(playing.bar, 110))


def test_double_click_loops_the_section(playing, qtbot):
    qtbot.mouseDClick(playing.bar.wave, Qt.MouseButton.LeftButton, pos=at(playing.bar, 30))
    assert playing.transport.looped == (20, 60)
    qtbot.mouseClick(playing.bar.loop, Qt.MouseButton.LeftButton)
    assert playing.transport.looped is None


def test_time_is_shown_in_tenths_and_what_remains_on_a_click(playing, qtbot):
    playing.player.seek(72.45)
    assert playing.bar.time.words == "1:12.4 / 3:18"
    qtbot.mouseClick(playing.bar.time, Qt.MouseButton.LeftButton)
    assert playing.bar.time.words == "−2:05.5 / 3:18"


def test_take_letters_and_level_match(playing, qtbot):
    letters = {button.text(): button for button in playing.bar.takes.letters}
    assert [button.isChecked() for button in letters.values()] == [True, False]
    assert playing.bar.takes.match.text() == "Match −1.8 dB"
    qtbot.mouseClick(letters["B"], Qt.MouseButton.LeftButton)
    assert ("switch", "B") in playing.transport.asked
    assert [button.isChecked() for button in letters.values()] == [False, True]
    qtbot.mouseClick(playing.bar.takes.match, Qt.MouseButton.LeftButton)
    assert playing.transport.matched is False
    assert playing.bar.takes.match.text() == "Match off"


def test_blind_hides_everything_that_tells_takes_apart(playing, qtbot):
    bar = playing.bar
    qtbot.mouseClick(bar.takes.blind, Qt.MouseButton.LeftButton)
    assert [button.text() for button in bar.takes.letters] == ["?", "?"]
    assert [button.isChecked() for button in bar.takes.letters].count(True) == 1
    assert [button.accessibleName() for button in bar.takes.letters] == ["Hidden take 1", "Hidden take 2"]
    assert not bar.takes.match.isVisible(), "its figure would tell"
    assert playing.transport.matched, "blind means at one loudness"
    state = playing.player.state
    assert (state.take, state.sections, len(set(state.overview))) == ("?", (), 1)


def test_blind_choices_are_counted_and_told_afterwards(playing, qtbot):
    said = []
    playing.player.announced.connect(said.append)
    takes = playing.bar.takes
    qtbot.mouseClick(takes.blind, Qt.MouseButton.LeftButton)
    for _ in range(3):
        while playing.player.current_take.letter != "B":
            qtbot.mouseClick(takes.letters[1 - playing.player.state.place], Qt.MouseButton.LeftButton)
        qtbot.mouseClick(takes.prefer, Qt.MouseButton.LeftButton)
    assert takes.prefer.text() == "Prefer this (3)"
    assert not takes.tally.isVisible()
    qtbot.mouseClick(takes.blind, Qt.MouseButton.LeftButton)
    assert takes.tally.whole() == "A 0 · B 3"
    assert [button.text() for button in takes.letters] == ["A", "B"]
    assert said[0] == "Takes are compared blind. Press B to show the letters."
    assert said[-1].endswith("Preferred: A: 0, B: 3.")


def test_opening_another_song_ends_blind_and_gives_the_match_back(playing):
    playing.player.toggle_match()
    playing.player.toggle_blind()
    song = fake.song(song_id="other")
    playing.player.open(song, song.takes[0])
    assert not playing.player.state.blind
    assert playing.transport.matched is False
    assert playing.player.state.tally == ()


def test_one_take_cannot_be_compared(stage):
    song = fake.song(fake.take("A"))
    stage.player.open(song, song.takes[0])
    stage.player.toggle_blind()
    assert not stage.player.state.blind
    assert not stage.bar.takes.blind.isVisible()


def test_every_order_is_dealt(qapp):
    from musicapi_desktop.presenters.blind import Blind

    assert {Blind(("A", "B")).order for _ in range(60)} == {("A", "B"), ("B", "A")}


def test_a_missing_device_is_said_calmly(playing):
    playing.transport.now = replace(playing.transport.now, device="")
    playing.bar._look()
    playing.transport.now = replace(playing.transport.now, silent=True, device="null")
    playing.bar._look()
    assert playing.transport.now.playing, "there was no device to begin with"
    assert playing.bar.device.isVisible()
    assert playing.bar.device.text() == "No sound device: playing silently"
    playing.transport.now = replace(playing.transport.now, silent=False)
    playing.bar._look()
    assert not playing.bar.device.isVisible()


def test_a_device_that_goes_away_pauses_and_its_return_offers_to_go_on(playing, qtbot):
    toasts, wanted = [], []
    playing.player.toast.connect(toasts.append)
    playing.player.device_wanted.connect(lambda: wanted.append(1))
    playing.player._device_wait.setInterval(1)
    playing.transport.now = replace(playing.transport.now, position=72.0)
    playing.bar._look()
    playing.transport.now = replace(playing.transport.now, silent=True, device="null")
    playing.bar._look()
    assert not playing.transport.now.playing
    assert playing.bar.device.text() == "No sound device: playback is paused"
    qtbot.waitUntil(lambda: bool(wanted))
    playing.transport.now = replace(playing.transport.now, silent=False, device="pulse")
    playing.bar._look()
    assert [(toast.text, toast.action) for toast in toasts] == [
        ("Playback was paused at 1:12 when the sound device went away.", "Go on")
    ]
    assert not playing.bar.device.isVisible()
    toasts[0].run()
    assert playing.transport.now.playing
    assert not playing.player._device_wait.isActive()


def test_playing_on_without_a_device_is_the_persons_choice(playing, qtbot):
    toasts = []
    playing.player.toast.connect(toasts.append)
    playing.bar._look()
    playing.transport.now = replace(playing.transport.now, silent=True, device="null")
    playing.bar._look()
    qtbot.mouseClick(playing.bar.play, Qt.MouseButton.LeftButton)
    playing.bar._look()
    assert playing.transport.now.playing
    assert playing.bar.device.text() == "No sound device: playing silently"
    playing.transport.now = replace(playing.transport.now, silent=False, device="pulse")
    playing.bar._look()
    assert toasts == []


def test_a_frame_repaints_only_the_stripe_that_changed(playing, qtbot):
    wave = playing.bar.wave
    painted = []
    inner = wave.paintEvent

    def noted(event):
        painted.append(event.rect())
        inner(event)

    playing.player.seek(80)
    qtbot.wait(50)
    wave.paintEvent = noted
    wave.set_position(80.6)
    qtbot.waitUntil(lambda: bool(painted))
    assert max(rect.width() for rect in painted) < 12


def test_volume_by_wheel_and_keys(playing, qtbot):
    volume = playing.bar.volume
    volume.setFocus()
    qtbot.keyClick(volume, Qt.Key.Key_Up)
    assert playing.transport.level == -11.5
    qtbot.keyClick(volume, Qt.Key.Key_End)
    assert playing.transport.level == float("-inf")
    assert volume.accessibleName() == "Volume, off"


def test_every_control_has_a_name(playing):
    for widget in playing.bar.findChildren(QWidget):
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
            assert widget.accessibleName() or getattr(widget, "text", str)(), widget
