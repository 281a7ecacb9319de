"""The waveforms of all stems on one timeline: drawn once per change, blitted per frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from musicapi_desktop.domain.mix import gain_of
from musicapi_desktop.domain.notes import Note
from musicapi_desktop.presenters.lane_picture import Ink, LanePicture
from musicapi_desktop.ui.theme import theme
from musicapi_desktop.ui.widgets.piano_roll import paint_notes
from musicapi_desktop.ui.widgets.timeline import Timeline

_PAD = 6
_MOST_SCALE = 4.0
_DIMMED = 0.4
_MUTED = 0.7
_GROUND = 0.1
"""Opacity inside an outline, as a part of the rim's."""
_UNDER_NOTES = 0.35
"""Opacity of a waveform that notes are painted over."""
_FORMAT = QImage.Format.Format_ARGB32_Premultiplied


@dataclass(frozen=True, slots=True)
class LaneLook:
    """How one waveform is drawn. ``kind`` is a stem's hue, empty for the mix; ``level`` in dB."""

    key: str
    kind: str
    level: float = 0.0
    muted: bool = False
    silenced: bool = False
    silent: bool = False
    ranges: tuple[tuple[float, float], ...] = ()


@dataclass(slots=True)
class _Picture:
    """A lane as it was drawn last. The image shows the memory of ``pixels``."""

    pixels: LanePicture
    key: object = None
    image: QImage = field(default_factory=QImage)


