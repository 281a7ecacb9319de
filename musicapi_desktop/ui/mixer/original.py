"""The row of the take as delivered: one more lane, to check the stems against."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from musicapi_desktop.domain.mix import level_words
from musicapi_desktop.presenters.mixer import MixerPresenter
from musicapi_desktop.presenters.mixer_state import MixerState
from musicapi_desktop.ui.theme import fonts, theme
from musicapi_desktop.ui.widgets.letter_button import LetterButton

from . import columns

HEIGHT = 34


class OriginalStrip(QWidget):
    """S hears it in place of the stems, as loud as they are together; the figure says by how much it was moved.

    Up and Down ask for the neighbour.
    """

    step_asked = Signal(int)

    def __init__(self, presenter: MixerPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._figure = ""
        self.setFixedSize(columns.STRIP_WIDTH, HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.listen = LetterButton("S", "warn", parent=self)
        self.listen.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.listen.setToolTip(self.tr("Hear the take as delivered in place of the stems (S)"))
        self.listen.setGeometry(columns.SOLO.left, 4, columns.SOLO.width, HEIGHT - 9)
        self.listen.clicked.connect(presenter.toggle_original)
        theme.current().changed.connect(self.update)

    def show_state(self, state: MixerState) -> None:
        """Show whether it is heard, and what it is moved by."""
        self.listen.setChecked(state.original)
        self._figure = match_words(state)
        heard = self.tr("Original, heard") if state.original else self.tr("Original, not heard")
        self.setAccessibleName(f"{heard}, {self._figure}" if self._figure else heard)
        self.listen.setAccessibleName(heard)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Keep S from the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _wanted(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """S and the arrows."""
        if not _wanted(event):
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_S:
            self._presenter.toggle_original()
        else:
            self.step_asked.emit(1 if event.key() == Qt.Key.Key_Down else -1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, hue, name, figure and focus ring."""
        del event
        colours = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.color("panel"))
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), colours.color("line"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.color("text_dim"))
        painter.drawRoundedRect(QRectF(columns.HUE.left, 7, columns.HUE.width, HEIGHT - 15), 2, 2)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(colours.color("text"))
        painter.setFont(fonts.font(weight=600))
        painter.drawText(QRect(columns.NAME.left, 0, columns.NAME.width, HEIGHT - 1), middle, self.tr("Original"))
        painter.setPen(colours.color("text_dim"))
        painter.setFont(fonts.font("small", tabular=True))
        room = columns.STRIP_WIDTH - columns.LEVEL.left - 8
        painter.drawText(QRect(columns.LEVEL.left, 0, room, HEIGHT - 1), middle, self._figure)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours.color("focus"), 2.0))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -3, -3), 6, 6)


def match_words(state: MixerState) -> str:
    """``matched to the stems, −0.6 dB``; empty until it was measured."""
    if state.original_match is None:
        return ""
    if not state.match_original:
        return QCoreApplication.translate("Mixer", "as delivered")
    words = QCoreApplication.translate("Mixer", "matched to the stems, {figure} dB")
    return words.format(figure=level_words(state.original_match))


def _wanted(event: QKeyEvent) -> bool:
    plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return plain and event.key() in {Qt.Key.Key_S, Qt.Key.Key_Up, Qt.Key.Key_Down}
