"""A private X server, and the moment a program's window on it is first painted. libX11 by ctypes; no window manager."""

from __future__ import annotations

import contextlib
import ctypes as c
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SIZE = (1440, 900)
_SUBSTRUCTURE_NOTIFY = 1 << 19
_MAP_NOTIFY = 19
_Z_PIXMAP = 2
_LEAST_COLOURS = 6
"""A window counts as painted once it shows more colours than a blank one with a border."""
_MAIN = (600, 400)
"""A smaller window is a splash or a question of the first start, not the main window."""


class _MapEvent(c.Structure):
    _fields_ = [
        ("type", c.c_int),
        ("serial", c.c_ulong),
        ("send", c.c_int),
        ("display", c.c_void_p),
        ("event", c.c_ulong),
        ("window", c.c_ulong),
    ]


_Place = tuple[int, int, int, int]
"""Left, top, width, height in pixels, inside the screen."""


class _Image(c.Structure):
    _fields_ = [("width", c.c_int), ("height", c.c_int), ("xoffset", c.c_int), ("format", c.c_int)]
    _fields_ += [("data", c.POINTER(c.c_char)), ("byte_order", c.c_int), ("unit", c.c_int), ("bit_order", c.c_int)]
    _fields_ += [("pad", c.c_int), ("depth", c.c_int), ("bytes_per_line", c.c_int), ("bits_per_pixel", c.c_int)]


def _library() -> c.CDLL:
    x = c.CDLL("libX11.so.6")
    window, display = c.c_ulong, c.c_void_p
    x.XOpenDisplay.restype, x.XOpenDisplay.argtypes = display, [c.c_char_p]
    x.XDefaultRootWindow.restype, x.XDefaultRootWindow.argtypes = window, [display]
    x.XSelectInput.argtypes = [display, window, c.c_long]
    x.XPending.argtypes = [display]
    x.XNextEvent.argtypes = [display, c.c_void_p]
    x.XConnectionNumber.argtypes = [display]
    x.XSync.argtypes = [display, c.c_int]
    x.XCloseDisplay.argtypes = [display]
    x.XFree.argtypes = [c.c_void_p]
    numbers = [c.POINTER(c.c_int)] * 2 + [c.POINTER(c.c_uint)] * 4
    x.XGetGeometry.argtypes = [display, window, c.POINTER(c.c_ulong), *numbers]
    x.XGetImage.restype = c.c_void_p
    x.XGetImage.argtypes = [display, window, c.c_int, c.c_int, c.c_uint, c.c_uint, c.c_ulong, c.c_int]
    return x


_quiet = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_void_p)(lambda _display, _event: 0)


