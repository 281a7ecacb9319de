"""Songs in and out of the database, and as song.json."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicapi_desktop.domain.song import AudioFacts, Song, Stem, Take, TakeState
from musicapi_desktop.domain.units import Seconds
from musicapi_desktop.store.database import Database
from musicapi_desktop.store.search import Sort, parse
from musicapi_desktop.store.song_codec import plain_song, song_of
from musicapi_desktop.store.songs import LibraryStore

NOW = 1_700_000_000.0
FACTS = AudioFacts(480000, 48000, 2, "mp3", bytes(range(200)), -14.5, -1.0)


def whole_song(song_id="s1", **more):
    stems = (
        Stem(
            f"{song_id}-1",
            f"{song_id}-a",
            "full",
            "Vocals",
            "vocals",
            "N [s1]/stems/A full/01 Vocals.mp3",
            1,
            "c3",
            FACTS,
        ),
        Stem(
            f"{song_id}-2",
            f"{song_id}-a",
            "full",
            "FX",
            "fx",
            "N [s1]/stems/A full/02 FX.mp3",
            2,
            "c4",
            None,
            True,
            "http://u",
        ),
    )
    takes = (
        Take(f"{song_id}-a", song_id, "A", "c1", TakeState.READY, "N [s1]/A.mp3", "N [s1]/A.wav", "sonic-v6", "la la",
             "folk", "http://i", NOW, Seconds(10.0), 120.5, "A minor", FACTS, stems, "http://a"),
        Take(f"{song_id}-b", song_id, "B", "c2", TakeState.MISSING, "N [s1]/B.mp3"),
    )  # fmt: skip
    values = {
        "id": song_id, "title": "Night Bus", "style": "indie, dreamy", "lyrics": "[Verse]\nCafé au lait",
        "description": "d", "leave_out": "drums", "model": "sonic-v6", "profile_id": "cloud", "folder": "N [s1]",
        "created_at": NOW,
        "favourite": True, "rating": 4, "notes": "for Anna", "trashed_at": None, "job_id": "", "takes": takes,
    }  # fmt: skip
    return Song(**(values | more))


@pytest.fixture
def database(tmp_path):
    made = Database(tmp_path / "library.db")
    yield made
    made.close()


@pytest.fixture
def store(database):
    return LibraryStore(database)


def find(store, text, now=NOW + 60):
    return store.ids(parse(text, now))


def test_a_song_comes_back_as_it_was(store):
    song = whole_song()
    store.save(song)
    assert store.get("s1") == song
    assert store.with_clip("c2") == song
    assert store.many(["x", "s1"]) == [song]
    changed = store.change("s1", lambda known: replace(known, title="Other", takes=known.takes[:1]))
    assert store.get("s1") == changed
    assert store.delete("s1")
    assert not store.delete("s1")
    assert store.get("s1") is None
    assert find(store, "other") == []


def test_a_song_survives_its_json(store):
    song = whole_song()
    again = song_of(json.loads(json.dumps(plain_song(song))), "N [s1]")
    assert again == song
    moved = song_of(plain_song(song), "Elsewhere")
    assert moved.takes[0].path == "Elsewhere/A.mp3"
    assert moved.takes[0].stems[0].path == "Elsewhere/stems/A full/01 Vocals.mp3"


@pytest.mark.parametrize("file", ["../../etc/passwd", "/etc/passwd", "C:\\x", "a/../../b"])
def test_a_path_out_of_the_folder_is_dropped(file):
    plain = plain_song(whole_song())
    plain["takes"][0]["file"] = file
    assert song_of(plain, "f").takes[0].path == ""


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
                        ["id", "format", "takes", "facts", "stems", "rating", "state", "overview"]), inner, max_size=6),
                    max_leaves=20))  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_any_json_is_a_song_or_none(source):
    if isinstance(source, dict):
        source = source | {"format": "musicapi-desktop song", "id": "x"}
    song = song_of(source, "f")
    assert song is None or song.id == "x"


def test_sorting(store):
    for number, (title, seconds) in enumerate([("banana", 30), ("Apple", 10), ("cherry", 20)]):
        take = Take(f"t{number}", f"s{number}", "A", seconds=Seconds(float(seconds)))
        store.save(Song(f"s{number}", title, created_at=float(number), takes=(take,)))
    everything = parse("", NOW)
    assert store.ids(everything) == ["s2", "s1", "s0"]
    assert store.ids(everything, Sort.TITLE, descending=False) == ["s1", "s0", "s2"]
    assert store.ids(everything, Sort.LENGTH) == ["s0", "s2", "s1"]


@pytest.mark.parametrize(
    "text",
    [
        "night", "NIGHT bus", "cafe", "caf", "dreamy anna", '"night bus"', "la", "is:fav", "has:stems", "has:wav",
        "has:lyrics", "rating:4", "rating:>3", "rating:3-5", "bpm:100-130", "bpm:>120", "bpm:121", "key:Am", "key:A",
        "model:v6", "added:<7d", "added:<2h", "-bus2", "-is:missing2", "is:missing", "title:night", "style:indie",
        "lyrics:cafe", "-rating:5", "-added:>1d", "au-lait", "bpm:", "is:", "-", '"', "added:<",
    ],
)  # fmt: skip
def test_found(store, text):
    store.save(whole_song(takes=(replace(whole_song().takes[0], key="A minor" if text != "key:A" else "A"),
                                 whole_song().takes[1])))  # fmt: skip
    assert find(store, text) == ["s1"]


@pytest.mark.parametrize(
    "text",
    ["-night", '"bus night"', "nigth", "is:trashed", "rating:>4", "bpm:130-200", "key:C", "model:v5", "added:>7d",
     "-has:stems", "title:cafe", "night nothing", "-is:fav", "is:making"],
)  # fmt: skip
def test_not_found(store, text):
    store.save(whole_song())
    assert find(store, text) == []


def test_scripts_without_spaces_and_emoji_are_found(store):
    store.save(whole_song(title="雨の夜 🎹", style="فارسی شعر"))
    for text in ("の夜", "🎹", "شعر", "雨"):
        assert find(store, text) == ["s1"], text


@given(st.text(max_size=40))
@settings(max_examples=400, deadline=None)
def test_anything_may_be_typed(tmp_path_factory, text):
    store = _shared(tmp_path_factory)
    assert isinstance(find(store, text), list)


NASTY = ["'", '""', "NEAR(a b)", "a AND OR NOT", "title:", "{title style}: x", "^a", "a*b*", "-- ;", "%_\\", "\0",
         "\ud83d", "bpm:99999999999999999999", "added:<99999y", "has:", "(((((", 'x"y"z', "a:b:c", "rating:>=",
         "-" * 50]  # fmt: skip


@pytest.mark.parametrize("text", NASTY)
def test_nasty_things_may_be_typed(store, text):
    store.save(whole_song())
    assert isinstance(find(store, text), list)
    assert store.count(parse(text, NOW)) == len(find(store, text))


_STORES = []


def _shared(factory):
    if not _STORES:
        _STORES.append(LibraryStore(Database(factory.mktemp("typed") / "library.db")))
        _STORES[0].save(whole_song())
    return _STORES[0]


def test_the_trash_is_a_place_of_its_own(store):
    store.save(whole_song(), whole_song("s2", trashed_at=NOW))
    assert find(store, "") == ["s1"]
    assert find(store, "is:trashed") == ["s2"]
    assert store.trashed() == ["s2"]


def test_what_the_index_says_is_what_the_songs_say(database, store):
    for number in range(30):
        store.save(whole_song(f"s{number}", title=f"Song {number}"))
    for number in range(0, 30, 2):
        store.change(f"s{number}", lambda song: replace(song, title="renamed", notes="x"))
    for number in range(0, 30, 3):
        store.delete(f"s{number}")
    with database.transaction() as db:
        db.execute("INSERT INTO song_words (song_words, rank) VALUES ('integrity-check', 1)")
    assert len(find(store, "renamed")) == 10
    assert len(find(store, "title:song")) == 10


def test_more_songs_than_a_statement_has_parameters(store):
    ids = [f"s{number}" for number in range(1200)]
    store.save(*(Song(song_id, "t", created_at=float(place)) for place, song_id in enumerate(ids)))
    assert [song.id for song in store.many(ids)] == ids
