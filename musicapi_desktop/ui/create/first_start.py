"""The page of a library without songs: three songs one press away, and the two other ways in."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from musicapi_desktop.presenters.create import CreatePresenter
from musicapi_desktop.presenters.examples import Example
from musicapi_desktop.ui.theme.icons import icon
from musicapi_desktop.ui.widgets.cover import cover_brush
from musicapi_desktop.ui.widgets.fields import heading
from musicapi_desktop.ui.widgets.flow import FlowLayout

_PICTURE_HEIGHT = 112
_CARD_WIDTH = 276
_CARD_LEAST = 226
_CARD_GAP = 16
_MARGIN = 16
_BARS = 68


class _Picture(QWidget):
    """A cover with a waveform drawn from the same seed."""

    def __init__(self, seed: str) -> None:
        super().__init__()
        self._seed = seed
        self.setFixedHeight(_PICTURE_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Gradient, then bars that rise and fall as a song does."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(cover_brush(self._seed, area))
        painter.drawRoundedRect(area, 10, 10)
        painter.setPen(QPen(QColor(255, 255, 255, 225), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        step = (area.width() - 28) / _BARS
        middle = area.height() * 0.73
        for i, height in enumerate(_wave(self._seed)):
            x = 14 + (i + 0.5) * step
            painter.drawLine(round(x), round(middle - height * 17), round(x), round(middle + height * 17))


def _wave(seed: str) -> list[float]:
    state = sum((i + 1) * ord(letter) for i, letter in enumerate(seed))
    heights: list[float] = []
    for i in range(_BARS):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        swell = min(1.0, 0.25 + i / 24) * min(1.0, (_BARS - i) / 14 + 0.1)
        heights.append(max(0.08, swell * (0.3 + 0.7 * (state >> 16) / 0x7FFF)))
    return heights


class ExampleCard(QFrame):
    """One example and the button that makes it."""

    def __init__(self, example: Example) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.make = QPushButton(icon("play:fill"), self.tr("Make it"))
        self.make.setIconSize(QSize(18, 12))
        self.make.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.make.setAccessibleName(self.tr("Make “{0}”").format(example.shown_name()))
        line = heading(example.shown_line(), "caption")
        line.setWordWrap(True)
        line.setMinimumHeight(line.fontMetrics().lineSpacing() * 2)
        line.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(6)
        column.addWidget(_Picture(example.cover))
        column.addSpacing(6)
        column.addWidget(heading(example.shown_name(), "title"))
        column.addWidget(line)
        column.addSpacing(4)
        column.addWidget(self.make)


class FirstStartPage(QFrame):
    """``import_wanted`` is emitted by a button that is there only while somebody listens (``offer_import``)."""

    import_wanted = Signal()

    def __init__(self, presenter: CreatePresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bg")
        self._presenter = presenter
        self.cards = [ExampleCard(example) for example in presenter.examples]
        for index, card in enumerate(self.cards):
            card.make.clicked.connect(partial(presenter.make_example, index))
        self.add_key = QPushButton(self.tr("Add your key"))
        self.add_key.setAccessibleName(self.tr("Add your key"))
        self.add_key.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.add_key.clicked.connect(self._add_key)
        self.import_folder = QPushButton(self.tr("Import a folder of songs"))
        self.import_folder.setAccessibleName(self.tr("Import a folder of songs"))
        self.import_folder.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.import_folder.clicked.connect(self.import_wanted)
        self.import_folder.hide()
        self._head = QHBoxLayout()
        self._lay_out()

    def set_corner(self, widget: QWidget) -> None:
        """Put the connection chip into the top right corner."""
        self._head.addWidget(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the cards to the page: side by side and a little narrower, else one below the other.

        The page's width decides, not the scrolled row's: a row that narrows when the scroll bar comes makes it go.
        """
        super().resizeEvent(event)
        room = self.width() - 2 * _MARGIN - self._area.verticalScrollBar().sizeHint().width()
        third = (room - _CARD_GAP * (len(self.cards) - 1)) // len(self.cards)
        width = min(_CARD_WIDTH, third) if third >= _CARD_LEAST else _CARD_WIDTH
        for card in self.cards:
            card.setFixedWidth(width)

    def offer_import(self) -> None:
        """Somebody listens to ``import_wanted``: show its button."""
        self.import_folder.show()

    def _lay_out(self) -> None:
        head = QFrame()
        head.setProperty("kind", "head")
        head.setFixedHeight(58)
        self._head.setContentsMargins(16, 12, 16, 12)
        self._head.addStretch(1)
        head.setLayout(self._head)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(_MARGIN, 24, _MARGIN, 24)
        column.addStretch(2)
        for text, kind in (
            (self.tr("Your songs will live here, and stay on this computer."), "display"),
            (self.tr("Press one to hear it made, right now, with no account."), "dim"),
        ):
            label = heading(text, kind)
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
            column.addSpacing(6)
        column.addSpacing(16)
        column.addWidget(self._card_row())
        column.addSpacing(20)
        column.addLayout(self._ways_in())
        column.addStretch(3)
        area = self._area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(body)
        area.viewport().setAutoFillBackground(False)
        body.setAutoFillBackground(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(head)
        whole.addWidget(area, 1)

    def _card_row(self) -> QWidget:
        row = QWidget()
        flow = FlowLayout(row, _CARD_GAP, centred=True)
        for card in self.cards:
            flow.addWidget(card)
        return row

    def _ways_in(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addStretch(1)
        question = QLabel(self.tr("Have a MusicAPI account?"))
        question.setProperty("kind", "dim")
        row.addWidget(question)
        row.addWidget(self.add_key)
        row.addWidget(self.import_folder)
        row.addStretch(1)
        return row

    @Slot()
    def _add_key(self) -> None:
        self._presenter.add_key()
