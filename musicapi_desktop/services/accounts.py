"""Profiles and their keys: kept, tested, chosen. What asks the service or the keyring blocks: not on the GUI thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from musicapi_desktop.domain.errors import InvalidRequest, KeyRefused, KnownError
from musicapi_desktop.domain.events import BalanceChanged, EventSink
from musicapi_desktop.domain.profile import LOCAL_PROFILE, LOCAL_PROFILE_ID, Profile
from musicapi_desktop.settings.preferences import Preferences
from musicapi_desktop.store.fields import Fields
from musicapi_desktop.wire.schema import Balance

from .context import Clock, KeyStore, Service, new_id
from .limiter import Limiter

_PROFILES = "profiles"
_ACTIVE = "profiles.active"
_SHORTEST_INTERVAL = 0.2


@dataclass(frozen=True, slots=True)
class Line:
    """How the service is reached.

    ``open`` makes a client of (address, key); ``endpoint`` gives the local engine's (address, token), blocks until it
    is ready and raises EngineError. ``pause`` waits so many seconds; ``monotonic`` is the clock of pacing.
    """

    open: Callable[[str, str], Service]
    endpoint: Callable[[], tuple[str, str]]
    limiter: Limiter
    monotonic: Clock
    pause: Callable[[float], None]


class Accounts:
    """The profiles: this computer, those the person added, and ``given`` ones (the command line's) that are not kept.

    Any thread. Methods that touch keys raise KeyringError.
    """

    def __init__(
        self, keys: KeyStore, preferences: Preferences, line: Line, sink: EventSink, given: Sequence[Profile] = ()
    ) -> None:
        self._keys = keys
        self._preferences = preferences
        self._line = line
        self._sink = sink
        self._given = tuple(given)
        self._lock = threading.Lock()
        self._open: dict[str, tuple[tuple[str, str], Service]] = {}

    def profiles(self) -> tuple[Profile, ...]:
        """All profiles, this computer first."""
        return (LOCAL_PROFILE, *self._given, *self._kept())

    def profile(self, profile_id: str) -> Profile | None:
        """The profile with this id, or None where it was removed."""
        return next((profile for profile in self.profiles() if profile.id == profile_id), None)

    def active(self) -> Profile:
        """The profile new requests go to; this computer where nothing was chosen."""
        chosen = self._preferences.get(_ACTIVE, self._given[0].id if self._given else LOCAL_PROFILE_ID)
        return self.profile(chosen) or LOCAL_PROFILE

    def choose(self, profile_id: str) -> Profile:
        """Send new requests to this profile. Raises OSError where the answer cannot be kept."""
        if self.profile(profile_id) is not None:
            self._preferences.set(_ACTIVE, profile_id)
        return self.active()

    def add(self, name: str, base_url: str, key: str, *, session_only: bool = False) -> Profile:
        """Add a profile and keep its key; nothing is sent.

        Raises InvalidRequest (name, base_url, key), KeyringError.
        """
        profile = Profile(new_id(), name.strip(), _tidy(base_url))
        if not profile.name:
            raise InvalidRequest({"name": "Give the profile a name."})
        self._check(profile, key)
        self._keys.set(profile.id, key.strip(), session_only=session_only)
        self._keep([*self._kept(), profile])
        return profile

    def change(self, profile: Profile) -> Profile:
        """Keep a profile's new name, address or interval. Raises InvalidRequest (name, base_url)."""
        tidy = Profile(
            profile.id, profile.name.strip(), _tidy(profile.base_url), max(_SHORTEST_INTERVAL, profile.interval)
        )
        if not tidy.name:
            raise InvalidRequest({"name": "Give the profile a name."})
        self._line.open(tidy.base_url, "")
        self._keep([tidy if kept.id == tidy.id else kept for kept in self._kept()])
        self.drop(tidy.id)
        return tidy

    def set_key(self, profile_id: str, key: str, *, session_only: bool = False) -> None:
        """Replace a profile's key. Raises InvalidRequest (key), KeyringError."""
        profile = self.profile(profile_id)
        if profile is not None:
            self._check(profile, key)
            self._keys.set(profile_id, key.strip(), session_only=session_only)
            self.drop(profile_id)

    def remove(self, profile_id: str) -> None:
        """Remove a profile and forget its key. Its songs stay. Raises KeyringError; the profile then stays."""
        kept = self._kept()
        if any(profile.id == profile_id for profile in kept):
            self._keys.delete(profile_id)
            self._keep([profile for profile in kept if profile.id != profile_id])
            self.drop(profile_id)

    def test(self, profile: Profile, key: str = "") -> Balance:
        """Ask for the balance with ``key`` (the kept one where it is empty). Raises KnownError of every kind."""
        client = self._line.open(profile.base_url, key.strip()) if key.strip() else self.connect(profile)
        self._wait_for_turn(profile)
        return client.credits()

    def balance(self, profile_id: str) -> int:
        """Ask for the balance of a profile, publish and return it. Raises KnownError."""
        profile = self.profile(profile_id)
        if profile is None:
            raise KnownError("This profile was removed.", "Add it again in Settings.")
        total = self.test(profile).total
        self._sink.publish(BalanceChanged(profile_id, total))
        return total

    def key_for(self, profile_id: str) -> str:
        """The key of a profile. Raises KeyRefused where there is none, KeyringError where it cannot be read."""
        key = self._keys.get(profile_id)
        if not key:
            raise KeyRefused("There is no key for this profile.", "Open Settings and paste its key.")
        return key

    def where_is_my_key(self, profile_id: str) -> str:
        """Say in words where a key is. Raises KeyringError."""
        if profile_id == LOCAL_PROFILE_ID:
            return "This computer needs no key."
        return self._keys.where(profile_id)

    def connect(self, profile: Profile) -> Service:
        """Return the client of a profile, the same one while nothing changed.

        Blocks while the local engine starts. Raises EngineError, KeyRefused, KeyringError, InvalidRequest.
        """
        if profile.local:
            endpoint = self._line.endpoint()
        else:
            with self._lock:
                known = self._open.get(profile.id)
            if known is not None:
                return known[1]
            endpoint = (profile.base_url, self.key_for(profile.id))
        with self._lock:
            known = self._open.get(profile.id)
            if known is None or known[0] != endpoint:
                if known is not None:
                    # only the local engine gets another address by itself, and what asked the old one asks nobody
                    known[1].close()
                known = (endpoint, self._line.open(*endpoint))
                self._open[profile.id] = known
            return known[1]

    def drop(self, profile_id: str) -> None:
        """Forget a profile's client: its key or address changed, or was refused."""
        with self._lock:
            self._open.pop(profile_id, None)

    def _check(self, profile: Profile, key: str) -> None:
        if not key.strip():
            raise InvalidRequest({"key": "Paste the key of the account."})
        self._line.open(profile.base_url, key.strip())

    def _wait_for_turn(self, profile: Profile) -> None:
        wait = self._line.limiter.reserve(profile.id, profile.interval, self._line.monotonic())
        if wait > 0.0:
            self._line.pause(wait)

    def _kept(self) -> list[Profile]:
        entries: list[object] = self._preferences.get(_PROFILES, cast("list[object]", []))
        return [profile for entry in entries if (profile := _profile(Fields(entry))) is not None]

    def _keep(self, profiles: Sequence[Profile]) -> None:
        plain = [
            {"id": each.id, "name": each.name, "base_url": each.base_url, "interval": each.interval}
            for each in profiles
        ]
        self._preferences.set(_PROFILES, plain)


def _profile(fields: Fields) -> Profile | None:
    profile_id, base_url = fields.text("id"), fields.text("base_url")
    if not profile_id or not base_url or profile_id == LOCAL_PROFILE_ID:
        return None
    interval = fields.number("interval")
    return Profile(
        profile_id,
        fields.text("name") or base_url,
        base_url,
        max(_SHORTEST_INTERVAL, 3.0 if interval is None else interval),
    )


def _tidy(base_url: str) -> str:
    return base_url.strip().rstrip("/").removesuffix("/api/v1").rstrip("/")
