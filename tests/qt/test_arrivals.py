"""Files and folders that are brought into the library."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMenu

from musicapi_desktop.app.bootstrap import Run
from musicapi_desktop.app.command_line import Options
from musicapi_desktop.domain.request import Mode, Operation, Request
from musicapi_desktop.dsp.writer import write_pcm16
from musicapi_desktop.services.importing import audio_files
from musicapi_desktop.services.tags import Tags, write_tagged
from musicapi_desktop.ui.settings.dialog import SettingsDialog


@pytest.fixture
def music(tmp_path):
    np = pytest.importorskip("numpy")
    folder = tmp_path / "from elsewhere"
    (folder / "below").mkdir(parents=True)
    tone = np.sin(np.arange(24_000) / 20.0, dtype=np.float64).astype(np.float32) * 0.3
    write_pcm16(folder / "below" / "Tone.wav", np.stack([tone, tone], 1), 48_000)
    (folder / "broken.mp3").write_bytes(b"this is no audio at all")
    (folder / "notes.txt").write_text("not asked for")
    return folder


@pytest.fixture
def run(qapp, qtbot, tmp_path):
    made = Run(qapp, Options(data=tmp_path / "data", size=(1280, 720), theme="dark"))
    assert made.instance.first()
    made.build()
    made.window.show()
    qtbot.waitUntil(lambda: made.desk.presenters.library.state.loaded)
    yield made
    made.window.close()
    made.stop()
    made.window.deleteLater()


def spoken(window):
    return [label.text() for card in window.toasts.cards() for label in card.findChildren(QLabel)]


def test_a_folder_is_found_and_only_its_audio(music):
    assert [path.name for path in audio_files(music)] == ["Tone.wav", "broken.mp3"]


def test_what_is_dropped_is_kept_and_what_is_broken_is_told(qtbot, run, music):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(music))])
    everywhere = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entering = QDragEnterEvent(QPoint(50, 50), *everywhere)
    QApplication.sendEvent(run.window, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(run.window, QDropEvent(QPoint(50, 50), *everywhere))
    library = run.desk.core.library
    qtbot.waitUntil(lambda: len(library.songs()) == 1, timeout=10_000)
    song = library.song(library.songs()[0])
    assert (song.title, round(song.takes[0].seconds, 2)) == ("Tone", 0.5)
    assert library.path(song.takes[0].path).is_file()
    assert (music / "below" / "Tone.wav").is_file()
    qtbot.waitUntil(lambda: any("broken.mp3" in said for said in spoken(run.window)), timeout=10_000)


def dropped_on_the_form(run, file):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    where = run.desk.create.mapTo(run.window, QPoint(100, 300))
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(run.window, QDragEnterEvent(where, *how))
    QApplication.sendEvent(run.window, QDropEvent(where, *how))


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_file_dropped_on_the_form_becomes_a_source(qtbot, run, music):
    dropped_on_the_form(run, music / "below" / "Tone.wav")
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu), timeout=10_000)
    menu = QApplication.activePopupWidget()
    texts = [action.text() for action in menu.actions()]
    assert texts[:2] == ["Extend… · free", "Cover… · free"]
    assert "Hand in as a source · free" in texts
    next(action for action in menu.actions() if action.text().startswith("Cover")).trigger()
    menu.close()
    create = run.desk.presenters.create
    qtbot.waitUntil(lambda: create.state.source is not None)
    assert create.state.operation is Operation.UPLOAD_COVER
    assert create.state.draft.url.startswith("file://")


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_file_of_this_app_refills_the_form(qtbot, run, music):
    mine = music / "mine.wav"
    request = Request(mode=Mode.INSTRUMENTAL, style="sea shanty", title="Harbour")
    write_tagged(music / "below" / "Tone.wav", mine, Tags(title="Harbour", request=request))
    dropped_on_the_form(run, mine)
    create = run.desk.presenters.create
    qtbot.waitUntil(lambda: create.state.draft.style == "sea shanty")
    assert create.state.draft.title == "Harbour"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_another_music_folder_is_chosen_and_songs_go_on_there(qtbot, run, music, tmp_path):
    desk, target = run.desk, tmp_path / "Songs"
    desk.window.show()
    run._arrivals.take([str(music / "below" / "Tone.wav")])
    library = desk.core.library
    qtbot.waitUntil(lambda: len(library.songs()) == 1, timeout=10_000)
    desk.open_settings("folder")
    dialog = desk.window.findChild(SettingsDialog)
    page = dialog.folder
    QTest.mouseClick(page.choose, Qt.MouseButton.LeftButton)
    chooser = page.findChild(QFileDialog)
    assert chooser.isVisible()
    chooser.fileSelected.emit(str(target))
    chooser.reject()
    qtbot.waitUntil(lambda: page.path.whole() == str(target), timeout=10_000)
    assert "from now on" in page.said.text()
    song = library.song(library.songs()[0])
    assert library.path(song.takes[0].path).is_relative_to(target)
    assert library.path(song.takes[0].path).is_file()
    assert desk.core.preferences.get("music.folder", "") == str(target)
    desk.presenters.player.open_by_id(song.id, song.takes[0].id)
    qtbot.waitUntil(lambda: desk.presenters.player.state.playing, timeout=10_000)
    dialog.close()
