"""Cycles are collected on the GUI thread alone: a QObject freed on another thread crashes Qt (met in tests)."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_EVERY_MS = 2000


class GuiCollector(QObject):
    """Takes Python's cycle collector over while it lives, generation by generation as Python itself would."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._settled = False
        gc.disable()
        self._timer.start()

    @Slot()
    def look(self) -> None:
        """Collect the oldest generation that is due."""
        if not self._settled:
            # modules, classes and the window stay until the end, and so do those loaded after the first paint: looking
            # through them stops the window for 50 ms each time
            self._settled = True
            gc.freeze()
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Give the collector back to Python."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
