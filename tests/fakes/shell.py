"""Stand-ins for the services behind the shell: real values, no disk but preferences, no network."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent

from musicapi_desktop.bridge.calls import Calls
from musicapi_desktop.bridge.relay import Relay
from musicapi_desktop.domain.errors import InvalidRequest, KeyRefused, KnownError
from musicapi_desktop.domain.profile import LOCAL_PROFILE, Profile
from musicapi_desktop.domain.request import Mode, Request
from musicapi_desktop.domain.units import Credits
from musicapi_desktop.presenters.create import CreatePresenter
from musicapi_desktop.presenters.profiles import ProfilePresenter
from musicapi_desktop.presenters.settings import SettingsPresenter, SoundFacts
from musicapi_desktop.settings.preferences import Preferences
from musicapi_desktop.wire.prices import price
from musicapi_desktop.wire.schema import Balance

CLOUD = Profile("p1", "Game score", "https://api.musicapi.ai")


class FakeAccounts:
    """Two profiles; the key ``good`` is worth 1,240 credits, any other is refused."""

    def __init__(self, *kept: Profile) -> None:
        self.kept = list(kept)
        self.keys = {profile.id: "good" for profile in kept}
        self.chosen = kept[0].id if kept else LOCAL_PROFILE.id
        self.keyring_error: KnownError | None = None
        self.session_only: list[bool] = []

    def profiles(self) -> tuple[Profile, ...]:
        return (LOCAL_PROFILE, *self.kept)

    def active(self) -> Profile:
        return next((p for p in self.profiles() if p.id == self.chosen), LOCAL_PROFILE)

    def choose(self, profile_id: str) -> Profile:
        self.chosen = profile_id
        return self.active()

    def balance(self, profile_id: str) -> int:
        if profile_id not in self.keys:
            raise KeyRefused("There is no key for this profile.")
        return self.test(self.active(), self.keys[profile_id]).total

    def test(self, profile: Profile, key: str = "") -> Balance:
        if (key or self.keys.get(profile.id)) != "good":
            raise KeyRefused("The key was not accepted.", "Check it at the service.", status=401)
        return Balance(1240)

    def add(self, name: str, base_url: str, key: str, *, session_only: bool = False) -> Profile:
        if not key.strip():
            raise InvalidRequest({"key": "Paste the key of the account."})
        if self.keyring_error is not None and not session_only:
            raise self.keyring_error
        profile = Profile(f"new{len(self.kept)}", name, base_url)
        self.kept.append(profile)
        self.keys[profile.id] = key
        self.session_only.append(session_only)
        return profile

    def remove(self, profile_id: str) -> None:
        self.kept = [profile for profile in self.kept if profile.id != profile_id]
        self.keys.pop(profile_id, None)

    def where_is_my_key(self, profile_id: str) -> str:
        return "in the system keyring (Secret Service), under “MusicAPI Desktop”"


class FakeSubmit:
    """Keeps what it was given; ``error`` is raised instead, ``gate`` holds the answer back."""

    def __init__(self) -> None:
        self.kept: list[tuple[Request, Profile, bool]] = []
        self.error: Exception | None = None
        self.gate = threading.Event()
        self.gate.set()

    def create(self, request: Request, profile: Profile, *, hold: bool = False) -> object:
        self.gate.wait(5)
        if self.error is not None:
            raise self.error
        self.kept.append((request, profile, hold))
        return ()

    def compare(self, request: Request, models: tuple[str, ...], profile: Profile) -> object:
        for model in models:
            self.create(replace(request, model=model), profile)
        return ()

    def estimate(self, request: Request, profile: Profile) -> Credits:
        described = request.mode is Mode.DESCRIBE
        each = price(profile.base_url, str(request.operation), model=request.model, described=described)
        return Credits((each or 0) * request.songs)


class FakeSound:
    """A device with a name."""

    def __init__(self) -> None:
        self.depth = ""
        self.there = [("speakers", "Built-in Audio"), ("phones", "Headphones")]
        self.used: str | None = None

    def devices(self) -> list[tuple[str, str]]:
        return list(self.there)

    def use(self, device: str) -> None:
        self.used = device

    def facts(self) -> SoundFacts:
        return SoundFacts("Built-in Audio", 200.0)

    def choose(self, depth: str) -> None:
        self.depth = depth


@dataclass
class Shell:
    """Everything behind the shell."""

    preferences: Preferences
    accounts: FakeAccounts
    calls: Calls
    relay: Relay
    submit: FakeSubmit = field(default_factory=FakeSubmit)
    sound: FakeSound = field(default_factory=FakeSound)

    def __post_init__(self) -> None:
        self.profiles = ProfilePresenter(self.accounts, self.calls, self.relay)
        self.create = CreatePresenter(self.submit, self.profiles, self.preferences, self.calls)

    def settings(self) -> SettingsPresenter:
        return SettingsPresenter(self.accounts, self.profiles, self.preferences, self.calls, self.sound, Path("/music"))


@contextmanager
def shell(folder: Path, *kept: Profile) -> Iterator[Shell]:
    """A shell whose threads end with the block."""
    made = Shell(Preferences(folder / "preferences.json"), FakeAccounts(*kept), Calls(1), Relay())
    try:
        yield made
    finally:
        made.calls.stop()
        # views first, then what they show. Left to the garbage collector, a timer of the form may end on a worker
        # thread of a later test, which takes the process down.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        for each in (made.create, made.profiles):
            if shiboken6.isValid(each):
                shiboken6.delete(each)
