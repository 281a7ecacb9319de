import time
from dataclasses import replace

import pytest

from musicapi_desktop.domain.row_number import BEING_MADE, place_of, row_number, song_of
from musicapi_desktop.domain.song import Song, Take, TakeState
from musicapi_desktop.store.database import Database
from musicapi_desktop.store.rows import SORTS, RowStore
from musicapi_desktop.store.songs import LibraryStore

NOW = time.time()


def song(name, *takes, **about):
    made = tuple(Take(f"{name}-{take.letter}", name, **_fields(take)) for take in takes)
    return Song(name, name.title(), takes=made, created_at=about.pop("created_at", NOW), **about)


def _fields(take):
    return {"letter": take.letter, "state": take.state, "bpm": take.bpm, "key": take.key, "seconds": take.seconds}


def take(letter, state=TakeState.READY, bpm=None, key="", seconds=100.0):
    return Take("", "", letter, state=state, bpm=bpm, key=key, seconds=seconds)


@pytest.fixture
def store(tmp_path):
    database = Database(tmp_path / "library.db")
    store = RowStore(database)
    store.keep = LibraryStore(database).save
    yield store
    database.close()


def shown(store, text="", sort="created", *, descending=True):
    rows = store.order(text, sort, descending=descending, now=NOW)
    songs = store.songs([song_of(row) for row in rows])
    return [(songs[song_of(row)].id, _take(songs[song_of(row)], place_of(row))) for row in rows]


def _take(song, place):
    return "making" if place == BEING_MADE else song.takes[place].letter


def test_a_take_is_a_row_and_newest_comes_first(store):
    store.keep(song("old", take("A"), created_at=NOW - 10), song("new", take("A"), take("B")))
    assert shown(store) == [("new", "A"), ("new", "B"), ("old", "A")]


def test_takes_on_their_way_share_one_row(store):
    store.keep(song("both", take("A", TakeState.EXPECTED), take("B", TakeState.EXPECTED)))
    assert shown(store) == [("both", "making")]


def test_a_take_that_landed_stands_beside_the_one_that_has_not(store):
    store.keep(song("half", take("A"), take("B", TakeState.EXPECTED)))
    assert shown(store) == [("half", "A"), ("half", "making")]


def test_a_failed_take_has_no_row_and_a_missing_one_keeps_its(store):
    store.keep(song("mixed", take("A", TakeState.MISSING), take("B", TakeState.FAILED)))
    assert shown(store) == [("mixed", "A")]


def test_takes_are_sorted_by_their_own_tempo_and_the_unknown_come_last(store):
    store.keep(song("fast", take("A", bpm=140.0), take("B")), song("slow", take("A", bpm=70.0)))
    assert shown(store, sort="bpm", descending=False) == [("slow", "A"), ("fast", "A"), ("fast", "B")]
    assert shown(store, sort="bpm", descending=True) == [("fast", "A"), ("slow", "A"), ("fast", "B")]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("descending", [True, False])
def test_every_order_holds_every_row_once(store, sort, descending):
    store.keep(*(song(f"s{i}", take("A", bpm=float(i % 3), key="Am"), take("B")) for i in range(20)))
    rows = list(store.order("", sort, descending=descending, now=NOW))
    assert len(rows) == len(set(rows)) == 40


def test_search_filters_rows(store):
    store.keep(song("lantern", take("A")), song("rain", take("A"), favourite=True))
    assert shown(store, "lan") == [("lantern", "A")]
    assert shown(store, "is:fav") == [("rain", "A")]
    assert store.count("is:fav", NOW) == 1
    assert store.parts("lan is:fav", NOW) == ("lan", "is:fav")


def test_the_trash_is_out_of_sight(store):
    store.keep(replace(song("gone", take("A")), trashed_at=NOW))
    assert shown(store) == []
    assert shown(store, "is:trashed") == [("gone", "A")]


def test_numbers_lead_to_songs_and_back(store):
    store.keep(song("one", take("A")))
    number = store.number("one")
    assert store.songs([number])[number].id == "one"
    assert store.number("nobody") is None
    assert store.songs([number + 1]) == {}


def test_a_row_number_holds_the_song_and_the_place():
    assert (song_of(row_number(7, 3)), place_of(row_number(7, 3))) == (7, 3)
    assert place_of(row_number(7, 99)) == BEING_MADE
