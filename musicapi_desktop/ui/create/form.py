"""The fields of the Create panel: what the song is, or what is to be done with a take."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from musicapi_desktop.domain.request import Mode, Voice
from musicapi_desktop.presenters.create import CreatePresenter
from musicapi_desktop.presenters.create_fields import label_of
from musicapi_desktop.presenters.create_state import CreateState
from musicapi_desktop.ui.theme.theme import repolish
from musicapi_desktop.ui.widgets.chip_field import ChipField
from musicapi_desktop.ui.widgets.fields import FieldHead, FieldNote
from musicapi_desktop.ui.widgets.segmented import Segmented
from musicapi_desktop.ui.widgets.text_box import TextBox

from .edit_fields import EditFields
from .extra_fields import ExtraFields
from .lyrics_field import LyricsField
from .more_options import MoreHeader, MoreOptions
from .source_block import SourceBlock

MARGIN = 16
_DESCRIPTION_HEIGHT = 134
_SECTION_HEIGHT = 92
_VOICE_WIDTH = 116
_WORTH_SAYING = 0.8
"""From this part of the limit on even a short field shows its count."""


class CreateForm(QWidget):
    """Shows the fields that the operation, the mode and the model have, with what is wrong below each."""

    def __init__(self, presenter: CreatePresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._heads: dict[str, FieldHead] = {}
        self._notes: dict[str, FieldNote] = {}
        self._blocks: dict[str, QWidget] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(MARGIN, 12, MARGIN, 12)
        self._column.setSpacing(10)
        self.source = SourceBlock()
        self._column.addWidget(self.source)
        self._add_words()
        self.extras = ExtraFields()
        self._details = self._build_details()
        self.edits = EditFields()
        self._more = MoreHeader()
        self.options = MoreOptions()
        for part in (self.extras, self._details, self.edits, self._more, self.options):
            self._column.addWidget(part)
        self._column.addStretch(1)
        self._connect_words()
        self._connect_options()

    def show_state(self, state: CreateState) -> None:
        """Show a draft."""
        draft = state.draft
        self.source.show_state(state.source, state.second, two=state.takes_two)
        self.description.set_text(draft.description)
        self.section.set_text(draft.section_lyrics)
        self.lyrics.text.set_text(draft.lyrics)
        self.style_words.set_text(draft.style)
        self.leave_out.set_text(draft.leave_out)
        for line, text in ((self.title, draft.title), (self.url, draft.url)):
            if line.text() != text:
                line.setText(text)
        self.voice.set_value(str(draft.voice))
        self.auto_lyrics.setChecked(bool(draft.extra.get("auto_lyrics")))
        self.extras.show_fields(state.extras, state.problems)
        self.edits.show_state(state)
        self.options.show_state(state)
        self._show_blocks(state)
        self._show_counts(state)
        self._show_problems(state)
        self._fold(state)

    def set_right_margin(self, width: int) -> None:
        """Leave ``width`` pixels free on the right."""
        margins = self._column.contentsMargins()
        if margins.right() != width:
            margins.setRight(width)
            self._column.setContentsMargins(margins)

    def first_field(self, state: CreateState) -> QWidget:
        """The field that a form starts with."""
        if state.source is not None and state.source.ranged:
            return self.source.picker
        for name, field in (
            ("description", self.description),
            ("section_lyrics", self.section),
            ("lyrics", self.lyrics.text),
            ("style", self.style_words.line()),
        ):
            if name in state.shown:
                return field
        return self.title

    def help_with(self, name: str, button: QPushButton) -> None:
        """Put a button that helps with a field beside its name."""
        self._heads[name].add_action(button)

    def _add_words(self) -> None:
        self.url = QLineEdit()
        self.url.setAccessibleName(self.tr("Link to the audio"))
        self.url.setPlaceholderText("https://…")
        self.description = TextBox(self.tr("What should it sound like?"))
        self.description.setFixedHeight(_DESCRIPTION_HEIGHT)
        self.section = TextBox(self.tr("Words of the new section"))
        self.section.setFixedHeight(_SECTION_HEIGHT)
        self.lyrics = LyricsField()
        self.lyrics.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.auto_lyrics = QCheckBox(self.tr("This is a brief: let the service write the words"))
        self.auto_lyrics.setAccessibleName(self.auto_lyrics.text())
        self.style_words = ChipField(self.tr("Style"), self.tr("Add a style…"))
        self.style_words.complete_from(self._presenter.style_words())
        for name, field in (("url", self.url), ("description", self.description), ("section_lyrics", self.section)):
            self._column.addWidget(self._block(name, field))
        self._column.addWidget(self._block("lyrics", self.lyrics), 1)
        self._column.addWidget(self.auto_lyrics)
        self._column.addWidget(self._block("style", self.style_words))

    def _connect_words(self) -> None:
        presenter = self._presenter
        self.url.textEdited.connect(presenter.set_url)
        self.description.edited.connect(presenter.set_description)
        self.section.edited.connect(presenter.set_section_lyrics)
        self.lyrics.edited.connect(presenter.set_lyrics)
        self.auto_lyrics.clicked.connect(self._brief_chosen)
        self.style_words.edited.connect(presenter.set_style)
        self.leave_out.edited.connect(presenter.set_leave_out)
        self.title.textEdited.connect(presenter.set_title)
        self.voice.chosen.connect(self._voice_chosen)

    def _build_details(self) -> QWidget:
        self.leave_out = ChipField(self.tr("Leave out"), self.tr("Sounds to avoid…"))
        self.title = QLineEdit()
        self.title.setAccessibleName(self.tr("Title"))
        voices = (
            (str(Voice.FEMALE), self.tr("F"), self.tr("female")),
            (str(Voice.MALE), self.tr("M"), self.tr("male")),
            (str(Voice.ANY), self.tr("Any"), self.tr("any")),
        )
        self.voice = Segmented(self.tr("Voice"), voices)
        self.voice.setFixedWidth(_VOICE_WIDTH)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._block("title", self.title), 1)
        row.addWidget(self._block("voice", self.voice), 0, Qt.AlignmentFlag.AlignTop)
        details = QWidget()
        column = QVBoxLayout(details)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._block("leave_out", self.leave_out))
        column.addLayout(row)
        return details

    def _block(self, name: str, field: QWidget) -> QWidget:
        block = QWidget()
        column = QVBoxLayout(block)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        self._heads[name] = FieldHead("", field)
        self._notes[name] = FieldNote()
        column.addWidget(self._heads[name])
        column.addWidget(field, 1)
        column.addWidget(self._notes[name])
        self._blocks[name] = block
        return block

    def _connect_options(self) -> None:
        presenter = self._presenter
        self.source.moved.connect(presenter.set_range)
        self.source.heard.connect(presenter.hear)
        self.source.left.connect(presenter.cancel_operation)
        self.source.second_dropped.connect(presenter.forget_second)
        self.extras.filled.connect(presenter.set_extra)
        self.edits.varied.connect(presenter.set_variation)
        self.edits.joined.connect(presenter.set_join)
        self._more.toggled.connect(self._more_toggled)
        self.options.weirdness.connect(presenter.set_weirdness)
        self.options.style_weight.connect(presenter.set_style_weight)
        self.options.audio_weight.connect(presenter.set_audio_weight)
        self.options.duration.connect(presenter.set_duration)
        self.options.persona.connect(presenter.set_persona)

    def _show_blocks(self, state: CreateState) -> None:
        for name, block in self._blocks.items():
            block.setVisible(name in state.shown)
            self._heads[name].set_name(label_of(state.operation, name))
        self.auto_lyrics.setVisible("auto_lyrics" in state.shown)
        sung = "lyrics" in state.shown
        self._column.setStretchFactor(self._blocks["lyrics"], 1 if sung else 0)
        self._column.setStretch(self._column.count() - 1, 0 if sung else 1)
        self.description.set_placeholder(
            self.tr(
                "A slow ferry waltz at midnight, accordion and brushed drums, a man singing about the harbour lights"
            )
            if state.plain
            else ""
        )
        self.title.setPlaceholderText("" if "title" in state.needed else self.tr("Left to the service"))

    def _show_counts(self, state: CreateState) -> None:
        for name, head in self._heads.items():
            text = str(getattr(state.draft, name))
            limit = state.lengths.get(name)
            head.show_count(False)
            if limit is not None:
                head.set_count(len(text), limit)
                long = name in ("lyrics", "description") or (name == "style" and bool(text))
                head.show_count(long or len(text) >= limit * _WORTH_SAYING)

    def _show_problems(self, state: CreateState) -> None:
        for name, note in self._notes.items():
            note.say(state.problems.get(name, ""), state.warnings.get(name, ""))
        self.lyrics.set_wrong("lyrics" in state.problems)
        self.style_words.set_wrong("style" in state.problems)
        self.leave_out.set_wrong("leave_out" in state.problems)
        for name, field in (("description", self.description), ("title", self.title), ("url", self.url)):
            wrong = name in state.problems
            if field.property("wrong") != wrong:
                field.setProperty("wrong", wrong)
                repolish(field)

    def _fold(self, state: CreateState) -> None:
        """In Describe the details wait behind More options; a closed header names what is set."""
        describing = state.plain and state.draft.mode is Mode.DESCRIBE and bool(state.modes)
        is_open = self._more.is_open()
        hidden = "leave_out" in state.problems or "title" in state.problems
        any_detail = bool({"leave_out", "title", "voice"} & state.shown)
        self._details.setVisible(any_detail and (is_open or not describing or hidden))
        self._place_details(first="title" in state.needed)
        has_options = self.options.has_any(state)
        self.options.setVisible(is_open and has_options)
        self._more.setVisible(has_options or (describing and any_detail))
        details_at, more_at = self._column.indexOf(self._details), self._column.indexOf(self._more)
        if describing != (more_at < details_at):
            self._column.removeWidget(self._more)
            at = self._column.indexOf(self._details) if describing else self._column.indexOf(self.options)
            self._column.insertWidget(at, self._more)
        self._more.show_chips(() if is_open else (*state.detail_chips, *state.chips))

    def _place_details(self, *, first: bool) -> None:
        """A name that is needed stands on top, below the source; what may be left open stands further down."""
        at = self._column.indexOf(self._details)
        wanted = self._column.indexOf(self.source) + 1
        if first != (at == wanted):
            self._column.removeWidget(self._details)
            self._column.insertWidget(wanted if first else self._column.indexOf(self.extras) + 1, self._details)

    @Slot()
    def _more_toggled(self) -> None:
        self._fold(self._presenter.state)

    @Slot(str)
    def _voice_chosen(self, value: str) -> None:
        self._presenter.set_voice(Voice(value))

    @Slot(bool)
    def _brief_chosen(self, on: bool) -> None:
        self._presenter.set_extra("auto_lyrics", True if on else None)
