"""Where everything of a job's row is. Pure arithmetic, shared by painting and by the mouse."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetricsF

from musicapi_desktop.models.queue_rows import Act, QueueRow
from musicapi_desktop.ui.theme import fonts

from .labels import label

MARGIN = 18
COVER = 44
ROW = 58
ROW_NEEDS_YOU = 74
"""A failure says a whole sentence, so it gets a second line for it."""
HEADING = 38
_MARK = 26
_BUTTON = 28
_BUTTON_PAD = 13
_GAP = 8
_STAGES = 172
_CLOCK = 48
_MONEY = 120
_LEAST_TEXT = 180
_BUTTONS = 196
"""Room for the two widest usual buttons; every row keeps it, so that the columns line up."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The areas of one row, in the coordinates of the viewport. ``clock`` is empty where the row is narrow."""

    mark: QRect
    cover: QRect
    text: QRect
    stages: QRect
    clock: QRect
    money: QRect
    buttons: QRect


def parts(rect: QRect) -> Parts:
    """Divide a row. What matters least gives way first: the clock, then the length of the stage bar."""
    left = rect.left() + MARGIN + _MARK
    text_left = left + COVER + 14
    room = rect.width() - (text_left - rect.left()) - MARGIN - _BUTTONS - _MONEY
    clock = _CLOCK if room - _STAGES - _CLOCK >= _LEAST_TEXT else 0
    stages = _STAGES if room - _STAGES - clock >= _LEAST_TEXT else 120
    text = max(60, room - stages - clock - 16)
    x = text_left + text + 16
    return Parts(
        mark=QRect(rect.left() + MARGIN, rect.top(), _MARK - 8, rect.height()),
        cover=QRect(left, rect.top() + (rect.height() - COVER) // 2, COVER, COVER),
        text=QRect(text_left, rect.top(), text, rect.height()),
        stages=QRect(x, rect.top(), stages - 12, rect.height()),
        clock=QRect(x + stages, rect.top(), clock, rect.height()),
        money=QRect(x + stages + clock, rect.top(), _MONEY - 6, rect.height()),
        buttons=QRect(x + stages + clock + _MONEY, rect.top(), _BUTTONS, rect.height()),
    )


def buttons(rect: QRect, row: QueueRow) -> list[tuple[Act, QRect]]:
    """The buttons of a row from left to right, set from the right edge; one that does not fit is left to the menu."""
    area = parts(rect).buttons
    metrics = QFontMetricsF(fonts.font("small", weight=500))
    placed: list[tuple[Act, QRect]] = []
    right = area.right()
    for act in reversed(row.acts):
        width = round(metrics.horizontalAdvance(label(act))) + 2 * _BUTTON_PAD
        if right - width < area.left() and placed:
            break
        top = rect.top() + (rect.height() - _BUTTON) // 2
        placed.insert(0, (act, QRect(right - width + 1, top, width, _BUTTON)))
        right -= width + _GAP
    return placed
