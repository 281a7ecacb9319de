"""A PulseAudio server of its own with one null sink, and a recorder at its monitor: real playback without hardware."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

import numpy as np

RATE = 48_000


def missing() -> str:
    """Why this cannot run here; '' where it can."""
    absent = [program for program in ("pulseaudio", "pactl", "parec") if shutil.which(program) is None]
    return f"not installed: {', '.join(absent)}" if absent else ""


def wait_for(condition: Callable[[], object], seconds: float = 5.0, every: float = 0.01) -> None:
    """Return once ``condition()``; AssertionError after ``seconds``."""
    pause, deadline = Event(), time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        pause.wait(every)


class NullSink:
    """The server. ``environ`` is what a player's process needs to find it; ``install()`` sets it in this process."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sink-"))
        self.folder.chmod(0o700)
        socket = self.folder / "pulse.sock"
        self.environ = {
            "XDG_RUNTIME_DIR": str(self.folder),
            "HOME": str(self.folder),
            "PULSE_SERVER": f"unix:{socket}",
        }
        self.recording = self.folder / "recording.raw"
        self._server: subprocess.Popen[bytes] | None = None
        self._recorder: subprocess.Popen[bytes] | None = None
        self._before: dict[str, str | None] = {}

    def install(self) -> None:
        """Make this process's players use the sink."""
        for name, value in self.environ.items():
            self._before[name] = os.environ.get(name)
            os.environ[name] = value

    def start(self) -> None:
        """Start the server and wait until it answers."""
        protocol = f"module-native-protocol-unix auth-anonymous=1 socket={self.folder / 'pulse.sock'}"
        sink = "module-null-sink sink_name=probe rate=48000 channels=2 format=float32le"
        command = [
            "pulseaudio",
            "-n",
            "--daemonize=no",
            "--use-pid-file=no",
            "--exit-idle-time=-1",
            "--log-level=error",
        ]
        with (self.folder / "server.log").open("ab") as log:
            self._server = subprocess.Popen(
                [*command, "-L", protocol, "-L", sink], env={**os.environ, **self.environ}, stdout=log, stderr=log
            )
        wait_for(lambda: self.control("info") == 0, every=0.05)

    def control(self, *words: str) -> int:
        """Run pactl; return its exit code."""
        done = subprocess.run(
            ["pactl", *words], env={**os.environ, **self.environ}, capture_output=True, check=False, timeout=5
        )
        return done.returncode

    def load(self, name: str, rate: int = RATE) -> str:
        """Add a sink; return the number of its module."""
        module = f"module-null-sink sink_name={name} rate={rate} channels=2 format=float32le"
        return self._asked("load-module", *module.split())

    def unload(self, module: str) -> None:
        """Take a sink away."""
        self._asked("unload-module", module)

    def module_of(self, sink: str) -> str:
        """The number of the module of a sink."""
        lines = self._asked("list", "short", "modules").splitlines()
        return next(line.split()[0] for line in lines if f"sink_name={sink} " in f"{line} ")

    def playing_to(self) -> list[str]:
        """The names of the sinks that streams play to."""
        names = dict(line.split()[:2] for line in self._asked("list", "short", "sinks").splitlines())
        return [names.get(line.split()[1], "") for line in self._asked("list", "short", "sink-inputs").splitlines()]

    def _asked(self, *words: str) -> str:
        environ = {**os.environ, **self.environ}
        done = subprocess.run(["pactl", *words], env=environ, capture_output=True, check=True, timeout=5, text=True)
        return done.stdout.strip()

    def record(self, sink: str = "probe") -> None:
        """Record the monitor from now on, and wait until it does."""
        before = self.recorded
        command = ["parec", "-d", f"{sink}.monitor", "--format=float32le", "--rate=48000", "--channels=2", "--raw"]
        with self.recording.open("ab") as out:
            self._recorder = subprocess.Popen(
                [*command, "--latency-msec=10"], env={**os.environ, **self.environ}, stdout=out
            )
        wait_for(lambda: self.recorded > before + RATE // 4)

    @property
    def recorded(self) -> int:
        """Frames recorded so far."""
        return self.recording.stat().st_size // 8 if self.recording.exists() else 0

    def samples(self, first: int = 0) -> np.ndarray:
        """Return what was recorded from frame ``first`` on: ``(frames, 2) float32``."""
        data = np.fromfile(self.recording, np.float32)
        return data[: len(data) // 2 * 2].reshape(-1, 2)[first:]

    def stop_recording(self) -> None:
        if self._recorder is not None:
            self._recorder.terminate()
            self._recorder.wait(5)
            self._recorder = None

    def kill(self) -> None:
        """Let the server die as in a crash."""
        if self._server is not None:
            self._server.send_signal(signal.SIGKILL)
            self._server.wait(5)
            self._server = None

    def close(self) -> None:
        self.stop_recording()
        self.kill()
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        shutil.rmtree(self.folder, ignore_errors=True)
