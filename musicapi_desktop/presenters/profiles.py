"""Where songs are made: the profile in use, its balance, and how the local engine is doing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from musicapi_desktop.bridge.calls import Calls
from musicapi_desktop.bridge.relay import Relay
from musicapi_desktop.domain.errors import KeyRefused, KnownError, NetworkError
from musicapi_desktop.domain.events import BalanceChanged, EngineChanged, EngineState
from musicapi_desktop.domain.profile import LOCAL_PROFILE, Profile

from .toast import Toast
from .translate import QT_TRANSLATE_NOOP

translate = QCoreApplication.translate


class Trouble(StrEnum):
    """What keeps the profile in use from sending."""

    NONE = ""
    NO_KEY = "no_key"
    KEY_REFUSED = "key_refused"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class ProfileState:
    """``credits`` is None until the service has said so, and for this computer."""

    profiles: tuple[Profile, ...] = (LOCAL_PROFILE,)
    active: Profile = LOCAL_PROFILE
    credits: int | None = None
    engine: EngineState = EngineState.STOPPED
    engine_reason: str = ""
    trouble: Trouble = Trouble.NONE

    @property
    def ready(self) -> bool:
        """True where a request can be sent, as far as is known."""
        if self.active.local:
            return self.engine is not EngineState.BROKEN
        return self.trouble not in (Trouble.NO_KEY, Trouble.KEY_REFUSED)


class AccountsLike(Protocol):
    """What the window asks of services/accounts."""

    def profiles(self) -> tuple[Profile, ...]:
        """All profiles; this computer is always one."""
        ...

    def active(self) -> Profile:
        """The profile in use."""
        ...

    def choose(self, profile_id: str) -> object:
        """Use another profile."""
        ...

    def balance(self, profile_id: str) -> int:
        """Ask the service for the balance, publish and return it. Blocks. Raises KnownError."""
        ...


class ProfilePresenter(QObject):
    """Shows the connection and switches profiles."""

    state_changed = Signal(object)
    settings_wanted = Signal(str)
    """A page of the settings to open."""
    toast = Signal(object)

    def __init__(self, accounts: AccountsLike, calls: Calls, relay: Relay, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._accounts = accounts
        self._calls = calls
        self._state = ProfileState(accounts.profiles(), accounts.active())
        relay.published.connect(self._heard)

    @property
    def state(self) -> ProfileState:
        """What is shown now."""
        return self._state

    def choose(self, profile_id: str) -> None:
        """Make songs somewhere else from now on; requests on their way stay where they are."""
        if profile_id != self._state.active.id:
            self._calls.run(partial(self._accounts.choose, profile_id), self._chosen, self._failed)

    def reload(self) -> None:
        """Look at the profiles again: one was added, changed or removed."""
        self._chosen()

    def refresh(self) -> None:
        """Ask for the balance of the profile in use."""
        active = self._state.active
        if not active.local:
            self._calls.run(
                partial(self._accounts.balance, active.id),
                partial(self._balance_known, active.id),
                partial(self._balance_unknown, active.id),
            )

    def open_settings(self, page: str = "profiles") -> None:
        """Ask the window for a page of the settings."""
        self.settings_wanted.emit(page)

    def _chosen(self, _result: object = None) -> None:
        active = self._accounts.active()
        same = active == self._state.active
        before = self._state if same else replace(self._state, credits=None, trouble=Trouble.NONE)
        self._show(replace(before, profiles=self._accounts.profiles(), active=active))
        self.refresh()

    def _balance_known(self, profile_id: str, balance: int) -> None:
        if profile_id == self._state.active.id:
            self._show(replace(self._state, credits=balance, trouble=Trouble.NONE))

    def _balance_unknown(self, profile_id: str, error: BaseException) -> None:
        if profile_id != self._state.active.id:
            return
        if isinstance(error, KeyRefused):
            # without a status nothing was asked: there was no key to ask with
            trouble = Trouble.KEY_REFUSED if error.status else Trouble.NO_KEY
            self._show(replace(self._state, credits=None, trouble=trouble))
        elif isinstance(error, NetworkError):
            self._show(replace(self._state, trouble=Trouble.OFFLINE))
        else:
            self._failed(error)

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, KnownError):
            raise error
        self.toast.emit(Toast(" ".join(part for part in (error.message, error.hint) if part), detail=error.detail))

    @Slot(object)
    def _heard(self, event: object) -> None:
        match event:
            case BalanceChanged(profile_id, balance) if profile_id == self._state.active.id:
                self._show(replace(self._state, credits=balance, trouble=Trouble.NONE))
            case EngineChanged(state, reason):
                self._show(replace(self._state, engine=state, engine_reason=reason))
            case _:
                pass

    def _show(self, state: ProfileState) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)


_ENGINE_WORDS = {
    EngineState.READY: QT_TRANSLATE_NOOP("Profiles", "{0} · ready"),
    EngineState.STARTING: QT_TRANSLATE_NOOP("Profiles", "{0} · starting"),
    EngineState.BROKEN: QT_TRANSLATE_NOOP("Profiles", "{0} · not running"),
    EngineState.STOPPED: "{0}",
}
_TROUBLE_WORDS = {
    Trouble.OFFLINE: QT_TRANSLATE_NOOP("Profiles", "Offline: playing and editing work, sending waits"),
    Trouble.NO_KEY: QT_TRANSLATE_NOOP("Profiles", "{0} · no key"),
    Trouble.KEY_REFUSED: QT_TRANSLATE_NOOP("Profiles", "{0} · key refused"),
}


def connection_words(state: ProfileState) -> str:
    """The line of the connection chip."""
    name = profile_name(state.active)
    if state.active.local:
        return translate("Profiles", _ENGINE_WORDS[state.engine]).format(name)
    if state.trouble is not Trouble.NONE:
        return translate("Profiles", _TROUBLE_WORDS[state.trouble]).format(name)
    if state.credits is None:
        return name
    return translate("Profiles", "{0} · {1} credits").format(name, f"{state.credits:,}")


def profile_name(profile: Profile) -> str:
    """The name of a profile; this computer's is translated."""
    return translate("Profiles", "On this computer") if profile.local else profile.name
