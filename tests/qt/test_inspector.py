import pytest
from fakes.library_world import World
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMenu, QPushButton, QTabBar, QWidget

from musicapi_desktop.domain.request import Operation
from musicapi_desktop.domain.song import TakeState
from musicapi_desktop.ui.library.inspector import Inspector

# the offscreen platform says so of windows and menus
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def world(tmp_path, qtbot):
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def shown(world, qtbot):
    inspector = Inspector(world.inspector_presenter)
    qtbot.addWidget(inspector)
    inspector.resize(332, 700)
    inspector.show()
    qtbot.waitExposed(inspector)

    def show(song, place=0):
        world.inspector_presenter.show(song.id, song.takes[place].id, 1)
        qtbot.waitUntil(lambda: world.inspector_presenter.state.song is not None)
        return inspector

    show.empty = inspector
    return show


def labels(inspector):
    return [label.text() for label in inspector.findChildren(QLabel) if label.isVisible()]


def button(inspector, text):
    return next(b for b in inspector.findChildren(QPushButton) if b.text() == text and b.isVisible())


def test_nothing_selected_says_so(shown):
    assert "Nothing selected" in labels(shown.empty)


def test_a_take_is_named_with_its_model(world, shown):
    inspector = shown(world.song("Neon Rain", "AB"), 1)
    assert "Neon Rain" in labels(inspector)
    assert "Take B of 2 · Sonic v5 · 3:18" in labels(inspector)


def test_stems_open_the_mixer(world, shown, qtbot):
    song = world.song(stems=12)
    inspector = shown(song)
    with qtbot.waitSignal(world.actions.mixer_asked) as asked:
        QTest.mouseClick(button(inspector, "Open mixer"), Qt.MouseButton.LeftButton)
    assert asked.args == [song.id, song.takes[0].id]


def test_without_stems_the_button_offers_to_split_and_names_the_price(world, shown, qtbot):
    inspector = shown(world.song())
    QTest.mouseClick(button(inspector, "Split into stems"), Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    two, everything = menu.actions()
    assert (two.text(), everything.text()) == ("2 parts · 15 credits", "All parts · 75 credits")
    two.trigger()
    menu.close()
    qtbot.waitUntil(lambda: len(world.queue.jobs()) == 1)
    assert world.queue.jobs()[0].request.operation is Operation.STEMS_BASIC


def test_wav_is_offered_once(world, shown, qtbot):
    inspector = shown(world.song())
    QTest.mouseClick(button(inspector, "WAV 2"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(world.queue.jobs()) == 1)
    assert world.queue.jobs()[0].request.operation is Operation.WAV


def test_export_asks_where_and_saves_there(world, shown, qtbot, tmp_path):
    song = world.song("Neon/Rain?")
    inspector = shown(song)
    QTest.mouseClick(button(inspector, "Export"), Qt.MouseButton.LeftButton)
    dialog = inspector.findChild(QFileDialog)
    assert [path.rpartition("/")[2] for path in dialog.selectedFiles()] == ["Neon Rain A.wav"]
    target = tmp_path / "out.flac"
    with qtbot.waitSignal(world.actions.toast) as said:
        dialog.fileSelected.emit(str(target))
    dialog.reject()
    assert world.saved == [(song.takes[0], target, "flac")]
    assert said.args[0].text == "Saved out.flac"


def test_the_tabs_hold_words_parameters_and_files(world, shown, qtbot):
    inspector = shown(world.song("Neon Rain", stems=2, lyrics="[Verse]\nTaxi <b>lights</b>", leave_out="autotune"))
    tabs = inspector.findChild(QTabBar)
    assert [tabs.tabText(i) for i in range(tabs.count())] == ["Lyrics", "Details", "Family", "Files"]
    assert any("Taxi &lt;b&gt;lights&lt;/b&gt;" in text for text in labels(inspector))
    tabs.setCurrentIndex(1)
    assert {"autotune", "112 BPM", "F♯m", "MP3 · 48 kHz", "−14.0 LUFS"} <= set(labels(inspector))
    QTest.mouseClick(button(inspector, "Copy all"), Qt.MouseButton.LeftButton)
    assert "Leave out: autotune" in QGuiApplication.clipboard().text()
    tabs.setCurrentIndex(3)
    assert len(world.inspector_presenter.state.files) == 3
    folder = next(b for b in inspector.findChildren(QPushButton) if b.accessibleName() == "Show A.mp3 in its folder")
    with qtbot.waitSignal(world.actions.reveal_asked) as asked:
        QTest.mouseClick(folder, Qt.MouseButton.LeftButton)
    assert asked.args == [str(world.music / "Neon Rain" / "A.mp3")]


def test_a_change_elsewhere_is_seen_at_once(world, shown, qtbot):
    song = world.song("Before")
    inspector = shown(song)
    world.library.rename(song.id, "After")
    qtbot.waitUntil(lambda: "After" in labels(inspector))
    world.records.song_gone(song.id)
    qtbot.waitUntil(lambda: "Nothing selected" in labels(inspector))


def test_a_missing_file_cannot_be_exported(world, shown):
    inspector = shown(world.song(state=TakeState.MISSING))
    assert not button(inspector, "Export").isEnabled()


def test_every_control_has_a_name(world, shown):
    inspector = shown(world.song(stems=2))
    unnamed = [
        type(widget).__name__
        for widget in inspector.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.isVisible()
        and not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
    ]
    assert unnamed == []
