"""The settings dialog: keys pasted, tested and kept; look; sound; and no key where none belongs."""

from __future__ import annotations

import os

import pytest
from fakes.shell import CLOUD, shell
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMainWindow, QPushButton, QWidget

from musicapi_desktop.app.bootstrap import set_zoom
from musicapi_desktop.app.command_line import Options
from musicapi_desktop.domain.errors import KeyringError
from musicapi_desktop.presenters.settings import LOOK_KEY
from musicapi_desktop.settings.preferences import Preferences
from musicapi_desktop.ui.actions import Actions
from musicapi_desktop.ui.settings.dialog import SettingsDialog
from musicapi_desktop.ui.theme import theme

# the offscreen platform says so of windows and menus
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

SECRET = "good"


@pytest.fixture(autouse=True)
def dressed(qapp):
    theme.current().apply(qapp, theme.DARK)
    yield
    theme.current().apply(qapp, theme.DARK)


@pytest.fixture
def here(tmp_path):
    with shell(tmp_path, CLOUD) as made:
        yield made


@pytest.fixture
def opened(here, qtbot):
    keep: list[object] = []

    def open_dialog() -> SettingsDialog:
        window = QMainWindow()
        actions = Actions(window)
        actions.bind("settings", window.update)
        presenter = here.settings()
        dialog = SettingsDialog(presenter, None, actions)
        qtbot.addWidget(dialog)
        qtbot.addWidget(window)
        keep.extend((presenter, window))
        dialog.show()
        qtbot.waitExposed(dialog)
        dialog.activateWindow()
        return dialog

    return open_dialog


def click(button: QWidget) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def paste(dialog: SettingsDialog, key: str, name: str = "Trailer") -> None:
    form = dialog.profiles.form
    form.name.clear()
    form.key.clear()
    QTest.keyClicks(form.name, name)
    QTest.keyClicks(form.key, key)


def test_a_key_is_tested_kept_named_and_used(here, opened, qtbot) -> None:
    dialog = opened()
    paste(dialog, SECRET)
    click(dialog.profiles.form.add)
    qtbot.waitUntil(lambda: len(dialog.profiles.cards()) == 3)
    card = dialog.profiles.cards()[-1]
    qtbot.waitUntil(lambda: card._said.text().startswith("The key works: 1,240 credits. It is kept in the system"))
    assert here.accounts.active().name == "Trailer"
    qtbot.waitUntil(lambda: here.profiles.state.active.name == "Trailer")
    assert dialog.profiles.form.key.text() == ""


def test_a_refused_key_is_not_kept_and_can_be_corrected(here, opened, qtbot) -> None:
    dialog = opened()
    paste(dialog, "wrong")
    QTest.keyClick(dialog.profiles.form.key, Qt.Key.Key_Return)
    said = dialog.profiles.form._said
    qtbot.waitUntil(said.isVisible)
    assert said.text() == "The key was not accepted. Check it at the service."
    assert said.property("kind") == "error"
    assert here.accounts.kept == [CLOUD]
    assert dialog.profiles.form.key.text() == "wrong"


def test_nothing_pasted_is_told_at_the_field(here, opened, qtbot) -> None:
    dialog = opened()
    click(dialog.profiles.form.add)
    note = dialog.profiles.form._notes["key"]
    qtbot.waitUntil(note.isVisible)
    assert note.text() == "Paste the key of the account."


def test_without_a_keyring_the_key_may_be_kept_for_this_session(here, opened, qtbot) -> None:
    here.accounts.keyring_error = KeyringError(
        "This system has no keyring that can hold the key safely.",
        "Keep it for this session only, or set the environment variable MUSICAPI_KEY.",
    )
    dialog = opened()
    form = dialog.profiles.form
    assert not form.session.isVisible()
    paste(dialog, SECRET)
    click(form.add)
    qtbot.waitUntil(form.session.isVisible)
    assert "MUSICAPI_KEY" in form._said.text()
    click(form.session)
    qtbot.waitUntil(lambda: here.accounts.session_only == [True])
    qtbot.waitUntil(lambda: len(dialog.profiles.cards()) == 3)


def test_a_key_is_in_no_state_and_no_preferences(here, opened, qtbot, tmp_path) -> None:
    dialog = opened()
    here.accounts.keyring_error = KeyringError("No keyring.")
    secret = "sk-very-secret-0123456789"
    here.accounts.test = lambda profile, key="": type("B", (), {"total": 5})()
    paste(dialog, secret)
    click(dialog.profiles.form.add)
    qtbot.waitUntil(dialog.profiles.form.session.isVisible)
    assert secret not in repr(dialog._presenter.state)
    here.preferences.set("x", 1)
    assert secret not in (tmp_path / "preferences.json").read_text("utf-8")
    assert dialog.profiles.form.key.echoMode() is QLineEdit.EchoMode.Password
    click(dialog.profiles.form.peek)
    assert dialog.profiles.form.key.echoMode() is QLineEdit.EchoMode.Normal


