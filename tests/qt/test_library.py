from dataclasses import replace

import pytest
from fakes.library_world import World
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QMenu, QMessageBox, QPushButton, QWidget

from musicapi_desktop.domain.job import JobState
from musicapi_desktop.domain.request import Operation
from musicapi_desktop.domain.song import TakeState
from musicapi_desktop.models.song_rows import Column
from musicapi_desktop.ui.library.columns import fit, natural_widths
from musicapi_desktop.ui.library.take_menu import TakeMenu
from musicapi_desktop.ui.library.view import LibraryView

# the offscreen platform says so of windows and menus
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def world(tmp_path, qtbot):
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def opened(world, qtbot):
    """Open the view on what the world holds."""

    def open_view(width=672, height=600):
        view = LibraryView(world.library_presenter)
        qtbot.addWidget(view)
        view.resize(width, height)
        view.show()
        qtbot.waitExposed(view)
        world.library_presenter.load()
        qtbot.waitUntil(lambda: world.library_presenter.state.loaded)
        view.activateWindow()
        return view

    return open_view


def titles(view):
    model = view.table.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def cell(view, row, column=Column.TITLE):
    return view.table.visualRect(view.table.model().index(row, column)).center()


def click(view, at, button=Qt.MouseButton.LeftButton, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.mouseClick(view.table.viewport(), button, modifier, at)


def menu_texts(menu):
    return [action.text() for action in menu.actions() if action.text()]


def entry(menu, text):
    return next(action for action in menu.actions() if action.text().startswith(text))


def test_typing_searches_and_escape_clears(world, opened, qtbot):
    world.song("Neon Rain", "AB")
    world.song("Paper Lanterns")
    view = opened()
    assert titles(view) == ["Paper Lanterns", "Neon Rain", "Neon Rain"]
    view.focus_search()
    QTest.keyClicks(view.search, "lant")
    qtbot.waitUntil(lambda: titles(view) == ["Paper Lanterns"])
    assert world.library_presenter.state.count == "1 song"
    QTest.keyClick(view.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(titles(view)) == 3)


def test_down_leaves_the_search_for_the_first_row(world, opened, qtbot):
    world.song()
    view = opened()
    view.focus_search()
    QTest.keyClick(view.search, Qt.Key.Key_Down)
    qtbot.waitUntil(view.table.hasFocus)
    assert view.table.currentIndex().row() == 0


def test_nothing_found_says_what_to_leave_out(world, opened, qtbot):
    world.song("Neon Rain")
    view = opened()
    QTest.keyClicks(view.search, "neon bpm:300")
    qtbot.waitUntil(lambda: world.library_presenter.state.rows == 0)
    ways = {button.text(): button for button in view.findChildren(QPushButton) if button.isVisible()}
    assert "Leave out bpm:300 · 1 song" in ways
    QTest.mouseClick(ways["Leave out bpm:300 · 1 song"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: titles(view) == ["Neon Rain"])
    assert view.search.text() == "neon"


def test_chips_filter_and_only_offer_what_there_is(world, opened, qtbot):
    world.song("Loved", favourite=True)
    world.song("Plain")
    view = opened()
    names = [chip.id for chip in world.library_presenter.state.chips]
    assert names == ["all", "favourites", "stems"]
    chip = next(b for b in view.chips.findChildren(QPushButton) if b.text() == "Favourites")
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: titles(view) == ["Loved"])
    assert chip.isChecked()


def test_chips_that_do_not_fit_are_in_a_menu(world, opened, qtbot):
    song = world.song("Gone", state=TakeState.MISSING)
    world.song("Thrown")
    world.library.trash([world.song("Thrown too").id])
    view = opened(width=420)
    qtbot.waitUntil(lambda: len(world.library_presenter.state.chips) == 5)
    more = next(b for b in view.chips.findChildren(QPushButton) if b.text().startswith("More"))
    QTest.mouseClick(more, Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    entry(menu, "Not downloaded").trigger()
    menu.close()
    qtbot.waitUntil(lambda: titles(view) == [song.title])


def test_a_song_appears_when_it_is_asked_for_and_lands_in_its_place(world, opened, qtbot):
    world.song("Old", ago=5000)
    view = opened()
    job = world.request("Ferry")
    qtbot.waitUntil(lambda: titles(view) == ["Ferry", "Old"])
    world.making(job)
    row = world.library_presenter.model
    qtbot.waitUntil(lambda: (row.row(0).flight is not None) and row.row(0).flight.words.startswith("Making"))
    world.finish(world.request("Next"))
    qtbot.waitUntil(lambda: titles(view) == ["Next", "Next", "Ferry", "Old"])


def test_the_selection_stays_with_its_row_when_songs_arrive(world, opened, qtbot):
    world.song("Chosen", ago=50)
    world.song("Other", ago=90)
    view = opened()
    click(view, cell(view, 0))
    world.song("New", ago=0)
    qtbot.waitUntil(lambda: len(titles(view)) == 3)
    assert view.table.currentIndex().data() == "Chosen"
    assert [row.song.title for row in view.table.rows()] == ["Chosen"]


def test_the_button_of_a_waiting_song_removes_it(world, opened, qtbot):
    job = world.request("Ferry")
    view = opened()
    qtbot.waitUntil(lambda: not view.table.action_area(0).isEmpty())
    click(view, view.table.action_area(0).center())
    qtbot.waitUntil(lambda: titles(view) == [])
    assert world.jobs.get(job.id).state is JobState.REMOVED


def test_delete_on_a_song_being_made_stops_waiting_for_it(world, opened, qtbot):
    job = world.making(world.request("Ferry"))
    view = opened()
    qtbot.waitUntil(lambda: not view.table.action_area(0).isEmpty())
    click(view, cell(view, 0))
    QTest.keyClick(view.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: world.jobs.get(job.id).state is JobState.ABANDONED)


def test_enter_plays_and_ctrl_enter_opens_the_mixer(world, opened, qtbot):
    song = world.song("Neon Rain", "AB")
    view = opened()
    click(view, cell(view, 1))
    with qtbot.waitSignal(world.actions.play_asked) as played:
        QTest.keyClick(view.table, Qt.Key.Key_Return)
    assert played.args == [song.id, song.takes[1].id]
    with qtbot.waitSignal(world.actions.mixer_asked):
        QTest.keyClick(view.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_the_cover_plays_without_selecting(world, opened, qtbot):
    song = world.song()
    view = opened()
    with qtbot.waitSignal(world.actions.play_asked) as played:
        click(view, view.table.cover_area(0).center())
    assert played.args == [song.id, song.takes[0].id]
    assert view.table.keys() == []


def test_delete_moves_to_the_trash_and_undo_brings_back(world, opened, qtbot):
    world.song("One")
    world.song("Two")
    view = opened()
    click(view, cell(view, 0))
    click(view, cell(view, 1), modifier=Qt.KeyboardModifier.ShiftModifier)
    with qtbot.waitSignal(world.actions.toast) as toast:
        QTest.keyClick(view.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: titles(view) == [])
    assert toast.args[0].text == "2 songs moved to the trash"
    toast.args[0].run()
    qtbot.waitUntil(lambda: sorted(titles(view)) == ["One", "Two"])


def test_the_trash_asks_before_it_deletes_for_good(world, opened, qtbot):
    song = world.song("Thrown")
    (world.music / "Thrown").mkdir(exist_ok=True)
    world.library.trash([song.id])
    view = opened()
    world.library_presenter.choose_filter("trash")
    qtbot.waitUntil(lambda: titles(view) == ["Thrown"])
    click(view, cell(view, 0))
    QTest.keyClick(view.table, Qt.Key.Key_Delete)
    box = view.findChild(QMessageBox)
    assert "Delete 1 song for good?" in box.text()
    assert world.library.song(song.id) is not None
    next(button for button in box.buttons() if button.text() == "Delete").click()
    qtbot.waitUntil(lambda: world.library.song(song.id) is None)
    assert not (world.music / "Thrown").exists()


def test_the_trash_restores_what_is_chosen(world, opened, qtbot):
    song = world.song("Thrown")
    world.library.trash([song.id])
    view = opened()
    world.library_presenter.choose_filter("trash")
    qtbot.waitUntil(lambda: titles(view) == ["Thrown"])
    restore = next(button for button in view.findChildren(QPushButton) if button.text() == "Restore")
    assert restore.isVisible()
    assert not restore.isEnabled()
    click(view, cell(view, 0))
    QTest.mouseClick(restore, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: titles(view) == [])
    assert world.library.song(song.id).trashed_at is None


def test_f_makes_favourites_of_many_and_takes_them_back(world, opened, qtbot):
    songs = [world.song("One"), world.song("Two", favourite=True)]
    view = opened()
    click(view, cell(view, 0))
    QTest.keyClick(view.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view.table, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: all(world.library.song(song.id).favourite for song in songs))
    qtbot.waitUntil(lambda: all(row.song.favourite for row in view.table.rows()))
    QTest.keyClick(view.table, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: not any(world.library.song(song.id).favourite for song in songs))


def test_f2_renames(world, opened, qtbot):
    world.song("Before")
    view = opened()
    click(view, cell(view, 0))
    QTest.keyClick(view.table, Qt.Key.Key_F2)
    dialog = view.findChild(QInputDialog)
    assert dialog.textValue() == "Before"
    dialog.setTextValue("After")
    dialog.accept()
    qtbot.waitUntil(lambda: titles(view) == ["After"])


def test_the_menu_of_a_take_names_its_prices_and_splits(world, opened, qtbot):
    song = world.song()
    view = opened()
    click(view, cell(view, 0))
    menu = TakeMenu(view.table.rows(), world.actions, view)
    texts = menu_texts(menu)
    assert texts[:3] == ["Play", "Open mixer", "Split into stems"]
    assert "Save WAV · 2 credits" in texts
    split = entry(menu, "Split into stems").menu()
    assert menu_texts(split) == ["2 parts · 15 credits", "All parts · 75 credits"]
    split.actions()[1].trigger()
    qtbot.waitUntil(lambda: len(world.queue.jobs()) == 1)
    job = world.queue.jobs()[0]
    assert job.request.operation is Operation.STEMS_FULL
    assert job.request.source.take_id == song.takes[0].id


def test_a_song_of_a_removed_profile_says_so_instead_of_spending(world, opened, qtbot):
    song = world.song(profile_id="gone")
    view = opened()
    click(view, cell(view, 0))
    menu = TakeMenu(view.table.rows(), world.actions, view)
    assert "The profile that made it is no longer here" in menu_texts(menu)
    assert not any(text.startswith(("Split", "Make", "Save WAV")) for text in menu_texts(menu))
    # a menu that was open while the profile went
    offer = world.actions.offers(world.song("Other"), song.takes[0])[0]
    with qtbot.waitSignal(world.actions.toast) as toast:
        world.actions.ask(replace(offer, operation=Operation.BPM, form=False), song, song.takes[0])
    assert "no longer here" in toast.args[0].text
    assert world.queue.jobs() == ()


def test_the_menu_makes_more_of_a_take(world, opened, qtbot):
    song = world.song(lyrics="[Verse] Rain", ago=60.0)
    song = replace(song, takes=tuple(replace(take, lyrics="[Verse] Rain") for take in song.takes))
    world.records.song(song.id, lambda _known: song)
    view = opened()
    click(view, cell(view, 0))
    menu = TakeMenu(view.table.rows(), world.actions, view)
    make = menu_texts(entry(menu, "Make from this").menu())
    assert make[:3] == ["Extend… · 15 credits", "Cover… · 15 credits", "Replace a section… · 15 credits"]
    assert not any(text.startswith("Join") for text in make), "nothing to join: it extends nothing"
    files = menu_texts(entry(menu, "Get more files").menu())
    assert files == ["Download as MP3 · 2 credits", "Download as M4A · 2 credits", "Download as WAV · 2 credits",
                     "MIDI · 1 credit"]  # fmt: skip
    assert "Times of the words · 1 credit" in menu_texts(entry(menu, "Find out").menu())
    with qtbot.waitSignal(world.actions.form_asked) as asked:
        entry(entry(menu, "Make from this").menu(), "Cover").trigger()
    assert asked.args[0] is Operation.COVER
    entry(entry(menu, "Get more files").menu(), "Download as M4A").trigger()
    qtbot.waitUntil(lambda: len(world.queue.jobs()) == 1)
    assert world.queue.jobs()[0].request.extra == {"formats": ["m4a"]}


def test_an_old_take_is_said_to_be_old_before_it_is_sent(world, opened):
    world.song(ago=3 * 86400.0)
    view = opened()
    click(view, cell(view, 0))
    menu = TakeMenu(view.table.rows(), world.actions, view)
    files = menu_texts(entry(menu, "Get more files").menu())
    assert "MIDI · 1 credit · older than a day, may be refused" in files


def test_stars_are_given_in_the_menu(world, opened, qtbot):
    song = world.song()
    view = opened()
    click(view, cell(view, 0))
    menu = TakeMenu(view.table.rows(), world.actions, view)
    entry(entry(menu, "Rate").menu(), "★★★★").trigger()
    qtbot.waitUntil(lambda: world.library.song(song.id).rating == 4)


def test_a_missing_file_offers_to_fetch_or_to_forget(world, opened, qtbot):
    world.song("Gone", state=TakeState.MISSING)
    view = opened()
    click(view, cell(view, 0))
    menu = TakeMenu(view.table.rows(), world.actions, view)
    assert menu_texts(menu)[:2] == ["Fetch again", "Forget this take"]
    entry(menu, "Forget this take").trigger()
    qtbot.waitUntil(lambda: titles(view) == [])


def test_a_press_on_a_head_sorts_and_a_second_turns_it_round(world, opened, qtbot):
    world.song("B", bpm=90.0, ago=1)
    world.song("A", bpm=120.0, ago=2)
    view = opened()
    header = view.table.header

    def press(column):
        at = QPoint(header.sectionViewportPosition(column) + 8, header.height() // 2)
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)

    press(Column.TITLE)
    qtbot.waitUntil(lambda: titles(view) == ["A", "B"])
    press(Column.TITLE)
    qtbot.waitUntil(lambda: titles(view) == ["B", "A"])
    press(Column.BPM)
    qtbot.waitUntil(lambda: world.library_presenter.state.column is Column.BPM)
    assert titles(view) == ["B", "A"]


def test_revealing_a_hidden_take_clears_the_search(world, opened, qtbot):
    song = world.song("Neon Rain", "AB")
    view = opened()
    QTest.keyClicks(view.search, "zither")
    qtbot.waitUntil(lambda: titles(view) == [])
    world.library_presenter.reveal(song.id, song.takes[1].id)
    qtbot.waitUntil(lambda: view.table.keys() == [(song.id, song.takes[1].id)])
    assert view.search.text() == ""


def test_the_selection_is_told_with_its_count(world, opened, qtbot):
    song = world.song("Neon Rain", "AB")
    view = opened()
    told = []
    world.library_presenter.selected.connect(lambda *args: told.append(args))
    click(view, cell(view, 0))
    assert told[-1] == (song.id, song.takes[0].id, 1)
    QTest.keyClick(view.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert told[-1] == (song.id, song.takes[1].id, 2)


@pytest.mark.parametrize("width", [1044, 672, 512, 400])
def test_columns_always_add_up_and_leave_room_for_the_title(qtbot, width):
    widths = fit(width, natural_widths())
    assert sum(widths.values()) == width
    assert widths[Column.TITLE] >= 280


def test_columns_give_way_in_order(qtbot):
    natural = natural_widths()
    assert Column.BPM in fit(672, natural)
    narrow = fit(512, natural)
    assert Column.BPM not in narrow
    assert Column.MADE in narrow


def test_every_control_has_a_name(world, opened, qtbot):
    world.song("Gone", state=TakeState.MISSING)
    view = opened()
    unnamed = [
        type(widget).__name__
        for widget in view.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.isVisible()
        and not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
    ]
    assert unnamed == []


def test_a_row_that_is_chosen_stays_so_when_it_is_asked_for_again(world, opened, qtbot):
    song = world.song("Neon Rain")
    view = opened()
    for _ in range(2):
        world.library_presenter.reveal(song.id, song.takes[0].id)
        qtbot.waitUntil(lambda: view.table.keys() == [(song.id, song.takes[0].id)])
