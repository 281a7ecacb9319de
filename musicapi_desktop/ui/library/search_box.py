"""The search box: an icon, the hint of its shortcut, and answers as one types."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from musicapi_desktop.ui.theme import theme
from musicapi_desktop.ui.theme.icons import pixmap

_DEBOUNCE_MS = 100
_ICON = 16
_SIDE = 12


class SearchBox(QLineEdit):
    """Emits ``searched(text)`` 100 ms after the last key, ``left`` when Esc or Down sends the keyboard to the list."""

    searched = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(self.tr("Search lyrics, style, title…"))
        self.setAccessibleName(self.tr("Search songs"))
        self.setClearButtonEnabled(False)
        self._glass = QLabel(self)
        self._glass.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._hint = QLabel(_shortcut(), self)
        self._hint.setProperty("kind", "key")
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_DEBOUNCE_MS)
        self._soon.timeout.connect(self._say)
        self.textEdited.connect(self._typed)
        theme.current().changed.connect(self._dress)
        self._dress()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the icon and the hint at the two ends."""
        super().resizeEvent(event)
        self._glass.setGeometry(_SIDE, (self.height() - _ICON) // 2, _ICON, _ICON)
        size = self._hint.sizeHint()
        self._hint.setGeometry(
            self.width() - size.width() - 9, (self.height() - size.height()) // 2, size.width(), size.height()
        )
        self.setTextMargins(_SIDE + _ICON - 2, 0, size.width() + 4, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc clears, then leaves; Down and Enter go to the list."""
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
                self._say()
            else:
                self.left.emit()
            return
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._say()
            self.left.emit()
            return
        super().keyPressEvent(event)

    def show_text(self, text: str) -> None:
        """Show a search that was changed elsewhere (a word was dropped)."""
        if text != self.text():
            self.setText(text)

    @Slot()
    def _typed(self) -> None:
        self._soon.start()

    @Slot()
    def _say(self) -> None:
        self._soon.stop()
        self.searched.emit(self.text())

    @Slot()
    def _dress(self) -> None:
        self._glass.setPixmap(pixmap("search", "text_dim", _ICON, self.devicePixelRatioF()))


def _shortcut() -> str:
    keys = QKeySequence(QKeySequence.StandardKey.Find)
    return keys.toString(QKeySequence.SequenceFormat.NativeText).replace("+", " ") or "Ctrl F"
