import random
import time
from array import array
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt

from musicapi_desktop.domain.row_number import BEING_MADE, row_number
from musicapi_desktop.domain.song import Song, Take, TakeState
from musicapi_desktop.models import words
from musicapi_desktop.models.song_rows import Column, Flight
from musicapi_desktop.models.song_table import ROW_ROLE, SongTableModel
from musicapi_desktop.models.splice import splice

NOW = time.time()


def song(number):
    takes = tuple(
        Take(f"t{number}{letter}", f"s{number}", letter, state=TakeState.READY, path="x.mp3") for letter in "AB"
    )
    return Song(f"s{number}", f"Song {number}", takes=takes, created_at=NOW - 3700)


class Source:
    def __init__(self):
        self.asked = []

    def __call__(self, numbers):
        self.asked.append(list(numbers))
        return {number: song(number) for number in numbers}


@pytest.fixture
def source():
    return Source()


@pytest.fixture
def model(source):
    return SongTableModel(source, Path, lambda: NOW)


def rows(count):
    return array("q", [row_number(number, place) for number in range(count) for place in (0, 1)])


def test_the_model_keeps_qts_rules(model, qtmodeltester):
    model.set_rows(rows(40))
    qtmodeltester.check(model)


def test_a_hundred_thousand_songs_cost_a_page(model, source):
    model.set_rows(rows(100_000))
    assert model.rowCount() == 200_000
    assert source.asked == []
    index = model.index(150_000, Column.TITLE)
    assert index.data() == "Song 75000"
    assert len(source.asked) == 1
    assert len(source.asked[0]) <= 64


def test_cells_read_as_people_say_them(model):
    model.set_rows(rows(1))
    said = [model.index(0, column).data(Qt.ItemDataRole.AccessibleTextRole) for column in Column]
    assert said[Column.TITLE].startswith("Song 0, take A")
    assert model.index(0, Column.MADE).data() == "1 h"
    assert model.index(0, Column.LENGTH).data() == "–"


@pytest.mark.parametrize("seed", range(30))
def test_a_new_order_is_told_in_steps_that_lead_to_it(seed):
    dice = random.Random(seed)  # noqa: S311  # a seed, not a secret
    old = array("q", dice.sample(range(60), dice.randrange(0, 50)))
    new = array("q", dice.sample(range(60), dice.randrange(0, 50)))
    shown = array("q", old)
    for change in splice(old, new):
        del shown[change.at : change.at + change.removed]
        shown[change.at : change.at] = new[change.source : change.source + change.added]
    assert shown == new


def test_an_inserted_song_tells_only_of_itself(model, qtbot):
    model.set_rows(rows(3000))
    told = []
    model.rowsInserted.connect(lambda _parent, first, last: told.append((first, last)))
    model.rowsRemoved.connect(lambda *_: told.append("removed"))
    model.set_rows(array("q", [row_number(9000, 0)]) + rows(3000))
    assert told == [(0, 0)]


def test_a_changed_song_changes_its_own_rows(model):
    model.set_rows(rows(5))
    [model.index(row, 0).data() for row in range(10)]
    told = []
    model.dataChanged.connect(lambda first, _last, _roles=(): told.append(first.row()))
    model.song_changed(song(2))
    assert told == [4, 5]


def test_a_song_being_made_has_one_row_that_says_how_far_it_is(model):
    model.set_rows(array("q", [row_number(1, BEING_MADE)]))
    model.index(0, 0).data()
    model.set_flights({"s1": Flight("Making · 0:41", 0.5, "Stop waiting", "j")})
    row = model.index(0, 0).data(ROW_ROLE)
    assert row.take is None
    assert row.flight.words == "Making · 0:41"
    assert "Making · 0:41" in model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_the_playing_take_is_marked_and_unmarked(model):
    model.set_rows(rows(2))
    [model.index(row, 0).data() for row in range(4)]
    model.set_playing(("s0", "t0B"), True)
    assert [model.row(row).playing for row in range(4)] == [False, True, False, False]
    model.set_playing(("s1", "t1A"), False)
    assert [model.row(row).current for row in range(4)] == [False, False, True, False]
    assert not model.row(2).playing


def test_rows_go_out_as_files(model):
    model.set_rows(rows(2))
    mime = model.mimeData([model.index(0, column) for column in Column] + [model.index(1, 0)])
    assert len(mime.urls()) == 2
    assert not model.data(QModelIndex())


@pytest.mark.parametrize(("ago", "said"), [(5, "now"), (130, "2 min"), (3700, "1 h"), (86000, "23 h")])
def test_ages_are_short(ago, said):
    assert words.age(NOW - ago, NOW) == said


@pytest.mark.parametrize(("count", "said"), [(0, "0 songs"), (1, "1 song"), (1284, "1,284 songs")])
def test_plurals_are_right_without_a_translation(count, said):
    assert words.plural("Library", "{0} song(s)", count) == said


@pytest.mark.parametrize(("seconds", "said"), [(198, "3:18"), (0, "–"), (3732, "1:02:12"), (59.6, "1:00")])
def test_lengths_are_clocks(seconds, said):
    assert words.length(seconds) == said


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("F#m", "F♯m"),
        ("Eb", "E♭"),
        ("", "–"),
        ("Bbm", "B♭m"),
        ("C minor", "Cm"),
        ("Eb major", "E♭"),
        ("D dorian", "Dm"),
    ],
)
def test_keys_have_real_signs(key, said):
    assert words.key_sign(key) == said
