"""What is dragged out of the mixer: real WAV files, made before the drag begins."""

from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest
import soundfile
from fakes import playing as fake
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from musicapi_desktop.dsp.writer import write_mp3, write_pcm16
from musicapi_desktop.presenters.mixer import MixerPresenter
from musicapi_desktop.presenters.player import PlayerPresenter
from musicapi_desktop.services.export import Export
from musicapi_desktop.services.export_run import ExportRun
from musicapi_desktop.services.mix_files import MixFiles
from musicapi_desktop.ui.mixer.mixer_view import MixerView

# the offscreen platform says so of every window
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

RATE, SECONDS = 48_000, 2.0


class Drag:
    """Takes the place of Qt's drag, which would wait for a hand."""

    dropped: ClassVar[list[tuple[str, Qt.DropAction]]] = []

    def __init__(self, _source):
        self.data = None

    def setMimeData(self, data):  # noqa: N802  # Qt's name
        self.data = data

    def exec(self, action):
        (url,) = self.data.urls()
        Drag.dropped.append((url.toLocalFile(), action))


@pytest.fixture
def view(qtbot, tmp_path, monkeypatch):
    music = tmp_path / "music"
    music.mkdir()
    level = np.full((int(RATE * SECONDS), 2), 0.1, np.float32)
    write_pcm16(music / "Vocals.wav", level, RATE)
    write_mp3(music / "Drums.mp3", level, RATE)
    monkeypatch.setattr("musicapi_desktop.ui.mixer.drag_out.QDrag", Drag)
    monkeypatch.setattr(Drag, "dropped", [])
    transport, calls, relay = fake.FakeTransport(), fake.FakeCalls(), fake.FakeRelay()
    library = fake.FakeLibrary()
    library.path = lambda relative: music / relative
    player = PlayerPresenter(transport, library, calls, relay, fake.FakePreferences())
    mixer = MixerPresenter(player, transport, calls, relay, fake.FakeMemory(), fake.FakeSplitter(), fake.peaks)
    mixer.files = MixFiles(ExportRun(Export(lambda relative: music / relative)), tmp_path / "dragged")
    made = MixerView(mixer)
    made.player = player
    qtbot.addWidget(made)
    made.resize(1216, 628)
    made.show()
    qtbot.waitExposed(made)
    take = fake.take("A", stems=("vocals", "drums"))
    stems = tuple(
        replace(stem, path=path, facts=None) for stem, path in zip(take.stems, ("Vocals.wav", "Drums.mp3"), strict=True)
    )
    take = replace(take, stems=stems, seconds=SECONDS, facts=fake.facts(seconds=SECONDS))
    player.open(fake.song(take), take)
    return made


def drag(widget, modifiers=Qt.KeyboardModifier.NoModifier):
    for kind, x in ((QEvent.Type.MouseButtonPress, 14), (QEvent.Type.MouseMove, 60)):
        place = QPointF(x, 12)
        event = QMouseEvent(
            kind, place, widget.mapToGlobal(place), Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton, modifiers
        )
        QApplication.sendEvent(widget, event)


def sound(path):
    samples, rate = soundfile.read(path, dtype="float32")
    assert (path[-4:], rate) == (".wav", RATE)
    return len(samples) / RATE, float(np.abs(samples[RATE // 4 : -RATE // 4]).mean())


def test_the_mix_a_stem_and_a_region_are_wav_files(view, tmp_path):
    presenter, vocals, drums = view._presenter, *view.desk.strips
    presenter.set_level(vocals.lane.stem_id, -6.0)
    drag(view.master)
    drag(vocals)
    drag(drums)
    view.player.set_loop(0.5, 1.5)
    drag(drums, Qt.KeyboardModifier.ControlModifier)
    drag(view.master, Qt.KeyboardModifier.ControlModifier)
    paths, actions = zip(*Drag.dropped, strict=True)
    assert set(actions) == {Qt.DropAction.CopyAction}
    mix, stem, made, part, region = (sound(path) for path in paths)
    assert mix == pytest.approx((SECONDS, 0.15), abs=0.003), "as it is mixed"
    assert stem == pytest.approx((SECONDS, 0.1), abs=0.003), "untouched by the mixer"
    assert paths[1] == str(tmp_path / "music" / "Vocals.wav"), "a delivered WAV is dragged itself"
    assert made == pytest.approx((SECONDS, 0.1), abs=0.003)
    assert part == pytest.approx((1.0, 0.1), abs=0.003)
    assert region == pytest.approx((1.0, 0.15), abs=0.003)


def test_the_same_mix_dragged_again_is_the_same_file(view):
    for _ in range(2):
        drag(view.master)
    first, again = Drag.dropped
    assert first == again
