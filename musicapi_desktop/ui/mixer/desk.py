"""The middle of the mixer: column heads, strips and lanes side by side."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from musicapi_desktop.presenters.mixer import MixerPresenter
from musicapi_desktop.presenters.mixer_state import LaneState
from musicapi_desktop.ui.theme import fonts, theme

from . import columns
from .lanes import LaneLook, Lanes
from .ruler import HEIGHT as RULER_HEIGHT
from .strip import Strip


class Heads(QWidget):
    """The names of the columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(columns.STRIP_WIDTH, RULER_HEIGHT)
        theme.current().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint them where the controls stand."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().color("bg"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.current().color("line"))
        painter.setFont(fonts.font("caption"))
        painter.setPen(theme.current().color("text_dim"))
        middle = Qt.AlignmentFlag.AlignVCenter
        for left, words in (
            (columns.HANDLE.left, self.tr("Stem")),
            (columns.MUTE.left - 2, self.tr("Mute Solo")),
            (columns.LEVEL.left, self.tr("Level dB")),
            (columns.BALANCE.left, self.tr("Balance")),
            (columns.METER.left, self.tr("Meter")),
        ):
            painter.drawText(left, 0, columns.STRIP_WIDTH - left, self.height(), middle, words)


class Desk(QWidget):
    """Strips on the left, their waveforms on the right, heights shared out between them.

    ``below`` is emitted when the keys go on from the last strip.
    """

    below = Signal()

    def __init__(self, presenter: MixerPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._looks: tuple[LaneLook, ...] = ()
        self._console = False
        self.strips: list[Strip] = []
        self.lanes = Lanes(self)
        self.lanes.range_drawn.connect(self._range_drawn)
        self.lanes.sought.connect(self._range_left)

    def show_lanes(self, lanes: tuple[LaneState, ...]) -> None:
        """Show these stems."""
        if [strip.lane.stem_id for strip in self.strips] != [lane.stem_id for lane in lanes]:
            self._rebuild(lanes)
        for strip, lane in zip(self.strips, lanes, strict=True):
            if strip.lane != lane:
                strip.show_lane(lane)
        self._looks = tuple(_look_of(lane) for lane in lanes)
        self._arrange()

    def show_console(self, on: bool) -> None:
        """Stand the strips side by side with no lanes, or lay them beside their lanes."""
        self._console = on
        self.lanes.setVisible(not on)
        self._arrange()

    def focused(self) -> Strip | None:
        """The strip the focus is in."""
        return next((s for s in self.strips if s.hasFocus() or s.isAncestorOf(_focus_of(s))), None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the height out."""
        super().resizeEvent(event)
        self._arrange()

    def _rebuild(self, lanes: tuple[LaneState, ...]) -> None:
        for strip in self.strips:
            strip.hide()
            strip.deleteLater()
        self.strips = [Strip(self._presenter, lane, self) for lane in lanes]
        for strip in self.strips:
            strip.step_asked.connect(self._step)
            strip.show()
        for before, after in zip(self.strips, self.strips[1:], strict=False):
            QWidget.setTabOrder(before, after)

    def _stand(self) -> None:
        count = len(self.strips)
        self.setMinimumHeight(columns.CHANNEL_HEIGHT)
        width = columns.channel_widths(count, self.width())
        self.setMinimumWidth(columns.LEAST_CHANNEL * count)
        for place, strip in enumerate(self.strips):
            strip.set_upright(True)
            strip.setGeometry(place * width, 0, width, self.height())

    def _arrange(self) -> None:
        if self._console:
            self._stand()
            return
        self.setMinimumWidth(0)
        silent = [look.silent for look in self._looks]
        least = sum(columns.lane_heights(silent, 0))
        self.setMinimumHeight(least)
        heights = columns.lane_heights(silent, self.height())
        top = 0
        for strip, height in zip(self.strips, heights, strict=True):
            strip.set_upright(False)
            strip.setGeometry(0, top, columns.STRIP_WIDTH, height)
            top += height
        self.lanes.setGeometry(columns.STRIP_WIDTH, 0, max(0, self.width() - columns.STRIP_WIDTH), self.height())
        self.lanes.show_lanes(self._looks, heights)

    def _range_drawn(self, key: str, start: float, end: float) -> None:
        """The strip of that lane takes the focus: M mutes what was drawn."""
        for strip in self.strips:
            strip.drawn = (start, end) if strip.lane.stem_id == key else None
            if strip.drawn is not None:
                strip.setFocus(Qt.FocusReason.MouseFocusReason)

    def _range_left(self) -> None:
        for strip in self.strips:
            strip.drawn = None

    def _step(self, by: int) -> None:
        strip = self.sender()
        if isinstance(strip, Strip):
            to = self.strips.index(strip) + by
            if 0 <= to < len(self.strips):
                self.strips[to].setFocus(Qt.FocusReason.TabFocusReason)
            elif to == len(self.strips):
                self.below.emit()

    def focus_last(self) -> None:
        """The keys come back from below."""
        if self.strips:
            self.strips[-1].setFocus(Qt.FocusReason.TabFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The free room under the strips."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.current().color("bg"))


def _look_of(lane: LaneState) -> LaneLook:
    strip = lane.strip
    return LaneLook(
        lane.stem_id, lane.kind, strip.level, strip.mute, lane.silenced, lane.silent or bool(lane.error), lane.ranges
    )


def _focus_of(widget: QWidget) -> QWidget:
    return widget.window().focusWidget() or widget.window()
