"""The system libraries, fonts and test tools that pip cannot bring, on Debian and Ubuntu; a plain list elsewhere.

Each list was found by running on a clean Debian 12 until it loaded.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

# what tells that a package is there: a shared library's name, a program, or a folder
_RUN: dict[str, str] = {
    "libglib2.0-0": "libglib-2.0.so.0",
    "libgl1": "libGL.so.1",
    "libegl1": "libEGL.so.1",
    "libxkbcommon0": "libxkbcommon.so.0",
    "libfontconfig1": "libfontconfig.so.1",
    "libdbus-1-3": "libdbus-1.so.3",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libwayland-cursor0": "libwayland-cursor.so.0",
    "libwayland-egl1": "libwayland-egl.so.1",
    "libpulse0": "libpulse-simple.so.0",
    "fonts-noto-core": "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
}
_TEST: dict[str, str] = {
    "xvfb": "bin:Xvfb",
    "xauth": "bin:xauth",
    "xdotool": "bin:xdotool",
    "dbus": "bin:dbus-run-session",
    "gnome-keyring": "bin:gnome-keyring-daemon",
    "pulseaudio": "bin:pulseaudio",
    "pulseaudio-utils": "bin:parec",
}
_BENCH: dict[str, str] = {"ffmpeg": "bin:ffmpeg", "sox": "bin:sox"}
_NEEDS = {"run": _RUN, "test": _RUN | _TEST, "bench": _RUN | _TEST | _BENCH}

Say = Callable[[str], None]


def ensure(purpose: str, say: Say) -> None:
    """Install what ``purpose`` (run, test or bench) lacks, or say exactly what is missing and end."""
    if not sys.platform.startswith("linux"):
        return
    missing = _missing(_NEEDS[purpose])
    if not missing:
        return
    if shutil.which("apt-get") is None:
        say("These libraries or programs were not found; install them with this system's own tool if anything fails:")
        say("  " + ", ".join(_NEEDS[purpose][name].removeprefix("bin:") for name in missing))
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() != 0:
        sys.exit(f"System libraries are missing. Install them once, then run this again:\n  sudo {' '.join(command)}")
    say(f"Installing system packages: {' '.join(missing)}")
    _install(command)


def _missing(wanted: dict[str, str]) -> list[str]:
    known = _shared_libraries()
    return [package for package, sign in wanted.items() if not _there(sign, known)]


def _there(sign: str, known: str) -> bool:
    if sign.startswith("/"):
        return Path(sign).exists()
    if sign.startswith("bin:"):
        return shutil.which(sign.removeprefix("bin:")) is not None
    return f"\t{sign} " in known


def _shared_libraries() -> str:
    tool = shutil.which("ldconfig") or "/sbin/ldconfig"
    try:
        return subprocess.run([tool, "-p"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""


def _install(command: list[str]) -> None:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "-qq"], [*command, "-qq"]):
        code = subprocess.run(step, env=env, stdout=subprocess.DEVNULL, check=False).returncode
        if code:
            sys.exit(f"This failed with code {code}: {' '.join(step)}")
