"""Times of the transport: words for them, and the label that toggles to what remains."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from musicapi_desktop.models import words
from musicapi_desktop.ui.theme import fonts, theme


def clock_tenths(seconds: float) -> str:
    """``1:12.4``; a tenth counts when it is over."""
    tenths = max(0, int(seconds * 10 + 1e-6))
    return f"{words.clock(tenths // 10)}.{tenths % 10}"


class TimeLabel(QAbstractButton):
    """``1:12.4 / 3:18``; a click (or Space with the focus) shows what remains instead, with a minus."""

    remaining_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._position = 0.0
        self._seconds = 0.0
        self._words = ("", "")
        self._remaining = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(self.tr("Click: time left"))
        self.clicked.connect(self._toggle)
        theme.current().changed.connect(self.update)
        self._bold = fonts.font(weight=600, tabular=True)
        self._plain = fonts.font(tabular=True)
        self.setFixedHeight(28)
        self.show_time(0.0, 0.0)
        self._name()

    @property
    def words(self) -> str:
        """What is shown."""
        return " / ".join(self._words)

    def set_remaining(self, on: bool) -> None:
        """Show what remains, or what is over."""
        self._remaining = on
        self.show_time(self._position, self._seconds)

    def show_time(self, position: float, seconds: float) -> None:
        """Show a position in a length, both in seconds; repaints only when a figure changes."""
        if seconds != self._seconds or not self._words[0]:
            self._fit(seconds)
        self._position, self._seconds = position, seconds
        now = f"−{clock_tenths(seconds - position)}" if self._remaining else clock_tenths(position)
        shown = (now, words.clock(seconds))
        if shown != self._words:
            self._words = shown
            self.update()

    def _fit(self, seconds: float) -> None:
        """As wide as the song's longest time, so that nothing beside it moves while it plays."""
        bold = QFontMetricsF(self._bold).horizontalAdvance(f"−{clock_tenths(seconds)}")
        plain = QFontMetricsF(self._plain).horizontalAdvance(f" / {words.clock(seconds)}")
        self.setFixedWidth(round(bold + plain) + 4)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The name says the time at the moment the reader comes by; thirty times a second would be noise."""
        self._name()
        super().focusInEvent(event)

    def _name(self) -> None:
        template = self.tr("{time} left of {length}") if self._remaining else self.tr("{time} of {length}")
        self.setAccessibleName(template.format(time=self._words[0].removeprefix("−"), length=self._words[1]))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the position strong and the length faint."""
        del event
        painter = QPainter(self)
        colours = theme.current()
        self._text(painter, 0.0, self._words[0], colours.color("text" if self.isEnabled() else "text_faint"))
        left = QFontMetricsF(self._bold).horizontalAdvance(self._words[0])
        painter.setFont(self._plain)
        self._text(painter, left, f" / {self._words[1]}", colours.color("text_faint"), bold=False)
        if self.hasFocus():
            painter.setPen(colours.color("focus"))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 5, 5)

    def _text(self, painter: QPainter, x: float, text: str, colour: QColor, *, bold: bool = True) -> None:
        painter.setFont(self._bold if bold else self._plain)
        painter.setPen(colour)
        painter.drawText(self.rect().adjusted(round(x) + 1, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)

    def _toggle(self) -> None:
        self.set_remaining(not self._remaining)
        self.remaining_toggled.emit(self._remaining)
