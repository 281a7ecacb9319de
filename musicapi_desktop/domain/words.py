"""Text the service wrote for the form."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft: lyrics with a title, or a style (the title is empty then)."""

    title: str
    text: str
