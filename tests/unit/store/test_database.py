"""The library file: transactions, threads, and the sentences for files that cannot be used."""

from __future__ import annotations

import sqlite3
import threading
import time

import pytest

from musicapi_desktop.domain.errors import DiskError, StoreError
from musicapi_desktop.store.database import Database, set_aside
from musicapi_desktop.store.failures import LibraryDamaged, LibraryInUse, LibraryTooNew


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deep" / "library.db"


def meta(database):
    with database.reading() as db:
        return [row["key"] for row in db.execute("SELECT key FROM meta ORDER BY key")]


def put(database, key):
    with database.transaction() as db:
        db.execute("INSERT INTO meta (key, value) VALUES (?, '')", (key,))


def test_a_new_library_is_made_in_its_folder(path):
    database = Database(path)
    with database.reading() as db:
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
        assert db.execute("PRAGMA synchronous").fetchone()[0] == 1
    assert database.version() >= 1
    assert database.sound()
    database.close()
    database.close()
    assert not path.with_name("library.db-wal").exists()


def test_a_durable_transaction_waits_for_the_disk_and_only_that_one(path):
    database = Database(path)
    with database.transaction(durable=True) as db:
        assert db.execute("PRAGMA synchronous").fetchone()[0] == 2
    with database.transaction() as db:
        assert db.execute("PRAGMA synchronous").fetchone()[0] == 1
    database.close()


def test_a_transaction_is_all_or_nothing_and_nests(path):
    database = Database(path)

    def failing():
        with database.transaction():
            put(database, "outer")
            with database.transaction():
                put(database, "inner")
                assert meta(database) == ["inner", "outer"]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    assert meta(database) == []
    put(database, "kept")
    assert meta(database) == ["kept"]
    database.close()


def test_other_threads_see_only_what_is_committed(path):
    database = Database(path)
    seen = []
    with database.transaction():
        put(database, "a")
        reader = threading.Thread(target=lambda: seen.append(meta(database)))
        reader.start()
        reader.join()
    assert seen == [[]]
    assert meta(database) == ["a"]
    database.close()


def test_many_threads_write_without_meeting(path):
    database = Database(path)
    threads = [threading.Thread(target=lambda n=n: [put(database, f"{n}/{i}") for i in range(25)]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(meta(database)) == 100
    database.close()


def test_a_reader_cannot_write(path):
    database = Database(path)
    with pytest.raises(DiskError, match="read-only"), database.reading() as db:
        db.execute("INSERT INTO meta (key, value) VALUES ('x', '')")
    database.close()


def test_a_mistake_of_ours_is_not_dressed_up(path):
    database = Database(path)
    with pytest.raises(sqlite3.OperationalError), database.reading() as db:
        db.execute("SELECT nonsense FROM nowhere")
    database.close()


def test_a_locked_library_gives_a_sentence_and_no_hang(path):
    database = Database(path, patience=0.2)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    with pytest.raises(LibraryInUse, match="in use by another program") as caught:
        put(database, "x")
    assert time.monotonic() - began < 2.0
    assert caught.value.hint
    other.execute("COMMIT")
    put(database, "x")
    other.close()
    database.close()


def test_a_library_locked_at_the_start_gives_a_sentence(path):
    Database(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(LibraryInUse):
        Database(path, patience=0.2)
    other.close()
    Database(path).close()


@pytest.mark.parametrize(
    "content", [b"this is no database at all, but a text " * 40, b"SQLite format 3\0" + b"\xff" * 4000]
)
def test_a_damaged_library_is_told_left_alone_and_can_be_set_aside(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(LibraryDamaged) as caught:
        Database(path)
    assert "set the file aside" in caught.value.hint
    assert path.read_bytes() == content
    kept = set_aside(path)
    assert kept.read_bytes() == content
    Database(path).close()


def test_damage_in_the_middle_is_found(path):
    database = Database(path)
    with database.transaction() as db:
        db.executemany("INSERT INTO meta (key, value) VALUES (?, ?)", [(str(i), "x" * 200) for i in range(500)])
    database.close()
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 8192] = b"\x5a" * 8192
    path.write_bytes(content)
    try:
        damaged = Database(path)
    except LibraryDamaged:
        return
    assert not damaged.sound()
    damaged.close()


def test_a_newer_library_is_refused_and_untouched(path):
    Database(path).close()
    other = sqlite3.connect(path)
    other.execute("PRAGMA user_version=999")
    other.close()
    before = path.read_bytes()
    with pytest.raises(LibraryTooNew, match="newer version"):
        Database(path)
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_refused(path):
    path.parent.mkdir()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(LibraryDamaged, match="something else"):
        Database(path)
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises((StoreError, OSError)):
        Database(tmp_path / "file" / "library.db")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreError, match="could not be opened"):
        Database(tmp_path / "folder")


def test_a_full_library_disk_is_a_sentence(path):
    database = Database(path)
    with database.transaction() as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
    database._writer.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(DiskError, match="disk is full"), database.transaction() as db:
        db.executemany("INSERT INTO meta (key, value) VALUES (?, ?)", [(str(i), "x" * 500) for i in range(500)])
    assert meta(database) == []
    database._writer.execute("PRAGMA max_page_count=100000")
    put(database, "again")
    assert meta(database) == ["again"]
    database.close()
