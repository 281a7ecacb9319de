"""Listening in with the arrows, stars by key, and searches kept as lists."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes.library_world import World
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QMainWindow, QPushButton

from musicapi_desktop.domain.song import AudioFacts
from musicapi_desktop.presenters.audition import AUDITION_KEY, SPAN, Audition, loudest
from musicapi_desktop.presenters.smart_lists import SmartLists
from musicapi_desktop.settings.preferences import Preferences
from musicapi_desktop.ui.actions import Actions
from musicapi_desktop.ui.library.view import LibraryView

# the offscreen platform says so of windows and menus
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def world(tmp_path, qtbot):
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def preferences(tmp_path):
    return Preferences(tmp_path / "own.json")


@pytest.fixture
def opened(world, qtbot):
    def open_view() -> LibraryView:
        window = QMainWindow()
        view = LibraryView(world.library_presenter)
        window.setCentralWidget(view)
        qtbot.addWidget(window)
        window.resize(1000, 600)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        world.library_presenter.load()
        qtbot.waitUntil(lambda: world.library_presenter.state.loaded and view.table.model().rowCount() > 0)
        view.window_ = window
        return view

    return open_view


def test_the_loudest_part_is_found(world) -> None:
    take = world.song().takes[0]
    quiet = bytes([10] * 120 + [200] * 20 + [10] * 60)
    facts = AudioFacts(200 * 48000, 48000, 2, "mp3", quiet, -14.0, -1.0)
    assert loudest(replace(take, facts=facts)) == pytest.approx(120.0, abs=6.0)
    assert loudest(replace(take, facts=replace(facts, frames=10 * 48000))) == 0.0
    assert loudest(replace(take, facts=None)) == 0.0


def test_a_take_is_heard_when_the_arrows_rest_on_it(world, opened, preferences, qtbot) -> None:
    for title in ("One", "Two", "Three"):
        world.song(title)
    view = opened()
    audition = Audition(preferences)
    audition.turn(True)
    heard = []
    audition.asked.connect(lambda *asked: heard.append(asked))
    view.table.walked.connect(lambda: audition.arrive(view.take_of_keyboard()))
    view.table.show_row(0)
    view.table.setFocus()
    QTest.keyClick(view.table, Qt.Key.Key_Down)
    QTest.keyClick(view.table, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: bool(heard))
    assert len(heard) == 1, "the one passed over is not heard"
    assert heard[0][1] == view.take_of_keyboard().id
    with qtbot.waitSignal(audition.ended):
        assert audition.stop()
    assert not audition.stop()
    assert preferences.get(AUDITION_KEY, False)


def test_listening_in_ends_by_itself_unless_the_person_took_over(world, preferences, qtbot) -> None:
    audition = Audition(preferences)
    audition.turn(True)
    audition._span.setInterval(30)
    audition.arrive(world.song().takes[0])
    with qtbot.waitSignal(audition.ended):
        pass
    audition.arrive(world.song().takes[0])
    with qtbot.waitSignal(audition.asked):
        pass
    audition.left_alone()
    with qtbot.assertNotEmitted(audition.ended, wait=80):
        pass
    assert SPAN == 15.0


def test_ctrl_and_a_digit_rate_in_the_list_and_go_elsewhere_outside(world, opened, qtbot) -> None:
    song = world.song()
    view = opened()
    actions, went = Actions(view.window_), []
    actions.bind("area.mixer", lambda: went.append("mixer"))
    for stars in range(1, 6):
        actions.bind(f"library.rate.{stars}", lambda n=stars: view.rate(n), view.table)
    view.table.show_row(0)
    view.search.setFocus()
    qtbot.waitUntil(view.search.hasFocus)
    QTest.keyClick(view.search, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert went == ["mixer"]
    view.table.setFocus()
    qtbot.waitUntil(view.table.hasFocus)
    QTest.keyClick(view.table, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: world.library.song(song.id).rating == 3)
    assert went == ["mixer"]
    qtbot.waitUntil(lambda: view.table.rows()[0].song.rating == 3)
    QTest.keyClick(view.table, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: world.library.song(song.id).rating == 0)


def test_a_search_is_kept_filled_and_forgotten(world, opened, preferences, qtbot) -> None:
    world.song("Neon Rain", style="synthwave")
    world.song("Iron Tide", style="orchestra")
    world.library_presenter.keep_lists(SmartLists(preferences))
    view = opened()
    assert not view.keep.isVisible()
    QTest.keyClicks(view.search, "orchestra")
    qtbot.waitUntil(view.keep.isVisible)
    QTest.mouseClick(view.keep, Qt.MouseButton.LeftButton)
    dialog = view.findChild(QInputDialog)
    dialog.setTextValue("Big ones")
    dialog.accept()
    chips = lambda: {b.text() for b in view.chips.findChildren(QPushButton) if b.property("filter")}  # noqa: E731  # short
    qtbot.waitUntil(lambda: "Big ones" in chips())
    state = lambda: world.library_presenter.state  # noqa: E731  # short
    qtbot.waitUntil(lambda: (state().chosen, state().text, state().rows) == ("list:orchestra", "", 1))
    world.song("Second Tide", style="orchestra")
    qtbot.waitUntil(lambda: state().rows == 2)
    assert SmartLists(preferences).all() == (("Big ones", "orchestra"),)
    world.library_presenter.keeper.forget("list:orchestra")
    qtbot.waitUntil(lambda: state().chosen == "all" and "Big ones" not in {chip.text for chip in state().chips})
