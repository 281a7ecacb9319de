"""Money and crashes: whatever breaks between two writes, nobody pays for what they do not get."""

from __future__ import annotations

import asyncio

import pytest

from musicapi_desktop.offline.server.cabinet import Cabinet
from musicapi_desktop.offline.server.crew import Crew
from musicapi_desktop.offline.server.fields import Rejected
from musicapi_desktop.offline.server.ledger import Ledger
from musicapi_desktop.offline.server.orders import Wish
from musicapi_desktop.offline.server.records import ClipRecord, Order, State, TaskRecord
from musicapi_desktop.offline.server.studio import Studio

ORDER = Wish(Order("sonic-v6", seed=5), "create_music", 2)


class IdleCrew(Crew):
    """Takes every job and does none."""

    def __init__(self):
        super().__init__("no:one", lanes=1)


def in_studio(folder, act, opening=100):
    async def run():
        studio = Studio(Cabinet(folder), Ledger(folder / "ledger.jsonl", opening), IdleCrew())
        try:
            return act(studio)
        finally:
            await studio.tasks.close()

    return asyncio.run(run())


def test_a_charge_whose_task_was_never_written_is_given_back(tmp_path):
    Cabinet(tmp_path)
    Ledger(tmp_path / "ledger.jsonl", 100).charge(15, "create_music", "lost")
    in_studio(tmp_path, lambda studio: studio.tasks.resume())
    in_studio(tmp_path, lambda studio: studio.tasks.resume())
    assert Ledger(tmp_path / "ledger.jsonl", 100).balance == 100


def test_a_failure_whose_refund_was_never_written_is_given_back(tmp_path):
    cabinet = Cabinet(tmp_path)
    Ledger(tmp_path / "ledger.jsonl", 100).charge(15, "create_music", "t")
    cabinet.keep_clip(ClipRecord("a", "t", 0, State.SUCCEEDED, archived=True))
    cabinet.keep_clip(ClipRecord("b", "t", 1, State.FAILED))
    cabinet.keep_task(TaskRecord("t", "create_music", 0.0, 15, ("a", "b"), Order("sonic-v6")))
    in_studio(tmp_path, lambda studio: studio.tasks.resume())
    in_studio(tmp_path, lambda studio: studio.tasks.resume())
    assert Ledger(tmp_path / "ledger.jsonl", 100).balance == 93


def test_a_disk_that_fills_up_between_charge_and_task_costs_nothing(tmp_path, monkeypatch):
    def full(_self, _task):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Cabinet, "keep_task", full)
    with pytest.raises(OSError, match="space"):
        in_studio(tmp_path, lambda studio: studio.take(ORDER))
    assert Ledger(tmp_path / "ledger.jsonl", 100).balance == 100


def test_an_order_beyond_the_balance_leaves_nothing(tmp_path):
    with pytest.raises(Rejected) as caught:
        in_studio(tmp_path, lambda studio: studio.take(ORDER), opening=14)
    assert caught.value.kind == "insufficient_credits"
    again = Cabinet(tmp_path)
    assert (again.tasks, again.clips) == ({}, {})


def test_an_unfinished_task_is_pending_after_the_end(tmp_path):
    task = in_studio(tmp_path, lambda studio: studio.take(ORDER))
    again = Cabinet(tmp_path)
    assert [clip.state for clip in again.clips_of(again.tasks[task.task_id])] == [State.PENDING] * 2
    assert Ledger(tmp_path / "ledger.jsonl", 100).balance == 85
