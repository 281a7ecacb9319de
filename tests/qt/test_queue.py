import time

import pytest
from fakes.library_world import CLOUD, World
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from musicapi_desktop.domain.events import BalanceChanged, QueueChanged
from musicapi_desktop.domain.job import Blame, Charge, Failure, JobState
from musicapi_desktop.domain.profile import LOCAL_PROFILE
from musicapi_desktop.models.queue_list import QueueListModel
from musicapi_desktop.models.queue_rows import Act, QueueHeading, Segment, Tone
from musicapi_desktop.presenters import queue_words, usual_times
from musicapi_desktop.presenters.ledger import write_csv
from musicapi_desktop.store.ledger import Entry
from musicapi_desktop.ui.queue.strip import QueueStrip
from musicapi_desktop.ui.queue.view import QueueView

# the offscreen platform says so of windows and menus
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

S = JobState
REFUSED = Failure("The service refused the words.", "Change the line.", "moderation", Blame.YOURS)
BROKEN = Failure("The service could not finish this song.", "Try again.", "HTTP 500", Blame.THEIRS)


@pytest.fixture
def world(tmp_path, qtbot):
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def opened(world, qtbot):
    def open_view(width=1044, ledger=None):
        view = QueueView(world.queue_presenter, ledger)
        qtbot.addWidget(view)
        view.resize(width, 700)
        view.show()
        qtbot.waitExposed(view)
        world.queue_presenter.load()
        view.activateWindow()
        return view

    return open_view


def rows(world):
    return {entry.title: entry for entry in world.queue_presenter.state.entries if not isinstance(entry, QueueHeading)}


def headings(world):
    return [
        (entry.title, entry.note) for entry in world.queue_presenter.state.entries if isinstance(entry, QueueHeading)
    ]


def press(view, job, act):
    area = view.jobs.button_area(job.id, act)
    assert not area.isEmpty(), act
    QTest.mouseClick(view.jobs.viewport(), Qt.MouseButton.LeftButton, pos=area.center())


def choose(view, world, job):
    index = view.jobs.model().index(view.jobs.model().row_of(job.id))
    QTest.mouseClick(view.jobs.viewport(), Qt.MouseButton.LeftButton, pos=view.jobs.visualRect(index).topLeft())
    view.jobs.setFocus()
    assert view.jobs.currentIndex() == index


def test_every_state_stands_in_its_group(world, opened, qtbot):
    world.making(world.request("Running"))
    world.request("Waiting", songs=3)
    failed = world.request("Refused")
    world.become(failed, S.SENDING, S.FAILED, failure=REFUSED, sent_at=time.time() - 9, ended_at=time.time())
    world.finish(world.request("Done"))
    opened()
    qtbot.waitUntil(lambda: len(headings(world)) == 4)
    assert headings(world) == [
        ("Running", "1"),
        ("Waiting here", "1 · nothing spent yet"),
        ("Needs you", "1"),
        ("Ready today", "1"),
    ]


def test_a_row_says_stage_time_and_money(world, opened, qtbot):
    for _ in range(3):
        world.finish(world.request("Before"))
    world.making(world.request("Ferry"))
    opened()
    qtbot.waitUntil(lambda: "Ferry" in rows(world))
    row = rows(world)["Ferry"]
    assert row.stage == "Making · usually 2 min"
    assert row.elapsed == "0:41"
    assert row.money == "15 credits"
    assert row.segments == (Segment.DONE,) * 3 + (Segment.ACTIVE,) + (Segment.TODO,) * 2
    assert row.letters == ("A", "B")
    assert "Making" in row.spoken


def test_what_is_made_here_is_free(world, opened, qtbot):
    world.request("Local", profile=LOCAL_PROFILE)
    opened()
    qtbot.waitUntil(lambda: "Local" in rows(world))
    assert rows(world)["Local"].money == "free"


