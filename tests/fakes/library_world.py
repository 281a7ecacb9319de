"""A real library on disk with real services and presenters; only the service itself and the player are missing."""

from __future__ import annotations

import time
from dataclasses import replace

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent

from musicapi_desktop.bridge.calls import Calls
from musicapi_desktop.bridge.relay import Relay
from musicapi_desktop.domain.job import JobState
from musicapi_desktop.domain.profile import LOCAL_PROFILE, Profile
from musicapi_desktop.domain.request import Mode, Operation, Request, Source
from musicapi_desktop.domain.song import STEM_KINDS, AudioFacts, Song, Stem, Take, TakeState
from musicapi_desktop.presenters.archive import Archive
from musicapi_desktop.presenters.inspector import InspectorPresenter
from musicapi_desktop.presenters.ledger import LedgerPresenter
from musicapi_desktop.presenters.library import LibraryPresenter
from musicapi_desktop.presenters.queue import QueuePresenter
from musicapi_desktop.presenters.takes import TakeActions
from musicapi_desktop.services.context import Records, new_id
from musicapi_desktop.services.family import Family
from musicapi_desktop.services.holds import Holds
from musicapi_desktop.services.library import Library
from musicapi_desktop.services.pricing import PriceBook
from musicapi_desktop.services.queue import Queue
from musicapi_desktop.services.readings import Readings
from musicapi_desktop.services.request_secrets import RequestSecrets
from musicapi_desktop.services.song_folder import SongFolders
from musicapi_desktop.services.submit import Submit
from musicapi_desktop.settings.preferences import Preferences
from musicapi_desktop.store.database import Database
from musicapi_desktop.store.jobs import JobStore
from musicapi_desktop.store.ledger import Ledger
from musicapi_desktop.store.rows import RowStore
from musicapi_desktop.store.songs import LibraryStore

CLOUD = Profile("cloud", "Game score", "https://api.musicapi.ai")
OVERVIEW = bytes(range(50, 250))
S = JobState


class Profiles:
    """The profiles there are; ``chosen`` is the one in use."""

    chosen = CLOUD

    def active(self):
        return self.chosen

    def profile(self, profile_id):
        return {CLOUD.id: CLOUD, LOCAL_PROFILE.id: LOCAL_PROFILE}.get(profile_id)


class World:
    """Everything below the views. ``balance`` is what the service would say."""

    def __init__(self, folder):
        self.relay, self.calls = Relay(), Calls()
        self.database = Database(folder / "library.db")
        self.jobs, self.songs = JobStore(self.database), LibraryStore(self.database)
        self.rows, self.ledger = RowStore(self.database), Ledger(self.database)
        self.music = folder / "Music"
        self.music.mkdir()
        folders = SongFolders(self.music)
        self.records = Records(self.jobs, self.songs, self.relay, time.time, folders)
        self.library = Library(self.records, folders, None)
        self.balance = 1240
        self.queue = Queue(self.records, Holds(), lambda: None, lambda _profile: self.balance)
        self.prices = PriceBook(Preferences(folder / "preferences.json"))
        self.submit = Submit(self.database, self.records, lambda: None, self.prices.price, RequestSecrets())
        self.profiles = Profiles()
        self.saved = []
        self.more = []
        self.actions = TakeActions(
            self.library, self.submit, self.profiles, lambda *asked: self.saved.append(asked), self.calls
        )
        self.library_presenter = LibraryPresenter(self.rows, self.queue, self.actions, self.calls, self.relay)
        self.inspector_presenter = InspectorPresenter(self.library, self.actions, self.calls, self.relay)
        self.inspector_presenter.archive = Archive(Readings(self.records, folders), Family(self.records))
        self.queue_presenter = QueuePresenter(self.queue, self.library, self.calls, self.relay)

    def close(self):
        self.calls.stop()
        self.database.close()
        # views first, then what they show. Left to the garbage collector, a QObject may end on a worker thread of a
        # later test, which takes the process down.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        for made in (self.library_presenter, self.inspector_presenter, self.queue_presenter, *self.more):
            shiboken6.delete(made)
        for made in (self.actions, self.calls, self.relay):
            shiboken6.delete(made)

    def ledger_presenter(self):
        """The ledger's presenter."""
        self.more.append(LedgerPresenter(self.ledger, self.profiles, self.calls, self.relay))
        return self.more[-1]

    def song(self, title="Neon Rain", letters="A", ago=100.0, state=TakeState.READY, stems=0, **about):
        """Keep a song with a take per letter."""
        song_id = new_id()
        bpm, key = about.pop("bpm", 112.0), about.pop("key", "F#m")
        takes = tuple(
            self._take(song_id, title, letter, state, stems, bpm=bpm, key=key, created_at=time.time() - ago)
            for letter in letters
        )
        about = {"style": "synthwave", "model": "sonic-v5", "profile_id": CLOUD.id, **about}
        song = Song(song_id, title, folder=title, created_at=time.time() - ago, takes=takes, **about)
        self.records.add_song(song)
        return song

    def _take(self, song_id, title, letter, state, stems, **about):
        take_id = new_id()
        there = state is TakeState.READY
        return Take(
            take_id,
            song_id,
            letter,
            clip_id=f"clip-{letter}",
            state=state,
            path=f"{title}/{letter}.mp3" if state is not TakeState.EXPECTED else "",
            model="sonic-v5",
            seconds=198.0 if there else 0.0,
            facts=AudioFacts(198 * 48000, 48000, 2, "mp3", OVERVIEW, -14.0, -1.0) if there else None,
            stems=tuple(
                Stem(new_id(), take_id, "full" if stems > 2 else "basic", kind, kind, f"{title}/stems/{kind}.mp3", i)
                for i, kind in enumerate(STEM_KINDS[:stems])
            ),
            **about,
        )

    def request(self, title="Midnight Ferry", songs=1, *, hold=False, profile=CLOUD):
        """Press Create; return the job."""
        request = Request(mode=Mode.INSTRUMENTAL, title=title, style="slow waltz", model="sonic-v5", songs=songs)
        return self.submit.create(request, profile, hold=hold)[0]

    def split(self, song):
        """Ask for all stems of a song's first take; return the job."""
        take = song.takes[0]
        request = Request(operation=Operation.STEMS_FULL, source=Source(song.id, take.id, take.clip_id, song.title))
        return self.submit.create(request, CLOUD)[0]

    def become(self, job, *states, **changes):
        """Move a job through ``states``; ``changes`` go with the last."""
        for state in states[:-1]:
            self.jobs.change(job.id, lambda known, state=state: known.moved(state))
        return self.records.job(job.id, lambda known: known.moved(states[-1], **changes))

    def making(self, job, **changes):
        """The service works on a job."""
        tasks = tuple(replace(task, task_id="task") for task in job.tasks)
        sent = {"sent_at": time.time() - 41, "tasks": tasks, **changes}
        return self.become(job, S.SENDING, S.ACCEPTED, S.MAKING, **sent)

    def finish(self, job, took=94.0):
        """A job's song has landed."""
        now = time.time()
        self.making(job, sent_at=now - took - 5)
        done = tuple(replace(task, task_id="task", done=True) for task in job.tasks)
        ended = self.become(job, S.DOWNLOADING, S.CHECKING, S.READY, ended_at=now - 5, tasks=done)
        for task in job.tasks:
            self.records.song(task.song_id, self._landed)
        return ended

    def _landed(self, song):
        takes = tuple(
            replace(take, state=TakeState.READY, path=f"{song.id}/{take.letter}.mp3", seconds=146.0)
            for take in song.takes
        )
        return replace(song, job_id="", takes=takes)
