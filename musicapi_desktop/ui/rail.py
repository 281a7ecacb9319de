"""The rail at the left edge: where one is, and the way to the other places."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QVBoxLayout, QWidget

from musicapi_desktop.ui.theme import fonts, theme
from musicapi_desktop.ui.theme.icons import pixmap

from .first_frame import RAIL_BUTTON, RAIL_FOOT, RAIL_GAP, RAIL_LOGO, RAIL_LOGO_ROOM, RAIL_LOGO_TOP, RAIL_WORD
from .window_state import Area

_INSET = 6
_ICON = 20


class RailButton(QAbstractButton):
    """An icon over a word. Checked: a lit ground and a bar at the edge of the window, never colour alone."""

    def __init__(self, text: str, icon: str, *, checkable: bool = True) -> None:
        super().__init__()
        self._icon = icon
        self._badge = 0
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedSize(theme.current().size("rail"), RAIL_BUTTON)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_badge(self, count: int, spoken: str) -> None:
        """Show a count in the corner; ``spoken`` is the accessible name with it."""
        self._badge = count
        self.setAccessibleName(spoken)
        self.update()

    def badge(self) -> int:
        """The count that is shown."""
        return self._badge

    def sizeHint(self) -> QSize:
        """As wide as the rail."""
        return self.minimumSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, edge, icon, word, badge, focus."""
        del event
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(_INSET, 1, self.width() - 2 * _INSET, self.height() - 2)
        self._paint_ground(painter, ground)
        role = "text" if self.isChecked() or self.underMouse() else "text_dim"
        painter.drawPixmap((self.width() - _ICON) // 2, 9, pixmap(self._icon, role, _ICON, self.devicePixelRatioF()))
        painter.setPen(look.color(role))
        painter.setFont(fonts.font("caption", weight=500))
        words = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width() - 4)
        painter.drawText(QRect(0, RAIL_WORD[0], self.width(), RAIL_WORD[1]), Qt.AlignmentFlag.AlignCenter, words)
        if self._badge:
            self._paint_badge(painter)

    def _paint_ground(self, painter: QPainter, ground: QRectF) -> None:
        look = theme.current()
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.underMouse():
            painter.setBrush(look.color("raised" if self.isChecked() else "panel"))
            painter.drawRoundedRect(ground, 10, 10)
        if self.isChecked():
            painter.setBrush(look.color("accent"))
            painter.drawRoundedRect(QRectF(-2, self.height() / 2 - 12, 5, 24), 2, 2)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            pen = painter.pen()
            pen.setStyle(Qt.PenStyle.SolidLine)
            pen.setColor(look.color("focus"))
            pen.setWidthF(2)
            painter.setPen(pen)
            painter.drawRoundedRect(ground.adjusted(1, 1, -1, -1), 9, 9)

    def _paint_badge(self, painter: QPainter) -> None:
        look = theme.current()
        text = str(self._badge) if self._badge < 100 else "99+"
        painter.setFont(fonts.font("caption", weight=700, tabular=True))
        width = max(16, painter.fontMetrics().horizontalAdvance(text) + 8)
        place = QRectF(self.width() / 2 + 2, 3, width, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.color("accent")))
        painter.drawRoundedRect(place, 8, 8)
        painter.setPen(look.color("on_accent"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


class _Logo(QWidget):
    """The app's sign."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(theme.current().size("rail"), RAIL_LOGO_ROOM)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rounded square with a wave."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().color("accent"))
        left = (self.width() - RAIL_LOGO) // 2
        painter.drawRoundedRect(QRectF(left, RAIL_LOGO_TOP, RAIL_LOGO, RAIL_LOGO), 10, 10)
        wave = pixmap("audio-lines", "on_accent", 22, self.devicePixelRatioF())
        painter.drawPixmap(left + 7, RAIL_LOGO_TOP + 7, wave)


class Rail(QFrame):
    """Create folds its panel; the areas exclude each other; settings at the foot."""

    create_toggled = Signal(bool)
    area_chosen = Signal(object)
    settings_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "rail")
        self.setFixedWidth(theme.current().size("rail"))
        self.create_button = RailButton(self.tr("Create"), "plus")
        self.areas = {
            Area.LIBRARY: RailButton(self.tr("Library"), "library"),
            Area.MIXER: RailButton(self.tr("Mixer"), "sliders-vertical"),
            Area.QUEUE: RailButton(self.tr("Queue"), "list-video"),
        }
        self.settings_button = RailButton(self.tr("Settings"), "settings", checkable=False)
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, RAIL_FOOT)
        column.setSpacing(RAIL_GAP)
        column.addWidget(_Logo())
        column.addWidget(self.create_button)
        for button in self.areas.values():
            self._group.addButton(button)
            column.addWidget(button)
        column.addStretch(1)
        column.addWidget(self.settings_button)
        self.create_button.clicked.connect(self.create_toggled)
        self.settings_button.clicked.connect(self.settings_wanted)
        self._group.buttonClicked.connect(self._area_clicked)

    def show_place(self, area: Area, create_open: bool) -> None:
        """Light what is open."""
        self.areas[area].setChecked(True)
        self.create_button.setChecked(create_open)

    def set_queue_count(self, count: int) -> None:
        """Show how many requests are on their way or wait for the person."""
        queue = self.areas[Area.QUEUE]
        queue.set_badge(count, self.tr("Queue, {0} open").format(count) if count else self.tr("Queue"))

    @Slot(QAbstractButton)
    def _area_clicked(self, button: QAbstractButton) -> None:
        for area, known in self.areas.items():
            if known is button:
                self.area_chosen.emit(area)
