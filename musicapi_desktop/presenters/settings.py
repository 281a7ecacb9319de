"""The settings: profiles and their keys, sound, look, folder. A key is passed on, never kept in a state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QObject, Signal

from musicapi_desktop.bridge.calls import Calls
from musicapi_desktop.domain.profile import LOCAL_PROFILE_ID, Profile
from musicapi_desktop.secrets.keys import ENVIRONMENT_PROFILE_ID
from musicapi_desktop.settings.preferences import LOOK_KEY, ZOOM_KEY, Preferences, zoom_of
from musicapi_desktop.wire.hosts import KNOWN_HOSTS
from musicapi_desktop.wire.schema import Balance

from .answer import Answer, answer_of
from .music_choice import MusicChoice
from .profiles import AccountsLike, ProfilePresenter
from .sound_settings import SoundOutput, SoundSettings

ZOOMS = (80, 90, 100, 110, 125, 150, 175, 200)
"""Percent of the usual size."""
LOOKS = ("system", "dark", "light")
DEPTH_KEY = "sound.latency"
DEPTHS = ("low", "normal", "safe")
"""Depths of the sound queue: deeper is safer against drop-outs on a busy machine."""
HOSTS = tuple(f"https://{host}" for host in KNOWN_HOSTS)
"""Addresses to choose from; any other may be typed."""

translate = QCoreApplication.translate


class AccountsToKeep(AccountsLike, Protocol):
    """services.accounts.Accounts, as the settings use it. What takes a key may block and raises KnownError."""

    def add(self, name: str, base_url: str, key: str, *, session_only: bool = False) -> Profile:
        """Keep a new profile and its key."""
        ...

    def remove(self, profile_id: str) -> None:
        """Remove a profile and forget its key."""
        ...

    def test(self, profile: Profile, key: str = "") -> Balance:
        """Ask for the balance with ``key``, or with the kept one."""
        ...

    def where_is_my_key(self, profile_id: str) -> str:
        """Say in words where a key is."""
        ...


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """Where sound goes: the device's name, the latency in milliseconds, a sentence where there is no sound."""

    device: str = ""
    latency: float | None = None
    trouble: str = ""


class Sound(SoundOutput, Protocol):
    """The sound output, as the settings use it."""

    def facts(self) -> SoundFacts:
        """What is open now."""
        ...

    def choose(self, depth: str) -> None:
        """Use another depth of the queue: one of DEPTHS."""
        ...


@dataclass(frozen=True, slots=True)
class SettingsState:
    """``answers`` by profile id, and under ``""`` for the form of a new one. ``places`` say where keys are."""

    profiles: tuple[Profile, ...]
    active: str
    look: str
    music: Path
    sound: SoundFacts
    depth: str = DEPTHS[1]
    zoom: int = 100
    busy: bool = False
    answers: Mapping[str, Answer] = field(default_factory=dict[str, Answer])
    places: Mapping[str, str] = field(default_factory=dict[str, str])

    def may_remove(self, profile_id: str) -> bool:
        """This computer and the command line's profile are not the person's to remove."""
        return profile_id not in (LOCAL_PROFILE_ID, ENVIRONMENT_PROFILE_ID)


