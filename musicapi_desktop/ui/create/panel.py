"""The Create panel: three ways in, one button."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QScrollArea, QVBoxLayout, QWidget, QWidgetAction

from musicapi_desktop.domain.request import Mode
from musicapi_desktop.presenters import draft as drafts
from musicapi_desktop.presenters.create import CreatePresenter
from musicapi_desktop.presenters.create_state import CreateState
from musicapi_desktop.ui.actions import Actions
from musicapi_desktop.ui.theme.icons import icon
from musicapi_desktop.ui.widgets.fields import heading
from musicapi_desktop.ui.widgets.flow import FlowLayout
from musicapi_desktop.ui.widgets.menu_button import MenuButton
from musicapi_desktop.ui.widgets.segmented import Segmented

from .foot import CreateFoot
from .form import MARGIN, CreateForm


class CreatePanel(QFrame):
    """Shows a CreatePresenter."""

    def __init__(self, presenter: CreatePresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self._presenter = presenter
        self._mode: Mode | None = None
        self._offer = True
        self.model = MenuButton()
        self.model.clicked.connect(self._open_menu)
        self.clear = QPushButton(self.tr("Clear"))
        self.clear.setProperty("kind", "link")
        self.clear.setAccessibleName(self.tr("Clear the form"))
        self.clear.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clear.clicked.connect(presenter.clear)
        self.modes = Segmented(
            self.tr("Start from"),
            (
                (str(Mode.DESCRIBE), self.tr("Describe"), self.tr("Describe")),
                (str(Mode.LYRICS), self.tr("Write lyrics"), self.tr("Write lyrics")),
                (str(Mode.INSTRUMENTAL), self.tr("Instrumental"), self.tr("Instrumental")),
            ),
        )
        self.modes.chosen.connect(self._mode_chosen)
        self.form = CreateForm(presenter)
        self.foot = CreateFoot(presenter)
        self._examples = self._build_examples()
        self._lay_out()
        presenter.state_changed.connect(self._show)
        self._show(presenter.state)

    def bind_actions(self, actions: Actions) -> None:
        """Take up the keys of the form."""
        actions.bind("create.send", self._presenter.create, self)
        actions.bind("create.hold", self._presenter.hold, self)
        text = self.form.lyrics.text
        actions.bind("create.section_up", partial(text.move_section, -1), self.form.lyrics)
        actions.bind("create.section_down", partial(text.move_section, 1), self.form.lyrics)

    def offer_examples(self, on: bool) -> None:
        """Offer the examples while the form is empty, or leave them to the page beside it."""
        self._offer = on
        self._show(self._presenter.state)

    def focus_first(self) -> None:
        """Go to the field that the mode starts with."""
        self.form.first_field(self._presenter.state.draft.mode).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(heading(self.tr("New song"), "title"))
        head.addStretch(1)
        head.addWidget(self.clear)
        head.addWidget(self.model)
        top = QVBoxLayout()
        top.setContentsMargins(16, 16, 16, 0)
        top.setSpacing(10)
        top.addLayout(head)
        top.addWidget(self.modes)
        body = QWidget()
        inside = QVBoxLayout(body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.form, 1)
        inside.addWidget(self._examples)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(body)
        self._area.viewport().setAutoFillBackground(False)
        body.setAutoFillBackground(False)
        self._area.verticalScrollBar().rangeChanged.connect(self._make_room)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._area, 1)
        column.addWidget(self.foot)

    def _build_examples(self) -> QWidget:
        block = QWidget()
        column = QVBoxLayout(block)
        column.setContentsMargins(16, 0, 16, 14)
        column.addWidget(heading(self.tr("Or start from an example"), "caption"))
        chips = QWidget()
        flow = FlowLayout(chips)
        for index, example in enumerate(self._presenter.examples):
            button = QPushButton(example.shown_name())
            button.setProperty("kind", "chip")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(self.tr("Fill the form: {0}").format(example.shown_name()))
            button.clicked.connect(partial(self._presenter.fill_example, index))
            flow.addWidget(button)
        column.addWidget(chips)
        return block

    @Slot(object)
    def _show(self, state: CreateState) -> None:
        self.model.setText(state.model_text)
        self.model.setIcon(icon("cpu" if state.local else "cloud"))
        self.model.setAccessibleName(self.tr("Made with: {0}").format(state.model_text))
        self.modes.set_value(str(state.draft.mode))
        empty = drafts.is_empty(state.draft)
        self.clear.setVisible(not empty)
        self._examples.setVisible(empty and self._offer)
        self.form.show_state(state)
        self.foot.show_state(state)
        if state.draft.mode is not self._mode:
            self._mode = state.draft.mode
            self._area.verticalScrollBar().setValue(0)

    @Slot(int, int)
    def _make_room(self, _least: int, most: int) -> None:
        # the scroll bar stands in the margin, so that the fields keep their width and their lines
        bar = self._area.verticalScrollBar().sizeHint().width() if most else 0
        self.form.set_right_margin(MARGIN - bar)

    @Slot(str)
    def _mode_chosen(self, value: str) -> None:
        self._presenter.set_mode(Mode(value))

    @Slot()
    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        _head(menu, self.tr("Made where"))
        places = QActionGroup(menu)
        for profile_id, name, active in self._presenter.places():
            self._entry(menu, places, name, active).triggered.connect(partial(self._presenter.set_place, profile_id))
        if not self._presenter.state.local:
            menu.addSeparator()
            _head(menu, self.tr("Model"))
            models = QActionGroup(menu)
            now = self._presenter.state.limits.model
            for model, label in self._presenter.models():
                self._entry(menu, models, label, model == now).triggered.connect(
                    partial(self._presenter.set_model, model)
                )
        menu.setMinimumWidth(self.model.width())
        menu.popup(self.model.mapToGlobal(self.model.rect().bottomLeft()) + QPoint(0, 4))

    def _entry(self, menu: QMenu, group: QActionGroup, text: str, on: bool) -> QAction:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(on)
        group.addAction(action)
        return action


def _head(menu: QMenu, text: str) -> None:
    # a styled menu draws a section as a bare line, without its text
    label = heading(text, "tiny")
    label.setContentsMargins(10, 4, 10, 2)
    action = QWidgetAction(menu)
    action.setDefaultWidget(label)
    action.setEnabled(False)
    menu.addAction(action)
