"""Files and folders that are brought into the library."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel

from musicapi_desktop.app.bootstrap import Run
from musicapi_desktop.app.command_line import Options
from musicapi_desktop.dsp.writer import write_pcm16
from musicapi_desktop.services.importing import audio_files


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
