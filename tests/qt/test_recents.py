"""The system's list of recent files, read back by GLib itself, and what is chosen there."""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from datetime import UTC, datetime, timedelta

import pytest
from fakes.window import BAND, opened

from musicapi_desktop.app.recents import Recents
from musicapi_desktop.bridge.desktop.recent_files import Played, note, usual_list

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the list of the free desktops"),
]
NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


class Bookmarks:
    """GLib's own reader and writer of such lists."""

    def __init__(self, file):
        self._glib = ctypes.CDLL(ctypes.util.find_library("glib-2.0") or "libglib-2.0.so.0")
        for name in ("g_bookmark_file_new", "g_bookmark_file_get_title", "g_bookmark_file_get_mime_type"):
            getattr(self._glib, name).restype = ctypes.c_void_p
        self._glib.g_bookmark_file_get_uris.restype = ctypes.POINTER(ctypes.c_char_p)
        self._list = ctypes.c_void_p(self._glib.g_bookmark_file_new())
        self._file = str(file).encode()

    def read(self):
        assert self._glib.g_bookmark_file_load_from_file(self._list, self._file, None), "GLib refuses the list"
        return self

    def addresses(self):
        found, count = self._glib.g_bookmark_file_get_uris(self._list, None), 0
        while found[count]:
            count += 1
        return {found[number].decode() for number in range(count)}

    def words(self, what, address):
        ask = getattr(self._glib, f"g_bookmark_file_get_{what}")
        return ctypes.string_at(ask(self._list, address.encode(), None)).decode()

    def knows(self, address, application):
        return bool(
            self._glib.g_bookmark_file_has_application(self._list, address.encode(), application.encode(), None)
        )

    def add(self, address, title, application):
        self._glib.g_bookmark_file_set_title(self._list, address.encode(), title.encode())
        self._glib.g_bookmark_file_add_application(self._list, address.encode(), application, b"other %u")
        return self

    def write(self):
        assert self._glib.g_bookmark_file_to_file(self._list, self._file, None)


def test_a_played_file_is_on_the_list_as_glib_reads_it(tmp_path):
    listed, song = tmp_path / "share" / "recently-used.xbel", tmp_path / "Ré & <mi>.mp3"
    note(Played(song, "Ré & <mi>", NOON), listed)
    note(Played(song, "Ré & <mi>", NOON + timedelta(hours=1)), listed)
    marks = Bookmarks(listed).read()
    assert marks.addresses() == {song.as_uri()}
    assert marks.words("title", song.as_uri()) == "Ré & <mi>"
    assert marks.words("mime_type", song.as_uri()) == "audio/mpeg"
    assert marks.knows(song.as_uri(), "MusicAPI Desktop")
    assert 'count="2"' in listed.read_text()
    assert listed.stat().st_mode & 0o077 == 0
    assert [file.name for file in listed.parent.iterdir()] == [listed.name]


def test_what_others_put_there_stays(tmp_path):
    listed = tmp_path / "recently-used.xbel"
    shared = tmp_path / "a.wav"
    Bookmarks(listed).add("file:///b.odt", "B", b"writer").add(shared.as_uri(), "A", b"editor").write()
    for number in range(25):
        note(Played(tmp_path / f"{number}.flac", f"Song {number}", NOON + timedelta(minutes=number)), listed)
    note(Played(shared, "A", NOON), listed)
    marks = Bookmarks(listed).read()
    ours = {(tmp_path / f"{number}.flac").as_uri() for number in range(5, 25)}
    assert marks.addresses() == ours | {"file:///b.odt", shared.as_uri()}
    assert marks.knows("file:///b.odt", "writer")
    assert marks.knows(shared.as_uri(), "editor")
    assert marks.knows(shared.as_uri(), "MusicAPI Desktop")


@pytest.mark.parametrize("content", ["<xbel", "<html/>", "\0\0"])
def test_a_list_that_is_not_one_is_left_alone(tmp_path, content):
    listed = tmp_path / "recently-used.xbel"
    listed.write_text(content)
    note(Played(tmp_path / "a.mp3", "A", NOON), listed)
    assert listed.read_text() == content


def test_the_list_lies_where_the_system_says(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert usual_list() == tmp_path / "recently-used.xbel"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert usual_list() == tmp_path / ".local" / "share" / "recently-used.xbel"


def test_a_song_that_played_is_listed_and_chosen_there_plays_again(qapp, tmp_path):
    listed = tmp_path / "recently-used.xbel"
    with opened(qapp, tmp_path / "data", maker=BAND) as visit:
        Recents(visit.desk, listed)
        visit.describe("a quiet song")
        visit.press_create()
        visit.ended()
        (song,) = visit.songs()
        player = visit.presenters.player
        player.open_by_id(song.id, song.takes[0].id)
        visit.until("the list", listed.exists)
        (address,) = Bookmarks(listed).read().addresses()
        file = visit.core.library.path(song.takes[0].path)
        assert address == file.as_uri()
        player.open_by_id(song.id, song.takes[1].id)
        visit.until("the other take", lambda: player.state.playing and player.state.take_id == song.takes[1].id)
        visit.run._arrivals.take([str(file)])
        visit.until("the chosen one", lambda: player.state.playing and player.state.take_id == song.takes[0].id)
        assert len(visit.songs()) == 1


def test_a_run_in_a_folder_of_its_own_tells_nobody(qapp, tmp_path):
    with opened(qapp, tmp_path) as visit:
        assert visit.desk.findChild(Recents) is None
