"""The ruler over the lanes: times above, sections and the loop below."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from musicapi_desktop.models import words
from musicapi_desktop.ui.theme import fonts, theme
from musicapi_desktop.ui.widgets.timeline import Timeline

HEIGHT = 34
_STEPS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600)
_ROOM = 64
"""Least pixels from mark to mark."""
_ROW = 17
_TICK = 3


class Ruler(Timeline):
    """Click seeks, drag loops, double-click loops a section."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.zooms = True
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(self.tr("Ruler"))
        words = self.tr("Click: go there · Drag: loop on the beat, with Alt anywhere · Double-click: loop the section")
        self.setToolTip(words + "\n" + self.tr("Ctrl+wheel: closer or wider · Shift+wheel: along the song"))

    def sizeHint(self) -> QSize:
        """As high as the column heads."""
        return QSize(400, HEIGHT)

    def stripes(self, old: int, new: int) -> tuple[QRect, ...]:
        """The playhead does not reach up here."""
        del old, new
        return ()

    def step(self) -> int:
        """Seconds from mark to mark."""
        first, last = self.view
        pixels = self.width() / (last - first) if last > first else 1.0
        return next((step for step in _STEPS if step * pixels >= _ROOM), _STEPS[-1])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint marks, then names and the loop's chip."""
        del event
        colours = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.color("bg"))
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), colours.color("line"))
        if self.seconds <= 0:
            return
        painter.setFont(fonts.font("caption", tabular=True))
        metrics = QFontMetrics(painter.font())
        step = self.step()
        first, last = self.view
        for second in range(int(first) // step * step, int(last) + 1, step):
            x = self.x_of(second)
            painter.fillRect(QRect(x, 4, 1, 10), colours.color("line_strong"))
            painter.setPen(colours.color("text_dim"))
            if x + 5 + metrics.horizontalAdvance(words.clock(second)) < self.width():
                painter.drawText(QRect(x + 5, 0, _ROOM, _ROW), Qt.AlignmentFlag.AlignVCenter, words.clock(second))
        painter.setFont(fonts.font("caption"))
        chip = self._paint_chip(painter)
        self._paint_names(painter, chip)
        self.paint_ticks(painter, HEIGHT - _TICK - 1, _TICK)

    def _paint_chip(self, painter: QPainter) -> QRect:
        if self.shown_loop is None:
            return QRect()
        left, right = (self.x_of(edge) for edge in self.shown_loop)
        rect = QRect(left, _ROW, max(2, right - left), HEIGHT - _ROW - 1)
        ground = QColor(theme.current().color("play" if self.loop_on else "text_faint"))
        ground.setAlphaF(0.35)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(rect), 4, 4)
        name = next((part[0] for part in self.parts if part[1:] == self.shown_loop), "")
        text = self.tr("{section} · loop").format(section=name) if name else self.tr("Loop")
        painter.setPen(theme.current().color("text"))
        inside = rect.adjusted(6, 0, -2, 0)
        shown = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, shown if len(shown) > 1 else "")
        return rect

    def _paint_names(self, painter: QPainter, chip: QRect) -> None:
        painter.setPen(theme.current().color("text_dim"))
        metrics = QFontMetrics(painter.font())
        for name, start, end in self.parts:
            left, right = max(0, self.x_of(start)), self.x_of(end)
            # a name under the loop's chip moves on behind it
            left = chip.right() if left <= chip.right() and right > chip.right() and left >= chip.left() - 24 else left
            rect = QRect(left + 5, _ROW, right - left - 8, HEIGHT - _ROW - 1)
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, rect.width())
            taken = QRect(rect.left(), rect.top(), metrics.horizontalAdvance(shown), rect.height())
            if len(shown) > 1 and not taken.intersects(chip):
                painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, shown)
