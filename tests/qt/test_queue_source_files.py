"""What the queue says while a source file is on its way to its place, and where none is."""

from __future__ import annotations

from musicapi_desktop.domain.job import Job, JobState
from musicapi_desktop.domain.request import Operation, Request
from musicapi_desktop.presenters.queue_words import Around, row_of


def stage(progress: str, state: JobState = JobState.WAITING) -> str:
    job = Job("j", Request(Operation.UPLOAD_COVER, url="file:///a.wav"), "cloud", state, progress=progress)
    return row_of(job, Around(None, 0.0)).stage


def test_how_far_the_file_is_shows_in_the_stage(qapp) -> None:
    assert stage("40 %") == "Putting the file in its place · 40 %"
    assert stage("") == "Waiting here"
