"""Worker processes: order, progress, deaths and jobs that hang."""

from __future__ import annotations

import asyncio
import os
import threading
import time

import pytest

from musicapi_desktop.offline.server.crew import Crew, Urgency
from musicapi_desktop.offline.server.lane import Lane, WorkerDied, WorkFailed

BAND = "fakes.small_band"


def take(folder, description, take=0):
    brief = {"title": "", "lyrics": "", "tags": "", "negative_tags": "", "vocal_gender": "", "instrumental": False}
    brief |= {"duration": 10, "weirdness": None, "style_weight": None, "seed": 1, "take": take}
    return {"do": "take", "folder": str(folder), "brief": {**brief, "description": description}}


def silent(_share):
    return None


@pytest.fixture
def lane():
    lane = Lane(BAND, 60.0)
    yield lane
    lane.close()


def test_a_lane_outlives_the_failure_and_the_death_of_its_worker(lane, tmp_path):
    with pytest.raises(WorkFailed, match="mistake in the engine"):
        lane.run(take(tmp_path / "a", "break"), silent)
    first = lane.pid
    with pytest.raises(WorkerDied):
        lane.run(take(tmp_path / "b", "crash"), silent)
    made = lane.run(take(tmp_path / "c", ""), silent)
    assert made["seconds"] == 10.0
    assert first is not None
    assert lane.pid not in (None, first)


def test_a_job_that_hangs_is_ended(tmp_path):
    lane = Lane(BAND, 1.5)
    try:
        with pytest.raises(WorkerDied, match="too long"):
            lane.run(take(tmp_path / "a", f"wait for {tmp_path / 'never'}"), silent)
        assert lane.run(take(tmp_path / "b", ""), silent)["title"] == "Named by the band"
    finally:
        lane.close()


def test_a_closed_lane_starts_nothing_more(lane, tmp_path):
    lane.close()
    with pytest.raises(WorkerDied):
        lane.run(take(tmp_path / "a", ""), silent)
    assert lane.pid is None


def test_progress_is_told_and_the_folder_is_left_tidy(lane, tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "left over").touch()
    told = []
    lane.run(take(tmp_path, ""), told.append)
    assert told[0] == 0.0
    assert told == sorted(told)
    files = {file.name for file in tmp_path.iterdir()}
    assert {"clip.mp3", "mix.wav", "score.json", "01 Vocals.wav", "12 Woodwinds.wav"} <= files
    assert len(files) == 15


def test_the_urgent_goes_before_the_early(tmp_path):
    gate = tmp_path / "go"
    finished, begun = [], threading.Event()

    async def run():
        crew = Crew(BAND, lanes=1)
        crew.start()

        async def job(name, urgency, description=""):
            await crew.run(urgency, take(tmp_path / name, description), lambda _share: begun.set())
            finished.append(name)

        first = asyncio.create_task(job("first", Urgency.TAKES, f"wait for {gate}"))
        await asyncio.to_thread(begun.wait, 30)
        rest = [
            asyncio.create_task(job(name, urgency))
            for name, urgency in (("archive", Urgency.ARCHIVE), ("take", Urgency.TAKES), ("stems", Urgency.STEMS))
        ]
        await asyncio.sleep(0)
        gate.touch()
        await asyncio.gather(first, *rest)
        await crew.close()

    asyncio.run(run())
    assert finished == ["first", "stems", "take", "archive"]


def test_closing_does_not_wait_for_the_music(tmp_path):
    async def run():
        crew = Crew(BAND, lanes=2)
        crew.start()
        begun = threading.Event()
        job = take(tmp_path / "a", f"wait for {tmp_path / 'never'}")
        waiting = asyncio.create_task(crew.run(Urgency.TAKES, job, lambda _share: begun.set()))
        await asyncio.to_thread(begun.wait, 30)
        pids = crew.pids
        started = time.monotonic()
        waiting.cancel()
        await crew.close()
        return pids, time.monotonic() - started

    pids, seconds = asyncio.run(run())
    assert pids
    assert seconds < 3
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
