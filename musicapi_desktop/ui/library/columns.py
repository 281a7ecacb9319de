"""How wide each column is, and which give way when the table is narrow. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QFontMetricsF

from musicapi_desktop.models.song_rows import Column
from musicapi_desktop.models.song_table import column_title
from musicapi_desktop.ui.theme import fonts

MARGIN = 16
COVER = 44
TEXT_LEFT = MARGIN + COVER + 12
"""Where the title's text begins, in the row and in the header."""

_LEAST_TITLE = 280
_GIVE_WAY = ((Column.BPM, Column.KEY), (Column.WAVEFORM,), (Column.LENGTH,))
"""What is hidden first."""

_SAMPLES = {
    Column.LENGTH: ("00:00", 14),
    Column.BPM: ("000", 14),
    Column.KEY: ("G♯m", 14),
    Column.MADE: ("30 May", 4 + MARGIN),
}
"""The widest usual text of a column, and the space after it."""

_WAVEFORM = 96 + 16


def natural_widths() -> dict[Column, int]:
    """What each column but the title asks for, in logical pixels, in the present font."""
    metrics = QFontMetricsF(fonts.font("base", tabular=True))
    small = QFontMetricsF(fonts.font("small"))
    widths = {Column.WAVEFORM: _WAVEFORM}
    for column, (sample, gap) in _SAMPLES.items():
        head = small.horizontalAdvance(column_title(column) + (" ↓" if column is Column.MADE else ""))
        widths[column] = round(max((small if column is Column.MADE else metrics).horizontalAdvance(sample), head)) + gap
    return widths


def fit(width: int, natural: Mapping[Column, int]) -> dict[Column, int]:
    """The width of every column that is shown at ``width``; the title gets what is left."""
    shown = dict(natural)
    for group in _GIVE_WAY:
        if width - sum(shown.values()) >= _LEAST_TITLE:
            break
        for column in group:
            shown.pop(column, None)
    shown[Column.TITLE] = max(0, width - sum(shown.values()))
    return shown
