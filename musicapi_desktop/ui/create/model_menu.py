"""The menu of where a song is made and with which model, several of them to compare, or one typed by name."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget, QWidgetAction

from musicapi_desktop.domain.request import System
from musicapi_desktop.presenters.create import CreatePresenter
from musicapi_desktop.ui.widgets.fields import heading

_SYSTEMS = {System.SONIC: "Sonic", System.PRODUCER: "Producer", System.NURO: "Nuro"}


class ModelMenu(QMenu):
    """Built at the moment it opens."""

    def __init__(self, presenter: CreatePresenter, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter = presenter
        state = presenter.state
        self._system = state.operation.system
        if state.plain:
            self._head(self.tr("Made where"))
            places = QActionGroup(self)
            for profile_id, name, active in presenter.places():
                self._entry(self, places, name, active).triggered.connect(partial(presenter.set_place, profile_id))
            self.addSeparator()
        if state.local and state.plain:
            self._head(self.tr("Made as"))
            self._families()
        else:
            self._models()
            self._compare()
            self.addSeparator()
            self.addAction(self.tr("Other model…")).triggered.connect(self._other)

    def _families(self) -> None:
        group = QActionGroup(self)
        for system, models in self._presenter.models():
            model = models[0][0] if models else ""
            entry = self._entry(self, group, _SYSTEMS[system], system is self._system)
            entry.triggered.connect(partial(self._take, model, system))

    def _models(self) -> None:
        group = QActionGroup(self)
        now = self._presenter.state.limits.model
        for system, models in self._presenter.models():
            self._head(_SYSTEMS[system])
            for model, label in models or (("", _SYSTEMS[system]),):
                on = system is self._system and (model == now or not models)
                self._entry(self, group, label, on).triggered.connect(partial(self._take, model, system))
        if now and not any(action.isChecked() for action in group.actions()):
            # a name that is not in the table was typed: it is as good as any other
            self._entry(self, group, now, True)

    def _compare(self) -> None:
        state = self._presenter.state
        models = next((models for system, models in self._presenter.models() if system is self._system), ())
        if not state.plain or len(models) < 2:
            return
        self.addSeparator()
        menu = self.addMenu(self.tr("Compare with"))
        for model, label in models:
            if model == state.limits.model:
                continue
            action = menu.addAction(label)
            action.setCheckable(True)
            action.setChecked(model in state.also)
            action.toggled.connect(partial(self._compared, model))

    def _take(self, model: str, system: System) -> None:
        self._presenter.set_model(model, system)

    def _compared(self, model: str, on: bool) -> None:
        also = self._presenter.state.also
        self._presenter.compare_with((*also, model) if on else tuple(each for each in also if each != model))

    def _other(self) -> None:
        dialog = QInputDialog(self.parentWidget())
        dialog.setWindowTitle(self.tr("Other model"))
        dialog.setLabelText(self.tr("Name of the model, as the service spells it"))
        dialog.setTextValue(self._presenter.state.limits.model)
        dialog.resize(380, dialog.sizeHint().height())
        presenter, system = self._presenter, self._system

        def chosen(name: str) -> None:
            if name.strip():
                presenter.set_model(name, system)

        dialog.textValueSelected.connect(chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _head(self, text: str) -> None:
        # a styled menu draws a section as a bare line, without its text
        label = heading(text, "tiny")
        label.setContentsMargins(10, 4, 10, 2)
        action = QWidgetAction(self)
        action.setDefaultWidget(label)
        action.setEnabled(False)
        self.addAction(action)

    def _entry(self, menu: QMenu, group: QActionGroup, text: str, on: bool) -> QAction:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(on)
        group.addAction(action)
        return action
