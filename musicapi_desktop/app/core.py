"""Everything below the window, built in order: the library, the services, and what they are given.

Nothing heavy is loaded here: HTTP, the keyring and the audio arithmetic come when they are first used, off the GUI
thread.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from musicapi_desktop.bridge.audio_feeder import AudioWorkers
from musicapi_desktop.bridge.calls import Calls
from musicapi_desktop.bridge.client_thread import ClientThread, DownloadPool
from musicapi_desktop.bridge.deadline import within
from musicapi_desktop.bridge.engine_process import RESTS_AFTER, EngineProcess
from musicapi_desktop.bridge.relay import Relay
from musicapi_desktop.bridge.sound_processes import SoundProcesses
from musicapi_desktop.domain.errors import KnownError
from musicapi_desktop.domain.events import Notice
from musicapi_desktop.domain.profile import LOCAL_PROFILE_ID
from musicapi_desktop.dsp.packed import unpack_by
from musicapi_desktop.secrets.keys import ENVIRONMENT_VARIABLE, Keys
from musicapi_desktop.services.accounts import Accounts, Line
from musicapi_desktop.services.beats import BeatBook
from musicapi_desktop.services.context import Records
from musicapi_desktop.services.downloads import Downloads
from musicapi_desktop.services.export import Export
from musicapi_desktop.services.family import Family
from musicapi_desktop.services.holds import Holds
from musicapi_desktop.services.importing import Importing
from musicapi_desktop.services.job_runner import JobRunner
from musicapi_desktop.services.library import Library
from musicapi_desktop.services.limiter import Limiter
from musicapi_desktop.services.playback import Playback
from musicapi_desktop.services.pricing import PriceBook
from musicapi_desktop.services.queue import Queue
from musicapi_desktop.services.readings import Readings
from musicapi_desktop.services.request_secrets import RequestSecrets
from musicapi_desktop.services.sending import Gate
from musicapi_desktop.services.song_folder import SongFolders
from musicapi_desktop.services.submit import Submit
from musicapi_desktop.services.voices import Voices
from musicapi_desktop.settings.locations import Locations, program
from musicapi_desktop.settings.preferences import Preferences
from musicapi_desktop.store.database import Database
from musicapi_desktop.store.jobs import JobStore
from musicapi_desktop.store.ledger import Ledger
from musicapi_desktop.store.rows import RowStore
from musicapi_desktop.store.songs import LibraryStore
from musicapi_desktop.store.voices import VoiceStore

from .logs import hide
from .outside import Outside, build_outside
from .pump import Clients, Fetching, LateDownloader, build_pump, given_profiles

if TYPE_CHECKING:
    from musicapi_desktop.services.webhooks_signed import Event

MUSIC_FOLDER_KEY = "music.folder"
_PARTING_MS = 8000
"""How long a request on its way may take to be answered when the app closes; cut off, it would be *perhaps sent*."""


@dataclass(frozen=True, slots=True)
class Core:
    """The services of one run."""

    places: Locations
    preferences: Preferences
    relay: Relay
    calls: Calls
    records: Records
    rows: RowStore
    ledger: Ledger
    library: Library
    submit: Submit
    prices: PriceBook
    family: Family
    voices: Voices
    readings: Readings
    queue: Queue
    accounts: Accounts
    keys: Keys
    playback: Playback
    importing: Importing
    export: Export
    engine: EngineProcess
    client_thread: ClientThread
    outside: Outside


def music_folder(places: Locations, preferences: Preferences) -> Path:
    """The folder the person chose for music, or the usual one."""
    chosen = preferences.get(MUSIC_FOLDER_KEY, "")
    return Path(chosen) if chosen else places.music


@dataclass(frozen=True, slots=True)
class Ground:
    """What everything stands on: places, events, background calls, and the records on disk."""

    places: Locations
    preferences: Preferences
    relay: Relay
    calls: Calls
    database: Database
    folders: SongFolders
    records: Records
    stops: ExitStack

    def playing_here(self) -> bool:
        """Tell whether a request of this computer is under way, or nobody can tell."""
        try:
            return any(job.profile_id == LOCAL_PROFILE_ID for job in self.records.jobs.in_flight())
        except KnownError:
            return True


def build_core(places: Locations, preferences: Preferences, profile_url: str, stops: ExitStack) -> Core:
    """Build the services; ``stops`` ends them in reverse order.

    Raises StoreError where the library cannot be used, DiskError or OSError where a folder cannot.
    """
    ground = _ground(places, preferences, stops)
    records, gate = ground.records, Gate(Holds(), Limiter(), secrets=RequestSecrets(hide))
    line = ServiceLine(ground, gate, profile_url)
    processes = _sound_processes(places, stops)
    fetching = _fetching(ground, line, processes)
    library, prices = Library(records, ground.folders, fetching.downloads), PriceBook(preferences)
    thread = _client_thread(records, line.accounts, gate, fetching)
    stops.callback(line.hang_up, thread)
    decoders = AudioWorkers()
    stops.callback(decoders.stop)
    return Core(
        places=places,
        preferences=preferences,
        relay=ground.relay,
        calls=ground.calls,
        records=records,
        rows=RowStore(ground.database),
        ledger=fetching.ledger,
        library=library,
        submit=Submit(ground.database, records, thread.wake, prices.price, gate.secrets),
        prices=prices,
        family=Family(records),
        voices=Voices(fetching.voices),
        readings=Readings(records, ground.folders),
        queue=Queue(records, gate.holds, thread.wake, line.accounts.balance),
        accounts=line.accounts,
        keys=line.keys,
        playback=_playback(ground, library, decoders, processes),
        importing=Importing(records, ground.folders, processes.probe),
        export=Export(library.path, decoders.together),
        engine=line.engine,
        client_thread=thread,
        outside=fetching.outside,
    )


def _ground(places: Locations, preferences: Preferences, stops: ExitStack) -> Ground:
    relay, calls = Relay(), Calls()
    stops.callback(calls.stop)
    database = Database(places.library)
    stops.callback(database.close)
    # what still runs in the background ends before the library is closed
    stops.callback(calls.stop)
    folders = SongFolders(music_folder(places, preferences))
    records = Records(JobStore(database), LibraryStore(database), relay, time.time, folders)
    return Ground(places, preferences, relay, calls, database, folders, records, stops)


def _sound_processes(places: Locations, stops: ExitStack) -> SoundProcesses:
    processes = SoundProcesses([*program(), "sound", str(places.cache / "unpacked")])
    stops.callback(processes.stop)
    unpack_by(processes.unpack)
    return processes


def _fetching(ground: Ground, line: ServiceLine, processes: SoundProcesses) -> Fetching:
    downloader, pool, stops = LateDownloader(), DownloadPool(), ground.stops
    downloads = Downloads(downloader.open, processes.probe, time.monotonic)
    stops.callback(pool.stop)
    # uploads and downloads run in the pool: they are cut before it is waited for
    outside = build_outside(ground.preferences, line.keys, line.pause, stops)
    stops.callback(downloader.close)
    ledger, voices = Ledger(ground.database), VoiceStore(ground.database)
    return Fetching(downloads, ground.folders, pool.spawn, ledger, voices, outside)


def _playback(ground: Ground, library: Library, decoders: AudioWorkers, processes: SoundProcesses) -> Playback:
    cache = ground.places.cache
    book = BeatBook(cache / "beats", processes.beats)
    playback = Playback(library, cache, decoders.spawn, [cache], book.beats)
    ground.stops.callback(playback.close)
    return playback


class ServiceLine:
    """The way to the service and to the local engine: accounts, keys, clients, the engine's process."""

    def __init__(self, ground: Ground, gate: Gate, profile_url: str) -> None:
        places = ground.places
        command = [*program(), "serve", "--port", "0", "--parent-pipe", "--data", str(places.engine)]
        log_file = places.logs / "engine.log"
        self.engine = EngineProcess(command, log_file, ground.relay, ground.playing_here, RESTS_AFTER)
        ground.stops.callback(self.engine.stop)
        self.keys = Keys(os.environ.pop(ENVIRONMENT_VARIABLE, ""), within, hide)
        self._leaving = threading.Event()
        self._clients = Clients()
        line = Line(self._clients.open, self.engine.endpoint, gate.limiter, time.monotonic, self.pause)
        given = given_profiles(profile_url, self.keys)
        self.accounts = Accounts(self.keys, ground.preferences, line, ground.relay, given)

    def hang_up(self, thread: ClientThread) -> None:
        """End the client thread: what is being sent may be answered; a call that hangs is cut off."""
        self._leaving.set()
        thread.leave()
        if not thread.wait(_PARTING_MS):
            self._clients.close()
            self.engine.stop()
            thread.wait()
        self._clients.close()

    def pause(self, seconds: float) -> None:
        """Wait so many seconds, less when the app leaves. Any thread."""
        self._leaving.wait(seconds)


def as_notice(error: BaseException) -> Notice:
    """A failure as a sentence; one of ours is asked to be reported."""
    if isinstance(error, KnownError):
        return Notice(error.message, error.hint, error.detail)
    return Notice("Something went wrong in the app itself.", "Please report it; nothing was lost.", repr(error))


def _client_thread(records: Records, accounts: Accounts, gate: Gate, fetch: Fetching) -> ClientThread:
    """The thread that owns the job pump; it is built there, not here."""

    def build() -> JobRunner:
        runner = build_pump(records, accounts, gate, fetch, thread.wake)

        def take(profile_id: str, event: Event) -> None:
            runner.heard(profile_id, event)
            thread.wake()

        fetch.outside.webhooks.hand = take
        return runner

    def report(error: BaseException) -> None:
        records.sink.publish(as_notice(error))

    thread = ClientThread(build, report)
    return thread
