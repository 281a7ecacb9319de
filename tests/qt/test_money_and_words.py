"""Prices and the spend guard, words written by the service, the palette, takes side by side."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from fakes.library_world import World
from fakes.shell import CLOUD, shell
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QPushButton

from musicapi_desktop.domain.errors import StoreError
from musicapi_desktop.domain.events import JobChanged, WordsArrived
from musicapi_desktop.domain.job import Failure, Job, JobState
from musicapi_desktop.domain.profile import LOCAL_PROFILE
from musicapi_desktop.domain.request import Mode, Operation, Request
from musicapi_desktop.domain.words import Draft
from musicapi_desktop.presenters.compare import ComparePresenter
from musicapi_desktop.presenters.money import FIRST, MoneyPresenter, SpendGuard
from musicapi_desktop.presenters.word_tools import WordTools
from musicapi_desktop.services.pricing import PriceBook
from musicapi_desktop.store.ledger import Entry
from musicapi_desktop.ui.actions import Actions
from musicapi_desktop.ui.create.lyrics_dialog import LyricsDialog
from musicapi_desktop.ui.library.compare_dialog import CompareDialog
from musicapi_desktop.ui.palette import Entry as PaletteEntry
from musicapi_desktop.ui.palette import Palette, entries_of
from musicapi_desktop.ui.settings.money_page import MoneyPage

# the offscreen platform says so of windows and menus
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def made(tmp_path):
    with shell(tmp_path, CLOUD) as here:
        yield here


@pytest.fixture
def page(made, qtbot):
    presenter = MoneyPresenter(PriceBook(made.preferences), made.accounts, made.preferences, made.calls)
    shown = MoneyPage(presenter)
    qtbot.addWidget(shown)
    shown.show()
    presenter.opened()
    yield shown
    presenter.deleteLater()


def test_a_price_is_set_and_taken_back(made, page, qtbot) -> None:
    field = page.field(Operation.CREATE)
    assert field.value() == 15
    field.setValue(20)
    qtbot.waitUntil(lambda: PriceBook(made.preferences).price(CLOUD, Operation.CREATE) == 20)
    reset = next(b for b in page.findChildren(QPushButton) if b.accessibleName().startswith("New song:"))
    qtbot.waitUntil(reset.isVisible)
    QTest.mouseClick(reset, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: field.value() == 15)
    assert not reset.isVisible()


def test_the_limits_of_the_guard_are_kept(made, page, qtbot) -> None:
    assert (page.per_request.value(), page.per_day.value()) == FIRST
    page.per_request.setValue(50)
    qtbot.waitUntil(lambda: made.preferences.get("guard.request", 0) == 50)


class Spent:
    """A ledger that says what was spent today."""

    def __init__(self, amount=0, error=None):
        self.amount, self.error = amount, error

    def entries(self, _since=0.0):
        if self.error is not None:
            raise self.error
        return [Entry("j", CLOUD.id, time.time(), "Song", "create_music", self.amount, self.amount)]


@pytest.mark.parametrize(
    ("profile", "spent", "cost", "asks"),
    [
        (CLOUD, 0, 100, ""),
        (CLOUD, 0, 101, "This request costs about 101 credits."),
        (CLOUD, 450, 60, "With this, today comes to about 510 credits."),
        (CLOUD, 440, 60, ""),
        (LOCAL_PROFILE, 9000, 9000, ""),
    ],
)
def test_the_guard_asks_above_what_the_person_set(made, qtbot, profile, spent, cost, asks) -> None:
    guard = SpendGuard(Spent(spent), made.preferences, made.calls)
    passed, asked = [], []
    guard.asked.connect(asked.append)
    guard.allow(profile, cost, lambda: passed.append(cost))
    qtbot.waitUntil(lambda: bool(passed or asked))
    assert [question.text for question in asked] == ([asks] if asks else [])
    assert passed == ([] if asks else [cost])
    for question in asked:
        question.go_on()
    assert passed == [cost]


def test_a_second_press_while_the_guard_looks_sends_nothing_more(made, qtbot) -> None:
    made.create.guard = SpendGuard(Spent(), made.preferences, made.calls)
    made.create.set_description("rain")
    made.create.create()
    assert not made.create.state.can_create
    made.create.create()
    qtbot.waitUntil(lambda: bool(made.submit.kept))
    qtbot.waitUntil(lambda: made.create.state.can_create)
    assert len(made.submit.kept) == 1
    made.create.create()
    qtbot.waitUntil(lambda: len(made.submit.kept) == 2)


def test_a_form_that_was_asked_about_can_be_used_again(made, qtbot) -> None:
    made.preferences.set("guard.request", 10)
    made.create.guard = SpendGuard(Spent(), made.preferences, made.calls)
    made.create.set_description("rain")
    with qtbot.waitSignal(made.create.guard.asked):
        made.create.create()
    assert made.create.state.can_create


def test_what_waits_in_the_queue_counts_for_the_day(made, qtbot) -> None:
    guard = SpendGuard(Spent(400), made.preferences, made.calls)
    guard.promised = {CLOUD.id: 60}.get
    with qtbot.waitSignal(guard.asked) as asked:
        guard.allow(CLOUD, 50, lambda: pytest.fail("it was not asked"))
    assert asked.args[0].text == "With this, today comes to about 510 credits."


def test_a_ledger_that_cannot_be_read_keeps_nobody_from_making_songs(made, qtbot) -> None:
    guard = SpendGuard(Spent(error=StoreError("The library is locked.")), made.preferences, made.calls)
    passed = []
    guard.allow(CLOUD, 60, lambda: passed.append(1))
    qtbot.waitUntil(lambda: passed == [1])


def test_the_form_waits_for_the_answer_of_the_guard(made, qtbot) -> None:
    made.preferences.set("guard.request", 10)
    made.create.guard = SpendGuard(Spent(), made.preferences, made.calls)
    made.create.set_description("rain")
    with qtbot.waitSignal(made.create.guard.asked) as asked:
        made.create.create()
    assert made.submit.kept == []
    asked.args[0].go_on()
    qtbot.waitUntil(lambda: len(made.submit.kept) == 1)


class Writing:
    """A form with the tools of words; ``job`` is what was asked last."""

    def __init__(self, made):
        self.made, self.count = made, 0
        made.submit.create = self.create
        self.tools = WordTools(made.create, made.submit, made.profiles, made.calls, made.relay)
        self.job = None

    def create(self, request, profile, *, hold=False):
        del hold
        self.count += 1
        self.job = Job(f"job{self.count}", request, profile.id)
        return (self.job,)

    def answer(self, *drafts):
        self.made.relay.publish(WordsArrived(self.job, drafts))


@pytest.fixture
def writing(made):
    return Writing(made)


def test_two_drafts_come_and_one_is_taken(writing, made, qtbot) -> None:
    dialog = LyricsDialog(writing.tools, "")
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.write.isEnabled()
    QTest.keyClicks(dialog.brief, "a ferry at midnight")
    QTest.mouseClick(dialog.write, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(writing.tools._open.lyrics))
    assert dialog.write.text() == "Writing…"
    assert writing.job.request == Request(operation=Operation.LYRICS, description="a ferry at midnight")
    made.create.set_lyrics("what stood there")
    writing.answer(Draft("Ferry", "[Verse]\nAll aboard"), Draft("Harbour", "[Verse]\nLights"))
    qtbot.waitUntil(lambda: dialog._cards.count() == 2)
    use = next(b for b in dialog.findChildren(QPushButton) if b.accessibleName() == "Use draft 2")
    with qtbot.waitSignal(writing.tools.toast) as said:
        QTest.mouseClick(use, Qt.MouseButton.LeftButton)
    draft = made.create.state.draft
    assert (draft.mode, draft.lyrics, draft.title) == (Mode.LYRICS, "[Verse]\nLights", "Harbour")
    said.args[0].run()
    assert made.create.state.draft.lyrics == "what stood there"


def test_a_style_is_enlarged_in_place(writing, made, qtbot) -> None:
    made.create.set_style("folk")
    writing.tools.enlarge_style()
    qtbot.waitUntil(lambda: bool(writing.tools._open.style))
    with qtbot.waitSignal(writing.tools.toast) as said:
        writing.answer(Draft("", "warm folk, nylon guitar"))
    assert made.create.state.draft.style == "warm folk, nylon guitar"
    said.args[0].run()
    assert made.create.state.draft.style == "folk"


def test_words_that_fail_are_told_where_they_were_asked_for(writing, made, qtbot) -> None:
    writing.tools.write("x")
    qtbot.waitUntil(lambda: bool(writing.tools._open.lyrics))
    failed = Job(writing.job.id, writing.job.request, CLOUD.id, JobState.FAILED, failure=Failure("Not these words."))
    made.relay.publish(JobChanged(failed))
    qtbot.waitUntil(lambda: writing.tools.state.problem == "Not these words.")
    assert not writing.tools.state.writing


def test_words_that_come_before_their_request_is_known_to_be_kept_are_not_lost(writing, made, qtbot) -> None:
    def create(request, profile, *, hold=False):
        kept = Writing.create(writing, request, profile, hold=hold)
        writing.answer(Draft("Ferry", "[Verse]\nAll aboard"))
        return kept

    made.submit.create = create
    writing.tools.write("a ferry")
    qtbot.waitUntil(lambda: len(writing.tools.state.drafts) == 1)
    assert not writing.tools.state.writing
    assert writing.tools._early == {}


def test_words_pass_the_guard_like_songs(writing, made, qtbot) -> None:
    made.preferences.set("guard.day", 1)
    guard = writing.tools.guard = SpendGuard(Spent(1), made.preferences, made.calls)
    made.submit.estimate = lambda *_asked: 5
    with qtbot.waitSignal(guard.asked) as asked:
        writing.tools.write("a ferry")
    assert (writing.count, writing.tools.state.writing) == (0, False)
    asked.args[0].go_on()
    asked.args[0].go_on()
    qtbot.waitUntil(lambda: bool(writing.tools._open.lyrics))
    assert writing.count == 1


def test_the_palette_narrows_and_does(qtbot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    actions, done = Actions(window), []
    actions.bind("play.toggle", lambda: done.append("play"))
    actions.bind("library.search", lambda: done.append("search"))
    extra = PaletteEntry("Extend: Neon Rain A", "15 credits", lambda: done.append("extend"))
    palette = Palette([*entries_of(actions), extra], window)
    assert palette.shown() == ["Play or pause", "Search", "Extend: Neon Rain A"]
    palette.show()
    QTest.keyClicks(palette.line, "neon ext")
    assert palette.shown() == ["Extend: Neon Rain A"]
    palette.line.clear()
    QTest.keyClick(palette.line, Qt.Key.Key_Down)
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert done == ["search"]


@pytest.fixture
def world(tmp_path, qtbot):
    made = World(tmp_path)
    yield made
    made.close()


def test_takes_stand_side_by_side_and_are_rated(world, qtbot) -> None:
    from PySide6.QtCore import QObject, Signal

    class Player(QObject):
        state_changed = Signal(object)
        state = SimpleNamespace(playing=False, take_id="", loading=False)

    heard = []
    listening = SimpleNamespace(position_of=lambda _take: 12.0, play_from=lambda *asked: heard.append(asked))
    one, two = world.song("Neon Rain", "AB"), world.song("Neon Rain", "A", model="sonic-v4-5")
    player = Player()
    presenter = ComparePresenter(world.library, player, listening, world.actions, world.calls, world.relay)
    dialog = CompareDialog(presenter)
    qtbot.addWidget(dialog)
    dialog.show()
    presenter.open_songs([one.id, two.id])
    qtbot.waitUntil(lambda: len(dialog.cards) == 3)
    QTest.keyClick(dialog, Qt.Key.Key_2)
    assert heard == [(one.id, one.takes[1].id, 0.0)], "nothing of these plays yet: from the start"
    player.state = SimpleNamespace(playing=True, take_id=one.takes[1].id, loading=False)
    player.state_changed.emit(None)
    assert dialog.cards[1].hear.text() == "Pause · 2"
    QTest.keyClick(dialog, Qt.Key.Key_3)
    assert heard[-1] == (two.id, two.takes[0].id, 12.0), "at the same place"
    QTest.mouseClick(dialog.cards[2].stars[3], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: world.library.song(two.id).rating == 4)
    qtbot.waitUntil(lambda: [star.text() for star in dialog.cards[2].stars] == ["★", "★", "★", "★", "☆"])
    presenter.deleteLater()
