"""Where sound goes: the devices there are, the one that was chosen, and whether it is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from musicapi_desktop.bridge.calls import Calls
    from musicapi_desktop.settings.preferences import Preferences

DEVICE_KEY = "sound.device"
_NAME_KEY = "sound.device_name"


class SoundOutput(Protocol):
    """The devices of this computer; app.sound.Sound."""

    def devices(self) -> Sequence[tuple[str, str]]:
        """Ids and names of the devices there are. Takes a moment: for a worker."""
        ...

    def use(self, device: str) -> None:
        """Play to the device with this id; '' follows the system."""
        ...


@dataclass(frozen=True, slots=True)
class SoundState:
    """``devices`` are (id, name), the chosen one among them even while it is not there (``missing``).

    ``chosen`` is an id, '' where sound follows the system.
    """

    devices: tuple[tuple[str, str], ...] = ()
    chosen: str = ""
    missing: bool = False


class SoundSettings(QObject):
    """``state_changed`` carries a SoundState; ``told`` an error of saving the choice."""

    state_changed = Signal(object)
    told = Signal(object)

    def __init__(self, preferences: Preferences, calls: Calls, output: SoundOutput) -> None:
        super().__init__()
        self._preferences = preferences
        self._calls = calls
        self._output = output
        self.state = SoundState(chosen=preferences.get(DEVICE_KEY, ""))

    def refresh(self) -> None:
        """Look which devices there are now."""
        self._calls.run(self._output.devices, self._listed, self.told.emit)

    def choose_device(self, device: str) -> None:
        """Play to this device, or follow the system."""
        if device == self.state.chosen:
            return
        name = dict(self.state.devices).get(device, "")
        self._calls.run(partial(self._keep, device, name), None, self.told.emit)
        self._output.use(device)
        self._show(replace(self.state, chosen=device, missing=False))
        self.refresh()

    def _keep(self, device: str, name: str) -> None:
        self._preferences.set(DEVICE_KEY, device)
        self._preferences.set(_NAME_KEY, name)

    def _listed(self, found: Sequence[tuple[str, str]]) -> None:
        chosen = self.state.chosen
        missing = bool(chosen) and chosen not in dict(found)
        devices = list(found)
        if missing:
            devices.append((chosen, self._preferences.get(_NAME_KEY, "") or chosen))
        self._show(replace(self.state, devices=tuple(devices), missing=missing))

    def _show(self, state: SoundState) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)
