"""The fields of the Create panel: what the song is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from musicapi_desktop.domain.request import Mode, Voice
from musicapi_desktop.presenters.create import CreatePresenter
from musicapi_desktop.presenters.create_state import CreateState
from musicapi_desktop.ui.theme.theme import repolish
from musicapi_desktop.ui.widgets.chip_field import ChipField
from musicapi_desktop.ui.widgets.fields import FieldHead, FieldNote
from musicapi_desktop.ui.widgets.segmented import Segmented
from musicapi_desktop.ui.widgets.text_box import TextBox

from .lyrics_field import LyricsField
from .more_options import MoreHeader, MoreOptions

MARGIN = 16
_DESCRIPTION_HEIGHT = 134
_VOICE_WIDTH = 116
_WORTH_SAYING = 0.8
"""From this part of the limit on even a short field shows its count."""


class CreateForm(QWidget):
    """Shows the fields that the mode and the model have, with what is wrong below each."""

    def __init__(self, presenter: CreatePresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._heads: dict[str, FieldHead] = {}
        self._notes: dict[str, FieldNote] = {}
        self._blocks: dict[str, QWidget] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(MARGIN, 12, MARGIN, 12)
        self._column.setSpacing(10)
        self._add_words()
        self._details = self._build_details()
        self._more = MoreHeader()
        self._options = MoreOptions()
        for part in (self._details, self._more, self._options):
            self._column.addWidget(part)
        self._column.addStretch(1)
        self._connect_options()

    def show_state(self, state: CreateState) -> None:
        """Show a draft."""
        draft = state.draft
        self.description.set_text(draft.description)
        self.lyrics.text.set_text(draft.lyrics)
        self.style_words.set_text(draft.style)
        self.leave_out.set_text(draft.leave_out)
        if self.title.text() != draft.title:
            self.title.setText(draft.title)
        self.voice.set_value(str(draft.voice))
        self._options.show_state(state)
        self._blocks["description"].setVisible("description" in state.shown)
        self._blocks["lyrics"].setVisible("lyrics" in state.shown)
        self._blocks["voice"].setVisible("voice" in state.shown)
        self._column.setStretchFactor(self._blocks["lyrics"], 1 if "lyrics" in state.shown else 0)
        self._column.setStretch(self._column.count() - 1, 0 if "lyrics" in state.shown else 1)
        self._show_counts(state)
        self._show_problems(state)
        self._fold(state)

    def set_right_margin(self, width: int) -> None:
        """Leave ``width`` pixels free on the right."""
        margins = self._column.contentsMargins()
        if margins.right() != width:
            margins.setRight(width)
            self._column.setContentsMargins(margins)

    def first_field(self, mode: Mode) -> QWidget:
        """The field that a mode starts with."""
        return {Mode.DESCRIBE: self.description, Mode.LYRICS: self.lyrics.text}.get(mode, self.style_words.line())

    def _add_words(self) -> None:
        self.description = TextBox(self.tr("What should it sound like?"))
        self.description.set_placeholder(
            self.tr(
                "A slow ferry waltz at midnight, accordion and brushed drums, a man singing about the harbour lights"
            )
        )
        self.description.setFixedHeight(_DESCRIPTION_HEIGHT)
        self.lyrics = LyricsField()
        self.lyrics.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.style_words = ChipField(self.tr("Style"), self.tr("Add a style…"))
        self.style_words.complete_from(self._presenter.style_words())
        self._column.addWidget(self._block("description", self.tr("What should it sound like?"), self.description))
        self._column.addWidget(self._block("lyrics", self.tr("Lyrics"), self.lyrics), 1)
        self._column.addWidget(self._block("style", self.tr("Style"), self.style_words))
        self.description.edited.connect(self._presenter.set_description)
        self.lyrics.edited.connect(self._presenter.set_lyrics)
        self.style_words.edited.connect(self._presenter.set_style)

    def _build_details(self) -> QWidget:
        self.leave_out = ChipField(self.tr("Leave out"), self.tr("Sounds to avoid…"))
        self.title = QLineEdit()
        self.title.setAccessibleName(self.tr("Title"))
        self.title.setPlaceholderText(self.tr("Left to the service"))
        voices = (
            (str(Voice.FEMALE), self.tr("F"), self.tr("female")),
            (str(Voice.MALE), self.tr("M"), self.tr("male")),
            (str(Voice.ANY), self.tr("Any"), self.tr("any")),
        )
        self.voice = Segmented(self.tr("Voice"), voices)
        self.voice.setFixedWidth(_VOICE_WIDTH)
        self.leave_out.edited.connect(self._presenter.set_leave_out)
        self.title.textEdited.connect(self._presenter.set_title)
        self.voice.chosen.connect(self._voice_chosen)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._block("title", self.tr("Title"), self.title), 1)
        row.addWidget(self._block("voice", self.tr("Voice"), self.voice), 0, Qt.AlignmentFlag.AlignTop)
        details = QWidget()
        column = QVBoxLayout(details)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._block("leave_out", self.tr("Leave out"), self.leave_out))
        column.addLayout(row)
        return details

    def _block(self, name: str, text: str, field: QWidget) -> QWidget:
        block = QWidget()
        column = QVBoxLayout(block)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        self._heads[name] = FieldHead(text, field)
        self._notes[name] = FieldNote()
        column.addWidget(self._heads[name])
        column.addWidget(field, 1)
        column.addWidget(self._notes[name])
        self._blocks[name] = block
        return block

    def _connect_options(self) -> None:
        self._more.toggled.connect(self._more_toggled)
        self._options.weirdness.connect(self._presenter.set_weirdness)
        self._options.style_weight.connect(self._presenter.set_style_weight)
        self._options.duration.connect(self._presenter.set_duration)

    def _show_counts(self, state: CreateState) -> None:
        draft, limits = state.draft, state.limits
        self._heads["lyrics"].set_count(len(draft.lyrics), limits.lyrics)
        self._heads["description"].set_count(len(draft.description), limits.description)
        for name, text, limit in (
            ("style", draft.style, limits.style),
            ("leave_out", draft.leave_out, limits.style),
            ("title", draft.title, limits.title),
        ):
            self._heads[name].set_count(len(text), limit)
            self._heads[name].show_count((name == "style" and bool(text)) or len(text) >= limit * _WORTH_SAYING)

    def _show_problems(self, state: CreateState) -> None:
        for name, note in self._notes.items():
            note.say(state.problems.get(name, ""), state.warnings.get(name, ""))
        self.lyrics.set_wrong("lyrics" in state.problems)
        self.style_words.set_wrong("style" in state.problems)
        self.leave_out.set_wrong("leave_out" in state.problems)
        for name, field in (("description", self.description), ("title", self.title)):
            wrong = name in state.problems
            if field.property("wrong") != wrong:
                field.setProperty("wrong", wrong)
                repolish(field)

    def _fold(self, state: CreateState) -> None:
        """In Describe the details wait behind More options; a closed header names what is set."""
        describing = state.draft.mode is Mode.DESCRIBE
        is_open = self._more.is_open()
        hidden = "leave_out" in state.problems or "title" in state.problems
        self._details.setVisible(is_open or not describing or hidden)
        self._options.setVisible(is_open)
        details_at, more_at = self._column.indexOf(self._details), self._column.indexOf(self._more)
        if describing != (more_at < details_at):
            self._column.removeWidget(self._more)
            self._column.insertWidget(self._column.indexOf(self._details) + (0 if describing else 1), self._more)
        self._more.show_chips(() if is_open else (*state.detail_chips, *state.chips))

    @Slot()
    def _more_toggled(self) -> None:
        self._fold(self._presenter.state)

    @Slot(str)
    def _voice_chosen(self, value: str) -> None:
        self._presenter.set_voice(Voice(value))
