"""Where an operation works: its folder, whom it tells how far it is, and whether it is still wanted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from musicapi_desktop.offline.engine import Cancel, Cancelled, Preview, Progress


@dataclass(frozen=True, slots=True)
class Bench:
    """One operation's place of work. ``low`` and ``high`` are the shares of the whole that this part covers."""

    folder: Path
    progress: Progress
    cancelled: Cancel
    preview: Preview | None = None
    low: float = 0.0
    high: float = 1.0

    def check(self) -> None:
        """Raise Cancelled where nobody wants the take any more."""
        if self.cancelled():
            raise Cancelled

    def tell(self, share: float, word: str) -> None:
        """Tell the share done of this part (0-1)."""
        self.progress(self.low + (self.high - self.low) * share, word)

    def part(self, low: float, high: float) -> Bench:
        """The same place for a part of the work, between two shares of it."""
        span = self.high - self.low
        return replace(self, low=self.low + span * low, high=self.low + span * high)

    def within(self, name: str) -> Bench:
        """The same work in a folder of its own inside this one."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return replace(self, folder=folder, preview=None)
