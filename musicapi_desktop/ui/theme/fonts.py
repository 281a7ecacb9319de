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
_FILES: Final = ("Regular", "Medium", "SemiBold", "Bold")

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


@cache
def load() -> tuple[str, ...]:
    """Make the bundled files known to Qt, once; return the families to ask for, best first."""
    found = [QFontDatabase.addApplicationFont(str(resource(f"fonts/Inter-{name}.otf"))) for name in _FILES]
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    if -1 in found:
        # readable in the system's own font, so the window still opens
        log.warning("the bundled font could not be loaded")
        return (system,)
    return (FAMILY, system)


def points(step: str = "base") -> float:
    """The size of a step in points. A Mac counts 72 points to the inch, the others 96."""
    base = tokens().size["font_base_pt"] * (1.3 if sys.platform == "darwin" else 1.0)
    return round(base * STEPS[step], 2)


def font(step: str = "base", *, weight: int | None = None, tabular: bool = False) -> QFont:
    """A font of the interface. ``weight`` is 100–900; ``tabular`` gives every figure the same width."""
    made = QFont()
    made.setFamilies(list(load()))
    made.setPointSizeF(points(step))
    made.setWeight(QFont.Weight(weight or _WEIGHTS.get(step, 400)))
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made
