"""What of a take the lanes have in view. No Qt."""

from __future__ import annotations

from musicapi_desktop.domain.mix import Span

LEAST = 1.0
"""Seconds: nothing shorter fills the lanes."""

_LEAD = 0.1
"""The part of the view that stays in sight when it is turned over like a page."""


class LaneView:
    """``span`` is start and end in seconds, None for all of it."""

    def __init__(self, span: Span | None = None) -> None:
        self.span = span
        self._seen = False

    def show(self, start: float, end: float, seconds: float) -> None:
        """Show from ``start`` to ``end`` of a take of ``seconds``, moved or widened to what can be shown."""
        width = max(LEAST, abs(end - start))
        if width >= seconds:
            self.span = None
            return
        # what was asked too narrow grows around its middle
        first = min(start, end) - (width - abs(end - start)) / 2
        first = min(max(0.0, first), seconds - width)
        self.span = (first, first + width)
        self._seen = False

    def zoom(self, part: float, middle: float, seconds: float) -> None:
        """Show ``part`` times as much, ``middle`` (seconds) where it is if it is in view, else in the middle."""
        first, last = self.span or (0.0, seconds)
        width = (last - first) * part
        share = (middle - first) / (last - first) if first <= middle <= last and last > first else 0.5
        self.show(middle - share * width, middle + (1.0 - share) * width, seconds)

    def follow(self, position: float, seconds: float) -> bool:
        """Turn over where the playhead has run out of view; one that was scrolled away from is let go."""
        if self.span is None:
            return False
        first, last = self.span
        inside = first <= position < last
        left, self._seen = self._seen and not inside, inside
        if not left:
            return False
        width = last - first
        self.show(position - _LEAD * width, position + (1.0 - _LEAD) * width, seconds)
        self._seen = True
        return self.span != (first, last)
