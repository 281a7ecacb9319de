"""Songs carried over into another music folder: all of them or none."""

from __future__ import annotations

import os
import shutil
from collections import namedtuple

import pytest

from musicapi_desktop.domain.errors import DiskError
from musicapi_desktop.services.music_folder import MusicFolder
from musicapi_desktop.services.song_folder import SongFolders


class World:
    """Two songs and a file of somebody else's in a music folder."""

    def __init__(self, folder):
        self.music = folder / "Music"
        for name in ("Neon Rain", "Harbour Lights"):
            (self.music / name / "stems").mkdir(parents=True)
            (self.music / name / "song.json").write_text(f'{{"id": "{name}"}}')
            (self.music / name / "stems" / "drums.flac").write_bytes(b"sound" * 100)
        (self.music / "holiday").mkdir()
        (self.music / "holiday" / "own.mp3").write_bytes(b"own")
        self.folders = SongFolders(self.music)
        self.idle = True
        self.kept = []
        self.moved = MusicFolder(self.folders, lambda: self.idle, self.kept.append)

    def songs(self, folder):
        return sorted(file.parent.name for file in folder.glob("*/song.json"))


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


BOTH = ["Harbour Lights", "Neon Rain"]


def test_songs_are_carried_over_and_what_is_not_a_song_stays(world, tmp_path):
    target = tmp_path / "disk" / "Songs"
    assert world.moved.change(target) == target
    assert (world.folders.music, world.kept) == (target, [str(target)])
    assert world.songs(target) == BOTH
    assert (target / "Neon Rain" / "stems" / "drums.flac").read_bytes() == b"sound" * 100
    assert [each.name for each in world.music.iterdir()] == ["holiday"]
    assert not list(target.glob(".musicapi*"))


def test_the_copies_lie_on_the_disk_before_the_first_original_goes(world, tmp_path, monkeypatch):
    settled, really = [], os.fsync

    def fsync(handle):
        assert world.songs(world.music) == BOTH
        settled.append(handle)
        really(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    world.moved.change(tmp_path / "disk")
    assert len(settled) == 4


def test_the_same_folder_changes_nothing(world):
    assert world.moved.change(world.music) == world.music
    assert (world.kept, world.songs(world.music)) == ([], BOTH)


def test_one_inside_the_present_one_is_refused(world):
    with pytest.raises(DiskError, match="inside"):
        world.moved.change(world.music / "deeper")
    assert world.folders.music == world.music


def test_while_songs_are_made_nothing_moves(world, tmp_path):
    world.idle = False
    with pytest.raises(DiskError, match="being made"):
        world.moved.change(tmp_path / "other")
    assert world.songs(world.music) == BOTH


def test_a_folder_of_that_name_is_left_alone_and_nothing_moves(world, tmp_path):
    target = tmp_path / "other"
    (target / "Neon Rain").mkdir(parents=True)
    (target / "Neon Rain" / "mine.txt").write_text("mine")
    with pytest.raises(DiskError, match="already"):
        world.moved.change(target)
    assert world.songs(world.music) == BOTH
    assert [file.name for file in target.rglob("*") if file.is_file()] == ["mine.txt"]
    assert world.folders.music == world.music


def test_too_little_room_is_told_before_anything_is_copied(world, tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")(1, 1, 10)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    with pytest.raises(DiskError, match="do not fit"):
        world.moved.change(tmp_path / "other")
    assert world.songs(world.music) == BOTH
    assert world.songs(tmp_path / "other") == []


def test_a_disk_that_fails_half_way_leaves_every_song_where_it_was(world, tmp_path, monkeypatch):
    whole = shutil.copytree

    def failing(source, target, *rest):
        if str(target).endswith("Neon Rain"):
            raise OSError(28, "No space left on device")
        return whole(source, target, *rest)

    monkeypatch.setattr(shutil, "copytree", failing)
    with pytest.raises(DiskError, match="full"):
        world.moved.change(tmp_path / "other")
    assert world.songs(world.music) == BOTH
    assert world.songs(tmp_path / "other") == []
    assert (world.folders.music, world.kept) == (world.music, [])


def test_what_changes_meanwhile_comes_too(world, tmp_path, monkeypatch):
    whole = shutil.copytree

    def then_edited(source, target, *rest):
        made = whole(source, target, *rest)
        if not rest:
            (source / "song.json").write_text('{"title": "edited"}')
            (source / "A.wav").write_bytes(b"new")
        return made

    monkeypatch.setattr(shutil, "copytree", then_edited)
    target = world.moved.change(tmp_path / "other")
    assert (target / "Neon Rain" / "song.json").read_text() == '{"title": "edited"}'
    assert (target / "Neon Rain" / "A.wav").read_bytes() == b"new"
