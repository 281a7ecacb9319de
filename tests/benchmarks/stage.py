"""What every measurement of the window needs: the sources and the fakes on the path, and the process as the app's."""

from __future__ import annotations

import os
import sys
from pathlib import Path

TESTS = Path(__file__).parent.parent


def prepare() -> None:
    """Call before Qt and numpy are loaded."""
    sys.path[:0] = [str(TESTS), str(TESTS.parent)]
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # as the application does at its start
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    sys.setswitchinterval(0.001)
