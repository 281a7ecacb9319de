"""Icons: SVG files drawn in a role of the theme at the moment they are painted, so a change of theme is a repaint."""

from __future__ import annotations

from functools import cache
from typing import Final

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from musicapi_desktop.settings.locations import resource

from . import theme

_STROKE: Final = "1.75"
"""The drawings are 2 wide at 24 px; at 16–20 px this reads at the weight of the text beside it."""
_FILLED: Final = ":fill"
_DISABLED: Final = 0.45


@cache
def _source(name: str) -> str:
    bare = name.removesuffix(_FILLED)
    text = resource(f"icons/{bare}.svg").read_text("utf-8").replace('stroke-width="2"', f'stroke-width="{_STROKE}"')
    return text.replace('fill="none"', 'fill="currentColor"', 1) if name.endswith(_FILLED) else text


def _draw(name: str, colour: QColor, width: int, height: int) -> QPixmap:
    key = f"icon/{name}/{colour.name(QColor.NameFormat.HexArgb)}/{width}x{height}"
    cached = QPixmap()
    if QPixmapCache.find(key, cached):
        return cached
    fresh = QPixmap(width, height)
    fresh.fill(Qt.GlobalColor.transparent)
    svg = _source(name).replace("currentColor", colour.name())
    painter = QPainter(fresh)
    painter.setOpacity(colour.alphaF())
    # a wider picture keeps the icon at its left: the rest is the gap before the text of a button
    side = min(width, height)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, (height - side) / 2, side, side))
    painter.end()
    QPixmapCache.insert(key, fresh)
    return fresh


class _Engine(QIconEngine):
    """Draws one icon in ``role``, and in ``on`` where its button is checked."""

    def __init__(self, name: str, role: str, on: str) -> None:
        super().__init__()
        self._name = name
        self._role = role
        self._on = on

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The icon at ``size`` device pixels."""
        return _draw(self._name, self._colour(mode, state), size.width(), size.height())

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Paint the icon at the resolution of the device."""
        dpr = painter.device().devicePixelRatioF()
        painter.drawPixmap(rect, self.pixmap(rect.size() * dpr, mode, state))

    def clone(self) -> QIconEngine:
        """An engine of its own, as Qt asks for when an icon is copied and changed."""
        return _Engine(self._name, self._role, self._on)

    def _colour(self, mode: QIcon.Mode, state: QIcon.State) -> QColor:
        role = self._on if state == QIcon.State.On else self._role
        colour = theme.current().color(role)
        if mode == QIcon.Mode.Disabled:
            colour.setAlphaF(_DISABLED)
        return colour


def icon(name: str, role: str = "text", on: str = "") -> QIcon:
    """An icon of resources/icons by name, filled where the name ends in ``:fill``.

    It follows the theme by itself. ``on`` is the role while its button is checked, ``role`` where empty.
    Raises OSError where there is no such drawing.
    """
    _source(name)
    return QIcon(_Engine(name, role, on or role))


def pixmap(name: str, role: str = "text", size: int = 16, dpr: float = 1.0) -> QPixmap:
    """The icon as a square picture of ``size`` logical pixels, in the theme's present colour."""
    side = round(size * dpr)
    drawn = QPixmap(_draw(name, theme.current().color(role), side, side))
    drawn.setDevicePixelRatio(dpr)
    return drawn
