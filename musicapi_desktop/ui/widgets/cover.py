"""Covers painted from a song's id: the same song looks the same everywhere, with no network."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPaintEvent, QPixmap, QPixmapCache, QRadialGradient
from PySide6.QtWidgets import QWidget

from musicapi_desktop.domain.cover import cover_of

_REACH = 1.1
"""Radius of the glow, as a part of the longer side; past it the edge colour holds."""


def _colour(hsl: tuple[int, int, int]) -> QColor:
    return QColor.fromHsl(*hsl)


def cover_brush(song_id: str, rect: QRectF) -> QBrush:
    """The gradient of a song's cover, laid over ``rect``."""
    cover = cover_of(song_id)
    centre = QPointF(rect.left() + cover.x * rect.width(), rect.top() + cover.y * rect.height())
    glow = QRadialGradient(centre, max(rect.width(), rect.height()) * _REACH)
    glow.setColorAt(0.0, _colour(cover.inner))
    glow.setColorAt(0.62, _colour(cover.outer))
    glow.setColorAt(1.0, _colour(cover.edge))
    return QBrush(glow)


def paint_cover(painter: QPainter, rect: QRectF, song_id: str, radius: float) -> None:
    """Paint a cover with rounded corners into ``rect``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(cover_brush(song_id, rect))
    painter.drawRoundedRect(rect, radius, radius)
    painter.restore()


def cover_pixmap(song_id: str, size: int, radius: float, dpr: float) -> QPixmap:
    """A square cover of ``size`` logical pixels, from Qt's shared cache where it was painted before."""
    name = f"cover/{song_id}/{size}/{radius}/{dpr}"
    cached = QPixmap()
    if QPixmapCache.find(name, cached):
        return cached
    fresh = QPixmap(round(size * dpr), round(size * dpr))
    fresh.setDevicePixelRatio(dpr)
    fresh.fill(Qt.GlobalColor.transparent)
    painter = QPainter(fresh)
    paint_cover(painter, QRectF(0, 0, size, size), song_id, radius)
    painter.end()
    QPixmapCache.insert(name, fresh)
    return fresh


class CoverLabel(QWidget):
    """A cover as a picture in a form; decorative, so it takes no focus."""

    def __init__(self, radius: float = 8.0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._radius = radius
        self._song_id = ""
        self.setAccessibleName(self.tr("Cover"))

    def set_song(self, song_id: str) -> None:
        """Show the cover of a song."""
        if song_id != self._song_id:
            self._song_id = song_id
            self.update()

    def sizeHint(self) -> QSize:
        """As large as the drawing of the inspector asks."""
        return QSize(300, 150)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the gradient, clipped to the rounded corners."""
        del event
        if not self._song_id:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        path = QPainterPath()
        path.addRoundedRect(rect, self._radius, self._radius)
        painter.fillPath(path, cover_brush(self._song_id, rect))
