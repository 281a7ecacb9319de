"""Short messages at the foot of the window, each with at most one thing to press."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from musicapi_desktop.ui.theme.icons import icon

_SHOWN = 7000
"""Milliseconds; a message under the pointer or the focus stays."""
_GAP = 16
_WIDEST = 400
_MOST = 3


class ToastCard(QFrame):
    """One message."""

    closed = Signal(object)

    def __init__(self, text: str, action: str, run: Callable[[], object] | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "toast")
        self._run = run
        self._label = QLabel(text)
        wide = self._label.fontMetrics().horizontalAdvance(text) + 4
        self._label.setWordWrap(wide > _WIDEST)
        self._label.setFixedWidth(min(wide, _WIDEST))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 7, 7, 7)
        row.setSpacing(8)
        row.addWidget(self._label)
        if run is not None and action:
            row.addWidget(self._button(action, "plain", self._act))
        close = self._button("", "icon", self._close)
        close.setIcon(icon("x", "text_dim"))
        close.setAccessibleName(self.tr("Close the message"))
        row.addWidget(close)
        self.setAccessibleName(text)
        self._timer = QTimer(self, singleShot=True, interval=_SHOWN)
        self._timer.timeout.connect(self._time_up)
        self._timer.start()

    def _button(self, text: str, kind: str, run: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("kind", kind)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(text)
        button.clicked.connect(run)
        return button

    @Slot()
    def _act(self) -> None:
        run = self._run
        self._close()
        if run is not None:
            run()

    @Slot()
    def _close(self) -> None:
        self._timer.stop()
        self.closed.emit(self)

    @Slot()
    def _time_up(self) -> None:
        focus = QApplication.focusWidget()
        if self.underMouse() or (focus is not None and self.isAncestorOf(focus)):
            self._timer.start()
        else:
            self._close()


class Toasts(QObject):
    """The messages of one window, stacked at the foot of ``area``, so that they cover no button beside it."""

    def __init__(self, window: QWidget, area: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._area = area
        self._cards: list[ToastCard] = []
        area.installEventFilter(self)

    def show(self, text: str, action: str = "", run: Callable[[], object] | None = None) -> ToastCard:
        """Show a message; a fourth one sends the oldest away."""
        while len(self._cards) >= _MOST:
            self._closed(self._cards[0])
        card = ToastCard(text, action, run, self._window)
        card.closed.connect(self._closed)
        self._cards.append(card)
        card.show()
        card.raise_()
        self._place()
        return card

    def cards(self) -> tuple[ToastCard, ...]:
        """What is shown now, oldest first."""
        return tuple(self._cards)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the area."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and self._cards:
            self._place()
        return super().eventFilter(watched, event)

    @Slot(object)
    def _closed(self, card: ToastCard) -> None:
        if card in self._cards:
            self._cards.remove(card)
            card.hide()
            card.deleteLater()
            self._place()

    def _place(self) -> None:
        corner = self._area.mapTo(self._window, QPoint(0, 0))
        bottom = corner.y() + self._area.height() - _GAP
        for card in reversed(self._cards):
            card.adjustSize()
            card.move(corner.x() + max(0, self._area.width() - card.width()) // 2, bottom - card.height())
            bottom -= card.height() + _GAP // 2
