from dataclasses import replace
from pathlib import Path

import pytest
from fakes import playing as fake
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from musicapi_desktop.domain.errors import DiskError
from musicapi_desktop.domain.mix import MixState, Strip
from musicapi_desktop.presenters.export import ExportPresenter
from musicapi_desktop.presenters.export_state import Stage
from musicapi_desktop.services.export import ExportCancelled, Exported
from musicapi_desktop.services.export_plan import TEMPLATE, beside
from musicapi_desktop.ui.export.dialog import ExportDialog

# the offscreen platform says so of every window
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

LEFT = Qt.MouseButton.LeftButton
MIX = MixState({"song-A-drums": Strip(mute=True)}, ranges={"song-A-bass": ((1.0, 2.0),)})


class FakeRun:
    def __init__(self):
        self.there = set()
        self.orders = []
        self.watches = []
        self.breaks = None
        self.clipped = 0

    def taken(self, folder, pieces):
        return tuple(piece.name for piece in pieces if piece.name in self.there)

    def keep_both(self, folder, pieces):
        return beside(pieces, self.there.__contains__)

    def write(self, order, watch):
        self.orders.append(order)
        self.watches.append(watch)
        if watch.stop:
            raise ExportCancelled
        if self.breaks is not None:
            raise self.breaks
        return tuple(
            Exported(order.folder / piece.name, False, 198.0, -14.24, -1.13, self.clipped) for piece in order.pieces
        )


class Room:
    def __init__(self, qtbot, take="A", loop=(60.0, 91.4), files=None):
        self.run, self.calls, self.preferences = FakeRun(), fake.FakeCalls(), fake.FakePreferences()
        self.export = ExportPresenter(self.run, self.calls, self.preferences, Path("/exports"))
        song = fake.song()
        opened = next(t for t in song.takes if t.letter == take)
        self.export.open(song, replace(opened, files=files or {}), MIX, loop)
        self.dialog = ExportDialog(self.export)
        qtbot.addWidget(self.dialog)
        self.dialog.show()
        qtbot.waitExposed(self.dialog)
        self.qtbot = qtbot

    def click(self, button):
        assert button.isVisible()
        assert button.isEnabled()
        self.qtbot.mouseClick(button, LEFT)

    def pick(self, field, value):
        self.click(getattr(self.dialog.choices, field).segment(value))

    def shown(self):
        rows = self.dialog.choices.preview.rows
        return [rows.item(i).text() for i in range(rows.count())]

    @property
    def order(self):
        return self.run.orders[-1]


@pytest.fixture
def stage(qtbot):
    return Room(qtbot)


def test_the_mix_as_it_is_set(stage):
    assert stage.shown() == ["Neon Rain A - Mix - 112bpm F#m.wav"]
    assert stage.dialog.start.text() == "Export 1 file"
    stage.click(stage.dialog.start)
    assert stage.order.mix.state == MIX
    assert stage.order.mix.ranges == MIX.ranges, "muted ranges are part of the mix"
    assert stage.order.mix.span is None
    assert stage.order.folder == Path("/exports")


def test_preview_follows_every_choice(stage, qtbot):
    stage.pick("what", "both")
    assert len(stage.shown()) == 10, "the mix and nine stems: one is muted, two are silent"
    stage.pick("mixed", "delivered")
    assert len(stage.shown()) == 11
    assert stage.shown()[0] == "Neon Rain A - Original - 112bpm F#m.wav"
    stage.pick("form", "flac24")
    assert all(name.endswith(".flac") for name in stage.shown())
    name = stage.dialog.choices.name
    name.selectAll()
    qtbot.keyClicks(name, "{title} {stem}")
    assert stage.shown()[1] == "Neon Rain Vocals.flac"
    stage.click(stage.dialog.choices.usual)
    assert name.text() == TEMPLATE


