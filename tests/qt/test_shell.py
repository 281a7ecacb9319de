"""The window's frame: areas, folds, keys, toasts, and what comes back at the next start."""

from __future__ import annotations

import pytest
from fakes.shell import CLOUD, shell
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QLabel, QLineEdit, QListWidget, QPushButton, QVBoxLayout

from musicapi_desktop.domain.events import EngineChanged, EngineState
from musicapi_desktop.presenters.toast import Toast
from musicapi_desktop.ui.actions import ACTIONS, Context, keys_text
from musicapi_desktop.ui.create.first_start import FirstStartPage
from musicapi_desktop.ui.create.panel import CreatePanel
from musicapi_desktop.ui.main_window import STATE_KEY, MainWindow, Views
from musicapi_desktop.ui.settings.connection_chip import ConnectionChip
from musicapi_desktop.ui.shortcut_sheet import ShortcutSheet
from musicapi_desktop.ui.theme import theme
from musicapi_desktop.ui.window_state import Area, Folds, WindowState

# the offscreen platform says so of windows and menus
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class Page(QFrame):
    """A stand-in view with one of each kind of control."""

    def __init__(self) -> None:
        super().__init__()
        self.field = QLineEdit()
        self.rows = QListWidget()
        self.button = QPushButton("Press")
        column = QVBoxLayout(self)
        for part in (self.field, self.rows, self.button):
            part.setAccessibleName("part")
            column.addWidget(part)


@pytest.fixture(autouse=True)
def dressed(qapp):
    theme.current().apply(qapp, theme.DARK)


@pytest.fixture
def here(tmp_path):
    with shell(tmp_path, CLOUD) as made:
        yield made


@pytest.fixture
def opened(here, qtbot):
    def open_window(width: int = 1440, height: int = 900) -> MainWindow:
        views = Views(
            create=CreatePanel(here.create),
            first_start=FirstStartPage(here.create),
            library=Page(),
            strip=QLabel("strip"),
            mixer=Page(),
            queue=Page(),
            inspector=QFrame(),
            player=QFrame(),
        )
        window = MainWindow(here.preferences)
        window.furnish(views)
        qtbot.addWidget(window)
        window.resize(width, height)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    return open_window


def click(button) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def press(window, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


CTRL = Qt.KeyboardModifier.ControlModifier


def test_the_frame_has_the_measures_of_the_drawing(opened) -> None:
    window = opened()
    assert window.rail.width() == 64
    assert window.views.create.width() == 372
    assert window.views.inspector.width() == 332
    assert window.views.player.height() == 92
    assert window.minimumSize().toTuple() == (900, 600)


def test_a_wide_page_that_is_hidden_squeezes_nobody(opened) -> None:
    window = opened()
    window.views.mixer.setMinimumWidth(1000)
    window.resize(1441, 900)
    window._apply()
    assert (window.views.create.width(), window.views.inspector.width()) == (372, 332)


def test_the_form_has_the_focus_at_the_start(opened) -> None:
    window = opened()
    assert window.views.create.isAncestorOf(QApplication.focusWidget())


def test_the_rail_switches_areas_and_folds_the_create_panel(opened) -> None:
    window = opened()
    click(window.rail.areas[Area.MIXER])
    assert window.views.mixer.isVisible()
    assert not window.views.inspector.isVisible()
    assert not window.views.create.isVisible()
    click(window.rail.create_button)
    assert window.views.create.isVisible()
    click(window.rail.areas[Area.LIBRARY])
    assert window.views.library.isVisible()
    assert window.views.inspector.isVisible()
    click(window.rail.create_button)
    assert not window.views.create.isVisible()
    assert not window.rail.create_button.isChecked()


def test_keys_switch_areas_even_while_typing(opened) -> None:
    window = opened()
    window.open_create()
    press(window, Qt.Key.Key_4, CTRL)
    assert window.area() is Area.QUEUE
    press(window, Qt.Key.Key_2, CTRL)
    assert window.area() is Area.LIBRARY
    window.views.library.field.setFocus()
    press(window, Qt.Key.Key_1, CTRL)
    assert window.views.create.isAncestorOf(QApplication.focusWidget())
    press(window, Qt.Key.Key_1, CTRL)
    assert not window.views.create.isVisible()


def test_panels_fold_by_themselves_and_come_back(opened, qtbot) -> None:
    window = opened()
    window.resize(1100, 700)
    qtbot.waitUntil(lambda: not window.views.inspector.isVisible())
    assert window.views.create.isVisible()
    window.resize(960, 700)
    qtbot.waitUntil(lambda: not window.views.create.isVisible())
    click(window.rail.create_button)
    assert window.views.create.isVisible()
    window.resize(1440, 900)
    qtbot.waitUntil(window.views.inspector.isVisible)
    assert window.views.create.isVisible()


def test_opening_a_folded_panel_holds_until_the_mark_is_crossed_again() -> None:
    folds = Folds(WindowState()).resized(1000)
    assert not folds.inspector
    insisted = folds.with_inspector(True)
    assert insisted.inspector
    assert not insisted.resized(1200).resized(1000).inspector
    assert folds.with_create(False).resized(1400).inspector


def test_everything_comes_back_at_the_next_start(opened, here) -> None:
    window = opened(1300, 800)
    window.show_area(Area.QUEUE)
    click(window.rail.create_button)
    window.show_area(Area.LIBRARY)
    window.actions_table.trigger("view.inspector")
    window._split.setSizes([420, 600, 0])
    window._widths_moved()
    window.show_area(Area.QUEUE)
    window.close()
    again = opened(1300, 800)
    assert again.area() is Area.QUEUE
    assert again.views.create.isVisible()
    assert again.views.create.width() == 420
    click(again.rail.areas[Area.LIBRARY])
    assert not again.views.inspector.isVisible()


@pytest.mark.parametrize("kept", [{"area": 7, "create_open": [1], "geometry": "%%%"}, {"create_width": "wide"}])
def test_a_damaged_state_starts_with_the_first_one(opened, here, kept) -> None:
    here.preferences.set(STATE_KEY, kept)
    window = opened()
    assert window.area() is Area.LIBRARY


def test_an_empty_library_shows_the_first_start(opened) -> None:
    window = opened()
    window.set_library_empty(True)
    assert window.views.first_start.isVisible()
    assert not window.views.inspector.isVisible()
    window.show_area(Area.QUEUE)
    assert window.views.queue.isVisible()
    window.show_area(Area.LIBRARY)
    window.set_library_empty(False)
    assert window.views.library.isVisible()


def bound(window, action_id: str) -> list[str]:
    done: list[str] = []
    window.actions_table.bind(action_id, lambda: done.append(action_id))
    return done


def test_bare_keys_are_dead_while_a_text_field_has_the_focus(opened) -> None:
    window = opened()
    played, looped, full = bound(window, "play.toggle"), bound(window, "loop.toggle"), bound(window, "view.full_screen")
    window.views.library.field.setFocus()
    QTest.keyClicks(window.views.library.field, "l l?")
    assert window.views.library.field.text() == "l l?"
    press(window, Qt.Key.Key_F11)
    assert (played, looped, full) == ([], [], ["view.full_screen"])
    window.setFocus()
    window.views.library.field.clearFocus()
    press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_L)
    assert (played, looped) == (["play.toggle"], ["loop.toggle"])


