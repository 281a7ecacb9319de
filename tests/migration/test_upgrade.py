"""The folder of an older package, opened by this one: library, queue, mixes and settings are all there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from musicapi_desktop.domain.job import JobState
from musicapi_desktop.presenters.settings import LOOK_KEY
from musicapi_desktop.services.mix_memory import MixMemory
from musicapi_desktop.settings.locations import under
from musicapi_desktop.settings.preferences import Preferences
from musicapi_desktop.store.database import Database
from musicapi_desktop.store.jobs import JobStore
from musicapi_desktop.store.migrations import MIGRATIONS
from musicapi_desktop.store.search import parse
from musicapi_desktop.store.songs import LibraryStore

KEPT = Path(__file__).parent / "kept"
NEXT = "ALTER TABLE song ADD COLUMN mood TEXT NOT NULL DEFAULT ''; CREATE INDEX song_mood ON song (mood)"
RELEASES = sorted(folder.name for folder in KEPT.iterdir() if folder.is_dir())


@pytest.fixture(params=RELEASES)
def places(request, tmp_path):
    """A copy of what a release left."""
    shutil.copytree(KEPT / request.param, tmp_path, dirs_exist_ok=True)
    return under(tmp_path)


@pytest.mark.parametrize("migrations", [MIGRATIONS, (*MIGRATIONS, NEXT)], ids=["this package", "the next one"])
def test_songs_takes_and_stems_are_there(places, migrations):
    database = Database(places.library, migrations=migrations)
    songs = LibraryStore(database)
    made = [song for song in songs.many(songs.every_id()) if song.folder]
    database.close()
    (song,) = made
    assert (song.title, song.style) == ("Neon Rain", "synthwave, female vocal, 112 bpm")
    assert [take.letter for take in song.takes] == ["A", "B"]
    assert all(take.path.startswith("Neon Rain [") and take.facts.overview for take in song.takes)
    assert {stem.split for take in song.takes for stem in take.stems} != set()


@pytest.mark.parametrize("migrations", [MIGRATIONS, (*MIGRATIONS, NEXT)], ids=["this package", "the next one"])
def test_the_queue_goes_on_where_it_was(places, migrations):
    database = Database(places.library, migrations=migrations)
    jobs = JobStore(database)
    waiting = jobs.next_waiting("cloud")
    held = jobs.in_states({JobState.HELD})
    database.close()
    assert (waiting.request.title, waiting.request.songs, len(waiting.tasks)) == ("Midnight Ferry", 2, 2)
    assert [job.request.title for job in held] == ["Paper Lanterns"]


@pytest.mark.parametrize("migrations", [MIGRATIONS, (*MIGRATIONS, NEXT)], ids=["this package", "the next one"])
def test_the_library_is_searched_by_its_words(places, migrations):
    database = Database(places.library, migrations=migrations)
    songs = LibraryStore(database)
    found = songs.many(songs.ids(parse("taxi lights", now=0.0)))
    database.close()
    assert [song.title for song in found] == ["Neon Rain"]


def test_settings_and_mixes_are_read(places):
    preferences = Preferences(places.preferences)
    assert preferences.get(LOOK_KEY, "") == "light"
    assert preferences.get("profiles.active", "") == "cloud"
    assert preferences.get("music.folder", "") == "/media/ann/Songs"
    assert not preferences.damaged
    memory = MixMemory(places.data / "mixes")
    mixes = [memory.get(file.stem).mix for file in (places.data / "mixes").iterdir()]
    levels = sorted(strip.level for mix in mixes for strip in mix.strips.values())
    assert levels == [-3.0, 0.0, 0.0]
