"""How much of the processor a background thread may take when the window or the sound wants it too."""

from __future__ import annotations

import contextlib
import os
import sys
import threading

_NICE = 10
_BELOW_NORMAL = -1


def step_back() -> None:
    """Let the calling thread stand behind the window and the sound, where the system knows priorities of threads.

    Linux gives each thread a nice value of its own (setpriority(2), "C library/kernel differences"), Windows a
    relative priority (SetThreadPriority). macOS ranks threads by what they were made for and is left alone.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # a system that forbids it is no worse off
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
    elif sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetThreadPriority(kernel.GetCurrentThread(), _BELOW_NORMAL)
