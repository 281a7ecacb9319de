"""Jobs in and out of the database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from musicapi_desktop.domain.errors import BugError
from musicapi_desktop.domain.job import Blame, Charge, Failure, Job, JobState, JobTask
from musicapi_desktop.domain.request import Mode, Operation, Request, Source, Voice
from musicapi_desktop.domain.units import Credits, Seconds
from musicapi_desktop.store.database import Database
from musicapi_desktop.store.jobs import JobStore
from musicapi_desktop.store.request_codec import request_from_text, request_text

S = JobState

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
SHARE = st.none() | st.floats(0, 1)
REQUESTS = st.builds(
    Request,
    operation=st.sampled_from(Operation),
    mode=st.sampled_from(Mode),
    model=WORDS,
    description=WORDS,
    lyrics=WORDS,
    style=WORDS,
    leave_out=WORDS,
    title=WORDS,
    voice=st.sampled_from(Voice),
    songs=st.integers(1, 100),
    duration=st.none() | st.integers(10, 360).map(lambda n: Seconds(float(n))),
    weirdness=SHARE,
    style_weight=SHARE,
    source=st.none() | st.builds(Source, WORDS, WORDS, WORDS, WORDS),
    extra=st.dictionaries(st.text("abc", min_size=1), st.integers() | st.booleans() | WORDS, max_size=3),
)


@pytest.fixture
def jobs(tmp_path):
    database = Database(tmp_path / "library.db")
    yield JobStore(database)
    database.close()


def job(job_id="j", **more):
    return Job(job_id, Request(description="x"), "cloud", **more)


@given(REQUESTS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_request_comes_back_as_it_was(request):
    assert request_from_text(request_text(request)) == request


@pytest.mark.parametrize("text", ["", "null", "[]", "{", '{"mode": 7, "songs": "x", "source": []}', "[" * 5000])
def test_a_damaged_request_is_an_empty_one(text):
    assert request_from_text(text) == Request()


def test_words_of_a_newer_version_are_passed_over():
    text = '{"mode": "hum", "operation": "remix", "lyrics": "la", "key_of_the_future": {"a": 1}}'
    assert request_from_text(text) == Request(lyrics="la")


def test_a_job_comes_back_as_it_was(jobs):
    whole = Job(
        id="j1",
        request=Request(operation=Operation.STEMS_FULL, source=Source("s", "t", "c", "Title")),
        profile_id="p",
        state=S.PERHAPS_SENT,
        tasks=(JobTask(0, "s1", "t1", True, "x"), JobTask(1, "s2")),
        position=3.0,
        attempts=2,
        created_at=1.5,
        sent_at=2.5,
        ended_at=3.5,
        due=4.5,
        estimate=Credits(75),
        charge=Charge.UNKNOWN,
        balance_before=100,
        balance_after=25,
        failure=Failure("m", "h", "d", Blame.MONEY),
        progress="45 %",
        batch="b",
        answered=True,
        service_batch="b7",
    )
    (kept,) = jobs.add([whole])
    assert kept == replace(whole, position=1.0)
    assert jobs.get("j1") == kept
    assert jobs.get("nobody") is None


def test_an_illegal_move_changes_nothing(jobs):
    jobs.add([job()])
    with pytest.raises(BugError):
        jobs.change("j", lambda known: known.moved(S.READY))
    assert jobs.get("j").state is S.WAITING
    assert jobs.change("j", lambda known: None) is None
    assert jobs.change("nobody", lambda known: known) is None


def test_the_next_job_is_the_first_of_its_profile(jobs):
    jobs.add([job("a"), replace(job("b"), profile_id="local"), job("c")])
    assert jobs.waiting_profiles() == ("cloud", "local")
    jobs.reorder("c", "a")
    assert jobs.next_waiting("cloud").id == "c"
    assert [each.id for each in jobs.shown()] == ["c", "a", "b"]
    jobs.reorder("b", "c")
    assert jobs.waiting_profiles() == ("local", "cloud")
    jobs.change("c", lambda known: known.moved(S.SENDING))
    assert jobs.next_waiting("cloud").id == "a"
    assert jobs.reorder("c", "a") == ()
    assert jobs.in_flight() == ()


def test_what_was_cleared_is_kept_out_of_sight_until_it_moves(jobs):
    jobs.add([job("a"), job("b")])
    jobs.change("a", lambda known: known.moved(S.REMOVED))
    assert jobs.clear({S.REMOVED}) == 1
    assert [each.id for each in jobs.shown()] == ["b"]
    jobs.change("a", lambda known: known.moved(S.WAITING))
    assert [each.id for each in jobs.shown()] == ["a", "b"]


def test_a_split_job_and_its_parts_come_together(jobs):
    jobs.add([job("a")])
    whole = jobs.split("a", lambda known: known.moved(S.WAITING, estimate=Credits(5)), [job("b"), job("c")])
    assert [each.id for each in whole] == ["a", "b", "c"]
    assert jobs.split("nobody", lambda known: known, [job("d")]) == ()
    assert jobs.get("d") is None
