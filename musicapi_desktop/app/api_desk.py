"""The queue without a window: the same library, client and pump, stepped by whoever waits for a result."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

from musicapi_desktop.audio.probe import probe
from musicapi_desktop.bridge.deadline import within
from musicapi_desktop.bridge.engine_process import EngineProcess
from musicapi_desktop.bridge.sound_processes import SoundProcesses
from musicapi_desktop.domain.errors import KnownError
from musicapi_desktop.domain.events import Event
from musicapi_desktop.domain.job import ENDED, UNSENT, Job, JobState
from musicapi_desktop.domain.profile import Profile
from musicapi_desktop.domain.request import Request, Source
from musicapi_desktop.domain.song import Song, Take, TakeState
from musicapi_desktop.dsp.packed import unpack_by
from musicapi_desktop.secrets.keys import ENVIRONMENT_VARIABLE, Keys
from musicapi_desktop.services.accounts import Accounts, Line
from musicapi_desktop.services.context import Records, new_id
from musicapi_desktop.services.downloads import Downloads
from musicapi_desktop.services.holds import Holds
from musicapi_desktop.services.limiter import Limiter
from musicapi_desktop.services.pricing import PriceBook
from musicapi_desktop.services.readings import Readings
from musicapi_desktop.services.request_secrets import RequestSecrets
from musicapi_desktop.services.sending import Gate
from musicapi_desktop.services.song_folder import SongFolders, folder_name
from musicapi_desktop.services.submit import Submit
from musicapi_desktop.settings.locations import Locations, program
from musicapi_desktop.settings.preferences import Preferences
from musicapi_desktop.store.database import Database
from musicapi_desktop.store.jobs import JobStore
from musicapi_desktop.store.ledger import Ledger
from musicapi_desktop.store.songs import LibraryStore
from musicapi_desktop.store.voices import VoiceStore

from .core import music_folder
from .logs import hide
from .outside import build_outside
from .pump import Clients, Fetching, LateDownloader, build_pump, given_profiles

_OVER = ENDED | {JobState.PERHAPS_SENT}


class Heard:
    """An event sink that hands events to ``tell`` (progress for the terminal)."""

    def __init__(self, tell: Callable[[Event], None]) -> None:
        self._tell = tell

    def publish(self, event: Event) -> None:
        """Hand an event on."""
        self._tell(event)


class ApiDesk:
    """The core of one run without a window. Everything happens on the thread that calls; ``close`` ends it.

    Raises StoreError where the library cannot be used, DiskError or OSError where a folder cannot.
    """

    def __init__(self, places: Locations, profile_url: str, tell: Callable[[Event], None]) -> None:
        self._stops = ExitStack()
        places.create()
        preferences, sink = Preferences(places.preferences), Heard(tell)
        database = Database(places.library)
        self._stops.callback(database.close)
        self.music = music_folder(places, preferences)
        folders = SongFolders(self.music)
        self.records = Records(JobStore(database), LibraryStore(database), sink, time.time, folders)
        self._holds, limiter = Holds(), Limiter()
        command = [*program(), "serve", "--port", "0", "--parent-pipe", "--data", str(places.engine)]
        engine = EngineProcess(command, places.logs / "engine.log", sink, lambda: True)
        self._stops.callback(engine.stop)
        keys = Keys(os.environ.pop(ENVIRONMENT_VARIABLE, ""), within, hide)
        clients, downloader = Clients(), LateDownloader()
        self._stops.callback(clients.close)
        self._stops.callback(downloader.close)
        self._waiting = threading.Event()
        self._strangers: list[str] = []
        line = Line(clients.open, engine.endpoint, limiter, time.monotonic, self._pause)
        self.accounts = Accounts(keys, preferences, line, sink, given_profiles(profile_url, keys))
        self.voices = VoiceStore(database)
        self.readings = Readings(self.records, folders)
        processes = SoundProcesses([*program(), "sound", str(places.cache / "unpacked")])
        self._stops.callback(processes.stop)
        unpack_by(processes.unpack)
        downloads = Downloads(downloader.open, probe, time.monotonic)
        outside = build_outside(preferences, keys, self._pause, self._stops)
        fetch = Fetching(downloads, folders, _at_once, Ledger(database), self.voices, outside)
        gate = Gate(self._holds, limiter, secrets=RequestSecrets(hide))
        self._pump = build_pump(self.records, self.accounts, gate, fetch, self._waiting.set)
        prices = PriceBook(preferences)
        self.submit = Submit(database, self.records, self._waiting.set, prices.price, gate.secrets)

    def close(self) -> None:
        """End everything; what is unfinished is picked up by the next start of the window or of a script."""
        self._pump.stop()
        self._stops.close()

    @property
    def held(self) -> str:
        """Why nothing goes out, a sentence; empty where nothing holds it."""
        if self.records.jobs.paused():
            return "The queue of this library is paused. Go on with it in the window, or give another --data."
        return self._holds.reason()

    def profile(self) -> Profile:
        """The profile of the command line or of the environment; this computer where there is none."""
        return next((each for each in self.accounts.profiles()[1:2] if each.base_url), self.accounts.profiles()[0])

    def ask(self, request: Request) -> tuple[Job, ...]:
        """Keep a request; a clip the library never had gets a song of its own. Raises InvalidRequest, StoreError."""
        profile = self.profile()
        request = self._with_sources(request, profile)
        return self.submit.create(request, profile)

    def wait(self, jobs: tuple[Job, ...]) -> tuple[Job, ...]:
        """Step the pump until the jobs are over, or something only a person can mend holds them; return them.

        What an earlier run left unfinished is gone on with as well.
        """
        self._pump.recover()
        while True:
            known = tuple(self.records.jobs.get(job.id) or job for job in jobs)
            if all(job.state in _OVER for job in known):
                self._forget_strangers()
                self._pump.settle()
                return known
            due = self._pump.step(time.monotonic())
            pause = None if due is None else due - time.monotonic()
            if pause is None and self.held:
                return known
            if pause is None or pause > 0.0:
                self._waiting.clear()
                self._waiting.wait(min(1.0, pause) if pause is not None else 1.0)

    def perhaps_sent(self, jobs: tuple[Job, ...]) -> bool:
        """True where one of them went out, or may have, and has not ended; so too where nobody can tell."""
        try:
            states = {known.state for job in jobs if (known := self.records.jobs.get(job.id)) is not None}
        except KnownError:
            return True
        return not states <= UNSENT | ENDED

    def _forget_strangers(self) -> None:
        """Drop the songs of clips the library never had, where nothing came of them."""
        for song_id in self._strangers:
            song = self.records.library.get(song_id)
            if song is not None and not any(
                take.files or take.wav_path or take.stems or take.extra for take in song.takes
            ):
                self.records.song_gone(song_id)
        self._strangers.clear()

    def _with_sources(self, request: Request, profile: Profile) -> Request:
        changes = {
            name: self._known(source, profile)
            for name, source in (("source", request.source), ("second", request.second))
            if source is not None and source.clip_id and not source.take_id
        }
        return replace(request, **changes) if changes else request

    def _known(self, source: Source, profile: Profile) -> Source:
        song = self.records.library.with_clip(source.clip_id)
        if song is None:
            song = _stranger(source.clip_id, profile, self.records.clock())
            self.records.add_song(song)
            self._strangers.append(song.id)
        stems = ((take, stem) for take in song.takes for stem in take.stems)
        take = next((take for take in song.takes if take.clip_id == source.clip_id), None)
        take = take or next((take for take, stem in stems if stem.clip_id == source.clip_id), song.takes[0])
        return Source(song.id, take.id, source.clip_id, song.title)

    def _pause(self, seconds: float) -> None:
        self._waiting.wait(seconds)


def _at_once(work: Callable[[], None]) -> None:
    work()


def _stranger(clip_id: str, profile: Profile, now: float) -> Song:
    """Return a song for a clip of the service that this library never had: what comes of it needs a folder."""
    song_id, title = new_id(), f"Clip {clip_id}"
    take = Take(new_id(), song_id, "A", clip_id=clip_id, state=TakeState.MISSING, created_at=now)
    return Song(
        song_id, title, profile_id=profile.id, folder=folder_name(title, song_id), created_at=now, takes=(take,)
    )