def test_a_profile_is_tested_located_and_removed_with_two_presses(here, opened, qtbot) -> None:
    dialog = opened()
    local, cloud = dialog.profiles.cards()
    assert not local.remove.isVisible()
    assert not local.check.isVisible()
    click(cloud.check)
    qtbot.waitUntil(lambda: cloud._said.text() == "The key works: 1,240 credits.")
    click(cloud.locate)
    qtbot.waitUntil(lambda: "keyring" in cloud._where.text())
    click(cloud.remove)
    assert here.accounts.kept == [CLOUD]
    click(cloud.remove)
    qtbot.waitUntil(lambda: len(dialog.profiles.cards()) == 1)
    assert here.accounts.active().local
    qtbot.waitUntil(lambda: here.profiles.state.active.local)


def test_a_profile_can_be_put_to_use(here, opened, qtbot) -> None:
    dialog = opened()
    local, cloud = dialog.profiles.cards()
    assert not cloud.use.isVisible()
    click(local.use)
    qtbot.waitUntil(cloud.use.isVisible)
    assert here.accounts.active().local


def test_the_look_changes_at_once_and_is_kept(here, opened, qtbot) -> None:
    dialog = opened()
    dialog.show_page("look")
    click(dialog.look.choice.segment("light"))
    assert theme.current().scheme == "light"
    qtbot.waitUntil(lambda: here.preferences.get(LOOK_KEY, "") == "light")
    assert here.settings().state.look == "light"


def test_sound_takes_a_depth(here, opened) -> None:
    dialog = opened()
    dialog.show_page("sound")
    click(dialog.sound.queue_depth.segment("safe"))
    assert here.sound.depth == "safe"


def test_sound_follows_the_system_or_keeps_to_a_device(here, opened, qtbot) -> None:
    dialog = opened()
    dialog.show_page("sound")
    box = dialog.sound.device
    qtbot.waitUntil(lambda: box.count() == 3)
    assert box.currentData() == ""
    assert [box.itemText(i) for i in (1, 2)] == ["Built-in Audio", "Headphones"]
    QTest.keyClick(box, Qt.Key.Key_End)
    assert here.sound.used == "phones"
    qtbot.waitUntil(lambda: here.preferences.get("sound.device_name", "") == "Headphones")
    assert box.accessibleName() == "Output device"


def test_a_chosen_device_that_is_gone_stays_chosen_and_says_so(here, opened, qtbot) -> None:
    here.preferences.set("sound.device", "phones")
    here.preferences.set("sound.device_name", "Headphones")
    here.sound.there = [("speakers", "Built-in Audio")]
    dialog = opened()
    dialog.show_page("sound")
    box = dialog.sound.device
    qtbot.waitUntil(lambda: box.count() == 3)
    assert box.currentText() == "Headphones (not connected)"
    here.sound.there = [*here.sound.there, ("phones", "Headphones")]
    dialog.sound._output.refresh()
    qtbot.waitUntil(lambda: box.currentText() == "Headphones")


def test_pages_open_by_name_and_by_keyboard(opened) -> None:
    dialog = opened()
    dialog.show_page("folder")
    assert dialog.folder.path.isVisible()
    assert dialog.folder.path.whole() == "/music"
    dialog.pages.setFocus()
    QTest.keyClick(dialog.pages, Qt.Key.Key_Down)
    assert not dialog.folder.path.isVisible()
    dialog.show_page("no such page")
    assert dialog.profiles.isVisible()


def test_everything_that_takes_the_focus_has_a_name(opened) -> None:
    dialog = opened()
    for part in dialog.findChildren(QWidget):
        if part.focusPolicy() == Qt.FocusPolicy.NoFocus or part.objectName().startswith("qt_"):
            continue
        inside = part.parent()
        if inside is dialog.profiles.form.host or inside is dialog.pages:
            continue
        assert QAccessible.queryAccessibleInterface(part).text(QAccessible.Text.Name), part


@pytest.mark.parametrize("look", [theme.DARK, theme.LIGHT])
def test_no_button_is_cut(here, opened, qapp, look) -> None:
    theme.current().apply(qapp, look)
    dialog = opened()
    for button in dialog.findChildren(QPushButton):
        if button.isVisible() and button.text():
            assert button.width() >= button.minimumSizeHint().width(), button.text()


def test_the_size_is_chosen_and_read_at_the_next_start(here, opened, qtbot, tmp_path, monkeypatch) -> None:
    dialog = opened()
    zoom = dialog.look.zoom
    assert zoom.currentText() == "100 %"
    zoom.setCurrentIndex(zoom.findData(150))
    zoom.activated.emit(zoom.currentIndex())
    qtbot.waitUntil(lambda: here.preferences.get("look.zoom", 100) == 150)
    options = Options(data=tmp_path / "next")
    options.places().create()
    Preferences(options.places().preferences).set("look.zoom", 150)
    monkeypatch.delenv("QT_SCALE_FACTOR", raising=False)
    set_zoom(options)
    assert os.environ["QT_SCALE_FACTOR"] == "1.5"
    Preferences(options.places().preferences).set("look.zoom", 900)
    monkeypatch.delenv("QT_SCALE_FACTOR")
    set_zoom(options)
    assert os.environ["QT_SCALE_FACTOR"] == "2"
    monkeypatch.delenv("QT_SCALE_FACTOR")
