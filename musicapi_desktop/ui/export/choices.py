"""The page of choices: what is written, how, under which names, and where to."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from musicapi_desktop.presenters.export import ExportPresenter
from musicapi_desktop.presenters.export_state import ExportState, loop_words
from musicapi_desktop.ui.widgets.elided import ElidedLabel
from musicapi_desktop.ui.widgets.fields import FieldNote, heading
from musicapi_desktop.ui.widgets.segmented import Segmented

_PREVIEW_ROWS = 5
_ROW = 22


class NameList(QFrame):
    """File names, one a line; long ones are cut in the middle, where they differ least."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "sunk")
        self.rows = QListWidget()
        self.rows.setAccessibleName(name)
        self.rows.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.rows.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.setUniformItemSizes(True)
        self.rows.setProperty("kind", "plain")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 2, 6)
        column.addWidget(self.rows)

    def show_names(self, names: tuple[str, ...]) -> None:
        """Show these."""
        if names == tuple(self.rows.item(i).text() for i in range(self.rows.count())):
            return
        self.rows.clear()
        for name in names:
            item = QListWidgetItem(name)
            item.setToolTip(name)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            self.rows.addItem(item)


class ChoicesPage(QWidget):
    """Follows an ExportState."""

    def __init__(self, presenter: ExportPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._make()
        self._lay_out()
        self._connect()

    def _make(self) -> None:
        self.what = Segmented(
            self.tr("What"),
            (
                ("mix", self.tr("The mix"), self.tr("the mix")),
                ("stems", self.tr("All stems"), self.tr("all stems, of equal length and start")),
                ("both", self.tr("Both"), self.tr("the mix and all stems")),
            ),
        )
        self.mixed = Segmented(
            self.tr("Sound"),
            (
                ("mixed", self.tr("As mixed"), self.tr("with levels, balance and mutes as they are set")),
                ("delivered", self.tr("As delivered"), self.tr("untouched by the mixer")),
            ),
        )
        self.form = Segmented(
            self.tr("Format"),
            (
                ("same", self.tr("Same file"), self.tr("the delivered file, byte for byte")),
                ("wav16", self.tr("WAV 16"), self.tr("WAV, 16 bit")),
                ("wav24", self.tr("WAV 24"), self.tr("WAV, 24 bit")),
                ("wav32f", self.tr("WAV 32f"), self.tr("WAV, 32 bit float")),
                ("flac24", self.tr("FLAC"), self.tr("FLAC, 24 bit")),
                ("mp3", self.tr("MP3"), self.tr("MP3")),
            ),
        )
        self.range = Segmented(
            self.tr("Range"),
            (
                ("whole", self.tr("Whole song"), self.tr("the whole song")),
                ("loop", self.tr("Loop"), self.tr("only the loop")),
            ),
        )
        self._make_extras()
        self._make_naming()

    def _make_extras(self) -> None:
        words = self.tr("The times of its words are not known yet: the library's menu asks for them.")
        self._spoken: dict[str, str] = {}
        self._why_not = {
            "project": self.tr("This take is not split into stems yet."),
            "midi": self.tr("Its notes are not known, or only the loop is exported: they cannot be cut."),
            "lrc": words,
            "srt": words,
        }
        self.extras = {
            kind: self._extra(kind, words, spoken)
            for kind, words, spoken in (
                ("project", self.tr("DAW project"), self.tr("DAWproject: stems on tracks, with tempo and sections")),
                ("midi", self.tr("MIDI"), self.tr("the notes as a MIDI file")),
                ("lrc", self.tr("LRC"), self.tr("the words with their times, for players")),
                ("srt", self.tr("SRT"), self.tr("the words with their times, for video")),
            )
        }

    def _extra(self, kind: str, words: str, spoken: str) -> QPushButton:
        chip = QPushButton(words)
        chip.setProperty("kind", "chip")
        chip.setCheckable(True)
        chip.setAutoDefault(False)
        chip.setAccessibleName(self.tr("Beside it: {what}").format(what=spoken))
        self._spoken[kind] = spoken[:1].upper() + spoken[1:]
        chip.setObjectName(kind)
        chip.clicked.connect(self._extra_chosen)
        return chip

    def _make_naming(self) -> None:
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Name of the files"))
        self.usual = QPushButton(self.tr("Usual name"))
        self.usual.setProperty("kind", "link")
        self.usual.setAutoDefault(False)
        self.parts = heading(self.tr("Parts: {title} {take} {stem} {bpm} {key}"), "caption")
        self.note = FieldNote()
        self.preview = NameList(self.tr("Files that will be written"))
        self.preview.setFixedHeight(_PREVIEW_ROWS * _ROW + 14)
        self.folder = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.other = QPushButton(self.tr("Choose folder…"))
        self.other.setAutoDefault(False)
        self.said = FieldNote()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(1, 1)
        under = QHBoxLayout()
        under.addWidget(self.parts, 1)
        under.addWidget(self.usual)
        naming = QVBoxLayout()
        naming.setSpacing(4)
        naming.addWidget(self.name)
        naming.addLayout(under)
        naming.addWidget(self.note)
        place = QHBoxLayout()
        place.setSpacing(10)
        place.addWidget(self.folder, 1)
        place.addWidget(self.other)
        rows: tuple[tuple[str, QWidget | QVBoxLayout | QHBoxLayout], ...] = (
            (self.tr("What"), self.what),
            (self.tr("Sound"), self.mixed),
            (self.tr("Format"), self.form),
            (self.tr("Range"), self.range),
            (self.tr("Beside it"), self._beside()),
            (self.tr("Name"), naming),
            (self.tr("Files"), self.preview),
            (self.tr("Folder"), place),
        )
        for at, (words, field) in enumerate(rows):
            label = heading(words, "dim")
            label.setMinimumHeight(34)
            grid.addWidget(label, at, 0, Qt.AlignmentFlag.AlignTop)
            if isinstance(field, QWidget):
                grid.addWidget(field, at, 1)
            else:
                grid.addLayout(field, at, 1)
        grid.addWidget(self.said, len(rows), 1)
        grid.setRowStretch(len(rows) + 1, 1)

    def _beside(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for chip in self.extras.values():
            row.addWidget(chip)
        row.addStretch(1)
        return row

    def _connect(self) -> None:
        presenter = self._presenter
        self.what.chosen.connect(presenter.choose_what)
        self.mixed.chosen.connect(self._mixed_chosen)
        self.form.chosen.connect(presenter.choose_form)
        self.range.chosen.connect(self._range_chosen)
        self.name.textEdited.connect(presenter.set_template)
        self.usual.clicked.connect(presenter.restore_template)
        self.other.clicked.connect(self._ask_folder)

    def show_state(self, state: ExportState) -> None:
        """Show what is chosen, and what this take cannot do as not to be had."""
        choice = state.choice
        for value in ("stems", "both"):
            self.what.segment(value).setEnabled(state.split)
        self.mixed.segment("mixed").setEnabled(state.split)
        self.form.segment("same").setEnabled(not choice.mixed and not choice.loop)
        loop = self.range.segment("loop")
        loop.setEnabled(state.loop is not None)
        loop.setText(loop_words(state.loop))
        self.what.set_value(choice.what)
        self.mixed.set_value("mixed" if choice.mixed else "delivered")
        self.form.set_value(choice.form)
        self.range.set_value("loop" if choice.loop else "whole")
        for kind, chip in self.extras.items():
            chip.setEnabled(kind in state.extras)
            chip.setChecked(kind in choice.extras)
            chip.setToolTip(self._why_not[kind] if kind not in state.extras else self._spoken[kind])
        if self.name.text() != choice.template:
            self.name.setText(choice.template)
        self.note.say(state.problem)
        self.preview.show_names(state.names)
        self.folder.set_text(str(state.folder))
        self.said.say("", state.said)

    def _extra_chosen(self, on: bool) -> None:
        self._presenter.choose_extra(self.sender().objectName(), on)

    def _mixed_chosen(self, value: str) -> None:
        self._presenter.choose_mixed(value == "mixed")

    def _range_chosen(self, value: str) -> None:
        self._presenter.choose_loop(value == "loop")

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("Folder for exports"), self.folder.whole())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
        dialog.fileSelected.connect(self._folder_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _folder_chosen(self, path: str) -> None:
        self._presenter.choose_folder(Path(path))


class AskingPage(QWidget):
    """What would be overwritten, before anything is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.list = NameList(self.tr("Files that would be overwritten"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.sentence)
        column.addWidget(self.list, 1)

    def show_state(self, state: ExportState) -> None:
        """Show the names that are taken."""
        one = len(state.taken) == 1
        words = (
            self.tr("This file is in “{folder}” already. Nothing has been written yet.")
            if one
            else self.tr("These {count} files are in “{folder}” already. Nothing has been written yet.")
        )
        self.sentence.setText(words.format(count=len(state.taken), folder=state.folder.name))
        self.list.show_names(state.taken)
