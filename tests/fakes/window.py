"""The whole program in this process: the real window over a folder, driven with the tour's hands."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QTextEdit

from musicapi_desktop.app import core
from musicapi_desktop.app.bootstrap import Run
from musicapi_desktop.app.command_line import Options
from musicapi_desktop.app.tour_hands import Hands, TourFailed
from musicapi_desktop.domain.job import Job, JobState
from musicapi_desktop.domain.song import Song
from musicapi_desktop.ui.widgets.segmented import Segment

TESTS = Path(__file__).parent.parent
BAND = "fakes.small_band"
REAL = "musicapi_desktop.offline.engine"
KEY = "sk_test_0123456789"
PROFILE = "loopback"
QUICK = 0.2
"""Seconds between two requests: the least a profile may have."""
_ENGINE = """
import sys
if sys.argv[2] == "serve":
    from musicapi_desktop.offline.serve import main
    sys.exit(main(sys.argv[3:], maker=sys.argv[1]))
from musicapi_desktop.app.command_line import run
sys.exit(run(sys.argv[2:]))
"""
"""The program with another composer in its engine."""


class Visit:
    """A window that is open."""

    def __init__(self, run: Run, folder: Path) -> None:
        self.run = run
        self.desk = run.build()
        self.window = self.desk.window
        self.presenters = self.desk.presenters
        self.core = run.core
        self.hands = Hands(self.window, folder, lambda _line: None)
        self.told: list[str] = []
        toasts = self.window.toasts
        show = toasts.show

        def shown(text: str, *rest: object) -> object:
            self.told.append(text)
            return show(text, *rest)

        toasts.show = shown
        self.window.show()
        self.until("the library", lambda: self.presenters.library.state.loaded)

    def until(self, what: str, done, seconds: float = 30.0) -> None:
        """Let the window live until ``done()``; TourFailed where it never is."""
        self.hands.until(what, done, seconds)

    def describe(self, text: str = "a quiet song") -> None:
        """Write a description into the form."""
        self._mode("describe")
        self.paste(self.desk.create.form.description, text)

    def write(self, lyrics: str, title: str = "") -> None:
        """Write lyrics, and a title, into the form."""
        self._mode("lyrics")
        self.paste(self.desk.create.form.lyrics.text, lyrics)
        self.paste(self.desk.create.form.title, title)

    def paste(self, field: QTextEdit | QLineEdit, text: str) -> None:
        """Replace what a field holds, as from the clipboard."""
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.selectAll()
        if text:
            QApplication.clipboard().setText(text)
            field.paste()
        else:
            QTest.keyClick(field, Qt.Key.Key_Delete)

    def press_create(self) -> None:
        """Ctrl+Enter."""
        self.hands.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    def jobs(self) -> tuple[Job, ...]:
        return self.core.queue.jobs()

    def job(self) -> Job:
        (job,) = self.jobs()
        return job

    def ended(self, count: int = 1, *states: JobState) -> None:
        """Wait until so many jobs are in one of ``states`` (READY where none is named)."""
        wanted = set(states) or {JobState.READY}
        self.until(f"{count} × {wanted}", lambda: sum(job.state in wanted for job in self.jobs()) >= count)

    def songs(self) -> list[Song]:
        library = self.core.library
        return [song for song_id in library.songs() if (song := library.song(song_id)) is not None]

    def queue_lines(self) -> list[str]:
        """What the queue says of each job, its tip included."""
        model = self.desk.queue.jobs.model()
        roles = (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
        return [
            " ".join(str(model.index(row, 0).data(role) or "") for role in roles) for row in range(model.rowCount())
        ]

    def says(self, sentence: str, seconds: float = 20.0) -> None:
        """Wait until the window tells ``sentence``: in a message, in the queue or on a label that is seen."""
        try:
            self.until(f"“{sentence}”", lambda: self._said(sentence), seconds)
        except TourFailed as failed:
            raise AssertionError(f"{failed}\ntold: {self.told}\nqueue: {self.queue_lines()}") from None

    def _said(self, sentence: str) -> bool:
        labels = (label.text() for label in self.window.findChildren(QLabel) if label.isVisible())
        return any(sentence in text for text in (*self.told, *self.queue_lines(), *labels))

    def _mode(self, name: str) -> None:
        self.hands.click(next(s for s in self.desk.create.modes.findChildren(Segment) if s.value == name))

    def close(self) -> None:
        self.window.close()
        self.run.stop()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        # the window first, then what it shows: a timer of a presenter must not meet a window that is gone
        made = (getattr(self.presenters, field.name) for field in fields(self.presenters))
        for each in (self.window, *made, self.desk, self.run):
            if isinstance(each, QObject) and shiboken6.isValid(each):
                shiboken6.delete(each)


def on_server(data: Path, url: str, interval: float = QUICK) -> None:
    """Write the preferences of someone who has a profile on ``url``."""
    profile = {"id": PROFILE, "name": "Loopback", "base_url": url, "interval": interval}
    file = data / "config" / "preferences.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"profiles": [profile], "profiles.active": PROFILE}))


@contextmanager
def opened(app: QApplication, data: Path, *, maker: str = "", server: str = "") -> Iterator[Visit]:
    """The window over ``data``, closed in the end.

    With ``maker`` its engine plays with another composer; with ``server`` it has a profile there, and the key.
    """
    if server:
        on_server(data, server)
    with _environment(server), _engine(maker):
        run = Run(app, Options(data=data, size=(1440, 900), theme="dark"))
        assert run.instance.first()
        visit = Visit(run, data)
        try:
            yield visit
        finally:
            visit.close()


@contextmanager
def _environment(server: str) -> Iterator[None]:
    before = dict(os.environ)
    # no keyring of the machine is asked
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    os.environ["PYTHONPATH"] = os.pathsep.join([str(TESTS.parent), str(TESTS)])
    os.environ.pop("MUSICAPI_KEY", None)
    if server:
        os.environ["MUSICAPI_KEY"] = KEY
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _engine(maker: str) -> Iterator[None]:
    usual = core.program
    if maker:
        core.program = lambda: [sys.executable, "-c", _ENGINE, maker]
    try:
        yield
    finally:
        core.program = usual
