"""Webhooks of the service: what is asked for with a request, what comes is verified, taken once, and handed on.

Off by default. The person has a tunnel of their own that leads from a public https address to a port of this computer.
"""

from __future__ import annotations

import logging
import secrets as random_secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol, cast
from urllib.parse import urlsplit

from musicapi_desktop.domain.errors import InvalidRequest, KnownError
from musicapi_desktop.settings.preferences import Preferences
from musicapi_desktop.store.fields import Fields
from musicapi_desktop.wire.hosts import is_loopback

from .context import Clock
from .places import Secrets
from .webhooks_signed import Delivery, Event, event_of, verified

log = logging.getLogger(__name__)

PORT = 8766
SILENCE = 300.0
"""Seconds without a word from a profile's webhooks after which its tasks are asked after as usual."""

_PORT_KEY = "webhooks.port"
_ADDRESSES_KEY = "webhooks.addresses"
_MOST_REMEMBERED = 4096

Hand = Callable[[str, Event], None]
"""Takes a verified event of a profile."""


class Listener(Protocol):
    """The port webhooks come in at (bridge.webhook_listener.WebhookListener)."""

    def start(self, port: int) -> None:
        """Listen. Raises OSError where the port is taken."""
        ...

    def stop(self) -> None:
        """Listen no more."""
        ...


@dataclass(frozen=True, slots=True)
class Told:
    """What a delivery is answered with, and why, for the log."""

    status: HTTPStatus
    why: str


class Ears:
    """What was heard already, and when something was heard last. Any thread; ``monotonic`` is its clock."""

    def __init__(self, monotonic: Clock) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._seen: OrderedDict[tuple[str, ...], None] = OrderedDict()
        self._heard: dict[str, float] = {}

    def first_time(self, profile_id: str, event_id: str, event: Event) -> bool:
        """Note an event; False where it came before, by its id or by what it says."""
        marks: list[tuple[str, ...]] = [(profile_id, event.task_id, event.platform, event.kind)]
        if event_id:
            marks.append((profile_id, event_id))
        with self._lock:
            self._heard[profile_id] = self._monotonic()
            new = not any(mark in self._seen for mark in marks)
            for mark in marks:
                self._seen[mark] = None
                self._seen.move_to_end(mark)
            while len(self._seen) > _MOST_REMEMBERED:
                self._seen.popitem(last=False)
        return new

    def silence(self, profile_id: str) -> float | None:
        """Seconds since a profile's webhooks were heard, None where they never were in this run."""
        with self._lock:
            heard = self._heard.get(profile_id)
        return None if heard is None else self._monotonic() - heard

    def forget(self, profile_id: str) -> None:
        """Its webhooks are off, or are others now."""
        with self._lock:
            self._heard.pop(profile_id, None)


