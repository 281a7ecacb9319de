"""One stem's strip: hue, name, mute, solo, level, balance and meter, all reachable from the strip by keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from musicapi_desktop.presenters.mixer import MixerPresenter
from musicapi_desktop.presenters.mixer_state import LaneState, lane_words
from musicapi_desktop.ui.theme import theme
from musicapi_desktop.ui.widgets.balance import Balance
from musicapi_desktop.ui.widgets.fader import Fader
from musicapi_desktop.ui.widgets.letter_button import LetterButton
from musicapi_desktop.ui.widgets.meter import Meter

from . import channel, columns, row
from .drag_out import DragOut
from .hold import Hold, KeyHold
from .level_box import LevelBox

_Modifier = Qt.KeyboardModifier
_STEPS = {
    Qt.Key.Key_Up: (-1, True),
    Qt.Key.Key_Down: (1, True),
    Qt.Key.Key_Left: (-1, False),
    Qt.Key.Key_Right: (1, False),
}


class Strip(QWidget):
    """Follows one lane of the MixerState. Up and Down ask for the neighbour, Left and Right go through the controls."""

    step_asked = Signal(int)

    def __init__(self, presenter: MixerPresenter, lane: LaneState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self.lane = lane
        self.drawn: tuple[float, float] | None = None
        self.drag_out = DragOut(self, presenter, lane.stem_id)
        self.upright = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("takes_keys", "list")
        self._make()
        self._connect()
        self.show_lane(lane)
        theme.current().changed.connect(self.update)

    def _make(self) -> None:
        self.mute = LetterButton("M", "bad", parent=self)
        self.solo = LetterButton("S", "warn", parent=self)
        for button in (self.mute, self.solo):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.solo.setToolTip(self.tr("Solo · Ctrl: only this one · hold: listen · Alt: clear"))
        self.mute.setToolTip(self.tr("Mute (M) · Shift+M: only the loop"))
        self.fader = Fader(self)
        self.box = LevelBox(self)
        self.balance = Balance(self)
        self.meter = Meter(self)
        self.solo_hold = Hold(self.solo)
        self.solo_key = KeyHold(self)

    def _connect(self) -> None:
        presenter = self._presenter
        self.mute.clicked.connect(self.toggle_mute)
        self.solo_hold.tapped.connect(self._solo_tapped)
        self.solo_hold.held.connect(self._solo_held)
        self.solo_hold.let_go.connect(presenter.release)
        self.solo_key.tapped.connect(self.toggle_solo)
        self.solo_key.held.connect(self._solo_held)
        self.solo_key.let_go.connect(presenter.release)
        self.fader.level_edited.connect(self._level_edited)
        self.fader.edit_ended.connect(presenter.end_edit)
        self.fader.typed.connect(self.box.type_from)
        self.box.level_typed.connect(self._level_typed)
        self.box.left.connect(self.fader.setFocus)
        self.balance.balance_edited.connect(self._balance_edited)
        self.balance.edit_ended.connect(presenter.end_edit)

    def set_upright(self, on: bool) -> None:
        """Stand in the console, or lie beside a lane."""
        if on != self.upright:
            self.upright = on
            self.fader.set_upright(on)
            self.meter.set_upright(on)
            side = Qt.AlignmentFlag.AlignHCenter if on else Qt.AlignmentFlag.AlignRight
            self.box.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self._place()
            self.update()

    def show_lane(self, lane: LaneState) -> None:
        """Show the controls as they are."""
        self.lane = lane
        strip, live = lane.strip, not (lane.silent or lane.error)
        for widget in (self.mute, self.solo, self.fader, self.box, self.balance, self.meter):
            widget.setVisible(live)
        self.mute.setChecked(strip.mute)
        self.mute.set_overruled(lane.silenced and not strip.mute)
        self.solo.setChecked(strip.solo)
        self.fader.set_level(strip.level)
        self.box.show_level(strip.level)
        self.balance.set_balance(strip.balance)
        self._name_parts(lane)
        self.update()

    def toggle_mute(self) -> None:
        """M."""
        self._presenter.toggle_mute(self.lane.stem_id)

    def mute_loop(self) -> None:
        """Shift+M: what the loop spans of this stem, muted or heard again."""
        loop = self._presenter.state.loop
        if loop is not None:
            self._presenter.toggle_range(self.lane.stem_id, *loop)

    def mute_pressed(self) -> None:
        """The key M: the range that was just drawn on the lane, else the whole stem."""
        if self.drawn is not None:
            self._presenter.toggle_range(self.lane.stem_id, *self.drawn)
            self.drawn = None
        else:
            self.toggle_mute()

    def toggle_solo(self) -> None:
        """S."""
        self._presenter.toggle_solo(self.lane.stem_id)

    def _name_parts(self, lane: LaneState) -> None:
        words = lane_words(lane)
        if words != self.accessibleName():
            self.setAccessibleName(words)
            if self.hasFocus():
                # the focus stays where it is: without this nobody would hear what a key has done
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))
        self.fader.set_title(self.tr("{stem}, level").format(stem=lane.name))
        self.balance.set_title(self.tr("{stem}, balance").format(stem=lane.name))
        self.box.setAccessibleName(self.tr("{stem}, level in dB").format(stem=lane.name))
        self.meter.setAccessibleName(self.tr("{stem}, meter").format(stem=lane.name))
        mute = self.tr("{stem}, mute, on") if lane.strip.mute else self.tr("{stem}, mute, off")
        solo = self.tr("{stem}, solo, on") if lane.strip.solo else self.tr("{stem}, solo, off")
        self.mute.setAccessibleName(mute.format(stem=lane.name))
        self.solo.setAccessibleName(solo.format(stem=lane.name))

    def _solo_tapped(self, modifiers: Qt.KeyboardModifier) -> None:
        if modifiers & _Modifier.AltModifier:
            self._presenter.clear_solo()
        elif modifiers & (_Modifier.ControlModifier | _Modifier.ShiftModifier):
            self._presenter.solo_only(self.lane.stem_id)
        else:
            self.toggle_solo()

    def _solo_held(self) -> None:
        self._presenter.hold_solo(self.lane.stem_id)

    def _level_edited(self, level: float) -> None:
        self._presenter.set_level(self.lane.stem_id, level)

    def _level_typed(self, level: float) -> None:
        self._presenter.end_edit()
        self._presenter.set_level(self.lane.stem_id, level)
        self._presenter.end_edit()

    def _balance_edited(self, balance: float) -> None:
        self._presenter.set_balance(self.lane.stem_id, balance)

    def event(self, event: QEvent) -> bool:
        """Keep the strip's own keys from the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._wants(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """M, Shift+M (the loop's range), S (held: listen), C (clip lamp), the arrows."""
        key = Qt.Key(event.key())
        if not self._wants(event):
            super().keyPressEvent(event)
        elif key in _STEPS:
            step, lying = _STEPS[key]
            # neighbours lie below each other, in the console side by side
            if lying != self.upright:
                self.step_asked.emit(step)
            else:
                self._step_control(step)
        elif key == Qt.Key.Key_C:
            self.meter.clear_lamp()
        elif event.isAutoRepeat() or self.lane.silent or self.lane.error:
            return
        elif key == Qt.Key.Key_S:
            self.solo_key.press()
        elif event.modifiers() & _Modifier.ShiftModifier:
            self.mute_loop()
        else:
            self.mute_pressed()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """S was let go: a tap, or the end of listening."""
        if event.key() == Qt.Key.Key_S and not event.isAutoRepeat():
            self.solo_key.release()
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A key that is held is let go with the focus."""
        self.solo_key.release()
        super().focusOutEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the handle, or the focus."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        place = event.position()
        if place.y() < channel.HEAD if self.upright else place.x() < columns.HUE.left:
            self.drag_out.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the stem's file out of the window; with Ctrl only the loop of it."""
        self.drag_out.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the handle."""
        self.drag_out.release()
        super().mouseReleaseEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand the controls in their columns."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        controls = channel.Controls(self.mute, self.solo, self.fader, self.box, self.balance, self.meter)
        (channel.place if self.upright else row.place)(controls, self.size())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, handle, hue, name and focus ring."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().color("panel"))
        (channel.paint if self.upright else row.paint)(painter, self.rect(), self.lane, self.hasFocus())

    def _wants(self, event: QKeyEvent) -> bool:
        keys = {*_STEPS, Qt.Key.Key_M, Qt.Key.Key_S}
        plain = not event.modifiers() & ~_Modifier.KeypadModifier
        ranged = event.key() == Qt.Key.Key_M and event.modifiers() == _Modifier.ShiftModifier
        return not self.box.hasFocus() and (ranged or (plain and event.key() in {*keys, Qt.Key.Key_C}))

    def _step_control(self, by: int) -> None:
        order = [self, self.fader, self.balance] if self.fader.isVisible() else [self]
        at = next((i for i, widget in enumerate(order) if widget.hasFocus()), 0)
        order[max(0, min(len(order) - 1, at + by))].setFocus(Qt.FocusReason.TabFocusReason)
