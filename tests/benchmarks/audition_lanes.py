"""Painting the mixer's own lanes: twelve, 1600 pixels wide, offscreen; processor time of the window's thread."""

from __future__ import annotations

import math
import os
import statistics
import sys
import time
from collections.abc import Callable

from table import Row

_RUNS = 60
_SIZE = (1600, 900)
_COLUMNS = 16_384
_SECONDS = 240.0


def peaks(number: int) -> bytes:
    """A waveform of a stem as the mixer gets it: int8 pairs, lowest and highest of a column."""
    out = bytearray()
    for column in range(_COLUMNS):
        value = int(110 * abs(math.sin(column * 0.013 * (number + 3)) * math.cos(column * 0.0021 * (number + 1))))
        out += bytes(((-value) & 0xFF, value))
    return bytes(out)


def painting_rows() -> list[Row]:
    """Measure a full redraw (every waveform drawn anew), and one frame of a moving playhead."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QPixmap, QRegion
    from PySide6.QtWidgets import QApplication

    from musicapi_desktop.domain.song import STEM_KINDS
    from musicapi_desktop.ui.mixer.lanes import LaneLook, Lanes

    app = QApplication.instance() or QApplication(sys.argv[:1])
    lanes = Lanes()
    lanes.resize(*_SIZE)
    lanes.set_time(_SECONDS)
    for number, kind in enumerate(STEM_KINDS):
        lanes.set_peaks(kind, peaks(number))
    lanes.show_lanes(
        tuple(LaneLook(kind, kind) for kind in STEM_KINDS), [_SIZE[1] // len(STEM_KINDS)] * len(STEM_KINDS)
    )
    lanes.show()
    app.processEvents()
    canvas = QPixmap(lanes.size())

    def full() -> None:
        lanes.restyle()
        lanes.render(canvas)

    def steady() -> None:
        lanes.position = (lanes.position + 1 / 30) % _SECONDS
        x = lanes.x_of(lanes.position)
        lanes.render(canvas, QRect(x - 2, 0, 4, _SIZE[1]).topLeft(), QRegion(x - 2, 0, 4, _SIZE[1]))

    rows = [
        Row("painting 12 lanes of 1600 px, full redraw", _typical(full), "ms", most=4.0),
        Row("  steady frame while playing", _typical(steady), "ms", most=0.5),
    ]
    lanes.close()
    return rows


def _typical(work: Callable[[], None]) -> float:
    """Median milliseconds of processor time: what others do meanwhile is not the painting's."""
    took: list[float] = []
    for _ in range(_RUNS):
        start = time.thread_time()
        work()
        took.append(time.thread_time() - start)
    return statistics.median(took) * 1000
