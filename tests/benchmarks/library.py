"""``packaging/dev.py bench library``: finding and paging among 100 000 songs; ``--songs N`` for another number."""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from crowd import crowd
from table import Row, show

from musicapi_desktop.domain.row_number import song_of
from musicapi_desktop.store.database import Database
from musicapi_desktop.store.rows import RowStore

RUNS = 7
PAGE = 64


def median_of(work: Callable[[], object]) -> float:
    """Milliseconds of ``work``, the median of RUNS after one warm-up."""
    work()
    taken: list[float] = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000.0)
    return statistics.median(taken)


def rows_of(library: Path) -> list[Row]:
    """The table's rows, all on a thread that is not the window's in the app."""
    database = Database(library)
    rows = RowStore(database)
    now = time.time()
    order = rows.order("", "created", descending=True, now=now)
    middle = len(order) // 2
    page = [song_of(number) for number in order[middle : middle + PAGE]]
    table = [
        Row("rows of the table", len(order)),
        Row("whole order, by date", median_of(lambda: rows.order("", "created", descending=True, now=now)), "ms"),
        Row("whole order, by title", median_of(lambda: rows.order("", "title", descending=False, now=now)), "ms"),
        Row(
            "search as one types, “neo”",
            median_of(lambda: rows.order("neo", "created", descending=True, now=now)),
            "ms",
        ),
        Row("search, two words", median_of(lambda: rows.order("neon rain", "created", descending=True, now=now)), "ms"),
        Row("a page of 64 songs, window's thread", median_of(lambda: rows.songs(page)), "ms", most=16),
    ]
    database.close()
    return table


def main() -> int:
    """Fill a library, measure, print the table; 1 where a bar is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--songs", type=int, default=100_000)
    count = parser.parse_args().songs
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library.db"
        begun = time.monotonic()
        crowd(library, count)
        filled = time.monotonic() - begun
        table = rows_of(library)
        table.append(Row("file", library.stat().st_size / 1e6, "MB"))
        table.append(Row("filling it", filled, "s"))
    return show(f"Library of {count:,} songs, two takes each", table)


if __name__ == "__main__":
    sys.exit(main())