def test_a_name_that_cannot_be_is_said_and_stops_the_export(stage, qtbot):
    stage.pick("what", "stems")
    name = stage.dialog.choices.name
    name.selectAll()
    qtbot.keyClicks(name, "{titel} {stem}")
    assert stage.dialog.choices.note.text() == "There is no part called {titel}."
    assert not stage.dialog.start.isEnabled()
    name.selectAll()
    qtbot.keyClicks(name, "{title}")
    assert "add {stem}" in stage.dialog.choices.note.text()


def test_only_the_loop(stage):
    segment = stage.dialog.choices.range.segment("loop")
    assert segment.text() == "Loop 1:00–1:31"
    stage.click(segment)
    stage.click(stage.dialog.start)
    assert stage.order.mix.span == (60.0, 91.4)
    assert stage.order.seconds == pytest.approx(31.4)


def test_without_stems_or_loop_only_the_take_itself(qtbot):
    stage = Room(qtbot, take="B", loop=None)
    choices = stage.dialog.choices
    for segment in (choices.what.segment("stems"), choices.mixed.segment("mixed"), choices.range.segment("loop")):
        assert not segment.isEnabled()
    stage.pick("form", "same")
    assert stage.shown() == ["Neon Rain B - Original - 112bpm F#m.mp3"]


def test_the_same_file_is_not_to_be_had_of_a_mix(stage):
    assert not stage.dialog.choices.form.segment("same").isEnabled()
    stage.pick("mixed", "delivered")
    stage.pick("form", "same")
    assert stage.shown()[0].endswith(".mp3")
    stage.pick("mixed", "mixed")
    assert stage.shown()[0].endswith(".wav")


def test_nothing_is_overwritten_without_an_answer(stage, qtbot):
    stage.run.there = {"Neon Rain A - Mix - 112bpm F#m.wav"}
    stage.click(stage.dialog.start)
    assert stage.run.orders == []
    rows = stage.dialog.asking.list.rows
    assert [rows.item(i).text() for i in range(rows.count())] == sorted(stage.run.there)
    assert stage.dialog.keep_both.hasFocus(), "Enter must not overwrite"
    stage.click(stage.dialog.back)
    assert stage.export.state.stage is Stage.CHOOSING
    stage.click(stage.dialog.start)
    stage.click(stage.dialog.keep_both)
    assert [piece.name for piece in stage.order.pieces] == ["Neon Rain A - Mix - 112bpm F#m (2).wav"]


def test_overwrite(stage):
    stage.run.there = {"Neon Rain A - Mix - 112bpm F#m.wav"}
    stage.click(stage.dialog.start)
    stage.click(stage.dialog.overwrite)
    assert [piece.name for piece in stage.order.pieces] == sorted(stage.run.there)


def test_figures_and_the_folder_afterwards(stage):
    shown = []
    stage.export.reveal_asked.connect(shown.append)
    stage.run.clipped = 12
    stage.click(stage.dialog.start)
    written = stage.export.state.written[0]
    assert written.figures == "−14.2 LUFS · −1.1 dBTP · 3:18"
    assert written.clipped.startswith("12 samples over full scale")
    stage.click(stage.dialog.reveal)
    assert shown == ["/exports/Neon Rain A - Mix - 112bpm F#m.wav"]
    stage.click(stage.dialog.close_button)
    assert not stage.dialog.isVisible()


def test_escape_while_writing_cancels_and_says_so(stage, qtbot):
    stage.calls.later = True
    stage.click(stage.dialog.start)
    stage.calls.finish()
    assert stage.export.state.stage is Stage.WRITING
    qtbot.keyClick(stage.dialog, Qt.Key.Key_Escape)
    assert stage.dialog.isVisible()
    stage.calls.finish()
    assert stage.run.watches[-1].stop
    assert stage.export.state.said == "Cancelled. Nothing was written."
    assert stage.dialog.choices.said.isVisible()


def test_progress_is_shown(stage, qtbot):
    stage.calls.later = True
    stage.click(stage.dialog.start)
    stage.calls.finish()
    stage.export._watch.begin("x.wav", 1, 2, 10.0)
    stage.export._watch.cancelled()
    qtbot.waitUntil(lambda: stage.dialog.writing.bar.value() == 500)
    assert stage.dialog.writing.current.whole() == "Writing x.wav"
    stage.calls.finish()


