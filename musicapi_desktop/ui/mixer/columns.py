"""Where things stand in a strip, so that strips, headings and the master line up to the pixel."""

from __future__ import annotations

from typing import NamedTuple

STRIP_WIDTH = 480


class Column(NamedTuple):
    """Left edge and width in pixels."""

    left: int
    width: int


HANDLE = Column(10, 14)
HUE = Column(32, 4)
NAME = Column(46, 108)
MUTE = Column(158, 28)
SOLO = Column(192, 28)
LEVEL = Column(228, 112)
FIGURE = Column(340, 44)
BALANCE = Column(388, 46)
METER = Column(438, 36)

FOLDED = 34
LEAST_LANE = 30
MOST_LANE = 50


def lane_heights(silent: list[bool], room: int) -> list[int]:
    """Heights of lanes in ``room`` pixels: silent ones folded, the others as high as fits between the limits."""
    active = silent.count(False)
    folded = len(silent) - active
    height = MOST_LANE
    if active:
        height = max(LEAST_LANE, min(MOST_LANE, (room - folded * FOLDED) // active))
    return [min(FOLDED, height) if folds else height for folds in silent]


LEAST_CHANNEL = 62
MOST_CHANNEL = 120
CHANNEL_HEIGHT = 300
"""Least width, most width and least height of a strip in the console."""


def channel_widths(count: int, room: int) -> int:
    """How wide each of ``count`` strips of the console is in ``room`` pixels."""
    return max(LEAST_CHANNEL, min(MOST_CHANNEL, room // max(1, count)))
