"""What the window shows until its views are there: the same panels in the same places, painted in a moment.

Nothing here names ``QtCore.Qt``: its enumerations take as long to load as all of the window's first frame.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

from musicapi_desktop.ui.theme import fonts, theme

from .window_state import Folds

RAIL_LOGO: Final = 36
RAIL_LOGO_TOP: Final = 12
RAIL_LOGO_ROOM: Final = 62
RAIL_BUTTON: Final = 54
RAIL_GAP: Final = 2
RAIL_FOOT: Final = 10
RAIL_WORD: Final = (32, 16)
"""Measures of the rail in pixels; of a word its top within the button and its height."""

_MIDDLE: Final = 0x80
_CENTRE: Final = 0x84
"""Qt.AlignmentFlag.AlignVCenter and AlignCenter, which QPainter takes as numbers."""
_MARGIN: Final = 16
_TITLE_TOP: Final = 16
_LINE: Final = 32


class FirstFrame(QWidget):
    """Rail, Create panel, work area, inspector and player bar, empty, as they will be folded."""

    def __init__(self, folds: Folds, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folds = folds
        self._brushes: dict[str, QBrush] = {}
        self.setAccessibleName(self.tr("Starting"))
        # a painter's first pen is this colour
        dressed = self.palette()
        dressed.setColor(QPalette.ColorRole.WindowText, theme.current().color("text_dim"))
        self.setPalette(dressed)

    def show_folds(self, folds: Folds) -> None:
        """The window has another width."""
        self._folds = folds
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Grounds, lines, and the words that are always there."""
        del event
        look = theme.current()
        painter = QPainter(self)
        rail = QRect(0, 0, look.size("rail"), self.height() - look.size("player"))
        body = QRect(rail.right() + 1, 0, self.width() - rail.width(), rail.height())
        state = self._folds.state
        create = QRect(body.left(), 0, state.create_width * self._folds.create, body.height())
        inspector = QRect(body.right() + 1, 0, 0, body.height())
        if self._folds.inspector:
            inspector.setLeft(inspector.left() - state.inspector_width)
        player = QRect(0, rail.height(), self.width(), look.size("player"))
        self._fill(painter, "bg", self.rect())
        self._fill(painter, "sunk", rail)
        self._fill(painter, "panel", create, inspector, player)
        edges = [QRect(panel.right(), 0, 1, panel.height()) for panel in (rail, create)]
        self._fill(painter, "line", *edges, QRect(0, player.top(), player.width(), 1))
        self._write(painter, create, player)
        self._mark_rail(painter, rail)
        painter.end()

    def _fill(self, painter: QPainter, role: str, *places: QRect) -> None:
        painter.setBackground(self._brush(role))
        for place in places:
            painter.eraseRect(place)

    def _brush(self, role: str) -> QBrush:
        # only a palette makes a brush without asking for one of QtCore.Qt's patterns
        if role not in self._brushes:
            lent = QPalette()
            lent.setColor(QPalette.ColorRole.Window, theme.current().color(role))
            self._brushes[role] = lent.window()
        return self._brushes[role]

    def _write(self, painter: QPainter, create: QRect, player: QRect) -> None:
        if create.width():
            painter.setFont(fonts.font("title", weight=400))
            line = QRect(create.left() + _MARGIN, create.top() + _TITLE_TOP, create.width() - 2 * _MARGIN, _LINE)
            painter.drawText(line, _MIDDLE, self.tr("New song"))
        painter.setFont(fonts.font("base"))
        painter.drawText(player.adjusted(_MARGIN, 0, -_MARGIN, 0), _MIDDLE, self.tr("Nothing playing"))

    def _mark_rail(self, painter: QPainter, rail: QRect) -> None:
        logo = QPainterPath()
        left = (rail.width() - RAIL_LOGO) // 2
        logo.addRoundedRect(QRectF(left, RAIL_LOGO_TOP, RAIL_LOGO, RAIL_LOGO), 10, 10)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(logo, self._brush("accent"))
        painter.setFont(fonts.font("caption"))
        top, height = RAIL_WORD
        for word in (self.tr("Create"), self.tr("Library"), self.tr("Mixer"), self.tr("Queue")):
            top += RAIL_GAP + (RAIL_LOGO_ROOM if top == RAIL_WORD[0] else RAIL_BUTTON)
            painter.drawText(QRect(0, top, rail.width(), height), _CENTRE, word)
        foot = rail.height() - RAIL_FOOT - RAIL_BUTTON + RAIL_WORD[0]
        painter.drawText(QRect(0, foot, rail.width(), height), _CENTRE, self.tr("Settings"))
