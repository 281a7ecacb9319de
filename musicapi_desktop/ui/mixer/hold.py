"""Tap or hold: a short press of a button or a key is a tap, a longer one listens for as long as it lasts."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton

_HOLD_MS = 260


class Hold(QObject):
    """Tells taps (with the modifiers of the click) from holds of ``button``. A key press is a tap."""

    tapped = Signal(object)
    held = Signal()
    let_go = Signal()

    def __init__(self, button: QAbstractButton) -> None:
        super().__init__(button)
        self._button = button
        self._modifiers = Qt.KeyboardModifier.NoModifier
        self._holding = False
        self._timer = QTimer(self, singleShot=True, interval=_HOLD_MS)
        self._timer.timeout.connect(self._hold)
        button.installEventFilter(self)
        button.pressed.connect(self._timer.start)
        button.released.connect(self._release)
        button.clicked.connect(self._click)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note the modifiers of the click."""
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            self._modifiers = event.modifiers()
            self._holding = False
        elif event.type() == QEvent.Type.KeyPress:
            self._modifiers = Qt.KeyboardModifier.NoModifier
            self._holding = False
        return super().eventFilter(watched, event)

    def _hold(self) -> None:
        if self._button.isDown():
            self._holding = True
            self.held.emit()

    def _release(self) -> None:
        self._timer.stop()
        if self._holding:
            self.let_go.emit()

    def _click(self) -> None:
        # the end of a hold arrives as a click too
        if not self._holding:
            self.tapped.emit(self._modifiers)
        self._holding = False


class KeyHold(QObject):
    """The same of a key: whoever has the focus tells of its press and release, repeats left out."""

    tapped = Signal()
    held = Signal()
    let_go = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._down = False
        self._timer = QTimer(self, singleShot=True, interval=_HOLD_MS)
        self._timer.timeout.connect(self.held)

    def press(self) -> None:
        """The key went down."""
        self._down = True
        self._timer.start()

    def release(self) -> None:
        """The key came up, or the focus went elsewhere."""
        if self._down:
            self._down = False
            short = self._timer.isActive()
            self._timer.stop()
            (self.tapped if short else self.let_go).emit()
