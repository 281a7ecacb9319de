"""The settings: a list of pages on the left, the page on the right. Everything is kept at once."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from musicapi_desktop.presenters.money import MoneyPresenter
from musicapi_desktop.presenters.places import PlacesPresenter
from musicapi_desktop.presenters.settings import SettingsPresenter, SettingsState
from musicapi_desktop.presenters.webhooks import WebhooksPresenter
from musicapi_desktop.ui.actions import Actions
from musicapi_desktop.ui.shortcut_sheet import ShortcutList
from musicapi_desktop.ui.theme import theme
from musicapi_desktop.ui.theme.icons import icon
from musicapi_desktop.ui.widgets.fields import heading

from .money_page import MoneyPage
from .pages import FolderPage, LookPage
from .places_page import PlacesPage
from .profiles_page import ProfilesPage
from .sound_page import SoundPage
from .webhooks_page import WebhooksPage


@dataclass(frozen=True, slots=True)
class Outside:
    """The presenters of the pages about what others reach, and what that costs: source files, webhooks, credits."""

    places: PlacesPresenter
    webhooks: WebhooksPresenter
    money: MoneyPresenter

    def opened(self) -> None:
        """The dialog is shown."""
        self.places.opened()
        self.webhooks.opened()
        self.money.opened()


class SettingsDialog(QDialog):
    """Shows a SettingsPresenter. ``actions`` fills the page of keys, ``outside`` those about the world."""

    def __init__(
        self,
        presenter: SettingsPresenter,
        parent: QWidget | None = None,
        actions: Actions | None = None,
        outside: Outside | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self._presenter = presenter
        self.profiles = ProfilesPage(presenter)
        self.sound = SoundPage(presenter, presenter.output)
        self.look = LookPage(presenter)
        self.folder = FolderPage(presenter.folder)
        self._names: list[str] = []
        self.pages = QListWidget()
        self.pages.setProperty("kind", "nav")
        self.pages.setAccessibleName(self.tr("Pages of the settings"))
        self.pages.setFixedWidth(176)
        self.pages.setIconSize(QSize(22, 16))
        self._stack = QStackedWidget()
        self._add("profiles", self.tr("Profiles"), "key-round", self.profiles)
        self._outside = outside
        if outside is not None:
            self._add("places", self.tr("Source files"), "upload", PlacesPage(outside.places))
            self._add("money", self.tr("Credits"), "list-end", MoneyPage(outside.money))
            self._add("webhooks", self.tr("Webhooks"), "cloud", WebhooksPage(outside.webhooks))
        self._add("sound", self.tr("Sound"), "headphones", self.sound)
        self._add("look", self.tr("Look"), "palette", self.look)
        self._add("folder", self.tr("Music folder"), "folder", self.folder)
        if actions is not None:
            self._add("keys", self.tr("Keys"), "keyboard", ShortcutList(actions, columns=1))
        self.pages.currentRowChanged.connect(self._stack.setCurrentIndex)
        self.pages.setCurrentRow(0)
        self._lay_out()
        presenter.state_changed.connect(self._show)
        presenter.look_chosen.connect(self._dress)
        self._show(presenter.state)
        self.resize(780, 600)

    def show_page(self, name: str) -> None:
        """Open a page by its name (``_add`` gives them); the first where there is no such page."""
        self.pages.setCurrentRow(self._names.index(name) if name in self._names else 0)
        if name == "profiles":
            self.profiles.form.key.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Look at what may have changed meanwhile."""
        super().showEvent(event)
        self._presenter.opened()
        if self._outside is not None:
            self._outside.opened()

    def _add(self, name: str, text: str, picture: str, page: QWidget) -> None:
        self._names.append(name)
        self.pages.addItem(QListWidgetItem(icon(picture, "text_dim"), text))
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(24, 20, 24, 24)
        column.setSpacing(14)
        column.addWidget(heading(text))
        column.addWidget(page, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        area.viewport().setAutoFillBackground(False)
        body.setAutoFillBackground(False)
        self._stack.addWidget(area)

    def _lay_out(self) -> None:
        side = QFrame()
        side.setProperty("kind", "panel")
        column = QVBoxLayout(side)
        column.setContentsMargins(10, 18, 10, 10)
        column.addWidget(self.pages)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(side)
        row.addWidget(self._stack, 1)

    @Slot(object)
    def _show(self, state: SettingsState) -> None:
        self.profiles.show_state(state)
        self.sound.show_state(state)
        self.look.show_state(state)

    @Slot(str)
    def _dress(self, look: str) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.current().apply(app, look)
