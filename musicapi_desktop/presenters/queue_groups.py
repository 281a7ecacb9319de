"""Jobs in groups: which group, in which order, under which heading. Pure."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QCoreApplication

from musicapi_desktop.domain.job import IN_FLIGHT, Job, JobState
from musicapi_desktop.domain.song import Song
from musicapi_desktop.models import words
from musicapi_desktop.models.queue_rows import QueueEntry, QueueHeading, QueueRow, Section, Tone

from .queue_words import Around, row_of, section_of
from .usual_times import UsualTimes

translate = QCoreApplication.translate

Groups = Mapping[Section, list[Job]]
_TODAY_ONLY = (Section.READY, Section.STOPPED)


def grouped(jobs: Iterable[Job], now: float) -> Groups:
    """Sort jobs into groups: what is unsent by position, what runs by when it was sent, what ended newest first."""
    groups: dict[Section, list[Job]] = {section: [] for section in Section}
    today = time.localtime(now)[:3]
    for job in jobs:
        section = section_of(job)
        if section is None or (section in _TODAY_ONLY and time.localtime(job.ended_at or 0.0)[:3] != today):
            continue
        groups[section].append(job)
    groups[Section.WAITING].sort(key=lambda job: (job.position, job.created_at))
    groups[Section.RUNNING].sort(key=lambda job: job.sent_at or job.created_at)
    for section in (Section.NEEDS_YOU, Section.READY, Section.STOPPED):
        groups[section].sort(key=lambda job: job.ended_at or job.created_at, reverse=True)
    return groups


class Entries:
    """The list as it is shown: a heading and its rows for every group that is not empty.

    Rows are values of their job and what is around it; one that depends on nothing new is not worded again.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[Job, Around, QueueRow]] = {}

    def of(self, groups: Groups, song_of: Callable[[Job], Song | None], now: float) -> tuple[QueueEntry, ...]:
        """Return the headings and rows of ``groups``; what is in none of them is forgotten."""
        usual_of = UsualTimes([job for jobs in groups.values() for job in jobs])
        known: dict[str, tuple[Job, Around, QueueRow]] = {}
        shown: list[QueueEntry] = []
        for section, jobs in groups.items():
            if jobs:
                shown.append(heading(section, len(jobs)))
            for place, job in enumerate(jobs, 1):
                # what has ended is told without the time that has passed since
                over = job.ended_at is not None and job.state not in IN_FLIGHT
                around = Around(song_of(job), 0.0 if over else now, usual_of(job), place)
                known[job.id] = self._worded(job, around)
                shown.append(known[job.id][2])
        self._known = known
        return tuple(shown)

    def _worded(self, job: Job, around: Around) -> tuple[Job, Around, QueueRow]:
        known = self._known.get(job.id)
        if known is not None and known[0] is job and _same(known[1], around):
            return known
        return job, around, row_of(job, around)


def _same(one: Around, other: Around) -> bool:
    # songs are values: one that was changed is another object
    return one.song is other.song and (one.now, one.usual, one.place) == (other.now, other.usual, other.place)


def heading(section: Section, count: int) -> QueueHeading:
    """The line above a group."""
    titles = {
        Section.RUNNING: translate("Queue", "Running"),
        Section.WAITING: translate("Queue", "Waiting here"),
        Section.NEEDS_YOU: translate("Queue", "Needs you"),
        Section.READY: translate("Queue", "Ready today"),
        Section.STOPPED: translate("Queue", "No longer waited for"),
    }
    note = words.number(count)
    if section is Section.WAITING:
        note = translate("Queue", "{0} · nothing spent yet").format(note)
    return QueueHeading(section, titles[section], note, Tone.BAD if section is Section.NEEDS_YOU else Tone.DIM)


def has_failed(groups: Groups) -> bool:
    """True where Try failed again has something to do."""
    return any(job.state is JobState.FAILED for job in groups[Section.NEEDS_YOU])
