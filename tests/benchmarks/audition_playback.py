"""Real playback into a null sink while a window repaints: recorded, compared with the export, and timed."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from fakes.null_sink import NullSink, wait_for
from support.restless import Restless, steps
from table import Row

from musicapi_desktop.audio.mixdown import Input, Order, mix_down
from musicapi_desktop.audio.player import Player
from musicapi_desktop.audio.sources import RATE, open_source
from musicapi_desktop.audio.track import Track
from musicapi_desktop.bridge.audio_feeder import AudioFeeder
from musicapi_desktop.domain.mix import MixState, Strip
from musicapi_desktop.dsp.files import read_all
from musicapi_desktop.dsp.writer import Encoding


class Unheard:
    """An EventSink for which nothing is news."""

    def publish(self, event: object) -> None:
        """Drop it."""


class Window:
    """Twelve lanes repainted 30 times a second by Qt, offscreen, while the calling thread waits."""

    def __init__(self, player: Player, frames: int) -> None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        from PySide6.QtCore import QTimer
        from PySide6.QtGui import QColor, QPainter, QPixmap
        from PySide6.QtWidgets import QApplication, QWidget

        self.app = QApplication.instance() or QApplication(sys.argv[:1])
        self.painted = 0
        lanes = [QPixmap(1600, 75) for _ in range(12)]
        for number, lane in enumerate(lanes):
            lane.fill(QColor(20, 20, 60 + number * 8))
        window = self

        class Lanes(QWidget):
            def paintEvent(self, event: object) -> None:  # noqa: N802  # Qt's name
                heard = player.heard(time.monotonic())
                painter = QPainter(self)
                for number, lane in enumerate(lanes):
                    painter.drawPixmap(0, number * 75, lane)
                painter.fillRect(int(1600 * heard.at / frames), 0, 2, 900, QColor(255, 0, 0))
                painter.end()
                window.painted += 1

        self._lanes = Lanes()
        self._lanes.resize(1600, 900)
        self._lanes.show()
        self._timer = QTimer()
        self._timer.timeout.connect(self._lanes.update)
        self._timer.start(33)

    def wait(self, seconds: float) -> None:
        """Run the event loop."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()


class Busy:
    """A Python thread that never rests, for as long as it is entered."""

    def __enter__(self) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._spin)
        self._thread.start()

    def __exit__(self, *raised: object) -> None:
        self._over.set()
        self._thread.join()

    def _spin(self) -> None:
        while not self._over.is_set():
            sum(range(300))


class Bench:
    """The player on a null sink, with what the export says it should sound like."""

    def __init__(self, folder: Path) -> None:
        paths = sorted(folder.glob("*.wav"))
        order = Order(tuple(Input(path) for path in paths), Encoding.WAV32F, measure=False)
        mix_down(order, folder / "out" / "whole.wav", lambda: False)
        self.exported = read_all(folder / "out" / "whole.wav")[0]
        sources = {path.stem: open_source(path, None, owned=[folder])[0] for path in paths}  # type: ignore[arg-type]  # mapped, so no cache
        self.track, self.other = Track(sources), Track({name: sources[name] for name in list(sources)[:6]})
        self.player = Player()
        self.sink = NullSink()
        self.sink.install()
        self.sink.start()
        self.sink.record()
        self.feeder = AudioFeeder(self.player, Unheard())
        self.feeder.start()
        self.window = Window(self.player, len(self.exported))
        wait_for(lambda: self.feeder.device == "pulse")
        self.window.wait(1.0)

    def close(self) -> None:
        """Stop everything."""
        self.feeder.stop()
        self.sink.close()

    def compare(self, seconds: float) -> tuple[float, int, float]:
        """Play and record; return largest difference, frames that differ, and frames painted a second."""
        self.player.load(self.track, self.track.compile(MixState()))
        self.player.seek(RATE)
        self.player.play()
        self.window.wait(1.0)
        first, painted, start = self.sink.recorded, self.window.painted, time.monotonic()
        self.window.wait(seconds)
        rate = (self.window.painted - painted) / (time.monotonic() - start)
        recorded = self.sink.samples(first)
        self.player.pause()
        at = self._place(recorded[:64])
        length = min(len(recorded), len(self.exported) - at)
        difference = np.abs(recorded[:length] - self.exported[at : at + length]).max(axis=1)
        return float(difference.max()), int(np.count_nonzero(difference > 2e-7)), rate

    def _place(self, probe: np.ndarray) -> int:
        starts = np.flatnonzero(np.abs(self.exported[: 30 * RATE, 0] - probe[0, 0]) < 2e-7)
        return next((i for i in starts if np.abs(self.exported[i : i + 64] - probe).max() < 2e-7), 0)

    def latencies(self, times: int = 8) -> dict[str, float]:
        """Longest time in ms from each control to the first recorded frame that shows it.

        The first of each is not counted: it may wait for a cold disk. It is under its name with ", first".
        """
        silent = {name: Strip(mute=True) for name in self.track.ids}
        full, mute = self.track.compile(MixState()), self.track.compile(MixState(silent))
        self.player.load(self.track, full)
        self.player.play()
        self.window.wait(1.0)
        controls: dict[str, Callable[[], None]] = {
            "seek": lambda: self.player.seek(100 * RATE),
            "mute": lambda: self.player.set_mix(mute),
            "level": lambda: self.player.set_mix(self.track.compile(MixState(master=-6.0))),
            "take": lambda: self.player.switch(self.other, self.other.compile(MixState())),
        }
        worst = dict.fromkeys([*controls, *(f"{name}, first" for name in controls)], 0.0)
        for number in range(times + 1):
            for name, control in controls.items():
                self.player.switch(self.track, full)
                self.player.seek((10 + number) * RATE)
                self.window.wait(0.4)
                counted = name if number else f"{name}, first"
                worst[counted] = max(worst[counted], self._heard_after(control))
        self.player.pause()
        return worst

    def _heard_after(self, control: Callable[[], None]) -> float:
        """Milliseconds until the recording leaves what would have been played without ``control``."""
        before = self.sink.recorded
        control()
        self.window.wait(0.4)
        recorded = self.sink.samples(before - 4800)
        at = self._place(recorded[:64])
        length = min(len(recorded), len(self.exported) - at)
        left = np.flatnonzero(np.abs(recorded[:length] - self.exported[at : at + length]).max(axis=1) > 1e-5)
        return max(0.0, (left[0] - 4800) / RATE * 1000) if len(left) else float("inf")

    def recovery(self) -> float:
        """Seconds from the server's return to the first sound."""
        self.player.load(self.track, self.track.compile(MixState()))
        self.player.play()
        self.window.wait(0.5)
        self.sink.stop_recording()
        self.sink.kill()
        wait_for(lambda: self.player.silent)
        self.sink.start()
        start = time.monotonic()
        wait_for(lambda: not self.player.silent, 10)
        return time.monotonic() - start


