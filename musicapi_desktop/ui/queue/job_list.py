"""The list of jobs: the mouse finds the painted buttons, the keyboard reaches the same ones."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QToolTip, QWidget

from musicapi_desktop.models.queue_list import ENTRY_ROLE, QueueListModel
from musicapi_desktop.models.queue_rows import Act, QueueRow
from musicapi_desktop.ui.theme import theme

from .geometry import buttons
from .job_delegate import JobDelegate
from .labels import explanation, label

_Index = QModelIndex | QPersistentModelIndex

_STEP = 28
_PUT_AWAY = (Act.REMOVE, Act.STOP_WAITING, Act.FORGET)
"""What Delete means, first of these that the job offers."""


class JobList(QListView):
    """Emits ``asked(job id, Act)`` for a button, its key or its menu entry, and ``moved(job id, −1 or +1)``."""

    asked = Signal(str, object)
    moved = Signal(str, int)

    def __init__(self, model: QueueListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._delegate = JobDelegate(self)
        self._pressed: tuple[str, Act] | None = None
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(_STEP)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.setAccessibleName(self.tr("Jobs"))
        theme.current().changed.connect(self.renew)

    @Slot()
    def renew(self) -> None:
        """Take the theme's fonts and colours again."""
        self._delegate.renew()
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def row(self, index: _Index) -> QueueRow | None:
        """The job at ``index``; None for a heading."""
        entry = index.data(ENTRY_ROLE) if index.isValid() else None
        return entry if isinstance(entry, QueueRow) else None

    def button_area(self, job_id: str, act: Act) -> QRect:
        """Where a job's button is, in the viewport; empty where it is not shown."""
        index = self._model.index(self._model.row_of(job_id))
        row = self.row(index)
        placed = dict(buttons(self.visualRect(index), row)) if row is not None else {}
        return placed.get(act, QRect())

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands elsewhere; they do not move the selection."""

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """The first button of the row is what Enter presses."""
        super().currentChanged(current, previous)
        row = self.row(current)
        self._choose(row.acts[0] if row is not None and row.acts else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right choose a button, Enter presses it, Delete puts the job away, Ctrl+Up and Down move it."""
        row = self.row(self.currentIndex())
        if row is not None and self._key(event, row):
            event.accept()
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on a button does not select its row."""
        self._pressed = self._at(event.position().toPoint())
        if self._pressed is None or event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A button acts when it is let go."""
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            super().mouseReleaseEvent(event)
        elif event.button() == Qt.MouseButton.LeftButton and self._at(event.position().toPoint()) == pressed:
            self.asked.emit(*pressed)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show which button is under the pointer."""
        super().mouseMoveEvent(event)
        point = event.position().toPoint()
        index = self.indexAt(point)
        on = self._at(point)
        self._hover(index.row() if self.row(index) is not None else -1, on[1] if on else None)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer."""
        super().leaveEvent(event)
        self._hover(-1, None)

    def viewportEvent(self, event: QEvent) -> bool:
        """A button explains itself; a row says its failure in full."""
        if isinstance(event, QHelpEvent):
            on = self._at(event.pos())
            if on is not None and explanation(on[1]):
                QToolTip.showText(event.globalPos(), explanation(on[1]), self)
                return True
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the jobs, then the ring around the keyboard's row."""
        super().paintEvent(event)
        index = self.currentIndex()
        if not self.hasFocus() or self.row(index) is None:
            return
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.current().color("focus"), 2))
        painter.drawRoundedRect(self.visualRect(index).adjusted(2, 2, -2, -3), 5, 5)
        painter.end()

    def _key(self, event: QKeyEvent, row: QueueRow) -> bool:
        key, ctrl = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if ctrl and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(row.job_id, -1 if key == Qt.Key.Key_Up else 1)
            return True
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            return self._step(row, -1 if key == Qt.Key.Key_Left else 1)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._press(row, self._delegate.chosen[1])
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            return self._press(row, next((act for act in _PUT_AWAY if act in row.acts), None))
        return False

    def _press(self, row: QueueRow, act: Act | None) -> bool:
        if act is None or act not in row.acts:
            return False
        self.asked.emit(row.job_id, act)
        return True

    def _step(self, row: QueueRow, step: int) -> bool:
        chosen = self._delegate.chosen[1]
        if chosen not in row.acts:
            return False
        at = row.acts.index(chosen) + step
        self._choose(row.acts[max(0, min(len(row.acts) - 1, at))])
        return True

    def _choose(self, act: Act | None) -> None:
        self._delegate.chosen = (self.currentIndex().row(), act)
        self.viewport().update()

    def _at(self, point: QPoint) -> tuple[str, Act] | None:
        index = self.indexAt(point)
        row = self.row(index)
        if row is None:
            return None
        return next(
            ((row.job_id, act) for act, area in buttons(self.visualRect(index), row) if area.contains(point)), None
        )

    def _hover(self, row: int, act: Act | None) -> None:
        if (row, act) == self._delegate.hover:
            return
        self._delegate.hover = (row, act)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor if act is None else Qt.CursorShape.PointingHandCursor)
        self.viewport().update()

    @Slot(QPoint)
    def _menu(self, at: QPoint) -> None:
        row = self.row(self.indexAt(at)) or self.row(self.currentIndex())
        if row is None or not row.acts + row.more:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for act in row.acts + row.more:
            action = menu.addAction(label(act))
            action.setToolTip(explanation(act) or label(act))
            action.triggered.connect(lambda _checked=False, act=act: self.asked.emit(row.job_id, act))
        menu.popup(self.viewport().mapToGlobal(at))
