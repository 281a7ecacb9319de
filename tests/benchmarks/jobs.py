"""``packaging/dev.py bench queue``: how long a song takes, and a window that stays smooth while a hundred are made.

The file is not called queue.py: that would stand in the way of the standard library's own module.
``--runs N`` makes N songs of 60 seconds (3), ``--jobs N`` queues N jobs (100).
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from stage import prepare
from table import Row, show

if TYPE_CHECKING:
    from fakes.window import Visit
    from PySide6.QtWidgets import QApplication
    from watchdog import Watchdog

SECONDS = 60.0
SONGS = 2000
LONGEST = 150.0
STYLES = ("synthwave, 100 bpm", "lofi", "jazz", "rock", "ambient")
_STALL = 50
_QUIET = 0.05
"""Share of the machine that others may use before their time is taken out of a stall."""
_TOLD = 6
_STEP = 37
_FRAME_MS = 16


def say(line: str) -> None:
    """Print a line."""
    print(line, flush=True)  # noqa: T201  # measurements are printed


def engine_cpu(pid: int) -> float:
    """CPU seconds the engine and its workers have used."""
    import psutil

    engine = psutil.Process(pid)
    times = [process.cpu_times() for process in (engine, *engine.children(recursive=True))]
    return sum(each.user + each.system for each in times)


def engine_memory(pid: int) -> float:
    """Proportional memory of the engine and its workers in MB."""
    import psutil

    engine = psutil.Process(pid)
    return sum(p.memory_full_info().pss for p in (engine, *engine.children(recursive=True))) / 2**20


def making_rows(app: QApplication, data: Path, runs: int) -> list[Row]:
    """From the press of Create to both takes playable, on the engine of this computer."""
    from fakes.window import opened

    from musicapi_desktop.domain.events import EngineState

    walls: list[float] = []
    firsts: list[float] = []
    cpus: list[float] = []
    with opened(app, data) as visit:
        visit.until("the engine", lambda: visit.presenters.profiles.state.engine is EngineState.READY, 60.0)
        pid = visit.core.engine.pid or 0
        for run in range(runs):
            first, wall, cpu = _make(visit, pid, run)
            firsts.append(first)
            walls.append(wall)
            cpus.append(cpu)
        memory = engine_memory(pid)
        song = visit.songs()[0]
        seconds = sum(take.seconds for take in song.takes)
    cpu = statistics.median(cpus)
    title = f"Two takes of a {SECONDS:.0f} s instrumental"
    return [
        Row(f"{title}: press to both playable", statistics.median(walls), "s", note=_range(walls)),
        Row("  press to the first of them playable", statistics.median(firsts), "s", note=_range(firsts)),
        Row("  the first song of this run", walls[0], "s", note="workers load the sound bank"),
        Row("  music made per second of waiting", seconds / statistics.median(walls), "× real time"),
        Row("  engine CPU", cpu, "s", note=_range(cpus)),
        Row("  music made per second of one core", seconds / cpu, "× real time"),
        Row("  engine and its workers, memory", memory, "MB", note="PSS"),
    ]


def _range(values: list[float]) -> str:
    return f"{min(values):.2f} to {max(values):.2f} over {len(values)}"


def _make(visit: Visit, pid: int, run: int) -> tuple[float, float, float]:
    from musicapi_desktop.domain.request import Mode
    from musicapi_desktop.domain.song import TakeState

    create = visit.presenters.create
    create.set_mode(Mode.INSTRUMENTAL)
    create.set_style(STYLES[run % len(STYLES)])
    create.set_duration(SECONDS)
    visit.until("a form that can be sent", lambda: create.state.can_create)
    before = {song.id for song in visit.songs()}
    cpu, begun = engine_cpu(pid), time.monotonic()
    visit.press_create()

    def landed() -> int:
        new = [song for song in visit.songs() if song.id not in before]
        return sum(take.state is TakeState.READY for song in new for take in song.takes)

    visit.until("the first take", lambda: landed() >= 1, 300.0)
    first = time.monotonic() - begun
    visit.until("both takes", lambda: landed() == 2, 300.0)
    return first, time.monotonic() - begun, engine_cpu(pid) - cpu


def crowded_rows(app: QApplication, data: Path, jobs: int) -> list[Row]:
    """Many jobs while a song plays into a recorded sink and the library scrolls."""
    from crowd import crowd, drop_outs, plant_tone
    from fakes import null_sink
    from fakes.window import BAND, opened
    from watchdog import Watchdog

    (data / "data").mkdir(parents=True)
    crowd(data / "data" / "library.db", SONGS)
    tone = plant_tone(data, 600.0)
    sink = None if null_sink.missing() else null_sink.NullSink()
    if sink is not None:
        sink.install()
        sink.start()
        sink.record()
    try:
        with opened(app, data, maker=BAND) as visit:
            player = visit.presenters.player
            player.open_by_id(tone.id, tone.takes[0].id)
            visit.until("sound", lambda: player.look().position > 2.0)
            start = sink.recorded if sink is not None else 0
            with Watchdog() as watchdog:
                ready = _crowd_the_queue(visit, jobs)
            heard = sink.samples(start) if sink is not None else None
            device = player.look().device
    finally:
        if sink is not None:
            sink.close()
    rows = [
        *_stall_rows(watchdog),
        Row("  jobs made meanwhile", ready, f"of {jobs}", least=jobs),
    ]
    if heard is None:
        rows.append(Row("  drop-outs", float("nan"), most=0, note=f"not measured, {null_sink.missing()}"))
    else:
        seconds = len(heard) / null_sink.RATE
        note = f"{seconds:.0f} s recorded through {device}"
        rows.append(Row("  drop-outs in the recording", drop_outs(heard), "", most=0, note=note))
    return rows


def _stall_rows(watchdog: Watchdog) -> list[Row]:
    alone = watchdog.others < _QUIET
    longest = watchdog.longest if alone else watchdog.longest_own
    figure = longest.ms if alone else longest.own_ms
    over = sorted((s for s in watchdog.stalls if s.ms > _STALL), key=lambda stall: -stall.own_ms)
    for stall in over[:_TOLD]:
        say(
            f"\nstall of {stall.ms:.0f} ms: computing {stall.cpu_ms:.0f}, waiting for a core {stall.queue_ms:.0f}\n"
            f"{stall.where}"
        )
    busy = f"others used {100 * watchdog.others:.0f} % of the cores"
    note = busy if alone else f"{busy}, so waiting for a core is not counted; {watchdog.longest.ms:.0f} with it"
    return [
        Row(f"{SONGS} songs scroll, one plays: longest stall", figure, "ms", most=_STALL, note=note),
        Row(f"  stalls over {_STALL} ms, whoever made them", len(over), "", note=f"of {watchdog.turns} turns"),
        Row("  a process that only waits, longest pause", watchdog.pause_ms, "ms"),
    ]


def _crowd_the_queue(visit: Visit, jobs: int) -> int:
    """Press Create ``jobs`` times and wait until all is made, scrolling all the while; return how many were."""
    from PySide6.QtCore import QTimer

    from musicapi_desktop.app.tour_hands import TourFailed
    from musicapi_desktop.domain.job import JobState
    from musicapi_desktop.domain.request import Mode

    bar = visit.desk.library.table.verticalScrollBar()
    step = _STEP

    def scroll() -> None:
        nonlocal step
        if not bar.minimum() < bar.value() + step < bar.maximum():
            step = -step
        bar.setValue(bar.value() + step)

    timer = QTimer(interval=_FRAME_MS)
    timer.timeout.connect(scroll)
    timer.start()
    create = visit.presenters.create
    create.set_mode(Mode.DESCRIBE)
    for number in range(jobs):
        create.set_description(f"song {number} of many")
        visit.until("a form that can be sent", lambda: create.state.can_create)
        visit.press_create()
        visit.until("the press to be kept", lambda: create.state.can_create)
    queue = visit.presenters.queue
    with contextlib.suppress(TourFailed):
        # the table says how many were made
        visit.until("the jobs", lambda: not queue.state.count, LONGEST)
    timer.stop()
    return sum(job.state is JobState.READY for job in visit.jobs())


def memory_rows(data: Path) -> list[Row]:
    """The window alone in a process of its own, with one of the songs made before loaded."""
    command = [sys.executable, str(Path(__file__)), "--memory", str(data)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
    resident, private = map(float, done.stdout.split())
    return [
        Row("Window with one song loaded: resident memory", resident, "MB"),
        Row("  private memory", private, "MB", note="RssAnon"),
    ]


def tell_memory(app: QApplication, data: Path) -> int:
    """Open the window with a song and print its memory."""
    from fakes.window import opened
    from screen import memory

    with opened(app, data) as visit:
        player = visit.presenters.player
        song = visit.songs()[0]
        player.open(song, song.takes[0], play=False)
        visit.until("the song", lambda: player.state.seconds > 0 and not player.state.loading)
        visit.hands.rest(2500)
        resident, private = memory(os.getpid())
        say(f"{resident} {private}")
    return 0


def main() -> int:
    """Print the table; exit code 1 where a bar is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=100)
    parser.add_argument("--memory", type=Path)
    given = parser.parse_args()
    prepare()
    from PySide6.QtWidgets import QApplication

    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    if given.memory:
        return tell_memory(app, given.memory)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        if given.runs:
            rows += making_rows(app, folder / "making", given.runs)
            rows += memory_rows(folder / "making")
        if given.jobs:
            rows += crowded_rows(app, folder / "crowded", given.jobs)
    return show(f"Queue, {os.cpu_count()} cores, offscreen window of 1440 × 900", rows)


if __name__ == "__main__":
    sys.exit(main())
