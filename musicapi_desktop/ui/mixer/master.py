"""The row of the mix at the foot of the mixer."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from musicapi_desktop.presenters.mixer import MixerPresenter
from musicapi_desktop.presenters.mixer_state import MixerState
from musicapi_desktop.ui.theme import fonts, icons, theme
from musicapi_desktop.ui.widgets.fader import Fader
from musicapi_desktop.ui.widgets.meter import Meter

from . import columns
from .drag_out import DragOut
from .level_box import LevelBox

HEIGHT = 58


class MasterStrip(QWidget):
    """Level and meter of the mix, with the loudness and true peak of the take as delivered."""

    def __init__(self, presenter: MixerPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._figures = ("", "")
        self._over = False
        self.drag_out = DragOut(self, presenter, "")
        self.fader = Fader(self)
        self.fader.set_title(self.tr("Mix, level"))
        self.box = LevelBox(self)
        self.box.setAccessibleName(self.tr("Mix, level in dB"))
        self.meter = Meter(self)
        self.meter.setAccessibleName(self.tr("Mix, meter"))
        self.fader.level_edited.connect(presenter.set_master)
        self.fader.edit_ended.connect(presenter.end_edit)
        self.fader.typed.connect(self.box.type_from)
        self.box.level_typed.connect(self._typed)
        self.box.left.connect(self.fader.setFocus)
        self.setFixedSize(columns.STRIP_WIDTH, HEIGHT)
        theme.current().changed.connect(self.update)

    def show_state(self, state: MixerState) -> None:
        """Show the master's level and the take's figures."""
        self.fader.set_level(state.mix.master)
        self.box.show_level(state.mix.master)
        lufs, peak = _figure(state.lufs), _figure(state.true_peak)
        self._figures = (lufs, peak)
        measured = self.tr("As it is mixed: {lufs} LUFS integrated, true peak {peak} dBTP")
        words = measured if state.measured else self.tr("As delivered: {lufs} LUFS integrated, true peak {peak} dBTP")
        self.setAccessibleName(words.format(lufs=lufs, peak=peak))
        self._over = state.measured and state.true_peak is not None and state.true_peak > 0.0
        self.setToolTip(
            words.format(lufs=lufs, peak=peak)
            + "\n"
            + self.tr("Drag the handle into another program: the mix as it is set, with Ctrl only the loop")
        )
        self.update()

    def _typed(self, level: float) -> None:
        self._presenter.end_edit()
        self._presenter.set_master(level)
        self._presenter.end_edit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """C puts the clip lamp out."""
        if event.key() == Qt.Key.Key_C and not event.modifiers():
            self.meter.clear_lamp()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the handle."""
        if event.position().x() < columns.HUE.left:
            self.drag_out.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the mix out of the window as a file; with Ctrl only the loop of it."""
        self.drag_out.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the handle."""
        self.drag_out.release()
        super().mouseReleaseEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand the controls in the columns of the strips."""
        super().resizeEvent(event)
        for widget, column in (
            (self.fader, columns.LEVEL),
            (self.box, columns.FIGURE),
            (self.meter, columns.METER),
        ):
            tall = 24 if widget is self.box else 30
            widget.setGeometry(column.left, (self.height() - tall) // 2, column.width, tall)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, hue, name and figures."""
        del event
        colours = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.color("panel"))
        grip = icons.pixmap("grip-vertical", "text_faint", columns.HANDLE.width, self.devicePixelRatio())
        painter.drawPixmap(columns.HANDLE.left, (self.height() - columns.HANDLE.width) // 2, grip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.color("text"))
        painter.drawRoundedRect(QRectF(columns.HUE.left, 12, columns.HUE.width, self.height() - 24), 2, 2)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(colours.color("text"))
        painter.setFont(fonts.font(weight=600))
        painter.drawText(QRect(columns.NAME.left, 0, columns.NAME.width, self.height()), middle, self.tr("Mix"))
        painter.setPen(colours.color("text_dim"))
        painter.setFont(fonts.font("caption", tabular=True))
        for left, figure, unit in (
            (columns.MUTE.left, self._figures[0], "LUFS"),
            (columns.BALANCE.left + 4, self._figures[1], "dBTP"),
        ):
            painter.setPen(colours.color("bad" if self._over and unit == "dBTP" else "text_dim"))
            painter.drawText(QRect(left, 13, 60, 16), middle, figure)
            painter.drawText(QRect(left, 29, 60, 16), middle, unit)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}".replace("-", "−")
