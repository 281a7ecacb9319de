"""Small framed words painted beside a title: take letters, stems, WAV. Used by every list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from musicapi_desktop.ui.theme import fonts, theme

_RADIUS = 4.0
_GAP = 6.0
_LETTER = 20.0
_HEIGHT = 18.0
_PAD = 7.0


class BadgeLook(StrEnum):
    """How a badge is drawn: a take letter, the take that is in the player, or a word."""

    LETTER = "letter"
    PLAYING = "playing"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge's text and look."""

    text: str
    look: BadgeLook = BadgeLook.WORD

    @property
    def font(self) -> QFont:
        """Bold for letters, lighter for words."""
        return _font(700 if self.look is not BadgeLook.WORD else 600, fonts.points("caption"))

    @property
    def width(self) -> float:
        """Width in logical pixels."""
        return _width(self.text, self.look, fonts.points("caption"))


@lru_cache(maxsize=8)
def _font(weight: int, points: float) -> QFont:
    made = fonts.font("caption", weight=weight)
    made.setPointSizeF(points)
    return made


@lru_cache(maxsize=512)
def _width(text: str, look: BadgeLook, points: float) -> float:
    if look is BadgeLook.WORD:
        return QFontMetricsF(_font(600, points)).horizontalAdvance(text) + 2 * _PAD
    return max(_LETTER, QFontMetricsF(_font(700, points)).horizontalAdvance(text) + _PAD)


def letter_badges(letters: Iterable[str], playing: bool = False) -> list[Badge]:
    """Take letters as badges."""
    look = BadgeLook.PLAYING if playing else BadgeLook.LETTER
    return [Badge(letter, look) for letter in letters]


def paint_badges(painter: QPainter, at: QPointF, badges: Iterable[Badge], width: float) -> float:
    """Paint ``badges`` in a line from ``at`` (left end, middle height) within ``width``; return what they took.

    A badge that does not fit whole is left out: half a word says nothing.
    """
    x = 0.0
    for badge in badges:
        wide = badge.width
        if x + wide > width:
            break
        _paint(painter, QPointF(at.x() + x, at.y()), badge, wide)
        x += wide + _GAP
    return x


def _paint(painter: QPainter, at: QPointF, badge: Badge, width: float) -> None:
    now = theme.current()
    height = _HEIGHT if badge.look is BadgeLook.WORD else _LETTER
    rect = QRectF(at.x(), at.y() - height / 2, width, height)
    playing = badge.look is BadgeLook.PLAYING
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen if playing else QPen(now.color("line_strong"), 1.0))
    painter.setBrush(now.color("play" if playing else "raised"))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
    painter.setFont(badge.font)
    role = "bg" if playing else "text" if badge.look is BadgeLook.LETTER else "text_dim"
    painter.setPen(now.color(role))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, badge.text)
    painter.restore()
