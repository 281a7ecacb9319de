"""How long jobs took lately, and the words for it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from PySide6.QtCore import QCoreApplication

from musicapi_desktop.domain.job import Job, JobState
from musicapi_desktop.domain.profile import LOCAL_PROFILE_ID

translate = QCoreApplication.translate

_HISTORY = 20
_LEAST_HISTORY = 3


def usual_time(jobs: Iterable[Job], like: Job) -> tuple[float, float] | None:
    """How long jobs like this one took lately: quarter and three-quarter points in seconds, None with no history."""
    times = sorted(
        job.ended_at - job.sent_at
        for job in _alike(jobs, like)
        if job.ended_at is not None and job.sent_at is not None and job.ended_at > job.sent_at
    )
    if len(times) < _LEAST_HISTORY:
        return None
    return times[len(times) // 4], times[len(times) * 3 // 4]


class UsualTimes:
    """``usual_time`` of many jobs, worked out once for those that are alike."""

    def __init__(self, jobs: Collection[Job]) -> None:
        self._jobs = jobs
        self._known: dict[tuple[str, bool], tuple[float, float] | None] = {}

    def __call__(self, job: Job) -> tuple[float, float] | None:
        """Return ``usual_time`` for ``job``."""
        alike = (job.request.operation.value, job.profile_id == LOCAL_PROFILE_ID)
        if alike not in self._known:
            self._known[alike] = usual_time(self._jobs, job)
        return self._known[alike]


def usually(usual: tuple[float, float] | None) -> str:
    """The words for ``usual_time``; empty with no history."""
    if usual is None:
        return ""
    low, high = usual
    if high < 55:
        return translate("Queue", "usually {0} s").format(max(5, round(high / 5) * 5))
    least, most = max(1, round(low / 60)), max(1, round(high / 60))
    if least == most:
        return translate("Queue", "usually {0} min").format(most)
    return translate("Queue", "usually {0}–{1} min").format(least, most)


def _alike(jobs: Iterable[Job], like: Job) -> Sequence[Job]:
    local = like.profile_id == LOCAL_PROFILE_ID
    alike = [
        job
        for job in jobs
        if job.state is JobState.READY
        and job.request.operation is like.request.operation
        and (job.profile_id == LOCAL_PROFILE_ID) is local
    ]
    return sorted(alike, key=lambda job: job.ended_at or 0.0)[-_HISTORY:]
