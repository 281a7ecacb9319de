"""Where the engine's data lies: beside the package, inside it, or in the frozen program."""

from __future__ import annotations

import sys
from pathlib import Path


def root() -> Path:
    """The resources folder. The app's own rule lives in settings/, which this room may not import."""
    if getattr(sys, "frozen", False):
        return Path(getattr(sys, "_MEIPASS", Path(sys.executable).parent)) / "resources"
    package = Path(__file__).parent.parent
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"