class Screen:
    """An Xvfb of SIZE on a free display."""

    def __init__(self) -> None:
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp"]
        self._server = subprocess.Popen(
            command, pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(write)
        with os.fdopen(read) as pipe:
            self.name = ":" + pipe.readline().strip()
        self._x = _library()
        self._x.XSetErrorHandler(_quiet)
        self._display = self._x.XOpenDisplay(self.name.encode())
        if not self._display:
            raise RuntimeError(f"cannot open the display {self.name}")
        self._root = self._x.XDefaultRootWindow(self._display)
        self._x.XSelectInput(self._display, self._root, _SUBSTRUCTURE_NOTIFY)
        self._x.XSync(self._display, 0)

    def close(self) -> None:
        """End the server."""
        self._x.XCloseDisplay(self._display)
        self._server.terminate()
        self._server.wait()

    def colours(self, place: _Place = (0, 0, *SIZE)) -> int:
        """How many different colours a part of the screen shows (sampled)."""
        address = self._x.XGetImage(self._display, self._root, *place, 0xFFFFFFFF, _Z_PIXMAP)
        if not address:
            return 0
        image = c.cast(address, c.POINTER(_Image)).contents
        pixels = c.string_at(image.data, image.bytes_per_line * image.height)
        self._x.XFree(image.data)
        self._x.XFree(address)
        return len(set(memoryview(pixels).cast("I")[::7]))

    def painted_after(self, begun: float, patience: float) -> tuple[float, float]:
        """Seconds from ``begun`` (monotonic) until any window is mapped, and until a main window is painted."""
        mapped = 0.0
        windows: list[int] = []
        event = c.create_string_buffer(256)
        connection = self._x.XConnectionNumber(self._display)
        while time.monotonic() - begun < patience:
            select.select([connection], [], [], 0.002 if windows else 0.02)
            while self._x.XPending(self._display):
                self._x.XNextEvent(self._display, event)
                told = c.cast(event, c.POINTER(_MapEvent)).contents
                if told.type == _MAP_NOTIFY:
                    mapped = mapped or time.monotonic() - begun
                    windows.append(told.window)
            places = [self._place(window) for window in windows]
            if any(place and self.colours(place) >= _LEAST_COLOURS for place in places):
                return mapped, time.monotonic() - begun
        raise TimeoutError(f"no main window was painted within {patience} s")

    def _place(self, window: int) -> _Place | None:
        """Where a main window is on the screen; None for a smaller one, or one that is gone."""
        root, x, y = c.c_ulong(), c.c_int(), c.c_int()
        width, height, border, depth = c.c_uint(), c.c_uint(), c.c_uint(), c.c_uint()
        numbers = (c.byref(n) for n in (root, x, y, width, height, border, depth))
        if not self._x.XGetGeometry(self._display, window, *numbers):
            return None
        if width.value < _MAIN[0] or height.value < _MAIN[1]:
            return None
        left, top = max(0, x.value), max(0, y.value)
        return left, top, min(width.value, SIZE[0] - left), min(height.value, SIZE[1] - top)


@dataclass(frozen=True)
class Start:
    """One measured start: seconds until mapped and painted, memory in MB and a share of a core after settling.

    ``rss`` and ``private`` are the first process' own: the engine is a process of its own and ends when idle. ``idle``
    is in percent of a core, of the whole group.
    """

    mapped: float
    painted: float
    rss: float
    private: float
    idle: float


@contextlib.contextmanager
def started(
    command: Sequence[str | Path], home: Path, screen: Screen
) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """Run a program on ``screen`` with ``home`` as its home; end its process group afterwards."""
    env = {
        **os.environ,
        "DISPLAY": screen.name,
        "QT_QPA_PLATFORM": "xcb",
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
    }
    for name in ("WAYLAND_DISPLAY", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        env.pop(name, None)
    begun = time.monotonic()
    quiet = subprocess.DEVNULL  # some of the peers write a page
    process = subprocess.Popen(
        [str(p) for p in command], env=env, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )
    try:
        yield process, begun
    finally:
        for how in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                os.killpg(process.pid, how)
                process.wait(5)


def measure(command: Sequence[str | Path], home: Path, settle: float = 1.5, watch: float = 0.0) -> Start:
    """Start a program on a fresh screen and measure it; ``watch`` seconds of idling follow ``settle`` seconds."""
    screen = Screen()
    try:
        with started(command, home, screen) as (process, begun):
            mapped, painted = screen.painted_after(begun, 30)
            _live(process, settle)
            before = _worked(process.pid)
            _live(process, watch)
            idle = (_worked(process.pid) - before) / watch * 100 if watch else 0.0
            return Start(mapped, painted, *memory(process.pid), idle)
    finally:
        screen.close()


def _live(process: subprocess.Popen[bytes], seconds: float) -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)


def _worked(group: int) -> float:
    """Processor time in seconds of every process in a group so far."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # a process may end while it is looked at
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[2]) == group:
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> tuple[float, float]:
    """Resident and private anonymous memory of a process in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    values = {line.split(":")[0]: line.split()[1] for line in status.splitlines() if line.startswith(("Rss", "VmRSS"))}
    return int(values["VmRSS"]) / 1024, int(values["RssAnon"]) / 1024


def forget(folders: Sequence[Path]) -> None:
    """Drop what the system keeps of these folders' files in memory; pages that running programs use stay."""
    os.sync()
    for folder in folders:
        for parent, _folders, names in os.walk(folder):
            for name in names:
                with contextlib.suppress(OSError):
                    # links to nowhere, and files of others
                    handle = os.open(Path(parent, name), os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
                    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
                    os.close(handle)
