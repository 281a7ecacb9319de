"""How the songs that are being made get on, in the words of the library's rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from musicapi_desktop.domain.job import UNSENT, Job, JobState
from musicapi_desktop.models import words
from musicapi_desktop.models.queue_rows import Segment
from musicapi_desktop.models.song_rows import Flight

from . import queue_words, usual_times

translate = QCoreApplication.translate

_LONGEST_GUESS = 0.95
"""Where the bar waits when a job takes longer than usual."""
_STOPPABLE = frozenset({JobState.ACCEPTED, JobState.MAKING, JobState.DOWNLOADING, JobState.CHECKING})


def flights(jobs: Iterable[Job], now: float) -> dict[str, Flight]:
    """A Flight for every song that a job is about to make, or was about to when it stopped."""
    everyone = list(jobs)
    usual_of = usual_times.UsualTimes(everyone)
    found: dict[str, Flight] = {}
    for job in everyone:
        if not job.request.operation.makes_songs or job.state in (JobState.READY, JobState.REMOVED):
            continue
        flight = flight_of(job, usual_of(job), now)
        found.update((task.song_id, flight) for task in job.tasks if not task.done)
    return found


def flight_of(job: Job, usual: tuple[float, float] | None, now: float) -> Flight:
    """One job's Flight."""
    return Flight(_words(job, usual, now), _part(job, usual, now), _act(job), job.id)


def _words(job: Job, usual: tuple[float, float] | None, now: float) -> str:
    word = queue_words.stage_word(job.state)
    if job.state is JobState.PERHAPS_SENT:
        return translate("Queue", "Perhaps sent · the queue asks what to do")
    if job.state in UNSENT or job.state in (JobState.FAILED, JobState.ABANDONED):
        return word
    begun = job.sent_at or job.created_at
    elapsed = words.clock(now - begun) if begun else ""
    return ", ".join(part for part in (" · ".join(p for p in (word, elapsed) if p), usual_times.usually(usual)) if part)


def _part(job: Job, usual: tuple[float, float] | None, now: float) -> float:
    bar = queue_words.segments(job)
    done = sum(segment is Segment.DONE for segment in bar)
    within = 0.0
    if job.state is JobState.MAKING and usual is not None and job.sent_at is not None:
        within = min(_LONGEST_GUESS, max(0.0, (now - job.sent_at) / usual[1]))
    return (done + within) / len(bar)


def _act(job: Job) -> str:
    if job.state in UNSENT:
        return translate("Queue", "Remove")
    return translate("Queue", "Stop waiting") if job.state in _STOPPABLE else ""
