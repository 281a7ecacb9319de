"""``packaging/dev.py bench startup``: from the start of the process to the first painted window, and memory at rest."""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from screen import Start, measure
from table import Row, show

RUNS = 7
BARE = (
    "from PySide6.QtWidgets import QApplication, QLabel;"
    "app = QApplication([]); label = QLabel('MusicAPI Desktop'); label.resize(1440, 900); label.show(); app.exec()"
)


def starts() -> tuple[list[Start], list[Start]]:
    """The app and a bare PySide6 window showing one label, in turn, after one warm-up each."""
    ours: list[Start] = []
    bare: list[Start] = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for run in range(RUNS + 1):
            app = measure([sys.executable, "-m", "musicapi_desktop", "--data", home / "data"], home)
            window = measure([sys.executable, "-c", BARE], home)
            if run:
                ours.append(app)
                bare.append(window)
    return ours, bare


def main() -> int:
    """Print the table; exit code 1 where a bar is missed."""
    ours, bare = starts()
    painted = statistics.median(s.painted for s in ours) * 1000
    alone = statistics.median(s.painted for s in bare) * 1000
    ratio = statistics.median(a.painted / b.painted for a, b in zip(ours, bare, strict=True))
    rows = [
        Row("start to painted window", painted, "ms"),
        Row("bare PySide6 window with one label", alone, "ms"),
        Row("ours against the bare window (median of pairs)", ratio, "×", most=1.6),
        Row("memory at rest, resident", statistics.median(s.rss for s in ours), "MB", most=160),
        Row("memory at rest, private", statistics.median(s.private for s in ours), "MB"),
    ]
    return show(f"Start-up, median of {RUNS} runs in turn, Xvfb", rows)


if __name__ == "__main__":
    sys.exit(main())