def test_the_buttons_are_pressed_with_the_mouse(world, opened, qtbot):
    first, second = world.request("First"), world.request("Second")
    view = opened()
    qtbot.waitUntil(lambda: view.jobs.model().row_of(second.id) == 2)
    press(view, second, Act.RUN_NEXT)
    qtbot.waitUntil(lambda: view.jobs.model().row_of(second.id) == 1)
    assert view.jobs.model().row_of(first.id) == 2
    press(view, first, Act.REMOVE)
    qtbot.waitUntil(lambda: view.jobs.model().row_of(first.id) == -1)
    assert world.jobs.get(first.id).state is S.REMOVED


def test_a_press_that_leaves_the_button_does_nothing(world, opened, qtbot):
    job = world.request("First")
    view = opened()
    qtbot.waitUntil(lambda: view.jobs.model().row_of(job.id) == 1)
    area = view.jobs.button_area(job.id, Act.REMOVE)
    QTest.mousePress(view.jobs.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
    QTest.mouseRelease(view.jobs.viewport(), Qt.MouseButton.LeftButton, pos=area.topLeft() - area.bottomRight())
    qtbot.wait(50)
    assert world.jobs.get(job.id).state is JobState.WAITING


def test_the_keyboard_reaches_every_button(world, opened, qtbot):
    job = world.request("First")
    view = opened()
    qtbot.waitUntil(lambda: view.jobs.model().row_of(job.id) == 1)
    choose(view, world, job)
    QTest.keyClick(view.jobs, Qt.Key.Key_Right)
    QTest.keyClick(view.jobs, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: world.jobs.get(job.id).state is S.REMOVED)


def test_delete_stops_waiting_for_what_runs(world, opened, qtbot):
    job = world.making(world.request("First"))
    view = opened()
    qtbot.waitUntil(lambda: view.jobs.model().row_of(job.id) == 1)
    choose(view, world, job)
    QTest.keyClick(view.jobs, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: world.jobs.get(job.id).state is S.ABANDONED)


def test_ctrl_arrows_reorder_what_waits_and_the_selection_follows(world, opened, qtbot):
    jobs = [world.request(name) for name in ("One", "Two", "Three")]
    view = opened()
    model = view.jobs.model()
    qtbot.waitUntil(lambda: model.row_of(jobs[2].id) == 3)
    choose(view, world, jobs[0])
    QTest.keyClick(view.jobs, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: model.row_of(jobs[0].id) == 2)
    QTest.keyClick(view.jobs, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: model.row_of(jobs[0].id) == 3)
    assert [job.request.title for job in world.queue.jobs()] == ["Two", "Three", "One"]


def test_a_waiting_job_is_dragged_before_another_and_nowhere_else(world, opened, qtbot):
    running = world.making(world.request("Running"))
    jobs = [world.request(name) for name in ("One", "Two", "Three")]
    view = opened()
    model = view.jobs.model()
    qtbot.waitUntil(lambda: model.row_of(jobs[2].id) == 5)
    dragged = model.mimeData([model.index(model.row_of(jobs[2].id))])
    move, nowhere = Qt.DropAction.MoveAction, QModelIndex()
    assert not model.canDropMimeData(dragged, move, model.row_of(running.id), 0, nowhere)
    model.dropMimeData(dragged, move, model.row_of(jobs[0].id), 0, nowhere)
    qtbot.waitUntil(lambda: [job.request.title for job in world.queue.jobs()][1:] == ["Three", "One", "Two"])
    model.dropMimeData(dragged, move, model.rowCount(), 0, nowhere)
    qtbot.waitUntil(lambda: [job.request.title for job in world.queue.jobs()][1:] == ["One", "Two", "Three"])
    assert not model.flags(model.index(model.row_of(running.id))) & Qt.ItemFlag.ItemIsDragEnabled


def test_a_refusal_of_the_words_goes_back_to_the_form(world, opened, qtbot):
    job = world.request("Refused")
    world.become(job, S.SENDING, S.FAILED, failure=REFUSED, sent_at=time.time(), ended_at=time.time())
    view = opened()
    qtbot.waitUntil(lambda: view.jobs.model().row_of(job.id) == 1)
    row = rows(world)["Refused"]
    assert (row.second, row.money, row.money_tone) == ("The service refused the words.", "not charged", Tone.GOOD)
    assert "Change the line." in row.tip
    with qtbot.waitSignal(world.queue_presenter.fix_asked) as asked:
        press(view, job, Act.FIX)
    assert asked.args[0] == job.request


def test_a_lost_answer_is_never_sent_again_by_itself(world, opened, qtbot):
    job = world.request("Lost")
    world.become(job, S.SENDING, S.PERHAPS_SENT, sent_at=time.time(), balance_before=1255, charge=Charge.UNKNOWN)
    view = opened()
    qtbot.waitUntil(lambda: view.jobs.model().row_of(job.id) == 1)
    row = rows(world)["Lost"]
    assert row.stage == "Perhaps sent"
    assert row.acts == (Act.LOOK, Act.FORGET)
    assert "Balance before 1,255, now not known" in row.second
    with qtbot.waitSignal(world.queue_presenter.toast) as said:
        press(view, job, Act.LOOK)
    assert "15 credits less" in said.args[0].text
    assert world.jobs.get(job.id).state is S.PERHAPS_SENT
    qtbot.waitUntil(lambda: "now 1,240" in rows(world)["Lost"].second)


def test_a_failure_can_be_copied_with_its_details(world, opened, qtbot):
    job = world.request("Broken")
    world.become(job, S.SENDING, S.FAILED, failure=BROKEN, sent_at=time.time(), ended_at=time.time())
    view = opened()
    qtbot.waitUntil(lambda: view.jobs.model().row_of(job.id) == 1)
    view.jobs.asked.emit(job.id, Act.COPY_DETAILS)
    assert "HTTP 500" in QGuiApplication.clipboard().text()
    assert job.id in QGuiApplication.clipboard().text()


def test_what_is_ready_can_be_played_and_shown(world, opened, qtbot):
    job = world.finish(world.request("Done"))
    view = opened()
    qtbot.waitUntil(lambda: view.jobs.model().row_of(job.id) == 1)
    song = world.library.song(job.tasks[0].song_id)
    with qtbot.waitSignal(world.queue_presenter.play_asked) as played:
        press(view, job, Act.PLAY)
    assert played.args == [song.id, song.takes[0].id]
    with qtbot.waitSignal(world.queue_presenter.show_asked):
        press(view, job, Act.SHOW)


def test_pausing_says_so_and_going_on_undoes_it(world, opened, qtbot):
    world.request("First")
    view = opened()
    buttons = {button.text(): button for button in view.findChildren(QPushButton)}
    QTest.mouseClick(buttons["Pause all"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: world.queue_presenter.state.paused)
    assert buttons["Pause all"].text() == "Go on"
    assert world.queue.paused
    QTest.mouseClick(buttons["Pause all"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not world.queue.paused and not world.queue_presenter.state.paused)


def test_clear_finished_takes_only_what_is_over(world, opened, qtbot):
    done, waiting = world.finish(world.request("Done")), world.request("Waiting")
    view = opened()
    qtbot.waitUntil(lambda: len(rows(world)) == 2)
    clear = next(button for button in view.findChildren(QPushButton) if button.text() == "Clear finished")
    QTest.mouseClick(clear, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: list(rows(world)) == ["Waiting"])
    assert view.jobs.model().row_of(done.id) == -1
    assert view.jobs.model().row_of(waiting.id) == 1


def test_the_strip_counts_and_counts_down(world, qtbot):
    strip = QueueStrip(world.queue_presenter)
    qtbot.addWidget(strip)
    world.making(world.request("Running"))
    world.request("Waiting")
    world.queue_presenter.load()
    qtbot.waitUntil(lambda: world.queue_presenter.state.count == 2)
    assert not strip.isHidden()
    world.relay.publish(QueueChanged(False, "", time.monotonic() + 2.5))
    qtbot.waitUntil(lambda: world.queue_presenter.next_words.startswith("Next request in 2."))
    qtbot.waitUntil(lambda: world.queue_presenter.next_words == "", timeout=4000)


def test_an_empty_queue_hides_the_strip(world, qtbot):
    strip = QueueStrip(world.queue_presenter)
    qtbot.addWidget(strip)
    assert strip.isHidden()


def test_a_hundred_jobs_are_worded_in_a_frame(world, opened, qtbot):
    for number in range(10):
        world.request(f"Batch {number}", songs=10)
    opened()
    qtbot.waitUntil(lambda: len(rows(world)) == 10)
    jobs = [world.queue.jobs()[0]] * 100
    begun = time.perf_counter()
    for job in jobs:
        queue_words.row_of(job, queue_words.Around(None, time.time()))
    assert time.perf_counter() - begun < 0.05


def test_the_model_keeps_qts_rules(world, opened, qtbot, qtmodeltester):
    world.request("One")
    world.finish(world.request("Two"))
    opened()
    qtbot.waitUntil(lambda: len(rows(world)) == 2)
    model = QueueListModel()
    model.set_entries(world.queue_presenter.state.entries)
    qtmodeltester.check(model)
    model.set_entries(world.queue_presenter.state.entries[:2])
    assert model.rowCount() == 2


@pytest.mark.parametrize(
    ("usual", "said"),
    [(None, ""), ((60, 125), "usually 1–2 min"), ((20, 41), "usually 40 s"), ((118, 122), "usually 2 min")],
)
def test_usual_times_in_words(usual, said):
    assert usual_times.usually(usual) == said


def test_the_ledger_shows_bookings_of_the_profile_in_use(world, opened, qtbot):
    now = time.time()
    world.ledger.keep_balance(CLOUD.id, 1240, now)
    world.ledger.save(
        [
            Entry("a", CLOUD.id, now - 1, "Neon Rain", "stems/full", 75, 75),
            Entry("b", CLOUD.id, now - 2, "Low Battery", "create_music", 15, 15, 15),
            Entry("c", CLOUD.id, now - 3, "Ferry", "create_music", 30, None),
            Entry("d", "other", now - 4, "Not mine", "wav", 2, 2),
        ]
    )
    presenter = world.ledger_presenter()
    opened(width=1376, ledger=presenter)
    presenter.load()
    qtbot.waitUntil(lambda: presenter.state.balance == "1,240")
    assert [(line.text, line.amount) for line in presenter.state.lines] == [
        ("Neon Rain · all stems", "−75"),
        ("Low Battery · refunded", "±0"),
        ("Ferry · not settled", "−30 ?"),
    ]
    assert presenter.state.today == "−75"
    world.ledger.keep_balance(CLOUD.id, 1165, now)
    world.relay.publish(BalanceChanged(CLOUD.id, 1165))
    qtbot.waitUntil(lambda: presenter.state.balance == "1,165")


def test_a_title_cannot_become_a_formula_in_the_csv(tmp_path):
    target = tmp_path / "ledger.csv"
    assert write_csv([Entry("a", "p", 0.0, "=1+1", "wav", 2, 2)], target) == 1
    assert ",'=1+1,wav,2,2,0," in target.read_text("utf-8-sig")


def test_every_control_has_a_name(world, opened, qtbot):
    world.request("First")
    view = opened(width=1376, ledger=world.ledger_presenter())
    qtbot.waitUntil(lambda: bool(rows(world)))
    unnamed = [
        type(widget).__name__
        for widget in view.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.isVisible()
        and not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
    ]
    assert unnamed == []


def test_what_waits_behind_a_job_is_held_and_sent_together_again(world, opened, qtbot):
    opened()
    jobs = [world.request(title=f"Song {number}") for number in range(4)]
    qtbot.waitUntil(lambda: world.queue_presenter.state.waiting == 4)
    world.queue_presenter.act(jobs[1].id, Act.STOP_AFTER)
    qtbot.waitUntil(lambda: [job.state for job in world.queue.jobs()].count(JobState.HELD) == 2)
    held = {job.id for job in world.queue.jobs() if job.state is JobState.HELD}
    assert held == {jobs[2].id, jobs[3].id}
    qtbot.waitUntil(lambda: [row.stage for row in rows(world).values()].count("Held") == 2)
    world.queue_presenter.act(jobs[2].id, Act.RELEASE_ALL)
    qtbot.waitUntil(lambda: [job.state for job in world.queue.jobs()].count(JobState.WAITING) == 4)
