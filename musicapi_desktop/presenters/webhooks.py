"""The page of the webhooks: turned on per profile, tried through the tunnel, turned off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from musicapi_desktop.bridge.calls import Calls
from musicapi_desktop.domain.profile import Profile

from .answer import Answer, answer_of
from .profiles import ProfilePresenter

translate = QCoreApplication.translate

PORT = ""
"""The place in ``answers`` of what came of choosing a port."""


class WebhooksToKeep(Protocol):
    """services.webhooks.Webhooks, as the page uses it. What changes something may block and raises KnownError."""

    @property
    def port(self) -> int:
        """The port that is listened at."""
        ...

    def addresses(self) -> Mapping[str, str]:
        """The public addresses of the profiles that have them on."""
        ...

    def silence(self, profile_id: str) -> float | None:
        """Seconds since something was heard."""
        ...

    def turn_on(self, profile_id: str, address: str, secret: str = "", *, session_only: bool = False) -> None:
        """Ask for webhooks from now on."""
        ...

    def turn_off(self, profile_id: str) -> None:
        """Ask for none any more."""
        ...

    def choose_port(self, port: int) -> None:
        """Listen at another port."""
        ...

    def test(self, profile_id: str) -> None:
        """Send an event through the tunnel and see it come in."""
        ...


@dataclass(frozen=True, slots=True)
class WebhooksState:
    """``addresses`` by profile id (a profile without one has them off); ``heard`` the seconds since something came.

    ``answers`` by profile id, and under PORT.
    """

    profiles: tuple[Profile, ...]
    port: int
    addresses: Mapping[str, str] = field(default_factory=dict[str, str])
    heard: Mapping[str, float] = field(default_factory=dict[str, float])
    busy: bool = False
    answers: Mapping[str, Answer] = field(default_factory=dict[str, Answer])


class WebhooksPresenter(QObject):
    """Turns webhooks on and off."""

    state_changed = Signal(object)

    def __init__(self, webhooks: WebhooksToKeep, profiles: ProfilePresenter, calls: Calls) -> None:
        super().__init__()
        self._webhooks = webhooks
        self._profiles = profiles
        self._calls = calls
        self._state = self._read(WebhooksState((), webhooks.port))
        profiles.state_changed.connect(self._profiles_changed)

    @property
    def state(self) -> WebhooksState:
        """What is shown now."""
        return self._state

    def opened(self) -> None:
        """The page is shown: look at what was heard meanwhile."""
        self._show(replace(self._read(self._state), answers={}))

    def turn_on(self, profile_id: str, address: str, *, session_only: bool = False) -> None:
        """Ask for webhooks of a profile, and try the way they will take."""

        def work() -> None:
            self._webhooks.turn_on(profile_id, address, session_only=session_only)
            self._webhooks.test(profile_id)

        self._start()
        self._calls.run(work, partial(self._came_back, profile_id), partial(self._refused, profile_id))

    def test(self, profile_id: str) -> None:
        """Send an event through the tunnel and see whether it comes in."""
        self._start()
        self._calls.run(
            partial(self._webhooks.test, profile_id),
            partial(self._came_back, profile_id),
            partial(self._refused, profile_id),
        )

    def turn_off(self, profile_id: str) -> None:
        """Ask for no webhooks any more, and forget the secret."""
        self._start()
        self._calls.run(partial(self._webhooks.turn_off, profile_id), self._done, partial(self._refused, profile_id))

    def choose_port(self, text: str) -> None:
        """Listen at another port, as typed."""
        self._start()
        port = int(text) if text.strip().isdecimal() and len(text.strip()) < 7 else 0
        self._calls.run(partial(self._webhooks.choose_port, port), self._done, partial(self._refused, PORT))

    def _start(self) -> None:
        self._show(replace(self._state, busy=True, answers={}))

    def _came_back(self, profile_id: str, _result: object) -> None:
        words = translate("Webhooks", "It works: a signed test went out to that address and came in here.")
        self._answer(profile_id, Answer(good=words))

    def _done(self, _result: object) -> None:
        self._show(replace(self._read(self._state), busy=False))

    def _refused(self, place: str, error: BaseException) -> None:
        answer = answer_of(error)
        if answer is None:
            self._show(replace(self._read(self._state), busy=False))
            raise error
        self._answer(place, answer)

    def _answer(self, place: str, answer: Answer) -> None:
        self._show(replace(self._read(self._state), busy=False, answers={place: answer}))

    @Slot(object)
    def _profiles_changed(self, _state: object) -> None:
        self._show(self._read(self._state))

    def _read(self, state: WebhooksState) -> WebhooksState:
        profiles = tuple(profile for profile in self._profiles.state.profiles if not profile.local)
        heard = {
            profile.id: silence for profile in profiles if (silence := self._webhooks.silence(profile.id)) is not None
        }
        return replace(
            state, profiles=profiles, port=self._webhooks.port, addresses=self._webhooks.addresses(), heard=heard
        )

    def _show(self, state: WebhooksState) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)