def playback_rows(folder: Path, seconds: int) -> list[Row]:
    """Measure everything that needs a sound server."""
    bench = Bench(folder)
    try:
        most = min(seconds, len(bench.exported) // RATE - 4)
        rows: list[Row] = []
        left = float(seconds)
        worst, wrong, rate = 0.0, 0, 0.0
        while left > 0:  # the song is shorter than five minutes: play it again
            difference, differing, rate = bench.compare(min(left, most))
            worst, wrong = max(worst, difference), wrong + differing
            left -= most
        rows.append(Row(f"played against exported, {seconds} s, 12 stems", worst, "", most=2e-7))
        rows.append(Row("  frames lost, repeated or wrong", wrong, "", most=0, note=f"window at {rate:.0f} frames/s"))
        with Busy():
            difference, differing, rate = bench.compare(min(60, seconds))
        rows.append(Row("  the same beside a busy Python thread", difference, "", most=2e-7))
        rows.append(
            Row("  frames lost, repeated or wrong", differing, "", most=0, note=f"window at {rate:.0f} frames/s")
        )
        bars = {"seek": 40, "mute": 120, "level": 120, "take": 120}
        for name, found in bench.latencies().items():
            kind = "" if name not in bars else ", longest of 8"
            rows.append(Row(f"{name}{kind}: to sound", found, "ms", most=bars.get(name)))
        rows.append(Row("sound back after the server restarts", bench.recovery(), "s", most=4))
        return rows
    finally:
        bench.close()


def restless_rows(seconds: int) -> list[Row]:
    """Move every control at random while recording; count what no fade makes."""
    sink = NullSink()
    sink.install()
    sink.start()
    sink.record()
    player = Player()
    feeder = AudioFeeder(player, Unheard())
    feeder.start()
    try:
        wait_for(lambda: feeder.device == "pulse")
        person, moves = Restless(player, seed=1), 0
        until = sink.recorded + seconds * RATE
        while sink.recorded < until:
            person.move()
            moves += 1
            next_at = sink.recorded + int(person.pause * RATE)
            wait_for(lambda next_at=next_at: sink.recorded >= next_at, 10, every=0.002)
        feeder.stop()
        found = steps(sink.samples())
    finally:
        feeder.stop()
        sink.close()
    # a click is two or more samples that bend
    clicks = int(np.count_nonzero(np.diff(found, prepend=-RATE) > RATE // 100)) if len(found) else 0
    return [Row(f"clicks in {seconds} s of random controls", clicks, "", most=0, note=f"{moves} moves")]
