"""A short run of ``bench queue``: songs are made while one plays into a recorded sink and the library scrolls."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from fakes import null_sink
from fakes.window import BAND, opened

from musicapi_desktop.domain.job import JobState

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))

import crowd
from PySide6.QtCore import QTimer
from watchdog import Watchdog

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
    pytest.mark.skipif(bool(null_sink.missing()), reason=null_sink.missing()),
]

JOBS = 8
SONGS = 300
COMPUTING = 50.0


@pytest.fixture
def sink():
    made = null_sink.NullSink()
    made.install()
    try:
        made.start()
        made.record()
        yield made
    finally:
        made.close()


@pytest.fixture(autouse=True)
def quick_switches():
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.001)  # as the application does
    yield
    sys.setswitchinterval(before)


@pytest.mark.timeout(180)
def test_songs_are_made_while_one_plays_and_the_library_scrolls(qapp, tmp_path, sink):
    data = tmp_path / "data"
    (data / "data").mkdir(parents=True)
    crowd.crowd(data / "data" / "library.db", SONGS)
    tone = crowd.plant_tone(data, 240.0)
    with opened(qapp, data, maker=BAND) as visit:
        player = visit.presenters.player
        player.open_by_id(tone.id, tone.takes[0].id)
        visit.until("sound", lambda: player.look().position > 2.0)
        assert player.look().device == "pulse"
        bar = visit.desk.library.table.verticalScrollBar()
        timer = QTimer(interval=16)
        timer.timeout.connect(lambda: bar.setValue((bar.value() + 37) % bar.maximum()))
        start = sink.recorded
        with Watchdog() as watchdog:
            timer.start()
            for number in range(JOBS):
                visit.describe(f"song {number} of many")
                visit.press_create()
                visit.until("the press to be kept", lambda: visit.presenters.create.state.can_create)
            visit.until("the songs", lambda: visit.presenters.queue.state.count == 0, 120.0)
            timer.stop()
        heard = sink.samples(start)
        assert [job.state for job in visit.jobs()] == [JobState.READY] * JOBS
    assert len(heard) > null_sink.RATE
    assert crowd.drop_outs(heard) == 0
    # a machine that is shared may pause everyone for longer; what the window itself computes in one go may not
    worst = max((stall.cpu_ms for stall in watchdog.stalls), default=0.0)
    assert worst < COMPUTING, watchdog.longest_own.where


def test_a_drop_out_is_found():
    import numpy as np

    turns = 2 * np.pi * crowd.HERTZ / crowd.RATE * np.arange(2 * crowd.RATE)
    wave = (0.2 * np.sin(turns)).astype(np.float32)
    whole = np.stack([wave, wave], axis=1)
    assert crowd.drop_outs(whole) == 0
    gap = whole.copy()
    gap[30_000:30_480] = 0
    assert crowd.drop_outs(gap) == 1
    assert crowd.drop_outs(np.delete(whole, 30_000, axis=0)) == 1
    assert crowd.drop_outs(np.concatenate([whole[:30_000], whole[29_500:60_000], whole[60_001:]])) == 2
