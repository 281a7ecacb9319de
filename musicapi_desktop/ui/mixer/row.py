"""A strip lying beside its lane: where its controls stand, and how it is painted."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from musicapi_desktop.presenters.mixer_state import LaneState
from musicapi_desktop.ui.theme import fonts, icons, theme

from . import columns
from .channel import Controls

_MIDDLE = Qt.AlignmentFlag.AlignVCenter


def place(strip: Controls, size: QSize) -> None:
    """Stand the controls of a strip of this size in their columns."""
    height = size.height() - 1
    button = min(28, height - 6)
    for widget, column in ((strip.mute, columns.MUTE), (strip.solo, columns.SOLO)):
        widget.setGeometry(column.left, (height - button) // 2, column.width, button)
    for widget, column in (
        (strip.fader, columns.LEVEL),
        (strip.box, columns.FIGURE),
        (strip.balance, columns.BALANCE),
        (strip.meter, columns.METER),
    ):
        tall = 24 if widget is strip.box else min(30, height - 4)
        widget.setGeometry(column.left, (height - tall) // 2, column.width, tall)


def paint(painter: QPainter, rect: QRect, lane: LaneState, focused: bool) -> None:
    """Paint handle, hue, name and focus ring; what cannot be heard says so."""
    colours = theme.current()
    height = rect.height() - 1
    folded = lane.silent or bool(lane.error)
    painter.fillRect(QRect(0, height, rect.width(), 1), colours.color("line"))
    grip = icons.pixmap("grip-vertical", "text_faint", columns.HANDLE.width, painter.device().devicePixelRatio())
    painter.drawPixmap(columns.HANDLE.left, (height - columns.HANDLE.width) // 2, grip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    hue = colours.stem(lane.kind)
    hue.setAlphaF(0.4 if folded else 1.0)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(hue)
    tall = min(18 if folded else 34, height - 10)
    painter.drawRoundedRect(QRectF(columns.HUE.left, (height - tall) / 2, columns.HUE.width, tall), 2, 2)
    _paint_words(painter, lane, height, folded)
    if focused:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours.color("focus"), 2.0))
        painter.drawRoundedRect(QRectF(rect).adjusted(2, 2, -3, -3), 6, 6)


def _paint_words(painter: QPainter, lane: LaneState, height: int, folded: bool) -> None:
    colours = theme.current()
    painter.setFont(fonts.font(weight=600))
    painter.setPen(colours.color("text_faint" if folded else "text"))
    name = QFontMetrics(painter.font()).elidedText(lane.name, Qt.TextElideMode.ElideRight, columns.NAME.width)
    painter.drawText(QRect(columns.NAME.left, 0, columns.NAME.width, height), _MIDDLE, name)
    if folded:
        painter.setFont(fonts.font("small"))
        words = lane.error or QCoreApplication.translate("Mixer", "no signal")
        room = columns.STRIP_WIDTH - columns.MUTE.left - 8
        painter.setPen(colours.color("warn" if lane.error else "text_faint"))
        painter.drawText(QRect(columns.MUTE.left, 0, room, height), _MIDDLE, words)
