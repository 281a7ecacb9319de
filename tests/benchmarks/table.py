"""A table of measurements with bar and figure side by side; the exit code says whether every bar was met."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measured figure. ``most`` and ``least`` are the bar, None where the figure is only recorded."""

    what: str
    figure: float
    unit: str = ""
    most: float | None = None
    least: float | None = None
    note: str = ""

    @property
    def met(self) -> bool:
        """True where the figure is inside the bar."""
        above = self.most is not None and self.figure > self.most
        below = self.least is not None and self.figure < self.least
        return not (above or below)

    @property
    def bar(self) -> str:
        """The bar in words."""
        if self.most is not None:
            return f"≤ {self.most:g}"
        return f"≥ {self.least:g}" if self.least is not None else "recorded"


def show(title: str, rows: list[Row], say: Callable[[str], object] = print) -> int:
    """Print the table; return 0 where every bar is met, else 1."""
    say(f"\n{title}\n")
    width = max(len(r.what) for r in rows)
    say(f"{'what':<{width}}  {'figure':>12}  {'bar':>12}  ")
    for row in rows:
        mark = "" if row.bar == "recorded" else "met" if row.met else "MISSED"
        say(f"{row.what:<{width}}  {f'{row.figure:.4g} {row.unit}':>12}  {row.bar:>12}  {mark:<7}{row.note}")
    return 0 if all(r.met for r in rows) else 1
