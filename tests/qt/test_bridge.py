from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject, QThread, Slot

from musicapi_desktop.app.instance import Instance
from musicapi_desktop.bridge.calls import Calls
from musicapi_desktop.bridge.client_thread import ClientThread
from musicapi_desktop.bridge.deadline import within
from musicapi_desktop.bridge.relay import Relay
from musicapi_desktop.domain.errors import DiskError
from musicapi_desktop.domain.events import Notice


class Listener(QObject):
    def __init__(self):
        super().__init__()
        self.heard = []

    @Slot(object)
    def hear(self, event):
        self.heard.append((event, QThread.currentThread() is self.thread()))


def test_events_of_any_thread_arrive_in_order_on_the_gui_thread(qtbot):
    relay, listener = Relay(), Listener()
    relay.published.connect(listener.hear)
    sender = threading.Thread(target=lambda: [relay.publish(Notice(str(n))) for n in range(200)])
    sender.start()
    qtbot.waitUntil(lambda: len(listener.heard) == 200)
    sender.join()
    assert [e.message for e, _ in listener.heard] == [str(n) for n in range(200)]
    assert all(on_gui for _, on_gui in listener.heard)


@pytest.fixture
def calls(qtbot):
    made = Calls()
    yield made
    made.stop()


def test_work_runs_elsewhere_and_its_answer_comes_back_here(qtbot, calls):
    answers = []
    here = threading.get_ident()
    calls.run(threading.get_ident, lambda there: answers.append((there, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(answers))
    assert answers[0][0] != here
    assert answers[0][1] == here


def test_a_failure_reaches_the_one_who_asked(qtbot, calls):
    failures = []

    def work():
        raise DiskError("The disk is full.")

    calls.run(work, failed=failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert failures[0].message == "The disk is full."


def test_a_failure_nobody_asked_about_is_reported(qtbot, calls):
    with qtbot.waitSignal(calls.bug) as told:
        calls.run(lambda: 1 // 0)
    assert isinstance(told.args[0], ZeroDivisionError)


def test_nothing_is_delivered_after_the_stop(qapp):
    calls = Calls()
    gate, answers = threading.Event(), []
    calls.run(gate.wait, answers.append)
    gate.set()
    calls.stop()
    calls.run(lambda: answers.append("late"))
    qapp.processEvents()
    assert answers == []


class CountingPump:
    def __init__(self):
        self.steps = 0
        self.recovered = threading.Event()
        self.stepped = threading.Event()
        self.stopped = False
        self.fail_next = False

    def recover(self):
        self.recovered.set()

    def step(self, now):
        self.steps += 1
        self.stepped.set()
        if self.fail_next:
            self.fail_next = False
            raise RuntimeError("a bug")
        return

    def stop(self):
        self.stopped = True


@pytest.fixture
def pump_thread():
    pump, reports = CountingPump(), []
    thread = ClientThread(lambda: pump, reports.append)
    thread.start()
    yield pump, thread, reports
    thread.leave()
    assert thread.wait(5000)


def test_the_pump_recovers_first_then_steps_when_woken(pump_thread):
    pump, thread, _ = pump_thread
    assert pump.recovered.wait(5)
    assert pump.stepped.wait(5)
    pump.stepped.clear()
    thread.wake()
    assert pump.stepped.wait(5)


def test_a_bug_in_the_pump_is_reported_and_the_pump_goes_on(pump_thread, caplog):
    pump, thread, reports = pump_thread
    assert pump.stepped.wait(5)
    pump.fail_next = True
    pump.stepped.clear()
    thread.wake()
    assert pump.stepped.wait(5)
    pump.stepped.clear()
    thread.wake()
    assert pump.stepped.wait(5)
    assert [str(r) for r in reports] == ["a bug"]


def test_a_call_that_hangs_is_abandoned():
    gate = threading.Event()
    with pytest.raises(TimeoutError):
        within(gate.wait, 0.05)
    gate.set()
    assert within(lambda: 7, 5) == 7
    with pytest.raises(ZeroDivisionError):
        within(lambda: 1 // 0, 5)


def test_a_second_instance_hands_its_files_over(qtbot, tmp_path):
    first, second = Instance(tmp_path), Instance(tmp_path)
    assert first.first()
    assert not second.first()
    first.listen()
    with qtbot.waitSignal(first.raised) as raised:
        assert second.hand_over((str(tmp_path / "a song.mp3"),))
    assert raised.args[0] == [str(tmp_path / "a song.mp3")]
    first.release()
    assert second.first()
    second.release()