class Webhooks:
    """The webhooks of all profiles. Any thread; what touches secrets may block and raise KeyringError.

    ``clock`` gives Unix seconds. ``hand`` is set by whoever takes the events.
    """

    def __init__(self, preferences: Preferences, secrets: Secrets, ears: Ears, clock: Clock) -> None:
        self._preferences = preferences
        self._secrets = secrets
        self._ears = ears
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, str] = {}
        self.hand: Hand = lambda _profile_id, _event: None
        self.listener: Listener | None = None

    @property
    def port(self) -> int:
        """The port of this computer that the tunnel leads to."""
        port = self._preferences.get(_PORT_KEY, PORT)
        return port if 1024 <= port <= 65535 else PORT

    def addresses(self) -> dict[str, str]:
        """The public addresses by profile id; a profile that is not in it has its webhooks off."""
        plain: dict[str, object] = self._preferences.get(_ADDRESSES_KEY, cast("dict[str, object]", {}))
        fields = Fields(plain)
        return {profile_id: fields.text(profile_id) for profile_id in plain if fields.text(profile_id)}

    def turn_on(self, profile_id: str, address: str, secret: str = "", *, session_only: bool = False) -> None:
        """Ask for webhooks of a profile at ``address`` from now on, and listen.

        ``secret`` is made here where none is given and none is kept. Raises InvalidRequest (url), KeyringError,
        OSError where the port is taken or the answer cannot be kept.
        """
        url = _checked(address)
        if not secret and not self._secret(profile_id):
            secret = random_secrets.token_urlsafe(32)
        if secret:
            self._secrets.set_secret(_name(profile_id), secret, session_only=session_only)
            with self._lock:
                self._known[profile_id] = secret
        if self.listener is not None:
            self.listener.start(self.port)
        self._preferences.set(_ADDRESSES_KEY, {**self.addresses(), profile_id: url})

    def turn_off(self, profile_id: str) -> None:
        """Ask for no webhooks of a profile any more, and forget its secret. Raises KeyringError, OSError."""
        left = {owner: url for owner, url in self.addresses().items() if owner != profile_id}
        self._preferences.set(_ADDRESSES_KEY, left)
        with self._lock:
            self._known.pop(profile_id, None)
        self._ears.forget(profile_id)
        if self.listener is not None and not left:
            self.listener.stop()
        self._secrets.delete(_name(profile_id))

    def choose_port(self, port: int) -> None:
        """Listen at another port. Raises InvalidRequest (port), OSError where it is taken; the old one is kept then."""
        if not 1024 <= port <= 65535:
            raise InvalidRequest({"port": "A port from 1024 to 65535."})
        if self.listener is not None and self.addresses():
            self.listener.start(port)
        self._preferences.set(_PORT_KEY, port)

    def begin(self) -> None:
        """Listen, where any profile's webhooks are on. Raises OSError where the port is taken."""
        if self.listener is not None and self.addresses():
            self.listener.start(self.port)

    def fields(self, profile_id: str) -> Mapping[str, str]:
        """What is added to the body of a create-type call; empty where webhooks are off or the secret is not to be had.

        Never kept with the request: the secret is in the keyring alone.
        """
        url = self.addresses().get(profile_id)
        if not url:
            return {}
        try:
            secret = self._secret(profile_id)
        except KnownError as error:
            # the request matters more: its task is asked after as usual
            log.warning("webhook secret: %s", error)
            return {}
        return {"webhook_url": url, "webhook_secret": secret} if secret else {}

    def hears(self, profile_id: str) -> bool:
        """True while webhooks of a profile come in: its tasks need not be asked after."""
        silence = self._ears.silence(profile_id)
        return silence is not None and silence < SILENCE and profile_id in self.addresses()

    def receive(self, delivery: Delivery) -> Told:
        """Take what came in at the port: verified, once, and handed on. Never raises for what others send."""
        owner = self._sender(delivery)
        if owner is None:
            return Told(HTTPStatus.UNAUTHORIZED, "no profile's signature")
        event = event_of(delivery)
        if event is None:
            return Told(HTTPStatus.BAD_REQUEST, "no event of a task")
        if not self._ears.first_time(owner, delivery.event_id, event):
            return Told(HTTPStatus.OK, "known already")
        self.hand(owner, event)
        return Told(HTTPStatus.OK, event.kind)

    def _sender(self, delivery: Delivery) -> str | None:
        """The profile whose secret signed a delivery. All are tried, so that the time taken tells nothing."""
        found: str | None = None
        for profile_id in self.addresses():
            try:
                secret = self._secret(profile_id)
            except KnownError as error:
                log.warning("webhook secret: %s", error)
                continue
            if secret and verified(delivery, secret, self._clock()):
                found = profile_id
        return found

    def _secret(self, profile_id: str) -> str:
        with self._lock:
            known = self._known.get(profile_id)
        if known is None:
            # a missing one is remembered too: what strangers send must not keep the keyring busy
            known = self._secrets.secret(_name(profile_id)) or ""
            with self._lock:
                self._known[profile_id] = known
        return known


def _name(profile_id: str) -> str:
    return f"webhook {profile_id}"


def _checked(address: str) -> str:
    text = address.strip()
    text = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(text)
        good = bool(parts.hostname) and parts.scheme in ("https", "http") and "@" not in parts.netloc
    except ValueError:
        good = False
        parts = urlsplit("")
    if not good or not text.isascii() or not text.isprintable() or " " in text:
        raise InvalidRequest({"url": "Give the public address of your tunnel, beginning with https://"})
    if parts.scheme == "http" and not is_loopback(text):
        raise InvalidRequest({"url": "The service sends to https addresses only."})
    return text
