"""What the window looked like, kept for the next start; and when panels fold by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from typing import Final, cast

INSPECTOR_FOLDS_AT: Final = 1100
"""Pixels of window width; at this and less the inspector folds by itself."""
CREATE_FOLDS_AT: Final = 960
CREATE_WIDTH: Final = 372
INSPECTOR_WIDTH: Final = 332
LEAST_SIZE: Final = (900, 600)
FIRST_SIZE: Final = (1440, 900)


class Area(StrEnum):
    """What the work area shows."""

    LIBRARY = "library"
    MIXER = "mixer"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class WindowState:
    """``geometry`` is Qt's own, base64. ``create_open`` is by area: mixing and queueing want the room."""

    geometry: str = ""
    area: Area = Area.LIBRARY
    create_open: Mapping[str, bool] = field(default_factory=lambda: {Area.LIBRARY: True})
    inspector_open: bool = True
    create_width: int = CREATE_WIDTH
    inspector_width: int = INSPECTOR_WIDTH

    def to_json(self) -> dict[str, object]:
        """Plain values for the preferences file."""
        return {**asdict(self), "area": str(self.area), "create_open": {str(k): v for k, v in self.create_open.items()}}

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> WindowState:
        """The state that was kept; what does not fit is at its default."""
        state = cls()
        for name in (f.name for f in fields(cls)):
            value = values.get(name)
            if name == "area":
                state = replace(state, area=next((area for area in Area if area == value), state.area))
            elif type(value) is type(getattr(state, name)):
                state = replace(state, **{name: value})
        kept = cast("Mapping[object, object]", state.create_open)
        return replace(state, create_open={str(area): on is True for area, on in kept.items()})


@dataclass(frozen=True, slots=True)
class Folds:
    """Which side panels are open: what the person wants, and what the width allows.

    A panel that folded by itself may be opened again; that holds until the width crosses the mark once more.
    """

    state: WindowState
    width: int = FIRST_SIZE[0]
    insisted: frozenset[str] = frozenset()

    @property
    def create(self) -> bool:
        """True while the Create panel is to be seen."""
        wanted = self.state.create_open.get(self.state.area, False)
        return ("create" in self.insisted) if self.width <= CREATE_FOLDS_AT else wanted

    @property
    def inspector(self) -> bool:
        """True while the inspector is to be seen: beside the library only."""
        if self.state.area is not Area.LIBRARY:
            return False
        return ("inspector" in self.insisted) if self.width <= INSPECTOR_FOLDS_AT else self.state.inspector_open

    def resized(self, width: int) -> Folds:
        """The window has another width."""
        insisted = set(self.insisted)
        for name, mark in (("create", CREATE_FOLDS_AT), ("inspector", INSPECTOR_FOLDS_AT)):
            if (width <= mark) != (self.width <= mark):
                insisted.discard(name)
        return replace(self, width=width, insisted=frozenset(insisted))

    def with_create(self, on: bool) -> Folds:
        """The person opened or folded the Create panel."""
        if self.width <= CREATE_FOLDS_AT:
            return replace(self, insisted=self.insisted | {"create"} if on else self.insisted - {"create"})
        opened = {**self.state.create_open, str(self.state.area): on}
        return replace(self, state=replace(self.state, create_open=opened))

    def with_inspector(self, on: bool) -> Folds:
        """The person opened or folded the inspector."""
        if self.width <= INSPECTOR_FOLDS_AT:
            return replace(self, insisted=self.insisted | {"inspector"} if on else self.insisted - {"inspector"})
        return replace(self, state=replace(self.state, inspector_open=on))

    def in_area(self, area: Area) -> Folds:
        """The work area shows something else."""
        return replace(self, state=replace(self.state, area=area))
