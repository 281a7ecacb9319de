"""The Create panel: three ways in, one button."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from musicapi_desktop.domain.request import Mode, Operation
from musicapi_desktop.presenters import draft as drafts
from musicapi_desktop.presenters.create import CreatePresenter
from musicapi_desktop.presenters.create_state import CreateState
from musicapi_desktop.ui.actions import Actions
from musicapi_desktop.ui.theme.icons import icon
from musicapi_desktop.ui.widgets.elided import ElidedLabel
from musicapi_desktop.ui.widgets.fields import heading
from musicapi_desktop.ui.widgets.flow import FlowLayout
from musicapi_desktop.ui.widgets.menu_button import MenuButton
from musicapi_desktop.ui.widgets.segmented import Segmented

from .foot import CreateFoot
from .form import MARGIN, CreateForm
from .model_menu import ModelMenu


class CreatePanel(QFrame):
    """Shows a CreatePresenter."""

    def __init__(self, presenter: CreatePresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self._presenter = presenter
        self._mode: tuple[Mode, Operation] | None = None
        self._offer = True
        self.model = MenuButton()
        self.model.clicked.connect(self._open_menu)
        self.clear = _link(self.tr("Clear"), self.tr("Clear the form"))
        self.clear.clicked.connect(presenter.clear)
        self.cancel = _link(self.tr("Cancel"), self.tr("Cancel: back to the plain form"))
        self.cancel.clicked.connect(presenter.cancel_operation)
        self._also = ElidedLabel()
        self._also.setProperty("kind", "caption")
        self._alone = _link(self.tr("Only one"), self.tr("Stop comparing"))
        self._alone.clicked.connect(self._stop_comparing)
        self._heading = heading("", "title")
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
        presenter.opened.connect(self.focus_first)
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

    @Slot()
    def focus_first(self) -> None:
        """Go to the field that the mode starts with."""
        self.form.first_field(self._presenter.state).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._heading)
        head.addStretch(1)
        head.addWidget(self.cancel)
        head.addWidget(self.clear)
        head.addWidget(self.model)
        top = QVBoxLayout()
        top.setContentsMargins(16, 16, 16, 0)
        top.setSpacing(10)
        top.addLayout(head)
        top.addWidget(self._comparing())
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

    def _comparing(self) -> QWidget:
        self._compared = QWidget()
        row = QHBoxLayout(self._compared)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._also, 1)
        row.addWidget(self._alone)
        return self._compared

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
        self.model.setVisible(state.has_model)
        self.model.setText(state.model_text)
        self.model.setIcon(icon("cpu" if state.local else "cloud"))
        self.model.setAccessibleName(self.tr("Made with: {0}").format(state.model_text))
        self._heading.setText(state.heading)
        self._show_modes(state)
        self._compared.setVisible(bool(state.also))
        self._also.set_text(self.tr("Compared with {0}").format(state.also_text))
        empty = drafts.is_empty(state.draft)
        self.clear.setVisible(not empty and state.plain)
        self.cancel.setVisible(not state.plain)
        self._examples.setVisible(empty and self._offer and state.plain and bool(state.modes))
        self.form.show_state(state)
        self.foot.show_state(state)
        if (state.draft.mode, state.operation) != self._mode:
            self._mode = (state.draft.mode, state.operation)
            self._area.verticalScrollBar().setValue(0)

    def _show_modes(self, state: CreateState) -> None:
        self.modes.setVisible(bool(state.modes))
        for mode in Mode:
            self.modes.segment(str(mode)).setVisible(not state.modes or mode in state.modes)
        shown = state.draft.mode if state.draft.mode in state.modes or not state.modes else state.modes[-1]
        self.modes.set_value(str(shown))

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
        menu = ModelMenu(self._presenter, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setMinimumWidth(self.model.width())
        menu.popup(self.model.mapToGlobal(self.model.rect().bottomLeft()) + QPoint(0, 4))

    @Slot()
    def _stop_comparing(self) -> None:
        self._presenter.compare_with(())


def _link(text: str, spoken: str) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("kind", "link")
    button.setAccessibleName(spoken)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
