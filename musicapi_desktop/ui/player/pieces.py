"""Small painted pieces of the player bar: the round play button and the song's two lines."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from musicapi_desktop.ui.theme import fonts, icons, theme
from musicapi_desktop.ui.widgets.cover import cover_pixmap

_PLAY = 40
_COVER = 56


class PlayButton(QAbstractButton):
    """Play or pause, round."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._playing = False
        self.setFixedSize(_PLAY, _PLAY)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Play"))
        self.setToolTip(self.tr("Play or pause (Space)"))
        theme.current().changed.connect(self.update)

    def set_playing(self, playing: bool) -> None:
        """Show what a press would do."""
        self._playing = playing
        self.setAccessibleName(self.tr("Pause") if playing else self.tr("Play"))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the disc and its sign."""
        del event
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        disc = colours.color("text" if self.isEnabled() else "raised")
        if self.isDown() or (self.underMouse() and self.isEnabled()):
            disc.setAlphaF(0.88)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(disc)
        painter.drawEllipse(QRectF(self.rect()))
        sign = icons.pixmap(self._sign(), "bg" if self.isEnabled() else "text_faint", 18, self.devicePixelRatio())
        side = 18
        # a triangle looks centred a little to the right
        left = (_PLAY - side) / 2 + (0 if self._playing else 1)
        painter.drawPixmap(QRectF(left, (_PLAY - side) / 2, side, side), sign, QRectF(sign.rect()))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours.color("focus"), 2.5))
            painter.drawEllipse(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5))

    def _sign(self) -> str:
        return "pause:fill" if self._playing else "play:fill"


class SongLines(QWidget):
    """Cover, title and style; long lines end in an ellipsis and stand whole in the tool tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._song_id = ""
        self._lines: tuple[str, str] = ("", "")
        self._warn = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(360)
        theme.current().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """As in the design."""
        return QSize(262, _COVER)

    def minimumSizeHint(self) -> QSize:
        """Cover and a few letters."""
        return QSize(96, _COVER)

    def show_song(self, song_id: str, title: str, line: str, warn: bool = False) -> None:
        """Show a song; with an empty id only the title, faint."""
        lines = (title, line)
        if (song_id, lines, warn) != (self._song_id, self._lines, self._warn):
            self._song_id, self._lines, self._warn = song_id, lines, warn
            self.setAccessibleName(", ".join(part for part in (title, line) if part))
            self.setToolTip("\n".join(part for part in (title, line) if part) if song_id else "")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cover and both lines."""
        del event
        colours = theme.current()
        painter = QPainter(self)
        if not self._song_id:
            painter.setFont(fonts.font())
            painter.setPen(colours.color("text_dim"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self._lines[0])
            return
        cover: QPixmap = cover_pixmap(self._song_id, _COVER, 8.0, self.devicePixelRatio())
        painter.drawPixmap(0, 0, cover)
        left = _COVER + 12
        for i, (step, weight, role) in enumerate(
            (("base", 600, "text"), ("small", 400, "warn" if self._warn else "text_dim"))
        ):
            painter.setFont(fonts.font(step, weight=weight))
            metrics = QFontMetrics(painter.font(), self)
            words = metrics.elidedText(self._lines[i], Qt.TextElideMode.ElideRight, self.width() - left)
            painter.setPen(colours.color(role))
            painter.drawText(QRect(left, 9 + i * 19, self.width() - left, 19), Qt.AlignmentFlag.AlignVCenter, words)
