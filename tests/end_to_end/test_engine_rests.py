"""The local engine ends after minutes without work, and is there again with the next need; killed, it is told."""

from __future__ import annotations

import os
import queue
import signal
import sys
import time

import pytest
from fakes.window import BAND, opened

from musicapi_desktop.app import core
from musicapi_desktop.bridge.engine_process import EngineProcess
from musicapi_desktop.domain.events import EngineState

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

STAND_IN = "import sys; print('ready http://127.0.0.1:9', flush=True); sys.stdin.read()"
PATIENCE = 10.0
SHORT = 0.3


class Told:
    """An EventSink that can be waited on."""

    def __init__(self):
        self._events = queue.Queue()

    def publish(self, event):
        self._events.put(event)

    def states(self, count):
        return [self._events.get(timeout=PATIENCE) for _ in range(count)]

    def nothing(self):
        return self._events.empty()


@pytest.fixture
def engine(tmp_path):
    """Start engine processes of a stand-in; they end with the test."""
    made = []

    def make(told, **how):
        process = EngineProcess([sys.executable, "-c", STAND_IN], tmp_path / "engine.log", told, **how)
        made.append(process)
        return process

    yield make
    for process in made:
        process.stop()


def test_with_nothing_to_do_it_ends_and_the_next_question_starts_another(engine):
    told = Told()
    process = engine(told, rests_after=SHORT)
    _, token = process.endpoint()
    first = process.pid
    events = told.states(3)
    assert [event.state for event in events] == [EngineState.STARTING, EngineState.READY, EngineState.STOPPED]
    # going to rest is nobody's news
    assert events[-1].reason == ""
    assert process.pid is None
    assert process.endpoint()[1] != token
    assert process.pid not in {None, first}


def test_while_it_works_it_stays(engine):
    told, asked, work = Told(), queue.Queue(), [True]

    def busy():
        asked.put(time.monotonic())
        return work[0]

    process = engine(told, busy=busy, rests_after=SHORT)
    process.endpoint()
    told.states(2)
    for _ in range(3):
        asked.get(timeout=PATIENCE)
        assert process.pid is not None
    assert told.nothing()
    work[0] = False
    assert told.states(1)[0].state is EngineState.STOPPED


def test_a_question_begins_the_wait_anew(engine):
    told = Told()
    process = engine(told, rests_after=1.0)
    process.endpoint()
    told.states(2)
    last = time.monotonic() + 1.5
    first = process.pid
    while time.monotonic() < last:
        assert process.endpoint()
        assert process.pid == first
    asked = time.monotonic()
    assert told.states(1)[0].state is EngineState.STOPPED
    assert time.monotonic() - asked > 0.5


def test_killed_it_is_told_and_starts_again(engine):
    told = Told()
    process = engine(told)
    process.endpoint()
    told.states(2)
    os.kill(process.pid, signal.SIGKILL)
    (event,) = told.states(1)
    assert event.state is EngineState.STOPPED
    assert "starts again" in event.reason
    assert process.endpoint()
    assert process.pid is not None


def test_a_song_is_made_after_the_engine_went_to_rest(qapp, tmp_path, monkeypatch):
    monkeypatch.setattr(core, "RESTS_AFTER", 1.0)
    with opened(qapp, tmp_path, maker=BAND) as visit:
        visit.until("the engine", lambda: visit.core.engine.pid is not None)
        first = visit.core.engine.pid
        visit.until("its rest", lambda: visit.core.engine.pid is None)
        visit.describe("a quiet song")
        visit.press_create()
        visit.ended()
        assert all(take.state == "ready" for take in visit.songs()[0].takes)
        visit.until("its rest again", lambda: visit.core.engine.pid is None)
        assert first != visit.core.engine.pid
        assert not [line for line in visit.told if "engine" in line.lower()]
