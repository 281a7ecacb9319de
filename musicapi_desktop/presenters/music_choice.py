"""The music folder in the settings: where it is, and choosing another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from musicapi_desktop.bridge.calls import Calls
from musicapi_desktop.domain.errors import KnownError


class MovesMusic(Protocol):
    """services.music_folder.MusicFolder, as the settings use it."""

    def change(self, chosen: Path) -> Path:
        """Keep songs in another folder; blocks while they are carried over. Raises KnownError."""
        ...


@dataclass(frozen=True, slots=True)
class MusicState:
    """``moving`` while songs are carried over; ``said`` where they were, ``trouble`` a sentence where not."""

    folder: Path
    moving: bool = False
    said: bool = False
    trouble: str = ""


class MusicChoice(QObject):
    """Shows and changes the folder songs are kept in. Until ``mover`` is given there is nothing to change."""

    state_changed = Signal(object)

    def __init__(self, calls: Calls, folder: Path) -> None:
        super().__init__()
        self._calls = calls
        self.mover: MovesMusic | None = None
        self._state = MusicState(folder)

    @property
    def state(self) -> MusicState:
        """What is shown now."""
        return self._state

    def choose(self, folder: Path) -> None:
        """Keep songs in ``folder`` from now on."""
        if self.mover is None or self._state.moving:
            return
        self._show(MusicState(self._state.folder, moving=True))
        self._calls.run(partial(self.mover.change, folder), self._moved, self._failed)

    def _moved(self, folder: Path) -> None:
        self._show(MusicState(folder, said=True))

    def _failed(self, error: BaseException) -> None:
        said = f"{error.message} {error.hint}".strip() if isinstance(error, KnownError) else repr(error)
        self._show(replace(self._state, moving=False, trouble=said))

    def _show(self, state: MusicState) -> None:
        self._state = state
        self.state_changed.emit(state)
