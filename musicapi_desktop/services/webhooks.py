"""Webhooks of the service: what is asked for with a request, what comes is verified, taken once, and handed on.

Off by default. The person has a tunnel of their own that leads from a public https address to a port of this computer.
"""

from __future__ import annotations

import json
import logging
import secrets as random_secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol, cast
from urllib.parse import urlsplit

from musicapi_desktop.domain.errors import InvalidRequest, KnownError, NetworkError
from musicapi_desktop.settings.preferences import Preferences
from musicapi_desktop.store.fields import Fields
from musicapi_desktop.wire.hosts import is_loopback

from .context import Clock, new_id
from .pacing import SILENCE
from .places import Secrets
from .webhooks_signed import Delivery, Event, event_of, signature, verified

log = logging.getLogger(__name__)

PORT = 8766

TEST = "musicapi-desktop.test"
"""The event the app sends to itself, through the tunnel."""

_PORT_KEY = "webhooks.port"
_ADDRESSES_KEY = "webhooks.addresses"
_MOST_REMEMBERED = 4096

Hand = Callable[[str, Event], None]
"""Takes a verified event of a profile."""


class WebhookLost(KnownError):
    """A test event did not come back."""


class PortTaken(KnownError):
    """The port for webhooks cannot be listened at."""


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


class Deliver(Protocol):
    """Sends one event to an address (client.webhook_probe.deliver). Raises InvalidRequest, Offline, AnswerLost."""

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """Return the HTTP status."""
        ...


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

    def came(self, profile_id: str, event_id: str) -> bool:
        """True where an event of this id was heard."""
        with self._lock:
            return (profile_id, event_id) in self._seen

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

    ``clock`` gives Unix seconds. ``hand`` is set by whoever takes the events, ``listener`` by whoever makes threads.
    """

    def __init__(self, preferences: Preferences, secrets: Secrets, ears: Ears, clock: Clock, deliver: Deliver) -> None:
        self._preferences = preferences
        self._secrets = secrets
        self._ears = ears
        self._clock = clock
        self._deliver = deliver
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
        PortTaken, OSError where the answer cannot be kept.
        """
        url = _checked(address)
        if not secret and not self._secret(profile_id):
            secret = random_secrets.token_urlsafe(32)
        if secret:
            self._secrets.set_secret(_name(profile_id), secret, session_only=session_only)
            with self._lock:
                self._known[profile_id] = secret
        self._listen(self.port)
        self._preferences.set(_ADDRESSES_KEY, {**self.addresses(), profile_id: url})

    def turn_off(self, profile_id: str) -> None:
        """Ask for no webhooks of a profile any more, and forget its secret. Raises KeyringError, OSError."""
        left = {owner: url for owner, url in self.addresses().items() if owner != profile_id}
        self._preferences.set(_ADDRESSES_KEY, left)
        with self._lock:
            self._known.pop(profile_id, None)
        self._ears.forget(profile_id)
        if not left:
            self.end()
        self._secrets.delete(_name(profile_id))

    def choose_port(self, port: int) -> None:
        """Listen at another port. Raises InvalidRequest (port), PortTaken (the old one is kept then), OSError."""
        if not 1024 <= port <= 65535:
            raise InvalidRequest({"port": "A port from 1024 to 65535."})
        if self.addresses():
            self._listen(port)
        self._preferences.set(_PORT_KEY, port)

    def begin(self) -> None:
        """Listen, where any profile's webhooks are on. Raises PortTaken."""
        if self.addresses():
            self._listen(self.port)

    def end(self) -> None:
        """Listen no more."""
        if self.listener is not None:
            self.listener.stop()

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

    def silence(self, profile_id: str) -> float | None:
        """Seconds since a profile's webhooks were heard, None where they never were in this run."""
        return self._ears.silence(profile_id)

    def hears(self, profile_id: str) -> bool:
        """True while webhooks of a profile come in: its tasks need not be asked after."""
        silence = self.silence(profile_id)
        return silence is not None and silence < SILENCE and profile_id in self.addresses()

    def test(self, profile_id: str) -> None:
        """Send a signed event to a profile's public address, and see it come in at the port.

        Raises WebhookLost where nothing or something else answered, InvalidRequest (url), KeyringError.
        """
        url, secret = self.addresses().get(profile_id, ""), self._secret(profile_id)
        event_id = new_id()
        body = json.dumps({"task_id": event_id, "platform": "", "event": TEST}).encode()
        stamp = str(int(self._clock()))
        headers = {
            "X-Webhook-Id": event_id,
            "X-Webhook-Event": TEST,
            "X-Webhook-Timestamp": stamp,
            "X-Webhook-Signature": f"sha256={signature(secret, body, stamp)}",
        }
        try:
            status = self._deliver(url, headers, body)
        except NetworkError as error:
            hint = f"Start your tunnel, and let it lead to 127.0.0.1:{self.port}."
            raise WebhookLost(error.message, hint, detail=error.detail) from error
        if not self._ears.came(profile_id, event_id):
            raise WebhookLost(
                f"The test did not come back to this computer; something else answered there (HTTP {status}).",
                f"Let the tunnel lead to 127.0.0.1:{self.port}.",
            )

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
        if event.kind != TEST:
            self.hand(owner, event)
        return Told(HTTPStatus.OK, event.kind)

    def _listen(self, port: int) -> None:
        if self.listener is None:
            return
        try:
            self.listener.start(port)
        except OSError as error:
            said = error.strerror or str(error)
            raise PortTaken(f"Port {port} cannot be listened at: {said}.", "Choose another one.") from error

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
