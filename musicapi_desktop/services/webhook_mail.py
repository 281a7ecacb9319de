"""Verified webhooks on their way to the job pump: taken in there as the answer to a question would be."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable

from musicapi_desktop.domain.errors import KnownError
from musicapi_desktop.domain.job import Job
from musicapi_desktop.domain.profile import Profile
from musicapi_desktop.wire.codec import decode_task

from .polling import Asked, Poller
from .webhooks_signed import Event

log = logging.getLogger(__name__)


class Mail:
    """Events that wait to be taken in. ``put`` from any thread, the rest by the job pump alone."""

    def __init__(self, poller: Poller) -> None:
        self._poller = poller
        self._waiting: deque[tuple[str, Event]] = deque()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def put(self, profile_id: str, event: Event) -> None:
        """Leave an event of a profile."""
        self._waiting.append((profile_id, event))

    def owner(self) -> str:
        """The profile of the event that is next."""
        return self._waiting[0][0]

    def take_in(self, jobs: Iterable[Job], profile: Profile | None, now: float) -> None:
        """Take in the next event, where one of ``jobs`` waits for its task."""
        profile_id, event = self._waiting.popleft()
        found = [
            Asked(job, task, profile, 1, heard=True)
            for job in jobs
            for task in job.tasks
            if profile is not None and job.profile_id == profile_id and task.task_id == event.task_id and not task.done
        ]
        for asked in found:
            try:
                result = decode_task(dict(event.body), 200)
            except KnownError as error:
                # signed, and yet not understood: the task is asked after as usual
                log.warning("webhook of task %s: %s", event.task_id, error)
                self._poller.watches.at_once(asked.key)
            else:
                self._poller.absorb(asked, result, now)
