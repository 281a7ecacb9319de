"""Square buttons with one letter: takes, mute and solo. On is filled, overruled is dashed."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from musicapi_desktop.ui.theme import fonts, theme


class LetterButton(QAbstractButton):
    """``checked`` fills it with ``role``; ``overruled`` outlines it in dashes of the same."""

    def __init__(self, letter: str, role: str, side: int = 28, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self._side = side
        self._overruled = False
        self.setText(letter)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedWidth(side)
        self.setMaximumHeight(side)
        self.setMinimumHeight(22)
        theme.current().changed.connect(self.update)

    @property
    def overruled(self) -> bool:
        """Whether something else than the button itself has its effect."""
        return self._overruled

    def set_overruled(self, on: bool) -> None:
        """Show that something else has this button's effect."""
        if on != self._overruled:
            self._overruled = on
            self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(self._side, self._side)

    def nextCheckState(self) -> None:
        """Stay as the presenter says: a click is a wish."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box, the letter and the focus ring."""
        del event
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.45)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        on, dashed = self.isChecked(), self._overruled and not self.isChecked()
        ground = self._role if on else "selection" if self.underMouse() and self.isEnabled() else "raised"
        line = self._role if on or dashed else "line_strong"
        painter.setPen(QPen(colours.color(line), 1.0, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
        painter.setBrush(colours.color(ground))
        painter.drawRoundedRect(box, 5, 5)
        painter.setFont(fonts.font("small", weight=700))
        painter.setPen(colours.color("bg" if on else self._role if dashed else "text_dim"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours.color("focus"), 2.0))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
