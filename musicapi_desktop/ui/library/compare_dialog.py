"""Takes side by side: a card each, one press to hear, at the same place in the song."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from musicapi_desktop.presenters.compare import Candidate, ComparePresenter
from musicapi_desktop.ui.theme import theme
from musicapi_desktop.ui.theme.icons import icon
from musicapi_desktop.ui.widgets.cover import CoverLabel
from musicapi_desktop.ui.widgets.elided import ElidedLabel
from musicapi_desktop.ui.widgets.fields import heading
from musicapi_desktop.ui.widgets.mini_waveform import paint_waveform

_CARD = 196
_COVER = 84
_STARS = 5
_WIDEST = 1240


class _Wave(QWidget):
    """The waveform of a candidate, in the colour of playing while it sounds."""

    def __init__(self) -> None:
        super().__init__()
        self._overview, self._playing = b"", False
        self.setFixedHeight(34)

    def show_wave(self, overview: bytes, playing: bool) -> None:
        if (overview, playing) != (self._overview, self._playing):
            self._overview, self._playing = overview, playing
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bars."""
        del event
        painter = QPainter(self)
        colour = theme.current().color("play" if self._playing else "text_faint")
        paint_waveform(painter, QRectF(self.rect()), self._overview, colour)


class CompareCard(QFrame):
    """One candidate. ``number`` is the key that plays it."""

    def __init__(self, number: int, presenter: ComparePresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setFixedWidth(_CARD)
        self._number = number
        self._presenter = presenter
        self._candidate: Candidate | None = None
        self._cover = CoverLabel()
        self._cover.setFixedHeight(_COVER)
        self._model = ElidedLabel()
        self._model.setProperty("kind", "title")
        self._title, self._line = ElidedLabel(), ElidedLabel()
        for label in (self._title, self._line):
            label.setProperty("kind", "caption")
        self._wave = _Wave()
        self.hear = QPushButton()
        self.hear.setIconSize(QSize(16, 16))
        self.hear.clicked.connect(self._hear)
        self.stars = [self._star(place) for place in range(1, _STARS + 1)]
        self._lay_out()

    def show_candidate(self, candidate: Candidate) -> None:
        """Show a take."""
        self._candidate = candidate
        self._cover.set_song(candidate.song_id)
        self._model.set_text(candidate.model or candidate.title)
        self._title.set_text(f"{candidate.title} · {candidate.letter}")
        self._line.set_text(candidate.line or self.tr("Being made"))
        self._wave.show_wave(candidate.overview, candidate.playing)
        said = self.tr("Pause") if candidate.playing else self.tr("Hear it")
        self.hear.setText(f"{said} · {self._number}" if self._number <= 9 else said)
        self.hear.setIcon(icon("pause" if candidate.playing else "play"))
        self.hear.setAccessibleName(f"{said}: {candidate.model}, {candidate.title} {candidate.letter}")
        self.hear.setEnabled(candidate.ready)
        for place, star in enumerate(self.stars, 1):
            lit = place <= candidate.rating
            star.setText("★" if lit else "☆")
            star.setAccessibleName(self.tr("{0} of 5 stars").format(place))

    def _star(self, place: int) -> QPushButton:
        star = QPushButton("☆")
        star.setProperty("kind", "tiny_icon")
        star.setFixedSize(26, 26)
        star.clicked.connect(partial(self._rate, place))
        return star

    def _lay_out(self) -> None:
        stars = QHBoxLayout()
        stars.setSpacing(2)
        for star in self.stars:
            stars.addWidget(star)
        stars.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(6)
        for part in (self._cover, self._model, self._title, self._line, self._wave):
            column.addWidget(part)
        column.addLayout(stars)
        column.addWidget(self.hear)

    @Slot()
    def _hear(self) -> None:
        if self._candidate is not None:
            self._presenter.hear(self._candidate)

    def _rate(self, stars: int, _checked: bool = False) -> None:
        if self._candidate is not None:
            self._presenter.rate(self._candidate, stars)


class CompareDialog(QDialog):
    """Shows a ComparePresenter. The digits play, Space pauses."""

    def __init__(self, presenter: ComparePresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Side by side"))
        self._presenter = presenter
        self.cards: list[CompareCard] = []
        self._fitted = False
        inside = QWidget()
        self._row = QHBoxLayout(inside)
        self._row.setContentsMargins(20, 4, 20, 20)
        self._row.setSpacing(12)
        self._row.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inside)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        hint = heading(self.tr("Another take goes on where the last one was. Keys 1 to 9 switch."), "caption")
        hint.setContentsMargins(20, 18, 20, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(hint)
        column.addWidget(area, 1)
        self.resize(_WIDEST, 390)
        presenter.state_changed.connect(self._show)
        self._show(presenter.state)
        self.setMinimumWidth(40 + 2 * (_CARD + 12))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The digits play a candidate."""
        text = event.text()
        if text.isdigit() and 0 < int(text) <= len(self.cards):
            self.cards[int(text) - 1].hear.click()
        else:
            super().keyPressEvent(event)

    @Slot(object)
    def _show(self, candidates: tuple[Candidate, ...]) -> None:
        while len(self.cards) > len(candidates):
            card = self.cards.pop()
            self._row.removeWidget(card)
            card.hide()
            card.deleteLater()
        while len(self.cards) < len(candidates):
            self.cards.append(CompareCard(len(self.cards) + 1, self._presenter))
            self._row.addWidget(self.cards[-1])
        if candidates and not self._fitted:
            self._fitted = True
            self.resize(min(_WIDEST, 40 + len(candidates) * (_CARD + 12)), self.height())
        for card, candidate in zip(self.cards, candidates, strict=True):
            card.show_candidate(candidate)
