"""Every operation on a take from the window, through the queue, to the local engine and back."""

from __future__ import annotations

import threading

import pytest
from fakes.window import BAND, opened
from PySide6.QtCore import Qt

from musicapi_desktop.domain.job import JobState
from musicapi_desktop.domain.request import Mode, Operation, Outcome, System
from musicapi_desktop.models.song_rows import Row
from musicapi_desktop.ui.library.take_menu import TakeMenu

# the offscreen platform says so of windows and menus
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

O = Operation  # noqa: E741  # reads better in tables
LYRICS = "[Verse]\nTaxi lights are painting rivers\n[Chorus]\nNeon rain, wash me slow\n"


@pytest.fixture(scope="module")
def visit(qapp, tmp_path_factory):
    with opened(qapp, tmp_path_factory.mktemp("window"), maker=BAND) as made:
        made.write(LYRICS, "Neon Rain")
        made.press_create()
        made.ended(1)
        warm(made)
        yield made


def warm(visit) -> None:
    """Let the window's two threads that decode begin: they are the window's, not one test's."""
    both = threading.Barrier(3)
    for _ in range(2):
        visit.core.playback._spawn(both.wait)
    both.wait(10)


@pytest.fixture
def song(visit):
    """The first song, as it is now."""
    return min(visit.songs(), key=lambda each: each.created_at)


def asked_in_menu(visit, song, operation, words=""):
    """Choose an operation in a take's menu; return how many jobs there were."""
    take = song.takes[0]
    before = len(visit.jobs())
    menu = TakeMenu([Row(song, take)], visit.presenters.takes, visit.window)
    offers = [offer for offer in visit.presenters.takes.offers(song, take) if offer.operation is operation]
    wanted = next(offer.priced for offer in offers if words in offer.text)
    actions = [
        *menu.actions(),
        *(below for action in menu.actions() if action.menu() for below in action.menu().actions()),
    ]
    next(action for action in actions if action.text() == wanted).trigger()
    menu.deleteLater()
    return before


def ended(visit, before):
    visit.until("the job", lambda: len(visit.jobs()) > before)
    job = max(visit.jobs(), key=lambda each: each.created_at)
    over = {JobState.READY, JobState.FAILED, JobState.PERHAPS_SENT}
    visit.until("its end", lambda: visit.core.records.jobs.get(job.id).state in over, 60.0)
    job = visit.core.records.jobs.get(job.id)
    assert job.state is JobState.READY, f"{job.request.operation}: {job.failure}"
    return job


@pytest.mark.parametrize(
    "operation",
    [O.COVER, O.EXTEND, O.REMASTER, O.REPLACE_SECTION, O.ADD_VOCALS, O.ADD_INSTRUMENTAL, O.SAMPLE, O.PERSONA, O.VOX],
)
def test_an_operation_with_a_form(visit, song, operation) -> None:
    job = sent_with_the_form(visit, song, operation)
    if operation.outcome is Outcome.SONG:
        made = visit.core.library.song(job.tasks[0].song_id)
        assert made.takes[0].path
        assert made.parents[0].song_id == song.id
    if operation is O.VOX:
        assert "vox" in visit.core.library.song(song.id).takes[0].extra


def sent_with_the_form(visit, song, operation):
    before = asked_in_menu(visit, song, operation)
    create = visit.presenters.create
    visit.until("the form", lambda: create.state.operation is operation)
    fill(visit, operation)
    assert create.state.can_create, create.state.button
    visit.window.activateWindow()
    create.create()
    job = ended(visit, before)
    visit.until("the plain form", lambda: create.state.plain)
    return job


def fill(visit, operation) -> None:
    create = visit.presenters.create
    if operation is O.ADD_VOCALS:
        create.set_lyrics("[Verse]\nSing this")
    elif operation is O.ADD_INSTRUMENTAL:
        create.set_style("piano")
    elif operation is O.REPLACE_SECTION:
        create.set_section_lyrics("New words here")
        create.set_range(2.0, 6.0)
    elif operation is O.SAMPLE:
        create.set_mode(Mode.INSTRUMENTAL)
        create.set_style("tones")
    elif operation is O.PERSONA:
        create.set_title("Mara")
        create.set_range(1.0, 9.0)


