"""The hands of the tour: real input events, waiting on conditions, and pictures of the window."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu, QWidget

_LOOK_MS = 15
_LEFT = Qt.MouseButton.LeftButton
_NONE = Qt.KeyboardModifier.NoModifier


class TourFailed(Exception):
    """A step did not come out as it must."""


class Hands:
    """Drives one window. ``say`` prints a line of the summary."""

    def __init__(self, window: QWidget, folder: Path, say: Callable[[str], object], first: int = 1) -> None:
        self.window = window
        self.folder = folder
        self._say = say
        self.next_number = first
        self.begun = time.monotonic()

    def until(self, what: str, done: Callable[[], bool], seconds: float = 10.0) -> float:
        """Wait until ``done()``; return the seconds it took. Raises TourFailed where it never is."""
        begun = time.monotonic()
        loop = QEventLoop()
        timer = QTimer(interval=_LOOK_MS)
        found: list[bool | TourFailed] = []

        def look() -> None:
            try:
                there = done()
            except TourFailed as failed:
                # an exception does not leave a slot: it is carried out of the loop
                found.append(failed)
            else:
                if there or time.monotonic() - begun > seconds:
                    found.append(there)
            if found:
                timer.stop()
                loop.quit()

        timer.timeout.connect(look)
        timer.start()
        loop.exec()
        if isinstance(found[0], TourFailed):
            raise found[0]
        if not found[0]:
            raise TourFailed(f"waited {seconds:g} s in vain for: {what}")
        return time.monotonic() - begun

    def rest(self, milliseconds: int) -> None:
        """Let the window paint and the sound go on for a moment."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def picture(self, name: str) -> Path:
        """Save what the window shows."""
        self.rest(120)
        target = self.folder / f"{self.next_number:02d}-{name}.png"
        self.next_number += 1
        if not self.window.grab().save(str(target)):
            raise TourFailed(f"the picture {target} could not be written")
        self.tell(f"picture  {target.name}")
        return target

    def tell(self, line: str) -> None:
        """Print a line with the time since the start."""
        self._say(f"{time.monotonic() - self.begun:7.2f} s  {line}")

    def click(self, widget: QWidget, at: QPoint | None = None, modifier: Qt.KeyboardModifier = _NONE) -> None:
        """Press and release the left button on a widget that is seen and enabled."""
        if not (widget.isVisible() and widget.isEnabled()):
            raise TourFailed(f"{widget.accessibleName() or type(widget).__name__} cannot be pressed")
        self._activate()
        QTest.mouseClick(widget, _LEFT, modifier, at or widget.rect().center())

    def right_click(self, widget: QWidget, at: QPoint) -> None:
        """Ask for the menu at a place."""
        widget.customContextMenuRequested.emit(at)

    def drag(self, widget: QWidget, start: QPoint, end: QPoint) -> None:
        """Press at ``start``, move and release at ``end``."""
        QTest.mousePress(widget, _LEFT, _NONE, start)
        for step in (start + (end - start) / 2, end):
            there = QPointF(step)
            move = QMouseEvent(
                QMouseEvent.Type.MouseMove, there, QPointF(widget.mapToGlobal(step)), _LEFT, _LEFT, _NONE
            )
            QApplication.sendEvent(widget, move)
        QTest.mouseRelease(widget, _LEFT, _NONE, end)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = _NONE) -> None:
        """Press a key where the keyboard is."""
        self._activate()
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def type(self, widget: QWidget, text: str) -> None:
        """Write a text into a field, line by line."""
        self._activate()
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        for number, line in enumerate(text.split("\n")):
            if number:
                QTest.keyClick(widget, Qt.Key.Key_Return)
            QTest.keyClicks(widget, line)

    def choose(self, words: str, *then: str) -> None:
        """Choose an entry of the menu that is open, by the start of its words; then of its sub-menus."""
        menu = QApplication.activePopupWidget()
        if not isinstance(menu, QMenu):
            raise TourFailed(f"no menu is open for “{words}”")
        for wanted in (words, *then):
            action = next((a for a in menu.actions() if a.text().startswith(wanted)), None)
            if action is None or not action.isEnabled():
                raise TourFailed(f"the menu has no “{wanted}”: {[a.text() for a in menu.actions()]}")
            below = action.menu()
            if isinstance(below, QMenu):
                menu = below
            else:
                top = QApplication.activePopupWidget()
                if top is not None:
                    top.close()
                action.trigger()

    def save_to(self, target: Path) -> None:
        """Fill in the file dialog that is open and confirm it."""
        self.until("a file dialog", lambda: self._dialog() is not None)
        dialog = self._dialog()
        if dialog is None:
            raise TourFailed("the file dialog went away")
        line = dialog.findChild(QLineEdit)
        if line is None:
            raise TourFailed("the file dialog has no field for the name")
        line.clear()
        self.type(line, str(target))
        QTest.keyClick(line, Qt.Key.Key_Return)

    def _activate(self) -> None:
        # with no window manager the focus stays with a completer's popup that has closed
        if QApplication.activePopupWidget() is None and QApplication.activeModalWidget() is None:
            self.window.activateWindow()
            self.until("the window to be active", self.window.isActiveWindow)

    def _dialog(self) -> QFileDialog | None:
        return next((w for w in QApplication.topLevelWidgets() if isinstance(w, QFileDialog) and w.isVisible()), None)
