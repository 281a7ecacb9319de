"""The library: plain files first, the database can be built again from them, nothing needs a network."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest
from fakes.pump import Pump
from fakes.service import fake_service

from musicapi_desktop.domain.errors import DownloadError
from musicapi_desktop.domain.song import Song, Take, TakeState
from musicapi_desktop.services.song_folder import cover_svg, folder_name, safe_name


@pytest.fixture
def pump(tmp_path):
    made = Pump(tmp_path)
    yield made
    made.close()


def plant(pump, song_id="0123456789abcdef", title="Night Bus", takes=("A", "B"), **more):
    """A song with files, as the pump leaves it."""
    folder = folder_name(title, song_id)
    path = pump.folders.path(folder)
    path.mkdir(parents=True)
    made = []
    for letter in takes:
        (path / f"{letter}.mp3").write_bytes(b"sound")
        made.append(
            Take(f"{song_id}-{letter}", song_id, letter, f"clip-{letter}", TakeState.READY, f"{folder}/{letter}.mp3")
        )
    song = Song(song_id, title, folder=folder, created_at=pump.clock(), takes=tuple(made), **more)
    pump.records.add_song(song)
    pump.folders.keep(song)
    return song


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Night Bus", "Night Bus"),
        ("a/b\\c:d*e?f\"g<h>i|j", "a b c d e f g h i j"),
        ("  dots and spaces. . ", "dots and spaces"),
        ("..", "Untitled"),
        ("", "Untitled"),
        ("CON", "CON_"),
        ("lpt1.txt", "lpt1.txt_"),
        ("nul", "nul_"),
        ("line\nbreak\ttab\x00\x07", "line break tab"),
        ("e\u0301", "é"),
        ("שיר 🎹", "שיר 🎹"),
        ("\u202egnp.exe", "gnp.exe"),
        ("family 👨\u200d👩\u200d👧", "family 👨\u200d👩\u200d👧"),
        ("\ud83d half", "half"),
    ],
)  # fmt: skip
def test_names_are_safe_on_every_system(title, name):
    assert safe_name(title) == name


def test_names_are_short_enough_for_every_system():
    assert len(safe_name("x" * 500)) == 80
    assert len(safe_name("雨" * 500).encode()) <= 180
    assert len(folder_name("🎹" * 500, "0123456789abcdef").encode()) <= 200


def test_a_cover_depends_on_the_id_alone():
    assert cover_svg("a") == cover_svg("a") != cover_svg("b")
    assert cover_svg("a").startswith("<svg")


def test_trash_undo_and_delete_for_good(pump):
    song = plant(pump)
    assert pump.library.trash([song.id, song.id, "nobody"]) == [song.id]
    assert pump.library.songs() == []
    assert pump.library.path(song.takes[0].path).is_file()
    assert pump.library.restore([song.id]) == [song.id]
    assert pump.library.songs() == [song.id]
    pump.library.delete_for_good([song.id])
    assert pump.library.song(song.id) is not None
    pump.library.trash([song.id])
    pump.library.delete_for_good([song.id])
    assert pump.library.song(song.id) is None
    assert not pump.library.folder(song).exists()
    assert pump.sink.gone() == [song.id]


@pytest.mark.parametrize("folder", ["", ".", "..", "../other", "a/b"])
def test_only_a_song_folder_is_ever_deleted(pump, tmp_path, folder):
    (tmp_path / "other").mkdir()
    (tmp_path / "Music" / "a" / "b").mkdir(parents=True)
    pump.records.add_song(Song("s", "t", folder=folder, trashed_at=1.0))
    pump.library.delete_for_good(["s"])
    assert (tmp_path / "other").is_dir()
    assert (tmp_path / "Music" / "a" / "b").is_dir()
    assert pump.library.song("s") is None


def test_what_the_person_says_is_kept_in_the_file_too(pump):
    song = plant(pump)
    pump.library.rename(song.id, "  Night \n Train ")
    pump.library.favourite(song.id, True)
    pump.library.rate(song.id, 9)
    pump.library.note(song.id, "for Anna")
    assert pump.library.rename(song.id, " \t ") is None
    now = pump.library.song(song.id)
    assert (now.title, now.favourite, now.rating, now.notes) == ("Night Train", True, 5, "for Anna")
    assert now.folder == song.folder
    plain = json.loads((pump.library.folder(song) / "song.json").read_text())
    assert (plain["title"], plain["favourite"], plain["rating"], plain["notes"]) == ("Night Train", True, 5, "for Anna")


def test_the_database_can_be_built_again_from_the_folder(pump, tmp_path):
    songs = [plant(pump, f"{number:032x}"[::-1], f"Song {number}") for number in range(5)]
    pump.library.favourite(songs[0].id, True)
    pump.library.trash([songs[1].id])
    before = {song.id: song for song in pump.library.page(pump.records.library.every_id())}
    pump.database.close()
    shutil.rmtree(tmp_path / "data")
    again = Pump(tmp_path)
    told = []
    assert again.library.rebuild_from_folder(told.append) == 5
    assert told == [1, 2, 3, 4, 5]
    assert {song.id: song for song in again.library.page(again.records.library.every_id())} == before
    assert again.library.trashed() == [songs[1].id]
    again.close()


def test_odd_folders_do_not_stop_the_rebuild(pump, tmp_path):
    song = plant(pump)
    music = tmp_path / "Music"
    for name, content in {
        "damaged": b'{"format": "musicapi-desktop song", "id":',
        "other": b'{"name": "not ours"}',
        "list": b"[]",
        "binary": bytes(range(256)),
        "deep": b"[" * 100000,
    }.items():
        (music / name).mkdir()
        (music / name / "song.json").write_bytes(content)
    (music / "empty").mkdir()
    (music / "readme.txt").write_text("hello")
    shutil.copytree(pump.library.folder(song), music / "A copy")
    pump.database.close()
    shutil.rmtree(tmp_path / "data")
    again = Pump(tmp_path)
    assert again.library.rebuild_from_folder() == 2
    folders = sorted(each.folder for each in again.library.page(again.library.songs()))
    assert folders == ["A copy", song.folder]
    assert all(again.library.path(take.path).is_file() for each in again.library.page(again.library.songs())
               for take in each.takes)  # fmt: skip
    again.close()


def test_a_rebuild_without_a_folder_finds_nothing(pump):
    assert pump.library.rebuild_from_folder() == 0


def test_files_that_went_and_came_back_are_told(pump):
    song = plant(pump)
    path = pump.library.path(song.takes[1].path)
    path.rename(path.with_suffix(".gone"))
    assert pump.library.check_files() == [song.id]
    assert pump.library.song(song.id).takes[1].state is TakeState.MISSING
    assert pump.library.check_files() == []
    path.with_suffix(".gone").rename(path)
    assert pump.library.check_files() == [song.id]
    assert pump.library.song(song.id).takes[1].state is TakeState.READY


def test_a_file_nobody_knows_the_way_to_says_so(pump):
    song = plant(pump)
    with pytest.raises(DownloadError, match="Nobody knows"):
        pump.library.fetch_again(song.id, song.takes[0].id)
    with pytest.raises(DownloadError):
        pump.library.fetch_again("nobody", "x")


def test_a_missing_take_can_be_forgotten(pump):
    song = plant(pump)
    pump.library.forget_take(song.id, song.takes[0].id)
    assert [take.letter for take in pump.library.song(song.id).takes] == ["B"]
    pump.library.forget_take(song.id, song.takes[1].id)
    assert pump.library.song(song.id) is None


def test_a_disk_that_refuses_song_json_loses_nothing(pump):
    song = plant(pump)
    target = pump.library.folder(song) / "song.json"
    target.unlink()
    target.mkdir()
    assert pump.library.rename(song.id, "Still works").title == "Still works"
    assert pump.library.song(song.id).title == "Still works"


def test_the_library_works_with_no_network(tmp_path):
    with fake_service() as service:
        pump = Pump(tmp_path, service.base_url)
        pump.make()
        pump.run()
        pump.close()
    again = Pump(tmp_path, service.base_url)
    again.runner.recover()
    (song,) = again.library.page(again.library.songs("harbour"))
    assert again.library.path(song.takes[0].path).is_file()
    assert again.runner.step(0.0) is None
    assert again.library.favourite(song.id, True).favourite
    again.close()


def test_sorting_and_counting(pump):
    first = plant(pump, "a" * 32, "beta")
    pump.now += 10
    second = plant(pump, "b" * 32, "Alpha")
    assert pump.library.songs() == [second.id, first.id]
    assert pump.library.songs(descending=False) == [first.id, second.id]
    assert pump.library.count("alpha") == 1
    assert pump.library.search('bpm:1-2 "x y"').parts == ("bpm:1-2", '"x y"')
    assert replace(first, takes=()) != second
