"""The waveforms of all stems on one timeline: drawn once per change, blitted per frame."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from musicapi_desktop.domain.mix import gain_of
from musicapi_desktop.ui.theme import theme
from musicapi_desktop.ui.widgets import waveform
from musicapi_desktop.ui.widgets.timeline import Timeline
from musicapi_desktop.ui.widgets.waveform import Bar, Look

_PAD = 6
_MOST_ZOOM = 4.0
_DIMMED = 0.4
_MUTED = 0.7


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
        self._bars: dict[str, list[Bar]] = {}
        self._pictures: dict[str, tuple[object, QPixmap]] = {}
        self._zoom = 1.0
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
        self.restyle()

    def set_peaks(self, key: str, peaks: bytes) -> None:
        """The waveform of one lane; all share one scale, the loudest fills its lane."""
        self._peaks[key] = peaks
        self._most[key] = _most(peaks)
        self._zoom = min(_MOST_ZOOM, 1.0 / max(1e-3, *self._most.values()))
        self._bars.pop(key, None)
        self._pictures.pop(key, None)
        self.update()

    def restyle(self) -> None:
        """Drop every picture."""
        self._pictures.clear()
        self._bars.clear()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The bars are counted to the width."""
        super().resizeEvent(event)
        self._bars.clear()

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
                painter.drawPixmap(0, rect.top() + _PAD // 2, self._picture(look, rect))
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

    def _picture(self, look: LaneLook, rect: QRect) -> QPixmap:
        size = QSize(rect.width(), rect.height() - 1 - _PAD)
        dpr = self.devicePixelRatio()
        bars = self._bars_of(look.key, size.width())
        key = (replace(look, ranges=()), size, dpr, self._zoom)
        known = self._pictures.get(look.key)
        if known is not None and known[0] == key:
            return known[1]
        shape = Look.OUTLINE if look.muted else Look.FULL
        fresh = waveform.draw(size, dpr, bars, gain_of(look.level) * self._zoom, self._colour(look), shape)
        self._pictures[look.key] = (key, fresh)
        return fresh

    def _bars_of(self, key: str, width: int) -> list[Bar]:
        if key not in self._bars:
            self._bars[key] = waveform.fold(self._peaks.get(key, b""), width // waveform.STEP)
        return self._bars[key]

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
