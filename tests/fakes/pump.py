"""The whole core over a folder, with a clock the test moves: store, services, real HTTP where an address is given."""

from __future__ import annotations

from musicapi_desktop.audio.probe import probe
from musicapi_desktop.client.client import Client
from musicapi_desktop.client.download import Downloader
from musicapi_desktop.domain.errors import KeyRefused
from musicapi_desktop.domain.events import BalanceChanged, JobChanged, QueueChanged, SongChanged, SongGone
from musicapi_desktop.domain.profile import Profile
from musicapi_desktop.domain.request import Mode, Request
from musicapi_desktop.services.context import Records
from musicapi_desktop.services.downloads import Downloads
from musicapi_desktop.services.fetching import Fetcher
from musicapi_desktop.services.finishing import Finisher
from musicapi_desktop.services.holds import Holds
from musicapi_desktop.services.job_runner import JobRunner
from musicapi_desktop.services.library import Library
from musicapi_desktop.services.limiter import Limiter
from musicapi_desktop.services.money import Money
from musicapi_desktop.services.outcomes import Outcomes
from musicapi_desktop.services.queue import Queue
from musicapi_desktop.services.sending import Gate
from musicapi_desktop.services.song_folder import SongFolders
from musicapi_desktop.services.submit import Submit
from musicapi_desktop.store.database import Database
from musicapi_desktop.store.jobs import JobStore
from musicapi_desktop.store.ledger import Ledger
from musicapi_desktop.store.songs import LibraryStore
from musicapi_desktop.store.voices import VoiceStore

CLOUD = "cloud"


class Sink:
    def __init__(self):
        self.events = []

    def publish(self, event):
        self.events.append(event)

    def states(self, job_id):
        return [e.job.state.value for e in self.events if isinstance(e, JobChanged) and e.job.id == job_id]

    def songs(self):
        return [e.song for e in self.events if isinstance(e, SongChanged)]

    def gone(self):
        return [e.song_id for e in self.events if isinstance(e, SongGone)]

    def balances(self):
        return [e.credits for e in self.events if isinstance(e, BalanceChanged)]

    def queue(self):
        return [e for e in self.events if isinstance(e, QueueChanged)]


class Keys:
    """A key store in memory."""

    def __init__(self):
        self.kept = {}

    def get(self, profile_id):
        return self.kept.get(profile_id)

    def set(self, profile_id, key, *, session_only=False):
        self.kept[profile_id] = key

    def delete(self, profile_id):
        self.kept.pop(profile_id, None)

    def where(self, profile_id):
        return "in memory" if profile_id in self.kept else "nowhere"


class Pump:
    """``now`` is both clocks: monotonic as it is, the wall clock from ``start`` on.

    ``around`` gives more of the gate: the place for source files, the webhooks.
    """

    def __init__(self, folder, base_url="", key="sk_test_0123456789", *, connect=None, spawn=None, around=None):
        self.folder = folder
        self.now = 1000.0
        self.start = 1_700_000_000.0
        self.profile = Profile(CLOUD, "Cloud", base_url or "https://api.musicapi.ai")
        self.key = key
        self.sink = Sink()
        self.wakes = 0
        self.database = Database(folder / "data" / "library.db", patience=0.2)
        self.folders = SongFolders(folder / "Music")
        self.records = Records(
            JobStore(self.database), LibraryStore(self.database), self.sink, self.clock, self.folders
        )
        self.gate = Gate(Holds(), Limiter(), **(around(self) if around else {}))
        self.downloader = Downloader(connect=1.0, read=2.0, total=10.0)
        self.downloads = Downloads(self.downloader.open, probe, lambda: self.now)
        self.ledger = Ledger(self.database)
        self.money = Money(self.records, self.ledger)
        self.fetcher = Fetcher(self.downloads, self.folders, spawn or (lambda work: work()), self.wake)
        self.client = None
        self.voices = VoiceStore(self.database)
        finisher = Finisher(self.records, self.fetcher, self.money, Outcomes(self.records, self.folders, self.voices))
        self.runner = JobRunner(self.records, connect or self.connect, self.find, self.gate, finisher, self.money)
        self.queue = Queue(self.records, self.gate.holds, self.wake, lambda _profile: self.connect().credits().total)
        self.submit = Submit(self.database, self.records, self.wake, lambda *_a, **_k: 15, self.gate.secrets)
        self.library = Library(self.records, self.folders, self.downloads)

    def clock(self):
        return self.start + self.now

    def wake(self):
        self.wakes += 1

    def find(self, profile_id):
        return self.profile if profile_id == self.profile.id else None

    def connect(self, _profile=None):
        if not self.key:
            raise KeyRefused("There is no key for this profile.", "Open Settings and paste its key.")
        if self.client is None:
            self.client = Client(self.profile.base_url, self.key)
        return self.client

    def close(self):
        self.runner.stop()
        if self.client is not None:
            self.client.close()
        self.downloader.close()
        self.database.close()

    def run(self, steps=400, until=None, seconds=7200.0):
        """Step until there is nothing left to do, or ``until()``; virtual time jumps to what is due."""
        end = self.now + seconds
        for _step in range(steps):
            if until is not None and until():
                return True
            due = self.runner.step(self.now)
            if due is None or due > end:
                return until is None or until()
            self.now = max(self.now, due)
        return until is None or until()

    def described(self, text="a quiet song", **more):
        return Request(mode=Mode.DESCRIBE, description=text, **more)

    def make(self, request=None, **more):
        return self.submit.create(request or self.described(**more), self.profile)

    def job(self, job_id):
        return self.records.jobs.get(job_id)

    def song(self, job, index=0):
        return self.records.library.get(job.tasks[index].song_id)
