"""The guided tour: the real window driven through the main job, with pictures, sound files and a summary."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from .bootstrap import Run
from .command_line import Options
from .tour_hands import Hands, TourFailed
from .tour_steps import again, main_job

_SIZE = (1440, 900)


def say(line: str) -> None:
    """Print a line of the summary."""
    print(line, flush=True)  # noqa: T201  # the summary is what the tour is for


def run_tour(options: Options, folder: Path) -> int:
    """Drive the main job on the local engine in ``folder``; return 0 where every step came out, else 1."""
    folder = folder.expanduser().absolute()
    folder.mkdir(parents=True, exist_ok=True)
    data = options.data or folder / "data"
    options = Options(data, options.profile_url, None, options.size or _SIZE, options.theme or "dark")
    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    say(f"Tour of MusicAPI Desktop in {folder}")
    begun = time.monotonic()
    number = 1
    for steps in (main_job, again):
        visit = _visit(app, options, folder, number)
        try:
            visit.hands.until("the library", lambda at=visit: at.desk.presenters.library.state.loaded)
            steps(visit.desk, visit.hands)
        except TourFailed as failed:
            visit.hands.picture("failed")
            say(f"FAILED: {failed}")
            return 1
        finally:
            _close(visit)
        number = visit.hands.next_number
    say(f"Done in {time.monotonic() - begun:.1f} s; pictures and sound files are in {folder}")
    return 0


class _Visit:
    """A window that is open, and the hands that drive it."""

    def __init__(self, run: Run, hands: Hands) -> None:
        self.run = run
        self.desk = run.desk
        self.hands = hands


def _visit(app: QApplication, options: Options, folder: Path, first: int) -> _Visit:
    run = Run(app, options)
    if not run.instance.first():
        sys.exit(f"another instance uses {options.data}")
    desk = run.build()
    hands = Hands(desk.window, folder, say, first)
    desk.window.show()
    desk.window.activateWindow()
    return _Visit(run, hands)


def _close(visit: _Visit) -> None:
    visit.desk.window.close()
    visit.run.stop()
    visit.desk.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
