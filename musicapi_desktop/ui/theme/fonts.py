"""Inter, bundled: the same letters on every system, with tabular figures where figures stand in columns."""

from __future__ import annotations

import logging
import sys
from functools import cache
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase

from musicapi_desktop.settings.locations import resource

from .tokens import tokens

log = logging.getLogger(__name__)

FAMILY: Final = "Inter"
_FACES: Final = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold"}
_REGULAR: Final = 400

STEPS: Final = {
    "caption": 0.84,
    "small": 0.9,
    "base": 1.0,
    "title": 1.14,
    "heading": 1.3,
    "display": 1.8,
}
"""Sizes relative to the base font."""

_WEIGHTS: Final = {"title": 600, "heading": 700, "display": 700}


def load() -> None:
    """Make every bundled face known to Qt, for the style sheet, which names weights itself."""
    for weight in _FACES:
        _face(weight)


@cache
def _face(weight: int) -> bool:
    """Make the face of a weight known to Qt, once: each takes a millisecond. False where it cannot be read."""
    loaded = QFontDatabase.addApplicationFont(str(resource(f"fonts/Inter-{_FACES[weight]}.otf"))) != -1
    if not loaded:
        log.warning("the bundled font could not be loaded")
    return loaded


@cache
def _families(weight: int) -> tuple[str, ...]:
    """The families to ask for, best first; the system's own keeps the window readable without the bundled one."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    return (FAMILY, system) if _face(min(_FACES, key=lambda known: abs(known - weight))) else (system,)


def points(step: str = "base") -> float:
    """The size of a step in points. A Mac counts 72 points to the inch, the others 96."""
    base = tokens().size["font_base_pt"] * (1.3 if sys.platform == "darwin" else 1.0)
    return round(base * STEPS[step], 2)


def font(step: str = "base", *, weight: int | None = None, tabular: bool = False) -> QFont:
    """A font of the interface. ``weight`` is 100–900; ``tabular`` gives every figure the same width."""
    weighed = weight or _WEIGHTS.get(step, _REGULAR)
    made = QFont()
    made.setFamilies(list(_families(weighed)))
    made.setPointSizeF(points(step))
    made.setWeight(QFont.Weight(weighed))
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made
