import os
import subprocess
import sys
import threading

import numpy as np
import pytest

from musicapi_desktop.audio.probe import probe
from musicapi_desktop.bridge.sound_processes import SoundProcesses
from musicapi_desktop.domain.errors import AudioUnreadable, DiskError, EngineError
from musicapi_desktop.dsp.writer import write_flac
from musicapi_desktop.settings.locations import program

SLEEPER = [sys.executable, "-c", "import sys; sys.stdin.readline(); sys.stdin.read()"]


@pytest.fixture
def processes(tmp_path):
    made = SoundProcesses([*program(), "sound", str(tmp_path / "unpacked")], most=1)
    yield made
    made.stop()


def test_a_file_is_measured_in_another_process(tmp_path, processes):
    path = tmp_path / "a.flac"
    write_flac(path, np.full((48_000, 2), 0.25, np.float32), 48_000)
    assert processes.probe(path) == probe(path)
    (pid,) = processes.pids
    assert pid != os.getpid()


def test_what_the_world_did_comes_back_as_it_was(tmp_path, processes):
    with pytest.raises(DiskError, match="not there"):
        processes.probe(tmp_path / "gone.wav")
    (tmp_path / "noise.wav").write_bytes(b"RIFF nothing of the kind")
    with pytest.raises(AudioUnreadable) as raised:
        processes.probe(tmp_path / "noise.wav")
    assert raised.value.hint


def test_a_process_that_dies_over_a_file_costs_that_file_alone(tmp_path):
    killer = [sys.executable, "-c", "import sys, os; sys.stdin.readline(); os._exit(7)"]
    processes = SoundProcesses(killer)
    with pytest.raises(AudioUnreadable):
        processes.probe(tmp_path / "a.wav")
    assert processes.pids == []
    processes.stop()


def test_stopping_ends_who_waits():
    processes = SoundProcesses(SLEEPER)
    raised: list[BaseException] = []

    def ask():
        try:
            processes.run({"do": "probe"})
        except EngineError as error:
            raised.append(error)

    waiting = threading.Thread(target=ask)
    waiting.start()
    while not processes.pids:
        pass
    processes.stop()
    waiting.join(10)
    assert len(raised) == 1
    with pytest.raises(EngineError):
        processes.run({"do": "probe"})


def test_a_process_that_nobody_needs_ends_quietly(tmp_path):
    code = (
        "import sys; from musicapi_desktop.bridge import sound_child as child; "
        "child._IDLE_SECONDS = 0.1; sys.exit(child.main([sys.argv[1]]))"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    code = child.wait(20)  # its standard input is open all the while
    assert (code, child.stderr.read()) == (0, b"")
    for pipe in (child.stdin, child.stdout, child.stderr):
        pipe.close()
