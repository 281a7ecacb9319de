"""Libraries of every earlier version open, keep what they hold, and are backed up first."""

from __future__ import annotations

import sqlite3

import pytest

from musicapi_desktop.store.database import Database
from musicapi_desktop.store.failures import StoreError
from musicapi_desktop.store.migrations import MIGRATIONS
from musicapi_desktop.store.search import parse
from musicapi_desktop.store.songs import LibraryStore

NEXT = "ALTER TABLE song ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'"
BROKEN = "ALTER TABLE song ADD COLUMN mood TEXT; INSERT INTO nowhere VALUES (1)"

# a library as version 1 wrote it; never edit it, add the next version's beside it
VERSION_1 = """
INSERT INTO song VALUES (1, 's1', 'Night Bus', 'indie', 'la la', 'd', '', 'sonic-v6', 'cloud', 'Night Bus [s1]', 1.0, 1,
    3, 'note', NULL, '', 10.0, 'la la');
INSERT INTO take VALUES ('t1', 's1', 0, 'A', 'c1', 'ready', 'Night Bus [s1]/A.mp3', '', 'sonic-v6', 'la', 'indie', '',
    '', 1.0, 10.0, NULL, '', 480000, 48000, 2, 'mp3', x'0102', -14.0, -1.0);
INSERT INTO stem VALUES ('st1', 't1', 'full', 'Vocals', 'vocals', 'p', 1, 'c2', 0, '', NULL, NULL, NULL, NULL, NULL,
    NULL, NULL);
INSERT INTO job VALUES ('j1', 'b', 'cloud', 'accepted', 1.0, '{"description": "x"}', 1, 1.0, 2.0, NULL, 0.0, 15,
    'charged', 100, NULL, NULL, '', '', 0);
INSERT INTO job_task VALUES ('j1', 0, 's1', 'task-1', 0, '');
INSERT INTO job VALUES ('j2', 'b2', 'cloud', 'failed', 2.0, '{"operation": "wav", "source": {"song_id": "s1",
    "take_id": "t1", "clip_id": "c1"}}', 1, 1.0, 2.0, 3.0, 0.0, 2, 'charged', 100, NULL, NULL, '',
    'https://cdn.test/c1.wav', 0);
INSERT INTO job_task VALUES ('j2', 0, 's1', '', 0, '');
INSERT INTO ledger VALUES ('j1', 'cloud', 2.0, 'x', 'create_music', 15, 15, 0, 100, 0, 0);
INSERT INTO balance VALUES ('cloud', 100, 2.0);
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "library.db"


def version_1(path):
    Database(path, migrations=MIGRATIONS[:1]).close()
    other = sqlite3.connect(path)
    other.executescript(VERSION_1)
    other.close()


def columns(path):
    other = sqlite3.connect(path)
    found = [row[1] for row in other.execute("PRAGMA table_info(song)")]
    version = other.execute("PRAGMA user_version").fetchone()[0]
    other.close()
    return found, version


def test_a_library_of_version_1_is_read(path):
    from musicapi_desktop.store.jobs import JobStore
    from musicapi_desktop.store.ledger import Ledger

    version_1(path)
    database = Database(path)
    song = LibraryStore(database).get("s1")
    assert (song.title, song.takes[0].facts.frames, song.takes[0].stems[0].name) == ("Night Bus", 480000, "Vocals")
    assert LibraryStore(database).ids(parse("night", 0.0)) == ["s1"]
    assert JobStore(database).get("j1").tasks[0].task_id == "task-1"
    assert Ledger(database).of_job("j1").charged == 15
    wav = JobStore(database).get("j2")
    assert wav.answered
    assert JobStore(database).answer("j2") == {"data": {"wav_url": "https://cdn.test/c1.wav"}}
    assert (song.parents, song.batch, song.takes[0].files, song.takes[0].extra) == ((), "", {}, {})
    assert database.version() == len(MIGRATIONS)
    database.close()


def test_the_old_file_is_kept_before_it_is_changed(path):
    version_1(path)
    database = Database(path, migrations=(*MIGRATIONS, NEXT))
    assert LibraryStore(database).get("s1").title == "Night Bus"
    database.close()
    assert columns(path)[1] == len(MIGRATIONS) + 1
    assert "mood" in columns(path)[0]
    backup = path.with_name("library.version-1.backup.db")
    assert columns(backup)[1] == 1
    assert "mood" not in columns(backup)[0]
    kept = Database(backup)
    assert LibraryStore(kept).get("s1").title == "Night Bus"
    kept.close()


def test_a_step_that_fails_leaves_the_library_as_it_was(path):
    version_1(path)
    with pytest.raises((StoreError, sqlite3.OperationalError)):
        Database(path, migrations=(*MIGRATIONS, BROKEN))
    found, version = columns(path)
    # each step is a whole: those before the broken one stand
    assert version == len(MIGRATIONS)
    assert "mood" not in found
    database = Database(path)
    assert LibraryStore(database).get("s1").title == "Night Bus"
    database.close()


def test_a_new_library_is_made_by_the_same_steps_and_needs_no_backup(path):
    Database(path, migrations=(*MIGRATIONS, NEXT)).close()
    assert columns(path)[1] == len(MIGRATIONS) + 1
    assert [each.name for each in path.parent.iterdir()] == ["library.db"]