class Lanes(Timeline):
    """Lanes from top to bottom, their heights given; the playhead and the loop go through all of them."""

    range_drawn = Signal(str, float, float)
    """A drag has ended on one lane: its key, start and end in seconds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._from = ""
        self._looks: tuple[LaneLook, ...] = ()
        self._heights: list[int] = []
        self._peaks: dict[str, bytes] = {}
        self._most: dict[str, float] = {}
        self._notes: dict[str, Sequence[Note]] = {}
        self._pictures: dict[str, _Picture] = {}
        self._scale = 1.0
        self.zooms = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumWidth(120)
        self.setAccessibleName(self.tr("Waveforms"))

    def show_lanes(self, looks: tuple[LaneLook, ...], heights: list[int]) -> None:
        """Show these lanes; only those that look different are drawn again."""
        if (looks, heights) == (self._looks, self._heights):
            return
        if [look.key for look in looks] != [look.key for look in self._looks] or heights != self._heights:
            self.update()
        else:
            for index, (old, new) in enumerate(zip(self._looks, looks, strict=True)):
                if old != new:
                    self.update(self._rect_of(index))
        self._looks, self._heights = looks, list(heights)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note the lane where a drag begins."""
        y = event.position().toPoint().y()
        self._from = next((look.key for i, look in enumerate(self._looks) if self._rect_of(i).contains(0, y)), "")
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A drag has drawn a range on that lane too."""
        drawn = self.shown_loop if self._pressed is None and self._draft is not None else None
        super().mouseReleaseEvent(event)
        if drawn is not None and self._from:
            self.range_drawn.emit(self._from, *drawn)

    def forget(self) -> None:
        """Another take: the waveforms are not its own."""
        self._peaks.clear()
        self._most.clear()
        self._notes.clear()
        self._pictures.clear()
        self.update()

    def set_peaks(self, key: str, peaks: bytes) -> None:
        """The waveform of one lane; all share one scale, the loudest fills its lane."""
        self._peaks[key] = peaks
        self._most[key] = _most(peaks)
        self._scale = min(_MOST_SCALE, 1.0 / max(1e-3, *self._most.values()))
        self.restyle()

    def set_notes(self, notes: dict[str, Sequence[Note]]) -> None:
        """The notes that are shown over their lanes, by key; none where notes are not wanted."""
        if notes != self._notes:
            self._notes = dict(notes)
            self.restyle()

    def restyle(self) -> None:
        """Draw every picture anew, in the memory it has."""
        for picture in self._pictures.values():
            picture.key = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Blit what the region touches, then loop and playhead."""
        painter = QPainter(self)
        colours = theme.current()
        dirty = event.rect()
        painter.fillRect(dirty, colours.color("bg"))
        for index, look in enumerate(self._looks):
            rect = self._rect_of(index)
            if not rect.intersects(dirty):
                continue
            if not look.silent:
                painter.drawImage(0, rect.top() + _PAD // 2, self._picture(look, rect))
            self._paint_ranges(painter, look, rect)
            painter.fillRect(QRect(0, rect.bottom(), self.width(), 1), colours.color("line"))
        self.paint_loop(painter, 0, self.height())
        if self.seconds > 0:
            painter.fillRect(QRect(self.x_of(self.position), 0, 1, self.height()), colours.color("text"))

    def _paint_ranges(self, painter: QPainter, look: LaneLook, rect: QRect) -> None:
        """Hatch what is muted of a lane."""
        ground = theme.current().color("bg")
        ground.setAlphaF(0.75)
        for start, end in look.ranges:
            part = QRect(self.x_of(start), rect.top() + 1, self.x_of(end) - self.x_of(start), rect.height() - 2)
            painter.fillRect(part, ground)
            painter.fillRect(part, QBrush(theme.current().color("text_faint"), Qt.BrushStyle.BDiagPattern))

    def _rect_of(self, index: int) -> QRect:
        return QRect(0, sum(self._heights[:index]), self.width(), self._heights[index])

    def _picture(self, look: LaneLook, rect: QRect) -> QImage:
        dpr = self.devicePixelRatio()
        width, height = round(rect.width() * dpr), round((rect.height() - 1 - _PAD) * dpr)
        key = (look.level, look.muted, look.silenced, dpr, self._scale, self.view)
        known = self._pictures.get(look.key)
        if known is None or (known.pixels.width, known.pixels.height) != (width, height):
            known = self._pictures[look.key] = _Picture(LanePicture(width, height))
        if known.key != key:
            known.key, known.image = key, self._drawn(look, known.pixels, dpr)
        return known.image

    def _drawn(self, look: LaneLook, pixels: LanePicture, dpr: float) -> QImage:
        peaks, whole = self._peaks.get(look.key, b""), self.seconds or 1.0
        first, last = self.view
        part = (first / whole, last / whole) if last > first else (0.0, 1.0)
        colour, notes = self._colour(look), self._notes.get(look.key, ())
        strength = colour.alphaF() * (_UNDER_NOTES if notes else 1.0)
        line, inside = _word(colour, strength), _word(colour, strength * _GROUND)
        pixels.draw(peaks, part, Ink(gain_of(look.level) * self._scale, line, inside, look.muted), dpr)
        image = QImage(pixels.data, pixels.width, pixels.height, 4 * pixels.width, _FORMAT)
        if notes:
            painter = QPainter(image)
            paint_notes(painter, QRectF(0, 0, pixels.width, pixels.height), notes, self.view, colour)
            painter.end()
        image.setDevicePixelRatio(dpr)
        return image

    def _colour(self, look: LaneLook) -> QColor:
        colour = theme.current().stem(look.kind) if look.kind else theme.current().color("text_dim")
        if look.muted:
            colour.setAlphaF(_MUTED)
        elif look.silenced:
            colour.setAlphaF(_DIMMED)
        return colour


def _most(peaks: bytes) -> float:
    values = memoryview(peaks).cast("b")
    return max((abs(max(values)), abs(min(values)))) / 127.0 if len(values) else 0.0


def _word(colour: QColor, strength: float) -> int:
    """A colour as it stands in a picture, with its strength multiplied in."""
    parts = (strength, colour.redF() * strength, colour.greenF() * strength, colour.blueF() * strength)
    alpha, red, green, blue = (round(part * 255) for part in parts)
    return alpha << 24 | red << 16 | green << 8 | blue
