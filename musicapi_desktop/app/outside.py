"""What others reach: the place for source files, and the port for webhooks. HTTP is loaded when one is first used."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from musicapi_desktop.domain.events import EventSink, Notice
from musicapi_desktop.domain.place import Place
from musicapi_desktop.secrets.keys import Keys
from musicapi_desktop.services.places import Places
from musicapi_desktop.services.webhooks import Ears, PortTaken, Webhooks
from musicapi_desktop.settings.preferences import Preferences

if TYPE_CHECKING:
    from musicapi_desktop.bridge.webhook_listener import Receive, WebhookListener
    from musicapi_desktop.client.places import Look, PlaceOpener, Storage


class LateOpener:
    """Opens places; made when the first one is opened."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: PlaceOpener | None = None
        self._closed = False

    def open(self, place: Place, secret: str) -> Storage:
        """Return the place, ready for files (client.places.PlaceOpener.open)."""
        return self._opener().open(place, secret)

    def look(self, link: str) -> Look:
        """Look at a public link as a stranger (client.places.PlaceOpener.look)."""
        return self._opener().look(link)

    def close(self) -> None:
        """End what is under way; later calls raise Offline."""
        with self._lock:
            self._closed = True
            if self._made is not None:
                self._made.close()

    def _opener(self) -> PlaceOpener:
        from musicapi_desktop.client.places import PlaceOpener

        with self._lock:
            if self._made is None:
                self._made = PlaceOpener(time.time)
                if self._closed:
                    self._made.close()
            return self._made


class LateListener:
    """Listens for webhooks; made when they are first turned on."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._lock = threading.Lock()
        self._made: WebhookListener | None = None
        self._closed = False

    def start(self, port: int) -> None:
        """Listen (bridge.webhook_listener.WebhookListener.start); not any more once the app leaves."""
        from musicapi_desktop.bridge.webhook_listener import WebhookListener

        with self._lock:
            if self._closed:
                # a keyring may have asked for a password meanwhile: what starts now would be ended by nobody
                return
            if self._made is None:
                self._made = WebhookListener(self._receive)
            self._made.start(port)

    def stop(self) -> None:
        """Listen no more."""
        with self._lock:
            if self._made is not None:
                self._made.stop()

    def close(self) -> None:
        """Listen no more, and never again."""
        with self._lock:
            self._closed = True
        self.stop()


def _deliver(url: str, headers: Mapping[str, str], body: bytes) -> int:
    from musicapi_desktop.client.webhook_probe import deliver

    return deliver(url, headers, body)


@dataclass(frozen=True, slots=True)
class Outside:
    """The place and the webhooks of one run."""

    places: Places
    webhooks: Webhooks

    def begin(self, sink: EventSink) -> None:
        """Listen, where webhooks are on; a taken port is told, and songs are asked after as usual."""
        try:
            self.webhooks.begin()
        except PortTaken as error:
            sink.publish(Notice(error.message, "Songs are asked after as usual. Choose another port in Settings."))


def build_outside(preferences: Preferences, keys: Keys, pause: Callable[[float], None], stops: ExitStack) -> Outside:
    """Build them; nothing is opened and nothing listened at. ``pause`` waits, less when the app leaves."""
    opener = LateOpener()
    stops.callback(opener.close)
    webhooks = Webhooks(preferences, keys, Ears(time.monotonic), time.time, _deliver)
    webhooks.listener = listener = LateListener(webhooks.receive)
    stops.callback(listener.close)
    return Outside(Places(preferences, keys, opener, time.time, pause), webhooks)
