"""A strip standing upright in the console: where its controls stand, and how it is painted."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QWidget

from musicapi_desktop.domain.mix import OFF, TICKS, level_words, position_of
from musicapi_desktop.presenters.mixer_state import LaneState
from musicapi_desktop.ui.theme import fonts, theme
from musicapi_desktop.ui.widgets.fader import Fader

HEAD = 40
"""Pixels from the top that are the handle: hue and name."""

_BUTTONS, _BALANCE, _TRAVEL, _FOOT = 46, 82, 116, 36
_FIGURES = 22
"""Width of the levels beside the fader."""
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Controls:
    """The controls of a strip."""

    mute: QWidget
    solo: QWidget
    fader: QWidget
    box: QWidget
    balance: QWidget
    meter: QWidget


def place(strip: Controls, size: QSize) -> None:
    """Stand the controls of a strip of this size."""
    middle = size.width() // 2
    strip.mute.setGeometry(middle - 29, _BUTTONS, 28, 28)
    strip.solo.setGeometry(middle + 1, _BUTTONS, 28, 28)
    strip.balance.setGeometry(middle - 28, _BALANCE, 56, 24)
    travel = max(60, size.height() - _TRAVEL - _FOOT)
    strip.fader.setGeometry(middle - 26, _TRAVEL, 30, travel)
    strip.meter.setGeometry(middle + 8, _TRAVEL, 18, travel)
    strip.box.setGeometry(4, size.height() - _FOOT + 6, size.width() - 8, 24)


def _paint_scale(painter: QPainter, rect: QRect) -> None:
    """The fader's levels beside their marks, where the strip has room for them."""
    left = rect.width() // 2 - 26 - _FIGURES
    if left < 0:
        return
    painter.setFont(fonts.font("caption", tabular=True))
    painter.setPen(theme.current().color("text_faint"))
    travel = max(60, rect.height() - _TRAVEL - _FOOT) - Fader.THUMB
    for level in TICKS:
        words = "∞" if level == OFF else level_words(level).removesuffix(".0")
        y = round(_TRAVEL + Fader.THUMB / 2 + travel * (1.0 - position_of(level)))
        painter.drawText(QRect(left, y - 8, _FIGURES, 16), Qt.AlignmentFlag.AlignRight | _MIDDLE, words)


def paint(painter: QPainter, rect: QRect, lane: LaneState, focused: bool) -> None:
    """Paint hue, name and focus ring; what cannot be heard says so."""
    colours = theme.current()
    folded = lane.silent or bool(lane.error)
    painter.fillRect(QRect(rect.right(), 0, 1, rect.height()), colours.color("line"))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    hue = colours.stem(lane.kind)
    hue.setAlphaF(0.4 if folded else 1.0)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(hue)
    painter.drawRoundedRect(QRectF(10, 9, rect.width() - 20, 4), 2, 2)
    painter.setFont(fonts.font("small", weight=600))
    painter.setPen(colours.color("text_faint" if folded else "text"))
    room = rect.width() - 8
    name = QFontMetrics(painter.font()).elidedText(lane.name, Qt.TextElideMode.ElideRight, room)
    painter.drawText(QRect(4, 17, room, 20), Qt.AlignmentFlag.AlignCenter, name)
    if folded:
        painter.setFont(fonts.font("caption"))
        painter.setPen(colours.color("warn" if lane.error else "text_faint"))
        words = lane.error or QCoreApplication.translate("Mixer", "no signal")
        wrapped = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(QRect(4, _BUTTONS, room, rect.height() - _BUTTONS), int(wrapped), words)
    else:
        _paint_scale(painter, rect)
    if focused:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours.color("focus"), 2.0))
        painter.drawRoundedRect(QRectF(rect).adjusted(2, 2, -3, -3), 6, 6)
