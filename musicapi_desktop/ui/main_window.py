"""The window: rail, Create panel, work area, inspector and player bar. It composes views and knows no services."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6 import QtCore
from PySide6.QtCore import QByteArray, QSize, Signal, Slot
from PySide6.QtGui import QCloseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from musicapi_desktop.ui.theme import theme

from .first_frame import FirstFrame
from .window_state import FIRST_SIZE, LEAST_SIZE, Area, Folds, WindowState

if TYPE_CHECKING:
    from musicapi_desktop.presenters.toast import Toast

    from .create.first_start import FirstStartPage
    from .create.panel import CreatePanel
    from .rail import Rail

STATE_KEY = "window"
_CREATE, _WORK, _INSPECTOR = range(3)
_LEAST_SIDES = (344, 300)
_MOST_SIDE = 560


class Remembers(Protocol):
    """settings.preferences.Preferences, as the window uses it."""

    def get(self, key: str, default: dict[str, object]) -> dict[str, object]:
        """The value of ``key``."""
        ...

    def set(self, key: str, value: object) -> None:
        """Keep a value."""
        ...


@dataclass(frozen=True, slots=True)
class Views:
    """The views of the window. ``strip`` is the line at the foot of the library, ``first_start`` its empty page."""

    create: CreatePanel
    first_start: FirstStartPage
    library: QWidget
    strip: QWidget
    mixer: QWidget
    queue: QWidget
    inspector: QWidget
    player: QWidget


class WorkArea(QStackedWidget):
    """Asks for the room of the page that is shown, not of the widest one."""

    def minimumSizeHint(self) -> QSize:
        """The least the page in front needs."""
        page = self.currentWidget()
        return super().minimumSizeHint() if page is None else page.minimumSizeHint()


class MainWindow(QMainWindow):
    """Lays the views out, folds them by width, and brings the last state back.

    It can be shown before its views are there (``furnish``): the first frame is painted while they are being built.
    """

    settings_wanted = Signal(str)
    closing = Signal()
    area_changed = Signal(object)

    def __init__(self, memory: Remembers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._memory = memory
        self._folds = Folds(WindowState.from_json(memory.get(STATE_KEY, {})))
        self._furnished = False
        self._shown = False
        self._first: FirstFrame | None = FirstFrame(self._folds)
        self.setWindowTitle("MusicAPI Desktop")
        self.setMinimumSize(*LEAST_SIZE)
        self.setCentralWidget(self._first)
        self._restore()

    def furnish(self, views: Views) -> None:
        """Put the views in; the first frame goes."""
        from .actions import Actions
        from .rail import Rail
        from .widgets.toasts import Toasts

        self.views = views
        self.rail: Rail = Rail()
        self.actions_table = Actions(self)
        self._lay_views_out()
        self.toasts = Toasts(self, self._work)
        self._bind()
        self._furnished = True
        self._folds = self._folds.resized(self.width())
        self._apply()
        self._begin_in_form()

    def show_area(self, area: Area) -> None:
        """Show the library, the mixer or the queue."""
        changed = area is not self._folds.state.area
        self._folds = self._folds.in_area(area)
        self._apply()
        if changed:
            self._keep_focus_in_sight()
            self.area_changed.emit(area)

    def area(self) -> Area:
        """What the work area shows."""
        return self._folds.state.area

    def set_library_empty(self, empty: bool) -> None:
        """Show the first-start page instead of a library without songs; the inspector has nothing to show then."""
        self._empty = empty
        self.views.create.offer_examples(not empty)
        self._apply()

    def set_queue_count(self, count: int) -> None:
        """Show the count on the rail."""
        self.rail.set_queue_count(count)

    def toast(self, toast: Toast) -> None:
        """Show a short message."""
        self.toasts.show(toast.text, toast.action, toast.run)

    def open_create(self) -> None:
        """Open the Create panel and go to its first field."""
        self._set_create(True)

    def save_state(self) -> None:
        """Keep what the window looks like."""
        geometry = base64.b64encode(self.saveGeometry().data()).decode()
        state = replace(self._folds.state, geometry=geometry)
        self._memory.set(STATE_KEY, state.to_json())

    def showEvent(self, event: QShowEvent) -> None:
        """Begin where a song begins: in the form, if it is open."""
        super().showEvent(event)
        self._begin_in_form()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold what no longer fits."""
        super().resizeEvent(event)
        before = (self._folds.create, self._folds.inspector)
        self._folds = self._folds.resized(event.size().width())
        if self._first is not None:
            self._first.show_folds(self._folds)
        if before != (self._folds.create, self._folds.inspector):
            self._apply()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the state; jobs on their way are picked up at the next start, so closing asks nothing."""
        self.save_state()
        self.closing.emit()
        super().closeEvent(event)

    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addWidget(self._split, 1)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(middle, 1)
        column.addWidget(self.views.player)
        # the first frame goes with it
        self._first = None
        self.setCentralWidget(whole)

    def _lay_views_out(self) -> None:
        views = self.views
        self._empty = False
        library = QFrame()
        library.setProperty("kind", "bg")
        stacked = QVBoxLayout(library)
        stacked.setContentsMargins(0, 0, 0, 0)
        stacked.setSpacing(0)
        stacked.addWidget(views.library, 1)
        stacked.addWidget(views.strip)
        library.setFocusProxy(views.library)
        self._pages: dict[Area, QWidget] = {Area.LIBRARY: library, Area.MIXER: views.mixer, Area.QUEUE: views.queue}
        self._work = WorkArea()
        for page in (*self._pages.values(), views.first_start):
            self._work.addWidget(page)
        self._split = QSplitter(QtCore.Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        for part in (views.create, self._work, views.inspector):
            self._split.addWidget(part)
        self._split.setStretchFactor(_WORK, 1)
        for side, least in zip((views.create, views.inspector), _LEAST_SIDES, strict=True):
            side.setMinimumWidth(least)
            side.setMaximumWidth(_MOST_SIDE)
        views.player.setFixedHeight(theme.current().size("player"))
        self._lay_out()

    def _begin_in_form(self) -> None:
        # where a song begins, if it is open
        if self._furnished and self.isVisible() and not self._shown:
            self._shown = True
            self._apply()
            if self._folds.create:
                self.views.create.focus_first()
            else:
                self._keep_focus_in_sight()

    def _bind(self) -> None:
        self.rail.create_toggled.connect(self._set_create)
        self.rail.area_chosen.connect(self.show_area)
        self.rail.settings_wanted.connect(self._open_settings)
        steps: tuple[tuple[str, Callable[[], object]], ...] = (
            ("area.create", self._create_key),
            ("area.library", partial(self.show_area, Area.LIBRARY)),
            ("area.mixer", partial(self.show_area, Area.MIXER)),
            ("area.queue", partial(self.show_area, Area.QUEUE)),
            ("view.inspector", self._toggle_inspector),
            ("view.full_screen", self._toggle_full_screen),
            ("settings", self._open_settings),
            ("help.shortcuts", self.show_shortcuts),
            ("app.quit", self.close),
        )
        for action_id, method in steps:
            self.actions_table.bind(action_id, method)
        self.views.create.bind_actions(self.actions_table)
        self._split.splitterMoved.connect(self._widths_moved)

    def _restore(self) -> None:
        self.resize(*FIRST_SIZE)
        geometry = self._folds.state.geometry
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
        self._folds = self._folds.resized(self.width())

    def _apply(self) -> None:
        if not self._furnished:
            return
        folds = self._folds
        area = folds.state.area
        nothing = self._empty and area is Area.LIBRARY
        self._work.setCurrentWidget(self.views.first_start if nothing else self._pages[area])
        self.views.create.setVisible(folds.create)
        self.views.inspector.setVisible(folds.inspector and not nothing)
        self.rail.show_place(area, folds.create)
        create, inspector = folds.state.create_width, folds.state.inspector_width
        work = self._split.width() - create * folds.create - inspector * folds.inspector
        self._split.setSizes([create, max(1, work), inspector])

    def _keep_focus_in_sight(self) -> None:
        # Qt hands the focus of a view that was hidden to whatever comes next: the cross of a message, or a search box
        # that would swallow the bare keys
        focus = QApplication.focusWidget()
        page = self._work.currentWidget()
        homes = (self.views.create, self.views.inspector, self.rail)
        if page is not None and not (focus is not None and any(home.isAncestorOf(focus) for home in homes)):
            page.setFocus(QtCore.Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _widths_moved(self) -> None:
        create, _work, inspector = self._split.sizes()
        state = self._folds.state
        state = replace(state, create_width=create or state.create_width)
        self._folds = replace(self._folds, state=replace(state, inspector_width=inspector or state.inspector_width))

    @Slot(bool)
    def _set_create(self, on: bool) -> None:
        self._folds = self._folds.with_create(on)
        self._apply()
        if on:
            self.views.create.focus_first()

    @Slot()
    def _open_settings(self) -> None:
        self.settings_wanted.emit("")

    def _create_key(self) -> None:
        # the key folds the panel only where it is already being written in
        focus = QApplication.focusWidget()
        inside = focus is not None and self.views.create.isAncestorOf(focus)
        self._set_create(not (self._folds.create and inside))

    def _toggle_inspector(self) -> None:
        self._folds = self._folds.with_inspector(not self._folds.inspector)
        self._apply()

    def _toggle_full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def show_shortcuts(self) -> None:
        """Open the sheet of keys."""
        from .shortcut_sheet import ShortcutSheet

        sheet = ShortcutSheet(self.actions_table, self)
        sheet.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.open()
