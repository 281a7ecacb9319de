"""Rules that the import linter cannot see: sizes, threads, widgets, and that this Qt can be trusted."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "musicapi_desktop"
FILES = sorted(PACKAGE.rglob("*.py"))
MAX_FILE, MAX_CLASS, MAX_FUNCTION = 400, 250, 40
THREAD_ROOMS = ("bridge/", "offline/")
THREAD_NAMES = {
    "Thread",
    "ThreadPoolExecutor",
    "ProcessPoolExecutor",
    "Popen",
    "QThread",
    "QThreadPool",
    "Process",
    "Timer",
}


def room(file: Path) -> str:
    return file.relative_to(PACKAGE).as_posix()


def length(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def oversized(source: str) -> list[str]:
    found = [f"file of {source.count(chr(10))} lines"] if source.count("\n") > MAX_FILE else []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and length(node) > MAX_CLASS:
            found.append(f"class {node.name} of {length(node)} lines")
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and length(node) > MAX_FUNCTION:
            found.append(f"function {node.name} of {length(node)} lines")
    return found


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def made(tree: ast.AST) -> set[str]:
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {f.id if isinstance(f, ast.Name) else f.attr for f in calls if isinstance(f, ast.Name | ast.Attribute)}


@pytest.mark.parametrize("file", FILES, ids=room)
def test_nothing_outgrows_its_room(file):
    assert oversized(file.read_text()) == []


def test_an_oversized_function_is_seen():
    assert oversized("def f():\n" + "    x = 1\n" * 41) == ["function f of 42 lines"]


@pytest.mark.parametrize("file", FILES, ids=room)
def test_widgets_live_in_ui(file):
    names = imported(ast.parse(file.read_text()))
    if not room(file).startswith(("ui/", "app/")):
        assert not [n for n in names if n.startswith("PySide6.QtWidgets")]
    if room(file).startswith("presenters/"):
        assert not [n for n in names if n.startswith("PySide6.") and not n.startswith("PySide6.QtCore")]


@pytest.mark.parametrize("file", FILES, ids=room)
def test_threads_and_processes_are_born_in_the_bridge(file):
    if not room(file).startswith(THREAD_ROOMS):
        assert made(ast.parse(file.read_text())) & THREAD_NAMES == set()


def test_this_qt_does_not_lose_references():
    # PySide6 6.12.0 on Python 3.11 drops a reference to None at each void call and dies after some thousand
    code = """
import sys
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
class Sender(QObject):
    sent = Signal(int)
app = QCoreApplication([])
timer, sender = QTimer(), Sender()
sender.sent.connect(lambda n: None)
for i in range(20_000):
    timer.setSingleShot(True)
for i in range(5_000):
    sender.sent.emit(i)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
