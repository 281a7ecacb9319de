"""Dragging sound out of the window: the file is made first, in the background, then the drag begins."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from musicapi_desktop.presenters.mixer import MixerPresenter


class DragOut(QObject):
    """The handle of a strip. ``stem_id`` is empty for the master: its file is the mix as it is set.

    What is dragged is a WAV file: a stem that was delivered as one is that file, all else is made first. While it is
    being made the pointer waits; if the hand lets go before, the file is there for the next drag.
    """

    def __init__(self, widget: QWidget, presenter: MixerPresenter, stem_id: str) -> None:
        super().__init__(widget)
        self._widget = widget
        self._presenter = presenter
        self._stem_id = stem_id
        self._from: QPointF | None = None
        self._held = False

    def press(self, event: QMouseEvent) -> None:
        """The handle was taken."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = event.position()
            self._held = True

    def move(self, event: QMouseEvent) -> None:
        """Far enough it is a drag."""
        if self._from is None:
            return
        if (event.position() - self._from).manhattanLength() < QApplication.startDragDistance():
            return
        self._from = None
        loop = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier) and self._presenter.state.loop is not None
        whole = "" if loop or not self._stem_id else self._presenter.stem_file(self._stem_id)
        if whole.lower().endswith(".wav"):
            self.start(Path(whole))
        elif whole or loop or not self._stem_id:
            self._widget.setCursor(Qt.CursorShape.BusyCursor)
            self._presenter.make_file(self._stem_id, loop, self._made)

    def release(self) -> None:
        """The hand let go."""
        self._from = None
        self._held = False
        self._widget.unsetCursor()

    def start(self, path: Path) -> None:
        """Begin the drag of a file; returns when it was dropped."""
        self._held = False
        self._widget.unsetCursor()
        drag = QDrag(self._widget)
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        drag.setMimeData(mime)
        drag.exec(Qt.DropAction.CopyAction)

    def _made(self, path: Path) -> None:
        if self._held:
            self.start(path)
