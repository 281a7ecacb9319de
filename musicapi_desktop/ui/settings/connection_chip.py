"""Where songs are made, in one chip; a click switches."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from musicapi_desktop.domain.events import EngineState
from musicapi_desktop.presenters.profiles import ProfilePresenter, ProfileState, Trouble, connection_words, profile_name
from musicapi_desktop.ui.theme.icons import icon
from musicapi_desktop.ui.theme.theme import set_kind
from musicapi_desktop.ui.widgets.menu_button import MenuButton


class ConnectionChip(MenuButton):
    """Shows a ProfilePresenter. Several chips may show the same one."""

    def __init__(self, presenter: ProfilePresenter, parent: QWidget | None = None) -> None:
        super().__init__("chip_menu", parent)
        self._presenter = presenter
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._open_menu)
        presenter.state_changed.connect(self._show)
        self._show(presenter.state)

    @Slot(object)
    def _show(self, state: ProfileState) -> None:
        words = connection_words(state)
        broken = state.active.local and state.engine is EngineState.BROKEN
        troubled = broken or (not state.active.local and state.trouble is not Trouble.NONE)
        picture = "triangle-alert" if troubled else "cpu" if state.active.local else "cloud"
        self.setText(words)
        self.setIcon(icon(picture, "warn" if troubled else "text"))
        self.setToolTip(state.engine_reason if broken else "")
        self.setAccessibleName(self.tr("Songs are made: {0}").format(words))
        set_kind(self, "chip_menu")
        self.updateGeometry()

    @Slot()
    def _open_menu(self) -> None:
        state = self._presenter.state
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        group = QActionGroup(menu)
        for profile in state.profiles:
            entry = menu.addAction(profile_name(profile))
            entry.setCheckable(True)
            entry.setChecked(profile.id == state.active.id)
            group.addAction(entry)
            entry.triggered.connect(partial(self._presenter.choose, profile.id))
        menu.addSeparator()
        menu.addAction(self.tr("Look again")).triggered.connect(self._presenter.refresh)
        menu.addAction(self.tr("Profiles and keys…")).triggered.connect(
            partial(self._presenter.open_settings, "profiles")
        )
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()) + QPoint(0, 4))
