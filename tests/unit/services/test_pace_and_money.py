"""Turns, holds and the ledger."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes.pump import CLOUD, Pump

from musicapi_desktop.domain.job import Charge, Job, JobState, JobTask
from musicapi_desktop.domain.profile import LOCAL_PROFILE_ID
from musicapi_desktop.domain.request import Request
from musicapi_desktop.domain.units import Credits
from musicapi_desktop.services.holds import Holds
from musicapi_desktop.services.limiter import Limiter
from musicapi_desktop.services.placeholders import letter_of, provisional_title
from musicapi_desktop.services.verdicts import walked

S = JobState


@pytest.fixture
def pump(tmp_path):
    made = Pump(tmp_path)
    yield made
    made.close()


def test_turns_are_kept_per_profile():
    limiter = Limiter()
    assert limiter.take("a", 3.0, 10.0)
    assert not limiter.take("a", 3.0, 12.9)
    assert limiter.take("b", 3.0, 12.9)
    assert limiter.take("a", 3.0, 13.0)
    assert [limiter.reserve("a", 3.0, 13.0) for _ in range(3)] == [3.0, 6.0, 9.0]
    limiter.slow_down("b", 100.0)
    assert limiter.free_at("b") == 100.0
    assert limiter.free_at("nobody") < 0


def test_holds_double_and_lasting_ones_are_told_first():
    holds = Holds()
    pauses = [holds.back_off("a", "offline", 0.0, 2.0, 60.0) for _ in range(8)]
    assert pauses == [2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]
    holds.stop("b", "bad key")
    assert holds.reason() == "bad key"
    assert holds.until("b") is None
    assert holds.until("c") == float("-inf")
    assert holds.clear("a")
    assert not holds.clear("a")
    assert holds.back_off("a", "offline", 5.0, 2.0, 60.0) == 7.0
    holds.clear_all()
    assert holds.reason() == ""


def ended(pump, job_id, *, before=100, charge=Charge.CHARGED, estimate=15, state=S.READY):
    task = JobTask(0, "s", f"task-{job_id}", done=True)
    job = Job(job_id, Request(description=job_id), CLOUD, state, (task,), charge=charge, balance_before=before,
              estimate=Credits(estimate), sent_at=pump.clock())  # fmt: skip
    pump.records.jobs.add([job])
    pump.money.sent(job)
    pump.money.ended(job, pump.now)
    return job


def test_one_job_explains_the_difference(pump):
    ended(pump, "a")
    pump.money.told(CLOUD, 86)
    entry = pump.ledger.of_job("a")
    assert (entry.charged, entry.refunded, entry.balance, entry.exact, entry.settled) == (15, 1, 86, True, True)
    assert pump.money.wanted() == {}


def test_a_refund_is_seen_in_the_balance(pump):
    ended(pump, "a", charge=Charge.UNKNOWN, state=S.FAILED)
    pump.money.told(CLOUD, 100)
    assert pump.job("a").charge is Charge.REFUNDED
    entry = pump.ledger.of_job("a")
    assert (entry.charged, entry.refunded) == (15, 15)


def test_a_charge_without_a_song_is_seen_in_the_balance(pump):
    ended(pump, "a", charge=Charge.UNKNOWN, state=S.FAILED)
    pump.money.told(CLOUD, 85)
    assert pump.job("a").charge is Charge.CHARGED


def test_several_jobs_are_confirmed_or_left_as_estimates(pump):
    ended(pump, "a")
    ended(pump, "b")
    pump.money.told(CLOUD, 70)
    assert [entry.exact for entry in pump.ledger.entries()] == [True, True]
    ended(pump, "c", before=70)
    ended(pump, "d", before=70)
    pump.money.told(CLOUD, 45)
    assert [pump.ledger.of_job(name).exact for name in "cd"] == [False, False]
    assert [pump.ledger.of_job(name).charged for name in "cd"] == [15, 15]


def test_bought_credits_explain_nothing(pump):
    ended(pump, "a")
    pump.money.told(CLOUD, 500)
    entry = pump.ledger.of_job("a")
    assert (entry.charged, entry.exact, entry.settled) == (15, False, True)


def test_nothing_is_settled_while_something_runs(pump):
    ended(pump, "a")
    ended(pump, "b", state=S.MAKING)
    pump.money.told(CLOUD, 70)
    assert not pump.ledger.of_job("a").settled
    assert pump.ledger.balance(CLOUD) == 70
    assert pump.sink.balances() == [70]


def test_this_computer_costs_nothing(pump):
    job = replace(ended(pump, "a"), id="b", profile_id=LOCAL_PROFILE_ID)
    pump.money.sent(job)
    pump.money.ended(job, pump.now)
    assert pump.ledger.of_job("b") is None
    assert LOCAL_PROFILE_ID not in pump.money.wanted()


@pytest.mark.parametrize("state", [S.ACCEPTED, S.MAKING, S.DOWNLOADING, S.CHECKING])
@pytest.mark.parametrize("to", [S.MAKING, S.DOWNLOADING, S.CHECKING, S.READY])
def test_stages_are_walked_by_legal_moves(state, to):
    assert walked(Job("j", Request(), "p", state), to).state is to


def test_letters():
    assert [letter_of(place) for place in (0, 1, 25, 26, 27, 701, 702)] == ["A", "B", "Z", "AA", "AB", "ZZ", "AAA"]


@pytest.mark.parametrize(
    ("request_", "title"),
    [
        (Request(title="  Mine "), "Mine"),
        (Request(description="A quiet song"), "A quiet song"),
        (Request(description="word " * 30), "word word word word word word word word word…"),
        (Request(description="x" * 60), "x" * 48 + "…"),
        (Request(), "Untitled"),
        (Request(mode="lyrics", lyrics="[Verse]\n\n  First line, sung\nSecond"), "First line, sung"),
        (Request(mode="instrumental", style="ambient, slow"), "ambient, slow"),
    ],
)
def test_a_song_has_a_title_from_the_first_moment(request_, title):
    assert provisional_title(request_) == title
