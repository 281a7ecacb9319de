"""A button that opens a menu and says so with a small arrow."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from musicapi_desktop.ui.theme.icons import pixmap

_ARROW = 16


class MenuButton(QPushButton):
    """Kinds ``menu`` and ``chip_menu`` of the sheet leave room for the arrow on the right."""

    def __init__(self, kind: str = "menu", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", kind)
        self.setIconSize(QSize(20, 16))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, then the arrow."""
        super().paintEvent(event)
        painter = QPainter(self)
        arrow = pixmap("chevron-down", "text_dim", _ARROW, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - _ARROW - 8, (self.height() - _ARROW) // 2, arrow)
