"""The mixer's header: what is open, what solo does, scenes, export."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from musicapi_desktop.domain.kept_mix import SCENES
from musicapi_desktop.domain.mix import OFF, SOLO_DIMS, level_words
from musicapi_desktop.presenters.mixer import MixerPresenter
from musicapi_desktop.presenters.mixer_state import MixerState
from musicapi_desktop.ui.player.tune_button import TuneButtons
from musicapi_desktop.ui.theme import theme
from musicapi_desktop.ui.theme.icons import icon
from musicapi_desktop.ui.widgets.cover import CoverLabel
from musicapi_desktop.ui.widgets.elided import ElidedLabel
from musicapi_desktop.ui.widgets.letter_button import LetterButton

from .hold import Hold

_HEIGHT = 64
_WIDE = 1080
_GAP = 9


class SceneButton(QPushButton):
    """One scene: click recalls, press and hold listens, Ctrl+click stores."""

    def __init__(self, letter: str, presenter: MixerPresenter, parent: QWidget | None = None) -> None:
        super().__init__(letter, parent)
        self._letter = letter
        self._presenter = presenter
        self.setProperty("kind", "segment")
        self.setCheckable(True)
        self.setFixedSize(30, 30)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(self.tr("Click: recall · Ctrl+click: store · hold: listen"))
        hold = Hold(self)
        hold.tapped.connect(self._tapped)
        hold.held.connect(self._held)
        hold.let_go.connect(presenter.release)

    def nextCheckState(self) -> None:
        """Stay as the presenter says."""

    def show_scene(self, stored: bool, current: bool) -> None:
        """Show whether there is something in it, and whether it is what sounds."""
        self.setChecked(current)
        words = self.tr("Scene {letter}") if stored else self.tr("Scene {letter}, empty")
        self.setAccessibleName(words.format(letter=self._letter))
        font = self.font()
        font.setUnderline(stored and not current)
        self.setFont(font)

    def _tapped(self, modifiers: Qt.KeyboardModifier) -> None:
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self._presenter.store(self._letter)
        else:
            self._presenter.recall(self._letter)

    def _held(self) -> None:
        self._presenter.hold(self._letter)


class MixerHeader(QFrame):
    """Cover, title and facts on the left, the mix as a whole on the right."""

    def __init__(self, presenter: MixerPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self.setProperty("kind", "head")
        self.setFixedHeight(_HEIGHT)
        self._make()
        self._lay_out()
        presenter.state_changed.connect(self.show_state)
        self.show_state(presenter.state)

    def _make(self) -> None:
        presenter = self._presenter
        self.cover = CoverLabel(8.0)
        self.cover.setFixedSize(40, 40)
        self.title = self._label("title")
        self.take = LetterButton("", "play", 22)
        self.take.setEnabled(True)
        self.take.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.take.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.facts = self._label("caption")
        self.solo = self._chip("chip_on", "")
        self.solo.setToolTip(self.tr("Leave solo"))
        self.solo.clicked.connect(presenter.clear_solo)
        self.others = self._chip("chip", "")
        self.others.setMenu(self._others_menu())
        self.mono = self._chip("chip", self.tr("Mono"))
        self.mono.setCheckable(True)
        self.mono.clicked.connect(presenter.toggle_mono)
        self.original = self._chip("chip", self.tr("Original"))
        self.original.setCheckable(True)
        self.original.setToolTip(self.tr("Hear the take as delivered in place of the stems, to check them against it"))
        self.original.clicked.connect(presenter.toggle_original)
        self.console = self._icon("sliders-vertical", self.tr("Console"), self.tr("Strips upright, side by side"))
        self.match = self._chip("chip", "")
        self.match.setCheckable(True)
        self.match.setToolTip(self.tr("Hear the original as loud as the stems are together"))
        self.match.clicked.connect(presenter.toggle_match_original)
        self.tune = TuneButtons(presenter.player, wide=True)
        self.notes = self._icon("music", self.tr("Notes"), self.tr("Show the notes over the waveforms"))
        self.notes.clicked.connect(presenter.toggle_notes)
        self.scenes = {letter: SceneButton(letter, presenter) for letter in SCENES}
        self.export = QPushButton(self.tr("Export mix"))
        self.export.setProperty("kind", "primary")
        self.export.setIcon(icon("upload", "on_accent"))
        self.export.setIconSize(QSize(20, 16))
        self.export.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.export.clicked.connect(presenter.export)

    def _icon(self, name: str, words: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setProperty("kind", "icon")
        button.setCheckable(True)
        button.setIcon(icon(name, "text_dim", "accent"))
        button.setIconSize(QSize(18, 18))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(words)
        button.setToolTip(tip)
        return button

    def _label(self, kind: str) -> ElidedLabel:
        label = ElidedLabel()
        label.setProperty("kind", kind)
        return label

    def _chip(self, kind: str, text: str) -> QPushButton:
        chip = QPushButton(text)
        chip.setProperty("kind", kind)
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return chip

    def _others_menu(self) -> QMenu:
        menu = QMenu(self)
        self._dims = QActionGroup(menu)
        for level in SOLO_DIMS:
            words = self.tr("off") if level == OFF else f"{level_words(level).removesuffix('.0')} dB"
            action = QAction(self.tr("Others {level}").format(level=words), menu)
            action.setCheckable(True)
            action.setData(level)
            self._dims.addAction(action)
            menu.addAction(action)
        self._dims.triggered.connect(self._dim_chosen)
        return menu

    def _dim_chosen(self, action: QAction) -> None:
        self._presenter.set_others(float(action.data()))

    def _lay_out(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(1)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.title)
        first.addWidget(self.take)
        first.addStretch()
        names.addStretch()
        names.addLayout(first)
        names.addWidget(self.facts)
        names.addStretch()
        segments = self._segments = QFrame()
        segments.setProperty("kind", "segments")
        segments.setFixedHeight(34)
        row = QHBoxLayout(segments)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        for button in self.scenes.values():
            row.addWidget(button)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(16, 0, 16, 0)
        whole.setSpacing(_GAP)
        whole.addWidget(self.cover)
        whole.addLayout(names, 1)
        for widget in (
            self.solo,
            self.others,
            self.mono,
            segments,
            self.original,
            self.match,
            self.tune,
            self.notes,
            self.console,
            self.export,
        ):
            whole.addWidget(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the chips of speed and key are one sign."""
        super().resizeEvent(event)
        self.tune.set_wide(self.width() >= _WIDE)
        self._show_notes(self._presenter.state)

    def minimumSizeHint(self) -> QSize:
        """What is left out where there is little room asks for none."""
        least = super().minimumSizeHint()
        spare = self.notes.sizeHint().width() + _GAP if self.notes.isVisible() else 0
        return QSize(least.width() - spare, least.height())

    def _show_notes(self, state: MixerState) -> None:
        self.notes.setVisible(state.has_notes and bool(state.lanes) and self.width() >= _WIDE)
        self.notes.setChecked(state.notes_on)

    def show_state(self, state: MixerState) -> None:
        """Show the state."""
        self.cover.set_song(state.song_id)
        self.title.set_text(state.title)
        self.take.setText(state.take)
        self.take.setChecked(True)
        self.take.setVisible(bool(state.take))
        self.take.setAccessibleName(self.tr("Take {letter}").format(letter=state.take))
        self.facts.set_text(state.error or state.facts)
        theme.set_kind(self.facts, "warn" if state.error else "caption")
        count = state.mix.solo_active
        for widget in (self.others, self.mono, self._segments, self.original, self.console, self.export, self.tune):
            widget.setVisible(bool(state.lanes))
        self._show_notes(state)
        self.solo.setVisible(count > 0 and bool(state.lanes))
        self.solo.setText(self.tr("Solo active ({count}) ×").format(count=count))
        self.solo.setAccessibleName(self.tr("Leave solo, {count} active").format(count=count))
        for action in self._dims.actions():
            action.setChecked(action.data() == state.mix.solo_dim)
            if action.isChecked():
                self.others.setText(f"{action.text()} ▾")
                self.others.setAccessibleName(self.tr("While soloed: {choice}").format(choice=action.text()))
        self.mono.setChecked(state.mix.mono)
        self.original.setChecked(state.original)
        # with the original one hears no solo: the one chip stands where the other stood
        self.solo.setVisible(count > 0 and bool(state.lanes) and not state.original)
        self._show_match(state)
        for letter, button in self.scenes.items():
            button.show_scene(letter in state.scenes, letter == state.scene)

    def _show_match(self, state: MixerState) -> None:
        self.match.setVisible(state.original and state.original_match is not None)
        self.match.setChecked(state.match_original)
        figure = level_words(state.original_match or 0.0)
        on = self.tr("Match original {figure} dB").format(figure=figure)
        self.match.setText(on if state.match_original else self.tr("Match original off"))