@pytest.mark.parametrize(
    ("operation", "words", "left"),
    [
        (O.WAV, "", lambda take: take.wav_path),
        (O.DOWNLOAD, "M4A", lambda take: take.files.get("m4a")),
        (O.MIDI, "", lambda take: take.files.get("midi")),
        (O.ALIGNED_LYRICS, "", lambda take: take.files.get("alignment")),
        (O.BPM, "", lambda take: take.bpm),
        (O.STEMS_BASIC, "", lambda take: len(take.stems) >= 2),
        (O.STEMS_FULL, "", lambda take: len(take.stems) >= 12),
    ],
)
def test_an_operation_that_goes_at_once(visit, song, operation, words, left) -> None:
    ended(visit, asked_in_menu(visit, song, operation, words))
    visit.until("what it leaves", lambda: bool(left(visit.core.library.song(song.id).takes[0])))


def test_a_mash_up_of_two_takes(visit, song) -> None:
    before = asked_in_menu(visit, song, O.MASHUP)
    create = visit.presenters.create
    visit.until("the form", lambda: create.wants_second)
    create.set_mode(Mode.INSTRUMENTAL)
    create.set_style("tones")
    menu = TakeMenu([Row(song, song.takes[1])], visit.presenters.takes, visit.window)
    next(action for action in menu.actions() if action.text() == "Mash up with this").trigger()
    menu.deleteLater()
    create.create()
    job = ended(visit, before)
    assert {link.take_id for link in visit.core.library.song(job.tasks[0].song_id).parents} == {
        song.takes[0].id,
        song.takes[1].id,
    }


def test_a_persona_sings_a_new_song(visit, song) -> None:
    create = visit.presenters.create
    if not create.state.personas:
        # the tests may be spread over several processes
        sent_with_the_form(visit, song, O.PERSONA)
    visit.until("the persona", lambda: bool(create.state.personas))
    create.set_mode(Mode.LYRICS)
    create.set_persona(create.state.personas[0][0])
    before = len(visit.jobs())
    create.create()
    assert ended(visit, before).request.operation is O.WITH_PERSONA
    create.set_persona("")


def test_lyrics_are_written_and_a_style_enlarged(visit, song) -> None:
    words = visit.desk.operations.words
    words.write("a ferry at midnight")
    visit.until("two drafts", lambda: len(words.state.drafts) == 2)
    create = visit.presenters.create
    create.set_style("folk")
    words.enlarge_style()
    visit.until("a fuller style", lambda: create.state.draft.style not in ("", "folk"))


@pytest.mark.parametrize(("system", "mode"), [(System.PRODUCER, Mode.LYRICS), (System.NURO, Mode.INSTRUMENTAL)])
def test_the_other_families_of_models(visit, song, system, mode) -> None:
    create = visit.presenters.create
    create.set_model("FUZZ-2.0" if system is System.PRODUCER else "", system)
    create.set_mode(mode)
    create.set_lyrics(LYRICS)
    create.set_style("tones")
    create.set_description("a quiet afternoon")
    create.set_duration(30 if system is System.NURO else None)
    before = len(visit.jobs())
    assert create.state.can_create, create.state.button
    create.create()
    job = ended(visit, before)
    assert job.request.operation.system is system
    assert visit.core.library.song(job.tasks[0].song_id).takes[0].path
    create.set_model("sonic-v6", System.SONIC)


def test_the_lines_are_followed_while_the_song_plays(visit, song) -> None:
    if "alignment" not in song.takes[0].files:
        ended(visit, asked_in_menu(visit, song, O.ALIGNED_LYRICS))
    visit.presenters.inspector.show(song.id, song.takes[0].id, 1)
    visit.until("lines with times", lambda: bool(visit.presenters.inspector.state.lines))
    timed = visit.desk.inspector._lyrics.timed
    visit.until("them to be seen", timed.isVisible)
    visit.hands.click(timed, timed._rect(0).center())
    visit.until("the line that is sung", lambda: timed._now[0] == 0)
    visit.hands.key(Qt.Key.Key_Space)
