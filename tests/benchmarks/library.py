"""``packaging/dev.py bench library``: a hundred thousand songs, opened, searched as one types, sorted and scrolled.

``--songs N`` takes another number.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from stage import prepare
from table import Row, show

if TYPE_CHECKING:
    from collections.abc import Callable

    from fakes.window import Visit
    from PySide6.QtWidgets import QApplication
    from watchdog import Stall

WORDS = ("night", "harbour rain", "silver", "title:neon", "jazz bpm:90..110", "is:fav mirror", "zzz")
FRAMES = 400
_PAUSE = 0.1
"""Seconds the search box waits after the last key, part of every figure below."""


def rows_of(app: QApplication, data: Path, songs: int) -> list[Row]:
    """Everything about one library."""
    from crowd import crowd
    from fakes.window import opened
    from screen import memory

    library = data / "data" / "library.db"
    library.parent.mkdir(parents=True)
    begun = time.monotonic()
    crowd(library, songs)
    filled = time.monotonic() - begun
    small = data.parent / "small"
    with opened(app, small) as visit:
        visit.hands.rest(1500)
        empty = memory(os.getpid())
    begun = time.monotonic()
    with opened(app, data) as visit:
        first = time.monotonic() - begun
        visit.hands.rest(1500)
        shown = visit.presenters.library.state.rows
        rows = [
            Row(f"{songs:,} songs: start of building the window to their first rows", first * 1000, "ms", most=1500),
            Row("  rows in the table", shown, "", least=2 * songs),
            *_typing(visit),
            *_sorting(visit),
            *_scrolling(visit),
        ]
        full = memory(os.getpid())
    return [
        *rows,
        Row("  memory more than with an empty library, private", full[1] - empty[1], "MB", most=60),
        Row("  resident memory", full[0], "MB"),
        Row("  library file", library.stat().st_size / 2**20, "MB", note=f"filled in {filled:.0f} s"),
    ]


def _typing(visit: Visit) -> list[Row]:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from watchdog import Watchdog

    box, presenter = visit.desk.library.search, visit.presenters.library
    taken: list[tuple[float, str]] = []
    with Watchdog() as watchdog:
        for words in WORDS:
            for letter in words:
                QTest.keyClicks(box, letter)
                visit.hands.rest(60)
            text = box.text().strip()
            begun = time.monotonic()
            visit.until(f"the answer to {text}", lambda text=text: presenter.state.text == text)
            taken.append((time.monotonic() - begun + 0.06, words))
            box.selectAll()
            QTest.keyClick(box, Qt.Key.Key_Delete)
            visit.until("everything again", lambda: not presenter.state.text)
    slowest, longest = max(taken), watchdog.longest_own
    note = f"“{slowest[1]}”; {_PAUSE * 1000:.0f} ms are waiting"
    return [
        Row("  last key of a search to its rows, median", statistics.median(t for t, _ in taken) * 1000, "ms"),
        Row("    slowest", slowest[0] * 1000, "ms", note=note),
        Row("    longest stall while typing", longest.own_ms, "ms", most=50, note=_where(longest)),
    ]


def _sorting(visit: Visit) -> list[Row]:
    from musicapi_desktop.models.song_rows import Column

    presenter = visit.presenters.library
    taken: list[float] = []
    for column in (Column.TITLE, Column.LENGTH, Column.BPM, Column.MADE):
        begun = time.monotonic()
        presenter.sort_by(column, descending=column is Column.MADE)
        visit.until("the order", lambda column=column: presenter.state.column is column)
        taken.append(time.monotonic() - begun)
    return [Row("  another order, slowest", max(taken) * 1000, "ms", most=1500)]


def _scrolling(visit: Visit) -> list[Row]:
    from PySide6.QtWidgets import QApplication
    from watchdog import Watchdog

    bar = visit.desk.library.table.verticalScrollBar()
    smooth = _frames(lambda n: bar.setValue(n * 37))
    far = _frames(lambda n: bar.setValue((n * 7919 * 331) % max(1, bar.maximum())))
    with Watchdog() as watchdog:
        for at in range(0, 100, 3):
            bar.setValue(bar.maximum() * at // 100)
            QApplication.processEvents()
            visit.hands.rest(8)
    longest = watchdog.longest_own
    return [
        Row("  frame while scrolling, median", statistics.median(smooth), "ms", most=4),
        Row("    95 of 100 within", statistics.quantiles(smooth, n=20)[-1], "ms", most=16.7),
        Row("  frame after a jump, median", statistics.median(far), "ms", most=16.7),
        Row("    95 of 100 within", statistics.quantiles(far, n=20)[-1], "ms", most=33),
        Row("    longest stall while dragging the bar", longest.own_ms, "ms", most=50, note=_where(longest)),
    ]


def _frames(move: Callable[[int], None]) -> list[float]:
    from PySide6.QtWidgets import QApplication

    taken: list[float] = []
    for number in range(FRAMES):
        begun = time.perf_counter()
        move(number)
        QApplication.processEvents()
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


def _where(stall: Stall) -> str:
    return stall.where.strip().splitlines()[0].strip() if stall.where else ""


def main() -> int:
    """Print the table; exit code 1 where a bar is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--songs", type=int, default=100_000)
    given = parser.parse_args()
    prepare()
    from PySide6.QtWidgets import QApplication

    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    with tempfile.TemporaryDirectory() as made:
        rows = rows_of(app, Path(made) / "full", given.songs)
    return show("Library, offscreen window of 1440 × 900", rows)


if __name__ == "__main__":
    sys.exit(main())
