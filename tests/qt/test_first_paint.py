"""What a start has loaded by its first painted frame: a new module there costs every start."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

OURS = {
    "musicapi_desktop", "app", "app.command_line", "app.bootstrap", "app.instance",
    "bridge", "bridge.collector", "domain", "domain.errors", "settings", "settings.locations", "settings.preferences",
    "ui", "ui.main_window", "ui.first_frame", "ui.window_state",
    "ui.theme", "ui.theme.fonts", "ui.theme.theme", "ui.theme.tokens",
}  # fmt: skip
"""Modules of the app, by their names within it. What is added here needs a look at ``bench startup``."""

THEIRS = {"PySide6", "PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets"}

START = """
import json, sys
before = set(sys.modules)
from PySide6.QtWidgets import QLabel
bare = set(sys.modules) - before
from musicapi_desktop.app.command_line import parse
options = parse(["--data", sys.argv[1]])
from PySide6.QtWidgets import QApplication
from musicapi_desktop.app.bootstrap import AfterFirstPaint, Run
app = QApplication([])
run = Run(app, options)
assert run.instance.first()
window = run.open()
def painted():
    import PySide6.QtCore
    print(json.dumps({"new": sorted(set(sys.modules) - before - bare), "bare": sorted(bare),
                      "names": "Qt" in vars(PySide6.QtCore)}))
    run.abandon()
    app.quit()
AfterFirstPaint(window, painted)
window.show()
app.exec()
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """Modules at the first paint, beyond those of a bare window, and whether Qt's great enumerations were made."""
    folder = tmp_path_factory.mktemp("start")
    (folder / "config").mkdir()
    (folder / "config" / "preferences.json").write_text('{"look.shown": "dark"}')
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "HOME": str(folder)}
    command = [sys.executable, "-c", START, str(folder)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_of_the_app_only_the_listed_modules_are_there(loaded):
    ours = {name for name in loaded["new"] if name.split(".")[0] == "musicapi_desktop"}
    assert {name.removeprefix("musicapi_desktop.") for name in ours} == OURS


def test_of_others_there_is_qt_alone(loaded):
    tops = {name.split(".")[0] for name in loaded["new"]}
    assert tops - set(sys.stdlib_module_names) == {"musicapi_desktop"}
    assert {name for name in (*loaded["new"], *loaded["bare"]) if name.startswith("PySide6.Qt")} <= THEIRS


def test_the_standard_library_is_asked_for_little(loaded):
    stdlib = {name.split(".")[0] for name in loaded["new"]} & set(sys.stdlib_module_names)
    slow = {"asyncio", "ssl", "socket", "sqlite3", "subprocess", "hashlib", "uuid", "tomllib", "datetime", "pickle"}
    assert stdlib & (slow | {"concurrent", "multiprocessing", "secrets", "platform", "http", "email"}) == set()


def test_qts_great_enumerations_are_not_made(loaded):
    # QtCore.Qt takes 15 ms, an eighth of the whole start: the first frame is painted without it
    assert not loaded["names"]
