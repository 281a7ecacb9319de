"""From the command line to a window and back: built in order, stopped in reverse."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from musicapi_desktop.bridge.collector import GuiCollector
from musicapi_desktop.domain.errors import KnownError
from musicapi_desktop.settings.preferences import LOOK_KEY, SCHEME_KEY, Preferences, zoom_at
from musicapi_desktop.ui.main_window import MainWindow
from musicapi_desktop.ui.theme import theme

from .command_line import Options
from .instance import Instance

if TYPE_CHECKING:
    from .core import Core
    from .desk import Desk
    from .sound import Sound

log = logging.getLogger(__name__)

_STARTED = time.time()
_SCALE = "QT_SCALE_FACTOR"
_USUAL = 100
"""Percent."""


class AfterFirstPaint(QObject):
    """Calls ``then`` once, when a window has painted for the first time: nothing heavy is done before."""

    def __init__(self, window: QObject, then: Callable[[], None]) -> None:
        super().__init__(window)
        self._then = then
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait for the paint, then for the event loop to have shown it."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._run)
        return False

    @Slot()
    def _run(self) -> None:
        self._then()


class Run(QObject):
    """One run of the app with a window. ``stop`` ends everything in reverse."""

    def __init__(self, app: QApplication, options: Options) -> None:
        super().__init__()
        self._app = app
        self._stops = ExitStack()
        self._stops.callback(GuiCollector(self).stop)
        self._options = options
        self._built = False
        places = options.places()
        places.create()
        self.instance = Instance(places.data, self)
        self.places = places

    def open(self) -> MainWindow:
        """Make the window, as large as it was and in its colours, with nothing in it yet."""
        self._preferences = Preferences(self.places.preferences)
        theme.current().expect(self._look(), self._preferences.get(SCHEME_KEY, ""))
        self.window = MainWindow(self._preferences)
        if self._options.size:
            self.window.resize(*self._options.size)
        return self.window

    def steps(self) -> Iterator[None]:
        """Build the services, the presenters and the views, a part at each step, so that the window never stands still.

        Raises KnownError where the library cannot be used.
        """
        from PySide6.QtGui import QIcon

        from musicapi_desktop.settings.locations import resource

        from .logs import start_log

        start_log(self.places.logs)
        theme.current().apply(self._app, self._look())
        self.window.setWindowIcon(QIcon(str(resource("icons/app.svg"))))
        from .core import build_core

        yield
        self.core: Core = build_core(self.places, self._preferences, self._options.profile_url, self._stops)
        from .presenting import build_presenters, music_mover
        from .sound import Sound

        yield
        self.sound: Sound = Sound(self.core.playback, self.core.relay, self.core.calls)
        self._stops.callback(self.sound.stop)
        presenters = build_presenters(self.core, self.sound)
        presenters.settings.folder.mover = music_mover(self.core)
        yield
        from .desk import Desk

        yield
        self.desk: Desk = Desk(self.core, presenters, self.window)
        self.desk.looked.connect(self._dress)
        self.instance.raised.connect(self._raise)
        self.instance.listen()
        self._meet_the_system()
        self._watch_for_bugs()
        self._built = True

    def build(self) -> Desk:
        """Build everything at once. Raises KnownError where the library cannot be used."""
        self.open()
        for _ in self.steps():
            pass
        AfterFirstPaint(self.window, self.begin)
        return self.desk

    def begin(self) -> None:
        """After the first paint: library, the thread that talks to the service, sound, and the engine if it is used."""
        from musicapi_desktop.domain.events import Notice
        from musicapi_desktop.presenters.settings import DEPTH_KEY, DEPTHS
        from musicapi_desktop.presenters.sound_settings import DEVICE_KEY

        self.desk.load()
        self.core.client_thread.start()
        self.core.calls.run(partial(self.core.outside.begin, self.core.relay))
        depth, device = self.core.preferences.get(DEPTH_KEY, DEPTHS[1]), self.core.preferences.get(DEVICE_KEY, "")
        self.sound.start(depth, device)
        self.desk.presenters.profiles.refresh()
        self._arrivals.take(self._options.files)
        if self.core.accounts.active().local:
            self.core.calls.run(self.core.engine.endpoint, None, self._engine_failed)
        if self.core.preferences.damaged:
            said = "Your settings could not be read and start anew; the old file was kept beside the new one."
            self.core.relay.publish(Notice(said))

    @Slot()
    def keep(self) -> None:
        """Remember what is open: at the end, and when the session logs out."""
        try:
            self.window.save_state()
            self._preferences.set(SCHEME_KEY, theme.current().scheme)
            if self._built:
                self.desk.keep()
        except OSError as error:
            log.warning("not everything was remembered: %s", error)

    def stop(self) -> None:
        """End everything, the last started first."""
        self.keep()
        self.abandon()

    def abandon(self) -> None:
        """End what was built so far."""
        self._stops.close()
        self.instance.release()

    def _look(self) -> str:
        return self._options.theme or self._preferences.get(LOOK_KEY, theme.SYSTEM)

    @Slot(str)
    def _dress(self, look: str) -> None:
        theme.current().apply(self._app, look)

    def _meet_the_system(self) -> None:
        from musicapi_desktop.bridge.desktop.endings import Endings

        from .arrivals import Arrivals
        from .manners import Manners
        from .recents import Recents

        self._arrivals = Arrivals(self.desk)
        endings = Endings(self)
        endings.asked.connect(self.window.close)
        self._stops.callback(endings.release)
        self._stops.callback(Manners(self.desk).stop)
        if self._options.data is None:
            # with a folder of its own a run leaves nothing outside it
            Recents(self.desk)

    @Slot(list)
    def _raise(self, given: list[str]) -> None:
        self.window.showNormal() if self.window.isMinimized() else self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        self._arrivals.take(given)

    def _engine_failed(self, error: BaseException) -> None:
        # told by the engine's own event; the log has the rest
        log.warning("the engine did not start: %s", error)

    def _watch_for_bugs(self) -> None:
        def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            log.critical("unhandled", exc_info=(kind, error, trace))
            self.core.calls.bug.emit(error)

        sys.excepthook = hook
        self._stops.callback(setattr, sys, "excepthook", sys.__excepthook__)


def set_zoom(options: Options) -> None:
    """Tell Qt how large the person wants everything: it reads that once, before the application begins."""
    percent = zoom_at(options.places().preferences)
    if percent != _USUAL and _SCALE not in os.environ:
        os.environ[_SCALE] = f"{percent / 100:g}"


def run_window(options: Options) -> int:
    """Show the window until it is closed; return the exit code."""
    set_zoom(options)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("MusicAPI Desktop")
    app.setDesktopFileName("musicapi-desktop")
    try:
        run = Run(app, options)
    except OSError as error:
        return _cannot_start(f"The app's folder cannot be used: {error.strerror} ({error.filename}).")
    if not run.instance.first():
        return 0 if run.instance.hand_over(options.files) else _cannot_start("MusicAPI Desktop is running already.")
    app.commitDataRequest.connect(run.keep)
    building = Building(run)
    AfterFirstPaint(run.open(), building.begin)
    run.window.show()
    code = app.exec()
    if building.complete:
        run.stop()
    else:
        run.abandon()
    return code


class Building(QObject):
    """Builds what belongs into a window that is shown already, a step in each turn of the event loop."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._run = run
        self._steps = run.steps()
        self.complete = False

    @Slot()
    def begin(self) -> None:
        """Take the next step; the last one starts the work in the background."""
        try:
            next(self._steps)
        except StopIteration:
            self.complete = True
            self._run.begin()
            log.info("complete %.0f ms after the start", (time.time() - _STARTED) * 1000)
        except KnownError as error:
            QApplication.exit(_cannot_start(f"{error.message}\n\n{error.hint}"))
        except Exception as error:  # a mistake of ours must not leave an empty window standing
            log.critical("the window could not be built", exc_info=error)
            said = "Something went wrong in the app itself, so it cannot start. Your songs are untouched."
            QApplication.exit(_cannot_start(f"{said}\n\nPlease report it, with the log in {self._run.places.logs}."))
        else:
            QTimer.singleShot(0, self, self.begin)


def _cannot_start(sentence: str) -> int:
    from PySide6.QtWidgets import QMessageBox

    log.error("%s", sentence)
    print(sentence, file=sys.stderr)  # noqa: T201  # whoever started it from a terminal sees why
    QMessageBox.critical(None, "MusicAPI Desktop", sentence)
    return 1
