"""Asking after all songs of a batch with one question; where the service does not answer it, after each by itself."""

from __future__ import annotations

import logging
from dataclasses import replace

from musicapi_desktop.domain.errors import AnswerNotUnderstood, KnownError, NotFound, Refused, Retired
from musicapi_desktop.domain.job import Job, JobTask
from musicapi_desktop.wire.clips import phase_of_word
from musicapi_desktop.wire.schema import BatchResult, BatchTask, ClipPhase, TaskPhase, TaskResult

from .context import Connect
from .polling import Asked, Poller

log = logging.getLogger(__name__)

_NO_ANSWER = (NotFound, Refused, Retired, AnswerNotUnderstood)
"""What means that this host has no such question, or an answer of its own: every task can still be asked for."""


class BatchPoller:
    """Asks after batches. Used by the job pump alone."""

    def __init__(self, poller: Poller, connect: Connect) -> None:
        self._poller = poller
        self._connect = connect

    def together(self, job: Job) -> list[JobTask]:
        """Return the tasks of a job that are asked after with one question: two or more of a batch, or none."""
        if not job.service_batch:
            return []
        watches = self._poller.watches
        tasks = [
            task for task in job.tasks
            if not task.done and not (watch := watches.of((job.id, task.index))).alone and not watch.stuck
            and watch.phase is TaskPhase.RUNNING
        ]  # fmt: skip
        return tasks if len(tasks) > 1 else []

    def due(self, job: Job, tasks: list[JobTask]) -> float:
        """Return when the question is due: with the first of its tasks."""
        return min(self._poller.watches.of((job.id, task.index)).due for task in tasks)

    def ask(self, job: Job, of_one: Asked, now: float) -> None:
        """Ask after a batch. Failures of the world end in later questions, a hold or the job; never here."""
        profile = of_one.profile
        asked = [replace(of_one, task=task) for task in self.together(job)]
        try:
            result = self._connect(profile).batch_status(job.service_batch)
        except _NO_ANSWER as error:
            log.info("batch %s: %s; its tasks are asked after by themselves", job.service_batch, error)
            for each in asked:
                self._by_itself(each, now)
            return
        except KnownError as error:
            for each in asked:
                self._poller.unanswered(each, error, now)
            return
        for each in asked:
            self._tell(each, _of(result, each.task), now)

    def _tell(self, asked: Asked, told: BatchTask | None, now: float) -> None:
        if told is not None and told.result is not None:
            self._poller.absorb(asked, told.result, now)
        elif told is not None and phase_of_word(told.state) in (ClipPhase.PENDING, ClipPhase.RUNNING):
            self._poller.absorb(asked, TaskResult(TaskPhase.RUNNING), now)
        else:
            # the batch tells nothing of this song that could be used
            self._by_itself(asked, now)

    def _by_itself(self, asked: Asked, now: float) -> None:
        watch = self._poller.watches.of(asked.key)
        watch.alone = True
        watch.due = now


def _of(result: BatchResult, task: JobTask) -> BatchTask | None:
    named = next((each for each in result.tasks if each.task_id and each.task_id == task.task_id), None)
    return named or next((each for each in result.tasks if not each.task_id and each.index == task.index), None)
