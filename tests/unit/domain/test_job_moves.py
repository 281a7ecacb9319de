from __future__ import annotations

import itertools

import pytest

from musicapi_desktop.domain.cover import cover_of
from musicapi_desktop.domain.errors import BugError
from musicapi_desktop.domain.job import ENDED, IN_FLIGHT, MOVES, NEEDS_PERSON, UNSENT, Job, JobState
from musicapi_desktop.domain.request import Request

JOB = Job("id", Request(), "local")


@pytest.mark.parametrize(("before", "after"), list(itertools.product(JobState, JobState)))
def test_a_job_moves_by_the_table_alone(before, after):
    job = Job("id", Request(), "local", before)
    if after is before or after in MOVES[before]:
        assert job.moved(after).state is after
    else:
        with pytest.raises(BugError):
            job.moved(after)


def test_every_state_is_in_the_table_and_in_a_group():
    assert set(MOVES) == set(JobState)
    assert set(JobState) == UNSENT | IN_FLIGHT | ENDED | NEEDS_PERSON


def test_nothing_that_was_sent_goes_back_to_waiting_unasked():
    # only the person moves a job out of perhaps_sent; what was accepted is never sent again
    for state in (JobState.ACCEPTED, JobState.MAKING, JobState.DOWNLOADING, JobState.CHECKING):
        assert not MOVES[state] & (UNSENT | {JobState.SENDING})


def test_a_cover_depends_on_the_song_alone():
    assert cover_of("a") == cover_of("a")
    assert len({cover_of(str(n)) for n in range(50)}) == 50
