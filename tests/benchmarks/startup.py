"""``packaging/dev.py bench startup [--peers]``: from the start of the process to the painted window, memory, idling.

``--peers`` measures Picard, Audacity, Quod Libet and Strawberry from Debian too, where they are installed, with the
file cache warm and dropped. The frozen program is measured where ``dev.py package app`` has made it. All programs take
turns, so that what else the computer does is shared by all.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from screen import Start, forget, measure
from table import Row, show

ROOT = Path(__file__).parent.parent.parent
RUNS, COLD_RUNS = 7, 3
WATCH = 20.0
BARE = (
    "from PySide6.QtWidgets import QApplication, QLabel;"
    "app = QApplication([]); label = QLabel('MusicAPI Desktop, <b>a label</b>'); label.resize(1440, 900); label.show();"
    "app.exec()"
)
FROZEN = ROOT / "dist" / "musicapi-desktop" / "musicapi-desktop"
PEERS = {"Picard": "picard", "Audacity": "audacity", "Quod Libet": "quodlibet", "Strawberry": "strawberry"}
OURS = ("from source", "frozen")
_CACHED = [Path("/usr/lib"), Path("/usr/bin"), Path("/usr/share/fonts"), ROOT / ".venv", ROOT / "musicapi_desktop"]

Command = list[str | Path]


def programs(home: Path, peers: bool) -> dict[str, Command]:
    """What is measured: the command of each, over a home of its own."""
    data = ["--data", home / "data"]
    found: dict[str, Command] = {
        "bare": [sys.executable, "-c", BARE],
        "from source": [sys.executable, "-m", "musicapi_desktop", *data],
    }
    if FROZEN.exists():
        found["frozen"] = [FROZEN, *data]
    if peers:
        found |= {name: [path] for name, program in PEERS.items() if (path := shutil.which(program))}
    return found


def prepare(home: Path) -> None:
    """Answer the questions of the peers' first start, so that their main window is what is measured."""
    audacity = home / ".config" / "audacity"
    audacity.mkdir(parents=True)
    (audacity / "audacity.cfg").write_text("PrefsVersion=1.1.1r1\n[GUI]\nShowSplashScreen=0\nFirstTime=0\n")


def in_turn(
    commands: Mapping[str, Command], home: Path, runs: int, before: Callable[[], None]
) -> dict[str, list[Start]]:
    """Start each program ``runs`` times, taking turns, after one round that does not count.

    A peer that shows no window within 30 s is left out of that round; one of ours that does not is an error.
    """
    starts: dict[str, list[Start]] = {name: [] for name in commands}
    for run in range(runs + 1):
        for name, command in commands.items():
            before()
            try:
                start = measure(command, home)
            except TimeoutError:
                if run and name not in PEERS:
                    raise
                continue
            if run:
                starts[name].append(start)
    return {name: of for name, of in starts.items() if of}


def with_song(home: Path) -> Start:
    """The app with a song of the local engine loaded, as the tour leaves it, idling."""
    tour = [sys.executable, "-m", "musicapi_desktop", "--tour", home / "tour"]
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
    subprocess.run(tour, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return measure([sys.executable, "-m", "musicapi_desktop", "--data", home / "tour" / "data"], home, 8.0, WATCH)


def painted(starts: Sequence[Start]) -> float:
    """Median milliseconds until the main window is painted."""
    return statistics.median(start.painted for start in starts) * 1000


def rows_of(starts: Mapping[str, Sequence[Start]], when: str) -> list[Row]:
    """The starts of each program, and ours against the quickest peer."""
    bare = starts["bare"]
    rows = [Row(f"{name}: painted, {when}", painted(of), "ms") for name, of in starts.items()]
    quickest = min((painted(of) for name, of in starts.items() if name in PEERS), default=None)
    for name in OURS:
        if name in starts:
            ratio = statistics.median(a.painted / b.painted for a, b in zip(starts[name], bare, strict=True))
            rows.append(
                Row(f"{name} against the bare window, {when}", ratio, "×", most=1.5 if when == "warm" else None)
            )
            if quickest is not None:
                rows.append(
                    Row(f"{name} against the quickest peer, {when}", painted(starts[name]) / quickest, "×", most=1)
                )
    return rows


def main() -> int:
    """Print the table; exit code 1 where a bar is missed."""
    peers = "--peers" in sys.argv[1:]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        prepare(home)
        commands = programs(home, peers)
        warm = in_turn(commands, home, RUNS, lambda: None)
        rows = rows_of(warm, "warm")
        if peers:
            cached = [*_CACHED, FROZEN.parent]
            rows += rows_of(in_turn(commands, home, COLD_RUNS, lambda: forget(cached)), "cache dropped")
        rows += [
            Row(f"{name}: memory at rest, resident", statistics.median(s.rss for s in warm[name]), "MB", most=most)
            for name, most in (("from source", 160), ("frozen", 160), *((peer, None) for peer in PEERS))
            if name in warm
        ]
        loaded = with_song(home)
        rows += [
            Row("with a song loaded, resident", loaded.rss, "MB", most=260),
            Row("idle, a song loaded and nothing playing", loaded.idle, "% of a core", most=0.5),
        ]
    return show(f"Start-up, median of {RUNS} runs in turn ({COLD_RUNS} with the cache dropped), Xvfb", rows)


if __name__ == "__main__":
    sys.exit(main())
