"""The app as a whole: what a start builds, what a stop leaves, and what it says where it cannot start."""

from __future__ import annotations

import gc
import logging
import sqlite3

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox

from musicapi_desktop.app import bootstrap
from musicapi_desktop.app.bootstrap import Run
from musicapi_desktop.app.command_line import Options, parse
from musicapi_desktop.app.logs import redacted
from musicapi_desktop.bridge.collector import GuiCollector


@pytest.fixture
def options(tmp_path):
    return Options(data=tmp_path / "data", size=(1280, 720), theme="dark")


@pytest.fixture
def quiet(monkeypatch):
    said = []
    monkeypatch.setattr(QMessageBox, "critical", lambda *arguments: said.append(arguments[-1]))
    root = logging.getLogger()
    before = root.handlers[:]
    yield said
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        handler.close()


def test_a_newer_library_is_told_and_left_alone(qapp, options, quiet):
    places = options.places()
    places.create()
    with sqlite3.connect(places.library) as db:
        db.execute("PRAGMA user_version = 9999")
    before = places.library.read_bytes()
    run = Run(qapp, options)
    assert run.instance.first()
    with pytest.raises(Exception, match="newer") as told:
        run.build()
    assert getattr(told.value, "hint", "")
    run.abandon()
    assert places.library.read_bytes() == before


def test_a_folder_that_cannot_be_used_is_told(monkeypatch, options, quiet, tmp_path):
    (tmp_path / "data").write_text("a file, not a folder")
    monkeypatch.setattr(bootstrap, "QApplication", lambda _arguments: QApplication.instance())
    assert bootstrap.run_window(options) == 1
    assert "cannot be used" in quiet[0]


def test_keys_are_cut_out_of_whatever_is_logged():
    key = "sk_planted_0123456789"
    for text in (f"Bearer {key}", f"Authorization: {key}", f'{{"key": "{key}"}}', f"token={key}", f"see {key}"):
        assert "planted" not in redacted(text)
    assert redacted("nothing secret here") == "nothing secret here"


def test_the_command_line_reads_sizes_and_files():
    options = parse(["--size", "1280x720", "--theme", "light", "a.mp3"])
    assert (options.size, options.theme, options.files) == ((1280, 720), "light", ("a.mp3",))
    with pytest.raises(SystemExit):
        parse(["--size", "wide"])


def test_cycles_are_collected_by_the_gui_thread_alone(qapp):
    collector = GuiCollector()
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()


def test_a_mistake_while_building_is_told_and_leaves_no_empty_window(qapp, qtbot, options, quiet, monkeypatch):
    ended = []
    monkeypatch.setattr(bootstrap.QApplication, "exit", ended.append)

    def steps(_run):
        yield
        raise RuntimeError("a mistake")

    monkeypatch.setattr(Run, "steps", steps)
    run = Run(qapp, options)
    building = bootstrap.Building(run)
    building.begin()
    qtbot.waitUntil(lambda: bool(ended))
    run.abandon()
    assert ended == [1]
    assert not building.complete
    assert "Your songs are untouched" in quiet[0]
    assert str(options.places().logs) in quiet[0]
