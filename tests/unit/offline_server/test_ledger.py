"""Credits: what adds up, what is given back once, and what a killed process leaves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicapi_desktop.offline.server.ledger import FREE_BALANCE, Ledger, NotEnough
from musicapi_desktop.offline.server.records import TaskRecord


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.jsonl"


def test_charges_and_refunds_outlive_the_process(path):
    first = Ledger(path, 100)
    assert first.charge(15, "create_music", "t1") == 15
    first.charge(75, "stems/full", "t2")
    first.refund(7, "t1", "c1")
    again = Ledger(path, 100)
    assert again.balance == 17
    assert again.charged == {"t1": 15, "t2": 75}


def test_a_refund_is_given_once(path):
    first = Ledger(path, 100)
    first.charge(15, "create_music", "t1")
    first.refund(15, "t1")
    Ledger(path, 100).refund(15, "t1")
    assert Ledger(path, 100).balance == 100


def test_nothing_is_taken_beyond_the_balance(path):
    ledger = Ledger(path, 14)
    with pytest.raises(NotEnough):
        ledger.charge(15, "create_music", "t1")
    assert (ledger.balance, ledger.charged) == (14, {})


def test_another_opening_sets_the_balance(path):
    Ledger(path, 100).charge(60, "x", "t")
    assert Ledger(path, 500).balance == 500
    assert Ledger(path, 500).balance == 500
    assert Ledger(path, 0).balance == 0


def test_a_free_ledger_takes_nothing_and_forgets_nothing(path):
    Ledger(path, 100).charge(15, "create_music", "t1")
    free = Ledger(path)
    assert free.charge(75, "stems/full", "t2") == 0
    assert free.balance == FREE_BALANCE
    assert Ledger(path, 100).balance == 85


@pytest.mark.parametrize("cut", [1, 10, 30])
def test_a_line_cut_off_by_a_crash_costs_that_line_only(path, cut):
    first = Ledger(path, 100)
    first.charge(15, "create_music", "t1")
    first.charge(20, "create_music", "t2")
    path.write_bytes(path.read_bytes()[:-cut])
    after = Ledger(path, 100)
    expected = {1: 65}.get(cut, 85)
    assert after.balance == expected
    after.charge(5, "wav", "t3")
    assert Ledger(path, 100).balance == expected - 5


def test_a_full_disk_takes_nothing(path, monkeypatch):
    ledger = Ledger(path, 100)

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="space"):
        ledger.charge(15, "create_music", "t1")
    assert (ledger.balance, ledger.charged) == (100, {})


@given(st.integers(0, 1000), st.integers(1, 24))
def test_the_shares_of_the_clips_add_up_to_the_cost(cost, clips):
    task = TaskRecord("t", "stems/full", 0.0, cost, tuple(str(n) for n in range(clips)))
    shares = [task.share(position) for position in range(clips)]
    assert sum(shares) == cost
    assert max(shares) - min(shares) <= 1
