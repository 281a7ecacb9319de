"""Being asked to end by the system becomes a signal of the event loop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from musicapi_desktop.bridge.desktop.endings import NUMBERS, Endings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX'")

PROGRAM = """
from PySide6.QtCore import QCoreApplication
from musicapi_desktop.bridge.desktop.endings import Endings
app = QCoreApplication([])
endings = Endings()
endings.asked.connect(app.quit)
print("ready", flush=True)
code = app.exec()
endings.release()
print("ended calmly", flush=True)
"""


@pytest.mark.parametrize("number", NUMBERS)
def test_a_program_that_does_nothing_ends_calmly_when_it_is_asked_to(number):
    program = subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True)
    assert program.stdout.readline() == "ready\n"
    program.send_signal(number)
    out, _ = program.communicate(timeout=20)
    assert (out, program.returncode) == ("ended calmly\n", 0)


def test_released_signals_belong_to_whoever_had_them(qtbot):
    before = signal.getsignal(signal.SIGTERM)
    endings = Endings()
    with qtbot.waitSignal(endings.asked):
        os.kill(os.getpid(), signal.SIGTERM)
    endings.release()
    endings.release()
    assert signal.getsignal(signal.SIGTERM) is before
