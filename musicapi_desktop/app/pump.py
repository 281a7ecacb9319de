"""The job pump and what it is given, for the window and for scripts. HTTP is loaded when it is first used."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from weakref import WeakSet

from musicapi_desktop.domain.profile import Profile
from musicapi_desktop.secrets.keys import ENVIRONMENT_PROFILE_ID, ENVIRONMENT_VARIABLE, Keys
from musicapi_desktop.services.accounts import Accounts
from musicapi_desktop.services.context import Records, Service, Spawn
from musicapi_desktop.services.downloads import Downloads, Incoming
from musicapi_desktop.services.fetching import Fetcher
from musicapi_desktop.services.finishing import Finisher
from musicapi_desktop.services.job_runner import JobRunner
from musicapi_desktop.services.money import Money
from musicapi_desktop.services.outcomes import Outcomes
from musicapi_desktop.services.sending import Gate
from musicapi_desktop.services.song_folder import SongFolders
from musicapi_desktop.services.source_files import SourceFiles
from musicapi_desktop.store.ledger import Ledger
from musicapi_desktop.store.voices import VoiceStore
from musicapi_desktop.wire.hosts import MUSICAPI

from .outside import Outside

if TYPE_CHECKING:
    from musicapi_desktop.client.client import Client
    from musicapi_desktop.client.download import Downloader


class LateDownloader:
    """The downloader, made when the first file is fetched: it brings the HTTP stack with it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: Downloader | None = None

    def open(self, url: str, *, offset: int = 0, etag: str = "") -> AbstractContextManager[Incoming]:
        """Open a file at the service (client.download.Downloader.open)."""
        from musicapi_desktop.client.download import Downloader

        with self._lock:
            if self._made is None:
                self._made = Downloader()
            return self._made.open(url, offset=offset, etag=etag)

    def close(self) -> None:
        """End what is under way."""
        with self._lock:
            if self._made is not None:
                self._made.cancel()
                self._made.close()


class Clients:
    """Opens clients of the service, and cuts their calls off when the app closes. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: WeakSet[Client] = WeakSet()

    def open(self, base_url: str, key: str) -> Service:
        """Make a client. Raises InvalidRequest for an address that may not be used."""
        from musicapi_desktop.client.client import Client

        client = Client(base_url, key)
        with self._lock:
            self._made.add(client)
        return client

    def close(self) -> None:
        """End every call that is under way, and every connection. Safe to call twice."""
        with self._lock:
            for client in list(self._made):
                client.close()


@dataclass(frozen=True, slots=True)
class Fetching:
    """What the job pump needs to bring files home, and away."""

    downloads: Downloads
    folders: SongFolders
    spawn: Spawn
    ledger: Ledger
    voices: VoiceStore
    outside: Outside


def given_profiles(profile_url: str, keys: Keys) -> tuple[Profile, ...]:
    """The profile of the command line or of MUSICAPI_KEY; it is not kept."""
    if profile_url:
        return (Profile(ENVIRONMENT_PROFILE_ID, "From the command line", profile_url.rstrip("/")),)
    if keys.environment:
        return (Profile(ENVIRONMENT_PROFILE_ID, f"From {ENVIRONMENT_VARIABLE}", f"https://{MUSICAPI}"),)
    return ()


def build_pump(
    records: Records, accounts: Accounts, gate: Gate, fetch: Fetching, wake: Callable[[], None]
) -> JobRunner:
    """Build the pump for the thread this is called on; ``wake`` is called where it should look again."""
    money = Money(records, fetch.ledger)
    outcomes = Outcomes(records, fetch.folders, fetch.voices)
    fetcher = Fetcher(fetch.downloads, fetch.folders, fetch.spawn, wake)
    finisher = Finisher(records, fetcher, money, outcomes)
    sources = SourceFiles(fetch.outside.places, records, fetch.spawn, wake, time.monotonic)
    around = replace(gate, sources=sources, hooks=fetch.outside.webhooks)
    return JobRunner(records, accounts.connect, accounts.profile, around, finisher, money)
