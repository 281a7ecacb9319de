"""Words that follow the song, the family, the notes, and what differs from the take beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes.library_world import World
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QTabBar

from musicapi_desktop.domain.notes import Note, Track
from musicapi_desktop.domain.song import Link
from musicapi_desktop.domain.timed_lyrics import TimedWord
from musicapi_desktop.presenters.kin import Kin
from musicapi_desktop.ui.library.inspector import Inspector

# the offscreen platform says so of windows and menus
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

WORDS = (
    TimedWord("[Verse]\nTaxi ", 1.0, 1.4),
    TimedWord("lights\n", 1.4, 2.0),
    TimedWord("[Chorus]\nNeon ", 4.0, 4.5),
    TimedWord("rain", 4.5, 5.0),
)


class Archive:
    """What would be read from the disk."""

    def __init__(self):
        self.family = ()
        self.tracks = ()

    def words(self, take):
        return WORDS if take.letter == "A" else ()

    def notes(self, _take):
        return self.tracks

    def kin(self, _song_id):
        return self.family


@pytest.fixture
def world(tmp_path, qtbot):
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def archive(world):
    world.inspector_presenter.archive = Archive()
    return world.inspector_presenter.archive


@pytest.fixture
def shown(world, archive, qtbot):
    inspector = Inspector(world.inspector_presenter)
    qtbot.addWidget(inspector)
    inspector.resize(332, 800)
    inspector.show()
    qtbot.waitExposed(inspector)

    def show(song, place=0):
        world.inspector_presenter.show(song.id, song.takes[place].id, 1)
        qtbot.waitUntil(lambda: world.inspector_presenter.state.take is not None)
        return inspector

    return show


def tab(inspector, place):
    inspector.findChild(QTabBar).setCurrentIndex(place)


def test_the_word_that_is_sung_is_followed(world, shown, qtbot) -> None:
    inspector = shown(world.song("Neon Rain", "AB"))
    timed = inspector._lyrics.timed
    qtbot.waitUntil(timed.isVisible)
    now = [4.6]
    world.inspector_presenter.position = lambda _take_id: now[0]
    qtbot.waitUntil(lambda: timed._now == (1, 1))
    assert timed.accessibleDescription() == "Neon rain"
    now[0] = 1.1
    qtbot.waitUntil(lambda: timed._now == (0, 0))
    now[0] = None
    qtbot.waitUntil(lambda: timed._now == (-1, -1))


def test_a_click_on_a_line_goes_there_and_so_does_enter(world, shown, qtbot) -> None:
    song = world.song("Neon Rain", "AB")
    timed = shown(song)._lyrics.timed
    qtbot.waitUntil(timed.isVisible)
    with qtbot.waitSignal(world.actions.play_from_asked) as asked:
        QTest.mouseClick(timed, Qt.MouseButton.LeftButton, pos=timed._rect(1).center())
    assert asked.args == [song.id, song.takes[0].id, 4.0]
    timed.setFocus()
    QTest.keyClick(timed, Qt.Key.Key_Up)
    with qtbot.waitSignal(world.actions.play_from_asked) as asked:
        QTest.keyClick(timed, Qt.Key.Key_Return)
    assert asked.args[2] == 1.0


def test_only_what_changed_is_painted_while_the_song_plays(world, shown, qtbot) -> None:
    timed = shown(world.song("Neon Rain", "AB"))._lyrics.timed
    qtbot.waitUntil(timed.isVisible)
    drawn = []
    timed.update = lambda *area: drawn.append(area)
    for at in (4.01, 4.1, 4.2, 4.3):
        timed.set_position(at)
    assert len(drawn) == 1, "the same word, so nothing new"


def test_the_words_are_written_as_lrc_and_srt(world, shown, qtbot, tmp_path) -> None:
    shown(world.song("Neon Rain", "AB"))
    presenter = world.inspector_presenter
    qtbot.waitUntil(lambda: bool(presenter.state.lines))
    for ending, beginning in (("lrc", "[ti:Neon Rain]"), ("srt", "1\n00:00:01,000 --> 00:00:02,000\nTaxi lights\n")):
        target = tmp_path / f"words.{ending}"
        with qtbot.waitSignal(world.actions.toast):
            presenter.export_lyrics(target)
        assert target.read_text("utf-8").startswith(beginning)
    with qtbot.waitSignal(world.actions.toast) as said:
        presenter.export_lyrics(tmp_path / "nowhere" / "words.lrc")
    assert said.args[0].text == "The file could not be written. Choose another folder."


def test_words_without_times_can_be_followed_for_a_price(world, shown, qtbot) -> None:
    song = world.song("Neon Rain", "AB")
    takes = tuple(replace(take, lyrics="[Verse]\nTaxi lights") for take in song.takes)
    song = world.records.song(song.id, lambda known: replace(known, takes=takes))
    page = shown(song, 1)._lyrics
    qtbot.waitUntil(page.follow.isVisible)
    assert page.follow.text() == "Follow the words while it plays · 1 credit"
    QTest.mouseClick(page.follow, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(world.queue.jobs()) == 1)


def test_the_family_is_a_tree_that_opens(world, archive, shown, qtbot) -> None:
    song = world.song("Child")
    archive.family = (
        Kin("root", "root-a", "Root", "3:18", 0),
        Kin(song.id, song.takes[0].id, "Child", "Cover · 3:18", 1, True),
        Kin("", "", "A song that was deleted", "Sample 0:10–0:20", 2),
    )
    inspector = shown(song)
    tab(inspector, 2)
    tree = inspector._family.tree
    qtbot.waitUntil(tree.isVisible)
    root = tree.topLevelItem(0)
    assert (root.childCount(), root.child(0).childCount()) == (1, 1)
    with qtbot.waitSignal(world.inspector_presenter.relative_asked) as asked:
        QTest.mouseClick(
            tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.visualItemRect(root).center() + QPoint(-40, 0)
        )
    assert asked.args == ["root", "root-a"]


def test_a_child_that_is_made_appears_in_the_family(world, archive, shown, qtbot) -> None:
    song = world.song("Parent")
    inspector = shown(song)
    tab(inspector, 2)
    assert not inspector._family.tree.isVisible()
    archive.family = (Kin(song.id, "", "Parent", "", 0, True), Kin("c", "", "Child", "Cover", 1))
    link = Link(song.id, song.takes[0].id, "clip-A", "cover_music")
    world.records.add_song(replace(world.song("Child"), id="c", parents=(link,), takes=()))
    qtbot.waitUntil(inspector._family.tree.isVisible)


def test_what_differs_from_the_take_beside_it_is_named(world, shown, qtbot) -> None:
    song = world.song("Neon Rain", "AB")
    takes = (song.takes[0], replace(song.takes[1], bpm=96.0))
    song = world.records.song(song.id, lambda known: replace(known, takes=takes))
    inspector = shown(song)
    tab(inspector, 1)
    texts = [label.text() for label in inspector.findChildren(QLabel) if label.isVisible()]
    assert "Take B: 96 BPM" in texts
    assert "Take B: C" not in texts, "a clip's name always differs"


def test_notes_are_shown_by_instrument(world, archive, shown, qtbot) -> None:
    archive.tracks = (
        Track("Bass", (Note(0.0, 1.0, 40, 0.8),)),
        Track("Lead", (Note(1.0, 2.0, 72, 0.5), Note(2.0, 3.0, 74, 0.5))),
    )
    inspector = shown(world.song())
    tab(inspector, 3)
    notes = inspector._notes
    qtbot.waitUntil(notes.isVisible)
    assert len(notes.roll._notes) == 3
    notes._show_track(2)
    assert [note.pitch for note in notes.roll._notes] == [72, 74]
    with qtbot.waitSignal(world.actions.play_from_asked):
        QTest.mouseClick(notes.roll, Qt.MouseButton.LeftButton, pos=QPoint(100, 40))


def test_chips_offer_the_usual_operations_with_their_price(world, shown) -> None:
    inspector = shown(world.song(ago=60.0))
    texts = [b.text() for b in inspector.findChildren(QPushButton) if b.property("kind") == "chip" and b.isVisible()]
    assert texts == ["Extend 15", "Cover 15", "Remaster 15", "Stems", "WAV 2", "MIDI 1"]
