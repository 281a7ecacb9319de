"""The person's answers: one small JSON file, written whole, never fatal when damaged."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from pathlib import Path
from typing import TypeVar, cast

T = TypeVar("T")

ZOOM_KEY = "look.zoom"
"""Percent of the usual size, 80–200: needed before the application begins."""
LOOK_KEY = "look.theme"
"""``system``, ``dark`` or ``light``: needed before anything that could define it more closely is loaded."""
SCHEME_KEY = "look.shown"
"""``dark`` or ``light``, as the last run was shown: the first frame of the next one is painted in it."""


class Preferences:
    """Values by dotted key (``"window.geometry"``): JSON types only, and never a secret.

    Safe from any thread. A damaged file is set aside as ``preferences.json.damaged`` and the app starts with defaults;
    ``damaged`` says so.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self.damaged = False
        self._values = self._read()

    def get(self, key: str, default: T) -> T:
        """The value of ``key``, or ``default`` where it is missing or of another type."""
        with self._lock:
            value = self._values.get(key, default)
        if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
            return cast("T", float(value))
        if default is not None and type(value) is not type(default):
            return default
        return cast("T", value)

    def set(self, key: str, value: object) -> None:
        """Keep ``value`` and write the file. Raises OSError where the disk refuses; it is kept for this session."""
        with self._lock:
            if key in self._values and self._values[key] == value:
                return
            self._values[key] = value
        self._write()

    def forget(self, key: str) -> None:
        """Go back to the default of ``key``."""
        with self._lock:
            if self._values.pop(key, None) is None:
                return
        self._write()

    def _read(self) -> dict[str, object]:
        try:
            found: object = json.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            found = None
        if isinstance(found, dict):
            return cast("dict[str, object]", found)
        self.damaged = True
        with contextlib.suppress(OSError):
            # keeping the damaged file is a courtesy: failing to must not keep the app from starting
            self._path.replace(self._path.with_name(self._path.name + ".damaged"))
        return {}

    def _write(self) -> None:
        # apart from the values' lock: who only asks for a value must not wait for the disk
        with self._writing:
            with self._lock:
                plain = json.dumps(self._values, indent=1, ensure_ascii=False, sort_keys=True)
            self._path.parent.mkdir(parents=True, exist_ok=True)
            part = self._path.with_name(self._path.name + ".part")
            # half a character (a lone surrogate, met in pasted text) becomes an escape of JSON: it reads back as it was
            with part.open("w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(plain)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)


def zoom_of(preferences: Preferences) -> int:
    """Return the size the person chose, in percent, within 80–200."""
    return min(200, max(80, preferences.get(ZOOM_KEY, 100)))


def zoom_at(path: Path) -> int:
    """Return what ``zoom_of`` would say of a file, without touching it: a damaged one is told of later, once."""
    try:
        found: object = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return 100
    value = cast("dict[str, object]", found).get(ZOOM_KEY) if isinstance(found, dict) else None
    return min(200, max(80, value)) if isinstance(value, int) else 100
