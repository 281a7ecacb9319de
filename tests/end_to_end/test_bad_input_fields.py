"""Fields with nothing, too much and the unusual, typed into the window and sent to the real local server."""

from __future__ import annotations

import json

import pytest
from fakes.service import fake_service
from fakes.window import BAND, opened

from musicapi_desktop.domain.song import TakeState
from musicapi_desktop.settings.preferences import Preferences

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

WORDS = {
    "emoji": "🎵🎶 la la 👩🏽‍🚀 fly",
    "right to left": "شמש עולה\nيا ليل يا عين",
    "wide": "雨が降る\n비가 와요",
    "combining": "Z̴̡̢͉a͙̘l͚͡g̷͢o",
    "markup": "<b>bold</b> & 'quoted' \"words\" %s {0}",
    "controls": "a\tb\u200bc\u202ed",
}


@pytest.fixture
def visit(qapp, tmp_path):
    with opened(qapp, tmp_path / "data", maker=BAND) as made:
        yield made


@pytest.mark.parametrize("text", WORDS.values(), ids=WORDS)
def test_any_script_goes_out_and_comes_back_as_it_was(visit, text):
    lyrics = f"[Verse]\n{text}"
    title = text.splitlines()[0][:40]
    visit.write(lyrics, title)
    visit.press_create()
    visit.ended()
    (song,) = visit.songs()
    assert song.lyrics == lyrics
    assert song.title == " ".join(title.split())
    assert [take.state for take in song.takes] == [TakeState.READY, TakeState.READY]
    folder = visit.core.places.music / song.folder
    assert json.loads((folder / "song.json").read_text("utf-8"))["title"] == song.title
    visit.presenters.library.search(text.split()[0].strip("<>b/"))
    assert visit.told == [] or all(words.startswith("No sound device") for words in visit.told)


def pressed(visit):
    """Press Create whatever the button says; the words on it."""
    visit.press_create()
    visit.hands.rest(50)
    return visit.desk.create.foot.button.text()


def test_empty_fields_are_told_on_the_button_and_nothing_is_sent(visit):
    visit.describe("   ")
    assert pressed(visit) == "Describe a song first"
    visit.write("\n \n")
    assert pressed(visit) == "Write some lyrics first"
    visit._mode("instrumental")
    assert pressed(visit) == "Name a style first"
    assert visit.jobs() == ()


def test_fields_that_are_too_long_are_told_and_keep_their_text(qapp, tmp_path):
    with fake_service() as service, opened(qapp, tmp_path / "data", server=service.base_url) as visit:
        limits = visit.presenters.create.state.limits
        visit.describe("a" * (limits.description + 1))
        assert pressed(visit) == "The description is too long"
        visit.describe("a" * limits.description)
        assert pressed(visit).startswith("Create 2 takes")
        visit.ended()
        visit.write("la " * limits.lyrics)
        assert pressed(visit) == "The lyrics are too long"
        visit.write("la la", "t" * (limits.title + 1))
        assert pressed(visit) == "The title is too long"
        assert visit.desk.create.form.title.text() == "t" * (limits.title + 1)
        assert len(visit.jobs()) == 1
        assert len(service.posts) == 1
        assert service.posts[0][1]["gpt_description_prompt"] == "a" * limits.description


def test_a_character_that_cannot_be_sent_is_told(visit):
    visit.presenters.create.set_description("ab\0c")
    assert pressed(visit) == "A field holds a character that cannot be sent"
    assert visit.jobs() == ()
    visit.describe("abc")
    visit.press_create()
    visit.ended()


def test_half_a_character_is_made_whole_before_it_is_kept(visit):
    visit.presenters.create.set_description("half \ud83c a character")
    visit.press_create()
    visit.ended()
    (song,) = visit.songs()
    assert song.description.encode("utf-8").startswith(b"half ")
    visit.presenters.create.flush()
    assert Preferences(visit.core.places.preferences).get("create.draft", {})["description"].startswith("half ")
