"""A short message at the foot of the window, with at most one thing to press."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Toast:
    """``run`` is what pressing ``action`` does (Undo); both are empty where there is nothing to press."""

    text: str
    action: str = ""
    run: Callable[[], None] | None = None
    detail: str = ""