def test_a_button_keeps_space_and_a_list_keeps_its_arrows(opened) -> None:
    window = opened()
    played, back = bound(window, "play.toggle"), bound(window, "play.back")
    pressed: list[bool] = []
    window.views.library.button.clicked.connect(lambda: pressed.append(True))
    window.views.library.button.setFocus()
    press(window, Qt.Key.Key_Space)
    assert (len(pressed), played) == (1, [])
    press(window, Qt.Key.Key_Left)
    assert back == ["play.back"]
    window.views.library.rows.setFocus()
    press(window, Qt.Key.Key_Left)
    press(window, Qt.Key.Key_Space)
    assert (back, played) == (["play.back"], ["play.toggle"])


def test_escape_stops_first_and_then_leaves_the_field(opened) -> None:
    window = opened()
    looping = [True]

    def escape() -> bool:
        return bool(looping.pop()) if looping else False

    window.actions_table.bind("play.escape", escape)
    window.views.library.field.setFocus()
    press(window, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is window.views.library.field
    press(window, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is not window.views.library.field


def test_the_focus_does_not_fall_on_a_message_when_a_view_is_hidden(opened) -> None:
    window = opened()
    window.open_create()
    window.toast(Toast("No sound device"))
    window.show_area(Area.MIXER)
    assert QApplication.focusWidget() is window.views.mixer


def test_messages_cover_nothing_beside_the_work_area(opened, qtbot) -> None:
    window = opened(1280, 720)
    window.toast(Toast("No sound device: playing silently. Connect or switch on a device; sound comes by itself."))
    card = window.toasts.cards()[0]
    create = window.views.create
    assert card.x() >= window.rail.width() + create.width()
    window.resize(1000, 640)
    qtbot.waitUntil(lambda: card.geometry().right() <= 1000 and card.x() >= window.rail.width() + create.width())


def test_commands_of_a_view_work_only_inside_it(opened) -> None:
    window = opened()
    trashed: list[int] = []
    window.actions_table.bind("library.trash", lambda: trashed.append(1), window.views.library)
    window.views.library.rows.setFocus()
    press(window, Qt.Key.Key_Delete)
    window.open_create()
    press(window, Qt.Key.Key_Delete)
    assert trashed == [1]


def test_families_carry_their_number_and_can_be_switched_off(opened) -> None:
    window = opened()
    heard: list[int] = []
    window.actions_table.bind_family("mixer.mute", heard.append)
    window.setFocus()
    press(window, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    window.actions_table.enable("mixer.mute.3", False)
    press(window, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert not window.actions_table.trigger("mixer.mute.3")
    assert heard == [3]
    with pytest.raises(KeyError):
        window.actions_table.bind("no.such", heard.clear)


def test_no_key_means_two_things_in_one_place() -> None:
    seen: dict[str, str] = {}
    for command in ACTIONS:
        if command.context is Context.WINDOW:
            for action_id, _text, keys in command.members():
                for key in keys:
                    assert key not in seen, f"{key}: {seen.get(key)} and {action_id}"
                    seen[key] = action_id
    ids = [member[0] for command in ACTIONS for member in command.members()]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("key", [Qt.Key.Key_F1, Qt.Key.Key_Question])
def test_the_sheet_shows_every_bound_command_with_its_keys(opened, qtbot, key) -> None:
    window = opened()
    window.setFocus()
    press(window, key)
    sheet = next(w for w in window.findChildren(QDialog) if isinstance(w, ShortcutSheet))
    qtbot.waitUntil(sheet.isVisible)
    shown = {label.text() for label in sheet.findChildren(QLabel)}
    for command in ACTIONS:
        if window.actions_table.is_bound(command):
            assert keys_text(command) in shown
    assert "Ctrl+Enter" in shown
    assert "Play or pause" not in shown
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.findChildren(ShortcutSheet))


def test_toasts_offer_undo_and_stack(opened, qtbot) -> None:
    window = opened()
    undone: list[int] = []
    window.toast(Toast("Moved to the trash", "Undo", lambda: undone.append(1)))
    for n in range(3):
        window.toast(Toast(f"Message {n}"))
    texts = [card.accessibleName() for card in window.toasts.cards()]
    assert texts == ["Message 0", "Message 1", "Message 2"]
    window.toast(Toast("Cleared", "Undo", lambda: undone.append(2)))
    card = window.toasts.cards()[-1]
    bottoms = [c.geometry().bottom() for c in window.toasts.cards()]
    assert bottoms == sorted(bottoms)
    assert bottoms[-1] < window.height() - 92
    click(next(b for b in card.findChildren(QPushButton) if b.text() == "Undo"))
    assert undone == [2]
    assert card not in window.toasts.cards()
    window.toasts.cards()[0]._time_up()
    assert len(window.toasts.cards()) == 1


def test_the_badge_counts_and_is_spoken(opened) -> None:
    window = opened()
    window.set_queue_count(3)
    queue = window.rail.areas[Area.QUEUE]
    assert queue.badge() == 3
    assert queue.accessibleName() == "Queue, 3 open"
    window.set_queue_count(0)
    assert queue.accessibleName() == "Queue"


def test_every_control_of_the_frame_has_a_name(opened) -> None:
    window = opened()
    window.toast(Toast("Text", "Undo", window.update))
    for part in window.findChildren(QPushButton):
        assert QAccessible.queryAccessibleInterface(part).text(QAccessible.Text.Name), part
    for button in (*window.rail.areas.values(), window.rail.create_button, window.rail.settings_button):
        assert QAccessible.queryAccessibleInterface(button).text(QAccessible.Text.Name)


def test_closing_and_settings_are_told(opened, qtbot) -> None:
    window = opened()
    with qtbot.waitSignal(window.settings_wanted):
        press(window, Qt.Key.Key_Comma, CTRL)
    with qtbot.waitSignal(window.closing):
        press(window, Qt.Key.Key_Q, CTRL)
    assert not window.isVisible()


def test_the_connection_chip_says_where_songs_are_made(here, qtbot, qapp) -> None:
    chip = ConnectionChip(here.profiles)
    qtbot.addWidget(chip)
    here.profiles.refresh()
    qtbot.waitUntil(lambda: chip.text() == "Game score · 1,240 credits")
    here.accounts.keys[CLOUD.id] = "old"
    here.profiles.refresh()
    qtbot.waitUntil(lambda: chip.text() == "Game score · key refused")
    here.profiles.choose("local")
    qtbot.waitUntil(lambda: chip.text() == "On this computer")
    here.relay.publish(EngineChanged(EngineState.READY))
    qtbot.waitUntil(lambda: chip.text() == "On this computer · ready")
    here.relay.publish(EngineChanged(EngineState.BROKEN, "It ended by itself."))
    qtbot.waitUntil(lambda: chip.text() == "On this computer · not running")
    assert chip.toolTip() == "It ended by itself."


def test_the_chip_switches_profiles_from_its_menu(here, qtbot, qapp) -> None:
    chip = ConnectionChip(here.profiles)
    qtbot.addWidget(chip)
    chip.show()
    qtbot.waitExposed(chip)
    click(chip)
    menu = QApplication.activePopupWidget()
    assert [action.text() for action in menu.actions() if action.text()][:2] == ["On this computer", "Game score"]
    local = menu.actions()[0]
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(local).center())
    qtbot.waitUntil(lambda: here.profiles.state.active.local)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
