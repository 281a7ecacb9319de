"""What the window shows until its views are there: the same panels in the same places, painted in a moment."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from musicapi_desktop.ui.theme import fonts, theme

from .window_state import Folds

_MARGIN = 16
_TITLE_TOP = 16
_LINE = 32


class FirstFrame(QWidget):
    """The Create panel, the work area, the inspector and the player bar, empty, as they will be folded."""

    def __init__(self, folds: Folds, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folds = folds
        self.setAccessibleName(self.tr("Starting"))

    def show_folds(self, folds: Folds) -> None:
        """The window has another width."""
        self._folds = folds
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Grounds, lines, and the two texts that are always there."""
        del event
        look = theme.current()
        painter = QPainter(self)
        bar = look.size("player")
        state = self._folds.state
        body = self.rect().adjusted(0, 0, 0, -bar)
        create = QRect(body.left(), body.top(), state.create_width * self._folds.create, body.height())
        inspector = QRect(body.right() + 1, body.top(), 0, body.height())
        if self._folds.inspector:
            inspector.setLeft(inspector.left() - state.inspector_width)
        player = QRect(0, body.bottom() + 1, self.width(), bar)
        painter.fillRect(self.rect(), look.color("bg"))
        painter.setPen(look.color("line"))
        for panel in (create, inspector, player):
            painter.fillRect(panel, look.color("panel"))
        painter.drawLine(create.right(), body.top(), create.right(), body.bottom())
        painter.drawLine(player.topLeft(), player.topRight())
        self._write(painter, create, player)
        painter.end()

    def _write(self, painter: QPainter, create: QRect, player: QRect) -> None:
        look = theme.current()
        middle = Qt.AlignmentFlag.AlignVCenter
        if create.width():
            painter.setPen(look.color("text"))
            painter.setFont(fonts.font("title", weight=700))
            line = QRect(create.left() + _MARGIN, create.top() + _TITLE_TOP, create.width() - 2 * _MARGIN, _LINE)
            painter.drawText(line, middle, self.tr("New song"))
        painter.setPen(look.color("text_dim"))
        painter.setFont(fonts.font("base"))
        painter.drawText(player.adjusted(_MARGIN, 0, -_MARGIN, 0), middle, self.tr("Nothing playing"))
