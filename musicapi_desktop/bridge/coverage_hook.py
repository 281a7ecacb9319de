"""Lets a tracer see Python code that Qt's own threads run."""

from __future__ import annotations

import sys
import threading


def trace_this_thread() -> None:
    """Install the tracer of threading on a thread that Qt made (measured: coverage loses such threads otherwise)."""
    hook = threading.gettrace()
    if hook is not None and sys.gettrace() is None:
        sys.settrace(hook)
