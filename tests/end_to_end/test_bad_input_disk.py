"""A disk that is full, a library that is locked or newer, a second instance: a sentence, and nothing is lost."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import sqlite3
import subprocess
import sys
import threading

import pytest
from fakes.service import fake_service, tone
from fakes.window import opened
from PySide6.QtCore import QLockFile

from musicapi_desktop.domain.job import JobState
from musicapi_desktop.domain.song import TakeState
from musicapi_desktop.services import pacing
from musicapi_desktop.store.database import Database

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

KIB = 1024
SOUND = tone(40.0)
"""640 kB, more than the small disk has left."""


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(pacing, "_FIRST_PAUSE", 0.1)


class SmallDisk:
    """A file system of ``size`` bytes in memory."""

    def __init__(self, folder, size):
        self.folder = folder
        folder.mkdir(parents=True)
        self._libc = ctypes.CDLL(None, use_errno=True)
        if self._libc.mount(b"tmpfs", bytes(folder), b"tmpfs", 0, f"size={size}".encode()) != 0:
            pytest.skip(f"no file system can be mounted here: {os.strerror(ctypes.get_errno())}")

    def fill(self):
        """Leave no byte."""
        with contextlib.suppress(OSError), (self.folder / "filler").open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)

    def make_room(self):
        (self.folder / "filler").unlink()

    def close(self):
        # lazily: a database may still be open on it
        self._libc.umount2(bytes(self.folder), 2)


@pytest.fixture
def small_disk():
    made = []

    def mount(folder, size):
        made.append(SmallDisk(folder, size))
        return made[-1]

    yield mount
    for disk in made:
        disk.close()


@pytest.fixture
def service():
    with fake_service() as running:
        yield running


def test_a_full_disk_under_the_music_is_told_and_made_room_on(qapp, tmp_path, service, small_disk):
    data = tmp_path / "data"
    disk = small_disk(data / "Music", 1024 * KIB)
    disk.fill()
    service.clip_of = lambda task, number, _polls: service.files.update({f"/files/{task}-{number}.mp3": SOUND}) or {}
    with opened(qapp, data, server=service.base_url) as visit:
        visit.describe()
        visit.press_create()
        visit.says("The disk is full.")
        visit.ended(1, JobState.FAILED)
        assert len(visit.songs()) == 1, "the row stays, for it is paid for"
        disk.make_room()
        disk._libc.mount(b"tmpfs", bytes(disk.folder), b"tmpfs", 32, b"size=16m")
        visit.core.queue.try_again(visit.job().id)
        visit.ended()
        (song,) = visit.songs()
        assert [take.state for take in song.takes] == [TakeState.READY, TakeState.READY]
        assert all(visit.core.library.path(take.path).stat().st_size > len(SOUND) for take in song.takes)
    assert len(service.posts) == 1


def test_a_full_disk_under_the_library_keeps_the_words_and_sends_nothing(qapp, tmp_path, service, small_disk):
    data = tmp_path / "data"
    disk = small_disk(data / "data", 1024 * KIB)
    with opened(qapp, data, server=service.base_url) as visit:
        disk.fill()
        visit.describe("words that must not get lost")
        visit.press_create()
        visit.says("The disk is full.")
        assert visit.desk.create.form.description.toPlainText() == "words that must not get lost"
        assert service.posts == []
        disk.make_room()
        visit.press_create()
        visit.ended()
        assert len(service.posts) == 1
        assert visit.core.rows.count("", 0.0) == 1


def test_a_disk_that_fills_while_a_song_is_made_loses_nothing_that_was_paid_for(qapp, tmp_path, service, small_disk):
    data = tmp_path / "data"
    disk = small_disk(data / "data", 1024 * KIB)
    service.on("POST", "/api/v1/sonic/create", lambda *_: disk.fill())
    with opened(qapp, data, server=service.base_url) as visit:
        visit.describe()
        visit.press_create()
        visit.says("The disk is full.")
        service.usual("POST", "/api/v1/sonic/create")
        disk.make_room()
        visit.ended()
        assert [take.state for take in visit.songs()[0].takes] == [TakeState.READY, TakeState.READY]
    assert len(service.posts) == 1


def program(data, *arguments):
    """The app as a person starts it."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(data)}
    return subprocess.Popen(
        [sys.executable, "-m", "musicapi_desktop", "--data", str(data), *arguments],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def said(process, sentence):
    """True once the program says ``sentence`` where it was started from. Its box stays open: it is ended."""
    patience = threading.Timer(30.0, process.kill)
    patience.start()
    try:
        return any(sentence in line for line in process.stderr)
    finally:
        patience.cancel()
        process.kill()
        process.wait()
        process.stderr.close()


@pytest.fixture
def library(tmp_path):
    file = tmp_path / "data" / "data" / "library.db"
    Database(file).close()
    return file


def test_a_locked_library_is_told_at_the_start(tmp_path, library):
    other = sqlite3.connect(library, isolation_level=None)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    try:
        assert said(program(tmp_path / "data"), "The library is in use by another program.")
    finally:
        other.close()


def test_a_library_locked_later_keeps_the_words_and_sends_nothing(qapp, tmp_path, service, library, monkeypatch):
    monkeypatch.setattr("musicapi_desktop.app.core.Database", lambda path: Database(path, patience=0.2))
    with opened(qapp, tmp_path / "data", server=service.base_url) as visit:
        other = sqlite3.connect(library, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        visit.describe("words that must not get lost")
        visit.press_create()
        visit.says("The library is in use by another program.")
        assert visit.desk.create.form.description.toPlainText() == "words that must not get lost"
        assert service.posts == []
        other.close()
        visit.press_create()
        visit.ended()
    assert len(service.posts) == 1


def test_a_newer_library_is_told_and_left_as_it_is(tmp_path, library):
    with contextlib.closing(sqlite3.connect(library)) as newer:
        newer.execute("PRAGMA user_version=99")
        newer.commit()
    before = hashlib.sha256(library.read_bytes()).digest()
    assert said(program(tmp_path / "data"), "This library was last used by a newer version of MusicAPI Desktop.")
    assert hashlib.sha256(library.read_bytes()).digest() == before


def test_a_damaged_library_is_told_and_left_as_it_is(tmp_path, library):
    library.write_bytes(b"this is no database " * 500)
    assert said(program(tmp_path / "data"), "The library file is damaged.")
    assert library.read_bytes() == b"this is no database " * 500


def test_a_second_instance_raises_the_first_and_hands_its_files_over(qapp, tmp_path, service):
    with opened(qapp, tmp_path / "data", server=service.base_url) as visit:
        handed = []
        visit.run.instance.raised.connect(handed.append)
        second = program(tmp_path / "data", "song.mp3")
        visit.until("the second instance to end", lambda: second.poll() is not None)
        assert second.wait() == 0
        second.stderr.close()
        visit.until("its files", lambda: bool(handed))
        assert [os.path.basename(path) for path in handed[0]] == ["song.mp3"]  # noqa: PTH119  # plain text was sent
        visit.describe()
        visit.press_create()
        visit.ended()


def test_an_instance_that_does_not_answer_keeps_its_library(tmp_path, library):
    lock = QLockFile(str(library.parent / "app.lock"))
    assert lock.tryLock(0)
    try:
        assert said(program(tmp_path / "data"), "MusicAPI Desktop is running already.")
    finally:
        lock.unlock()
