import math

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from musicapi_desktop.domain.mix import OFF, position_of
from musicapi_desktop.ui.widgets.balance import Balance
from musicapi_desktop.ui.widgets.fader import Fader
from musicapi_desktop.ui.widgets.meter import Meter, Needle

# the offscreen platform says so of every window
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

CTRL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)


@pytest.fixture
def fader(qtbot):
    made = Fader()
    made.resize(209, 28)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.levels = []
    made.level_edited.connect(made.levels.append)
    return made


def wheel(widget, angle, modifiers=NONE):
    place = QPointF(widget.rect().center())
    event = QWheelEvent(
        place, widget.mapToGlobal(place), QPoint(), QPoint(0, angle), Qt.MouseButton.NoButton, modifiers,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def test_zero_stands_at_the_designs_place(fader):
    assert fader.thumb_centre() == pytest.approx(4.5 + 0.782 * 200, abs=0.5)


def test_wheel(fader):
    wheel(fader, 120)
    assert fader.level == 0.5
    wheel(fader, -120, CTRL)
    assert fader.level == pytest.approx(0.4)
    wheel(fader, -60)
    assert fader.level == pytest.approx(0.4), "half a notch is kept until it is a whole one"
    wheel(fader, -60)
    assert fader.level == pytest.approx(-0.1)


@pytest.mark.parametrize(
    ("key", "modifiers", "level"),
    [(Qt.Key.Key_Up, NONE, -9.5), (Qt.Key.Key_Down, NONE, -10.5), (Qt.Key.Key_Up, SHIFT, -9.9),
     (Qt.Key.Key_Down, SHIFT, -10.1), (Qt.Key.Key_PageUp, NONE, -7.0), (Qt.Key.Key_PageDown, NONE, -13.0),
     (Qt.Key.Key_Home, NONE, 0.0), (Qt.Key.Key_End, NONE, OFF)],
)  # fmt: skip
def test_keys(fader, qtbot, key, modifiers, level):
    fader.set_level(-10.0)
    qtbot.keyClick(fader, key, modifiers)
    assert fader.level == pytest.approx(level)
    assert fader.levels[-1] == pytest.approx(level)


def test_the_top_is_the_top_and_off_is_off(fader, qtbot):
    fader.set_level(5.8)
    qtbot.keyClick(fader, Qt.Key.Key_Up)
    assert fader.level == 6.0
    fader.set_level(OFF)
    assert fader.thumb_centre() == pytest.approx(4.5)
    assert fader.accessibleName() == "Level, off"


def test_a_drag_follows_the_hand_and_ends_as_one_edit(fader, qtbot):
    ended = []
    fader.edit_ended.connect(lambda: ended.append(fader.level))
    start = QPoint(round(fader.thumb_centre()), 14)
    QTest.mousePress(fader, Qt.MouseButton.LeftButton, pos=start)
    assert fader.levels == [], "taking the thumb changes nothing"
    for x in (140, 120, 107):
        QTest.mouseMove(fader, QPoint(x, 14))
    assert not ended
    QTest.mouseRelease(fader, Qt.MouseButton.LeftButton, pos=QPoint(107, 14))
    assert position_of(fader.level) == pytest.approx(position_of(0) - (start.x() - 107) / 200, abs=0.006)
    assert len(fader.levels) == 3
    assert len(ended) == 1


@pytest.mark.parametrize("modifier", [CTRL, SHIFT])
def test_a_drag_with_ctrl_or_shift_is_ten_times_finer(fader, modifier):
    start = QPoint(round(fader.thumb_centre()), 14)
    QTest.mousePress(fader, Qt.MouseButton.LeftButton, modifier, start)
    target = QPointF(start - QPoint(60, 0))
    move = _mouse_move(fader, target, modifier)
    QApplication.sendEvent(fader, move)
    assert position_of(fader.level) == pytest.approx(position_of(0) - 6 / 200, abs=0.004)


def _mouse_move(widget, place, modifiers):
    from PySide6.QtGui import QMouseEvent

    left = Qt.MouseButton.LeftButton
    return QMouseEvent(QEvent.Type.MouseMove, place, widget.mapToGlobal(place), left, left, modifiers)


def test_double_click_is_zero(fader, qtbot):
    fader.set_level(-20)
    qtbot.mouseDClick(fader, Qt.MouseButton.LeftButton, pos=QPoint(20, 14))
    assert fader.level == 0.0
    assert fader.levels[-1] == 0.0


def test_what_the_program_shows_is_not_reported(fader):
    fader.set_level(-3)
    assert fader.levels == []


def test_a_typed_number_goes_to_the_box(fader, qtbot):
    typed = []
    fader.typed.connect(typed.append)
    for key in ("-", "7"):
        qtbot.keyClicks(fader, key)
    assert typed == ["-", "7"]
    over = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_7, NONE, "7")
    QApplication.sendEvent(fader, over)
    assert over.isAccepted(), "the window's key for take 7 must not get it"


def test_screen_readers_see_a_slider_with_its_level(fader):
    fader.set_title("Vocals, level")
    fader.set_level(-3.5)
    seen = QAccessible.queryAccessibleInterface(fader)
    assert seen.role() == QAccessible.Role.Slider
    assert seen.text(QAccessible.Text.Name) == "Vocals, level, −3.5 dB"
    assert seen.valueInterface().currentValue() == -35
    seen.valueInterface().setCurrentValue(-60)
    assert fader.levels == [-6.0], "what an assistive tool sets counts as the person's doing"


def test_balance_centres_on_a_double_click(qtbot):
    balance = Balance()
    balance.resize(108, 28)
    qtbot.addWidget(balance)
    balance.show()
    heard = []
    balance.balance_edited.connect(heard.append)
    QTest.mouseClick(balance, Qt.MouseButton.LeftButton, pos=QPoint(29, 14))
    assert heard == [pytest.approx(-0.51, abs=0.02)]
    assert "left" in balance.accessibleName()
    qtbot.mouseDClick(balance, Qt.MouseButton.LeftButton, pos=QPoint(29, 14))
    assert heard[-1] == 0.0
    qtbot.keyClick(balance, Qt.Key.Key_Up)
    assert heard[-1] == 0.05
    assert balance.accessibleName() == "Balance, 5 right"


def test_needle_rises_at_once_and_falls_20_db_a_second():
    needle = Needle()
    needle.feed(-6.0, 10.0)
    assert needle.level == -6.0
    needle.feed(-math.inf, 10.5)
    assert needle.level == pytest.approx(-16.0)
    assert needle.held == -6.0
    needle.feed(-math.inf, 11.9)
    assert needle.held == -6.0
    needle.feed(-math.inf, 12.4)
    assert needle.held < -6.0
    needle.feed(-math.inf, 20.0)
    assert needle.resting


def test_the_clip_lamp_stays_until_it_is_clicked(qtbot):
    meter = Meter()
    qtbot.addWidget(meter)
    meter.show()
    meter.feed(1.0, 1.0, 0.0)
    assert not meter.clipped, "full scale is not over"
    meter.feed(1.01, 0.2, 0.1)
    meter.feed(0.0, 0.0, 9.0)
    assert meter.clipped
    qtbot.mouseClick(meter, Qt.MouseButton.LeftButton)
    assert not meter.clipped