def test_a_full_disk_is_a_sentence(stage):
    stage.run.breaks = DiskError("The disk is full: nothing was written.", "Make some room.")
    stage.click(stage.dialog.start)
    assert stage.export.state.said == "The disk is full: nothing was written. Make some room."
    assert stage.dialog.start.isVisible()


def test_choices_are_remembered_but_the_loop(stage, qtbot):
    stage.pick("what", "both")
    stage.pick("form", "flac24")
    stage.pick("range", "loop")
    stage.export.choose_folder(Path("/elsewhere"))
    stage.click(stage.dialog.start)
    again = ExportPresenter(stage.run, stage.calls, stage.preferences, Path("/exports"))
    song = fake.song()
    again.open(song, song.takes[0], MIX, (1.0, 2.0))
    assert (again.state.choice.what, again.state.choice.form, again.state.choice.loop) == ("both", "flac24", False)
    assert again.state.folder == Path("/elsewhere")


@pytest.mark.parametrize("kept", [{"what": 3, "form": "ogg", "template": ""}, {"mixed": "no", "folder": 7}])
def test_damaged_preferences_are_the_usual(qapp, kept):
    preferences = fake.FakePreferences()
    preferences.values["export"] = kept
    export = ExportPresenter(FakeRun(), fake.FakeCalls(), preferences, Path("/exports"))
    song = fake.song()
    export.open(song, song.takes[0], MIX, None)
    assert export.state.names == ("Neon Rain A - Mix - 112bpm F#m.wav",)
    assert export.state.folder == Path("/exports")


def test_by_keyboard_alone(stage, qtbot):
    assert stage.dialog.start.hasFocus()
    segment = stage.dialog.choices.what.segment("mix")
    segment.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(segment, Qt.Key.Key_Right)
    assert stage.export.state.choice.what == "stems"
    stage.dialog.choices.name.setFocus()
    qtbot.keyClick(stage.dialog.choices.name, Qt.Key.Key_Return)
    assert stage.run.orders, "Enter exports"


def test_every_control_has_a_name(stage):
    for widget in stage.dialog.findChildren(QWidget):
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isVisible():
            assert widget.accessibleName() or getattr(widget, "text", str)(), widget


def test_what_lies_beside_is_offered_where_the_take_has_it(qtbot):
    room = Room(qtbot, files={"alignment": "words.json", "midi": "notes.mid"})
    chips = room.dialog.choices.extras
    assert [kind for kind, chip in chips.items() if chip.isEnabled()] == ["project", "midi", "lrc", "srt"]
    for kind in ("project", "midi", "srt"):
        room.click(chips[kind])
    base = "Neon Rain A - Mix - 112bpm F#m"
    assert room.shown() == [f"{base}{ending}" for ending in (".wav", ".dawproject", ".mid", ".srt")]
    room.pick("range", "loop")
    assert not chips["midi"].isEnabled()
    assert not chips["midi"].isChecked()
    room.click(room.dialog.start)
    assert room.order.choice.extras == ("project", "srt")
    assert (room.order.title, room.order.span) == ("Neon Rain", (60.0, 91.4))


def test_a_bare_take_has_nothing_beside_it(qtbot):
    room = Room(qtbot, take="B")
    chips = room.dialog.choices.extras
    assert not any(chip.isEnabled() for chip in chips.values())
    assert chips["project"].accessibleName() == "Beside it: DAWproject: stems on tracks, with tempo and sections"


def test_tracks_and_lines_are_told_afterwards(qtbot):
    room = Room(qtbot, files={"alignment": "words.json"})
    room.run.write = lambda order, _watch: tuple(
        Exported(order.folder / piece.name, False, kind=piece.kind, parts=12) for piece in order.pieces[1:]
    )
    for kind in ("project", "lrc"):
        room.click(room.dialog.choices.extras[kind])
    room.click(room.dialog.start)
    assert [written.figures for written in room.export.state.written] == ["12 tracks", "12 lines"]
