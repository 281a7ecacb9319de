"""Jobs in groups: which group, in which order, under which heading. Pure."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QCoreApplication

from musicapi_desktop.domain.job import Job, JobState
from musicapi_desktop.domain.profile import LOCAL_PROFILE_ID
from musicapi_desktop.domain.song import Song
from musicapi_desktop.models import words
from musicapi_desktop.models.queue_rows import QueueEntry, QueueHeading, Section, Tone

from .queue_words import Around, row_of, section_of, usual_time

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


def entries(groups: Groups, song_of: Callable[[Job], Song | None], now: float) -> tuple[QueueEntry, ...]:
    """The list as it is shown: a heading and its rows for every group that is not empty."""
    everyone = [job for jobs in groups.values() for job in jobs]
    usual: dict[tuple[str, bool], tuple[float, float] | None] = {}
    shown: list[QueueEntry] = []
    for section, jobs in groups.items():
        if jobs:
            shown.append(heading(section, len(jobs)))
        for place, job in enumerate(jobs, 1):
            alike = (job.request.operation.value, job.profile_id == LOCAL_PROFILE_ID)
            if alike not in usual:
                usual[alike] = usual_time(everyone, job)
            shown.append(row_of(job, Around(song_of(job), now, usual[alike], place)))
    return tuple(shown)


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