class SettingsPresenter(QObject):
    """Changes what the person may change; everything is kept at once, there is no OK to press."""

    state_changed = Signal(object)
    added = Signal(str)
    """The id of a profile that was kept."""
    look_chosen = Signal(str)

    def __init__(
        self,
        accounts: AccountsToKeep,
        profiles: ProfilePresenter,
        preferences: Preferences,
        calls: Calls,
        sound: Sound,
        music: Path,
    ) -> None:
        super().__init__()
        self._accounts = accounts
        self._profiles = profiles
        self._preferences = preferences
        self._calls = calls
        self._sound = sound
        self.output = SoundSettings(preferences, calls, sound)
        self.folder = MusicChoice(calls, music)
        look = preferences.get(LOOK_KEY, LOOKS[0])
        depth = preferences.get(DEPTH_KEY, DEPTHS[1])
        self._state = SettingsState(
            accounts.profiles(),
            accounts.active().id,
            look if look in LOOKS else LOOKS[0],
            music,
            sound.facts(),
            depth if depth in DEPTHS else DEPTHS[1],
            zoom_of(preferences),
        )
        profiles.state_changed.connect(self._profiles_changed)

    @property
    def state(self) -> SettingsState:
        """What is shown now."""
        return self._state

    def opened(self) -> None:
        """The dialog is shown: look at what may have changed meanwhile."""
        self._show(replace(self._state, sound=self._sound.facts(), answers={}, places={}))

    def choose_look(self, look: str) -> None:
        """System, dark or light."""
        self._calls.run(partial(self._preferences.set, LOOK_KEY, look), None, partial(self._refused, "look"))
        self._show(replace(self._state, look=look))
        self.look_chosen.emit(look)

    def choose_zoom(self, percent: int) -> None:
        """Larger or smaller, from the next start on: the scale is read once, when the program begins."""
        self._calls.run(partial(self._preferences.set, ZOOM_KEY, percent), None, partial(self._refused, "look"))
        self._show(replace(self._state, zoom=percent))

    def choose_depth(self, depth: str) -> None:
        """Answer faster, or be safer against drop-outs."""
        self._calls.run(partial(self._preferences.set, DEPTH_KEY, depth), None, partial(self._refused, "sound"))
        self._sound.choose(depth)
        self._show(replace(self._state, depth=depth))

    def choose_profile(self, profile_id: str) -> None:
        """Make songs there from now on."""
        self._profiles.choose(profile_id)

    def add_profile(self, name: str, base_url: str, key: str, *, session_only: bool = False) -> None:
        """Test the key, keep the profile and use it. Without a name it is called after its host."""
        called = name.strip() or base_url.partition("://")[2].partition("/")[0]

        def test_and_keep() -> tuple[Profile, int, str]:
            # a function rather than a partial: its repr does not hold the key
            balance = self._accounts.test(Profile("", called, base_url.strip()), key) if key.strip() else Balance(0)
            profile = self._accounts.add(called, base_url, key, session_only=session_only)
            self._accounts.choose(profile.id)
            return profile, balance.total, self._accounts.where_is_my_key(profile.id)

        self._start("")
        self._calls.run(test_and_keep, self._kept, partial(self._refused, ""))

    def test_profile(self, profile_id: str) -> None:
        """Ask the service for the balance with the kept key."""
        profile = next((p for p in self._state.profiles if p.id == profile_id), None)
        if profile is not None:
            self._start(profile_id)
            self._calls.run(
                partial(self._accounts.test, profile),
                partial(self._tested, profile_id),
                partial(self._refused, profile_id),
            )

    def ask_where(self, profile_id: str) -> None:
        """Where is my key? Nothing is asked of the keyring before the person asks."""
        self._calls.run(
            partial(self._accounts.where_is_my_key, profile_id),
            partial(self._located, profile_id),
            partial(self._refused, profile_id),
        )

    def remove_profile(self, profile_id: str) -> None:
        """Forget the profile and its key; its songs stay."""

        def remove() -> None:
            if self._accounts.active().id == profile_id:
                self._accounts.choose(LOCAL_PROFILE_ID)
            self._accounts.remove(profile_id)

        self._start(profile_id)
        self._calls.run(remove, self._removed, partial(self._refused, profile_id))

    def _start(self, place: str) -> None:
        answers = {name: answer for name, answer in self._state.answers.items() if name != place}
        self._show(replace(self._state, busy=True, answers=answers))

    def _kept(self, result: tuple[Profile, int, str]) -> None:
        profile, credits_left, where = result
        words = translate("Settings", "The key works: {0} credits. It is kept {1}.")
        answer = Answer(good=words.format(f"{credits_left:,}", where))
        self._profiles.reload()
        self._reload({profile.id: answer}, {profile.id: where})
        self.added.emit(profile.id)

    def _tested(self, profile_id: str, balance: Balance) -> None:
        words = translate("Settings", "The key works: {0} credits.").format(f"{balance.total:,}")
        self._answer(profile_id, Answer(good=words))

    def _located(self, profile_id: str, where: str) -> None:
        self._show(replace(self._state, places={**self._state.places, profile_id: where}))

    def _removed(self, _result: object) -> None:
        self._profiles.reload()
        self._reload({}, {})

    def _refused(self, place: str, error: BaseException) -> None:
        answer = answer_of(error)
        if answer is None:
            self._show(replace(self._state, busy=False))
            raise error
        self._answer(place, replace(answer, offer_session=answer.offer_session and not place))

    def _answer(self, place: str, answer: Answer) -> None:
        self._show(replace(self._state, busy=False, answers={**self._state.answers, place: answer}))

    def _profiles_changed(self, _state: object) -> None:
        self._reload(self._state.answers, self._state.places, busy=self._state.busy)

    def _reload(self, answers: Mapping[str, Answer], places: Mapping[str, str], *, busy: bool = False) -> None:
        self._show(
            replace(
                self._state,
                profiles=self._accounts.profiles(),
                active=self._accounts.active().id,
                answers=answers,
                places=places,
                busy=busy,
            )
        )

    def _show(self, state: SettingsState) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)
