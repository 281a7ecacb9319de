"""Runs before the program in a frozen build.

It stands in for PyInstaller's own hooks, which load Qt and multiprocessing at every start: the engine needs no Qt and
the window no multiprocessing, and the paths they set would leak into the browser or the file manager that is opened.
"""

import os
import sys


def _leave_no_traces() -> None:
    # this process has read the boot loader's library path by now; what it starts must not follow it, and the engine's
    # process is a start of its own
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    os.environ.pop("LD_LIBRARY_PATH", None)
    if before:
        os.environ["LD_LIBRARY_PATH"] = before
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"


if sys.platform.startswith("linux"):
    _leave_no_traces()
if "serve" in sys.argv[1:2] or "--multiprocessing-fork" in sys.argv or "-c" in sys.argv:
    # the engine, its workers and their watcher: with this hook multiprocessing knows the frozen program
    import pyi_rth_multiprocessing  # noqa: F401  # type: ignore
