"""Rules for every test: no thread is left behind, and no network but loopback."""

from __future__ import annotations

import socket
import sys
import threading
import time
import traceback
from pathlib import Path

import pytest

# the helpers of tests/support and tests/fakes are imported by these names
sys.path.insert(0, str(Path(__file__).parent))

_PATIENCE = 3.0
_LOOPBACK = ("127.", "::1", "localhost")
_connect = socket.socket.connect


def _guarded(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(_LOOPBACK):
        raise AssertionError(f"a test may talk to loopback only, not to {address}")
    return _connect(self, address)


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", _guarded)


def _strangers(before):
    # daemon threads belong to libraries and to calls that cannot be interrupted; ours are joined
    return [t for t in threading.enumerate() if t not in before and not t.daemon and t.is_alive()]


@pytest.fixture(autouse=True)
def no_thread_is_left_behind():
    before = set(threading.enumerate())
    yield
    until = time.monotonic() + _PATIENCE
    left = _strangers(before)
    while left and time.monotonic() < until:
        left[0].join(until - time.monotonic())
        left = _strangers(before)
    if left:
        frames = sys._current_frames()
        where = "\n".join("".join(traceback.format_stack(frames[t.ident])) for t in left if t.ident in frames)
        pytest.fail(f"threads left running: {[t.name for t in left]}\n{where}")
