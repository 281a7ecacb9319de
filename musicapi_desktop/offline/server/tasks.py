"""A task from its charge to its end: begun, made, failed, cancelled, given back, gone on with after a restart.

Belongs to one event loop. The order of writes makes every crash harmless: a charge first, then the clips, then the
task; at the next start a charge without a task is given back, and a clip that is not finished is made anew.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace

from musicapi_desktop.wire.values import text

from .cabinet import Cabinet
from .errands import run_errand
from .fetch import fetched
from .fields import Rejected
from .lane import WorkFailed
from .ledger import Ledger, NotEnough
from .records import PREVIEW, ClipRecord, State, TaskRecord
from .workshop import Workshop

log = logging.getLogger(__name__)

STREAMING, COMPLETED, FAILED = "song.streaming", "song.completed", "song.failed"
"""What a listener is told of."""
Listener = Callable[[str, str], None]
"""Called with one of these words and the task's id."""
CANCELLED = "Cancelled."
_MISTAKE = "The song could not be made because of a mistake in the engine."
_DISK = "The disk is full or cannot be written."


@dataclass(frozen=True, slots=True)
class Hook:
    """Where to tell of a task, and what to sign it with."""

    url: str
    secret: str = ""


class Tasks:
    """The tasks of one key. ``hooked`` keeps a hook before its task begins; ``listener`` is told of events."""

    def __init__(self, cabinet: Cabinet, ledger: Ledger, workshop: Workshop) -> None:
        self._cabinet = cabinet
        self._ledger = ledger
        self._workshop = workshop
        self._running: dict[str, asyncio.Task[None]] = {}
        self._heard: set[str] = set()
        self.listener: Listener = lambda _event, _task_id: None
        self.hooked: Callable[[str, Hook], None] = lambda _task_id, _hook: None

    def require(self, amount: int) -> None:
        """Raise Rejected where ``amount`` is not there."""
        try:
            self._ledger.require(amount)
        except NotEnough as error:
            raise Rejected("Not enough credits.", "insufficient_credits") from error

    def charge(self, amount: int, what: str, task_id: str = "") -> int:
        """Take ``amount``; return what was taken. Raises Rejected."""
        self.require(amount)
        return self._ledger.charge(amount, what, task_id)

    def take(self, asked: TaskRecord, blanks: Sequence[ClipRecord], price: int, hook: Hook | None) -> TaskRecord:
        """Charge for a task, keep it with its clips, and begin it. Raises Rejected, or OSError and costs nothing."""
        task_id, now = str(uuid.uuid4()), time.time()
        clips = [
            replace(blank, clip_id=str(uuid.uuid4()), task_id=task_id, position=position, created_at=now)
            for position, blank in enumerate(blanks)
        ]
        cost = self.charge(price, asked.operation, task_id)
        clip_ids = tuple(clip.clip_id for clip in clips)
        task = replace(asked, task_id=task_id, created_at=now, cost=cost, clip_ids=clip_ids)
        try:
            for clip in clips:
                self._cabinet.keep_clip(clip)
            if hook is not None:
                self.hooked(task_id, hook)
            self._cabinet.keep_task(task)
        except OSError:
            self._refund(cost, task_id)
            raise
        self._begin_all(task)
        return task

    async def wait(self, task: TaskRecord) -> None:
        """Return once nothing of a task is under way."""
        running = [self._running[name] for name in (task.task_id, *task.clip_ids) if name in self._running]
        if running:
            await asyncio.wait(running)

    def resume(self) -> None:
        """Settle what the last process left: give back lost charges, make anew what is unfinished."""
        for task_id, amount in self._ledger.charged.items():
            if task_id not in self._cabinet.tasks:
                self._ledger.refund(amount, task_id)
        for task in list(self._cabinet.tasks.values()):
            self._begin_all(task)
            if task.error:
                self._refund(task.cost, task.task_id)
            for clip in self._cabinet.clips_of(task):
                if clip.state is State.FAILED:
                    self._give_back(clip)
            self._tell_end(task)
        for clip in list(self._cabinet.clips.values()):
            self._begin_archive(clip)

    async def close(self) -> None:
        """Stop making; what is unfinished stays pending on disk."""
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def cancel(self, task_id: str) -> TaskRecord:
        """End a task at once; what is finished stays. Raises Rejected where it is unknown."""
        task = self._cabinet.tasks.get(task_id)
        if task is None:
            raise Rejected("Task not found.", "not_found", about="task")
        waiting = [clip for clip in self._cabinet.clips_of(task) if clip.state is State.PENDING]
        for name in (task_id, *(clip.clip_id for clip in waiting)):
            running = self._running.get(name)
            if running is not None:
                running.cancel()
        for clip in waiting:
            self._fail(clip, CANCELLED)
        if is_open(task):
            self._fail_errand(task, CANCELLED)
        return self._cabinet.tasks[task_id]

    def _begin_all(self, task: TaskRecord) -> None:
        if is_open(task):
            self._begin(task.task_id, self._run(task))
        for clip in self._cabinet.clips_of(task):
            if clip.state is State.PENDING:
                self._begin(clip.clip_id, self._make(clip, task))

    def _begin_archive(self, clip: ClipRecord) -> None:
        name = f"archive {clip.clip_id}"
        waiting = clip.state is State.SUCCEEDED and not clip.archived and not clip.stem_type
        # every stem of a recording that is taken apart asks for this when it is ready
        if waiting and name not in self._running:
            self._begin(name, self._workshop.archive(clip.clip_id))

    def _begin(self, name: str, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._running[name] = task
        task.add_done_callback(lambda _done: self._running.pop(name, None))

    async def _make(self, clip: ClipRecord, task: TaskRecord) -> None:
        try:
            for made in await self._made(clip, task):
                self._cabinet.keep_clip(made)
        except WorkFailed as error:
            self._fail(clip, str(error))
        except OSError:
            log.exception("clip %s cannot be kept", clip.clip_id)
            self._fail(clip, _DISK)
        except Exception:  # the end of a background task: the clip must not stay pending for ever
            log.exception("clip %s is not made because of a mistake of ours", clip.clip_id)
            self._fail(clip, _MISTAKE)
        else:
            self._tell_end(task)
            for clip_id in filter(None, (clip.clip_id, clip.full, clip.owner if clip.stem_type else "")):
                # a recording from outside has stems to put away once it was taken apart
                self._begin_archive(self._cabinet.clips[clip_id])

    async def _made(self, clip: ClipRecord, task: TaskRecord) -> list[ClipRecord]:
        here = asyncio.get_running_loop()
        folder = self._cabinet.folder(clip.clip_id)

        def note(_share: float) -> None:
            # called by a lane's thread
            if task.task_id not in self._heard and (folder / PREVIEW).exists():
                self._heard.add(task.task_id)
                here.call_soon_threadsafe(self.listener, STREAMING, task.task_id)

        if clip.stem_type:
            return [await self._workshop.stem(clip, note)]
        if clip.uploaded:
            async with fetched(text(task.echo.get("url")), self._cabinet.scratch) as audio:
                return [await self._workshop.take_in(clip, audio, note)]
        return await self._workshop.take(clip, task, note)

    async def _run(self, task: TaskRecord) -> None:
        try:
            result = await run_errand(task, self._cabinet, self._workshop)
            done = replace(task, result=result)
            self._cabinet.keep_task(done)
        except (WorkFailed, Rejected) as error:
            self._fail_errand(task, str(error))
        except OSError:
            log.exception("task %s cannot be kept", task.task_id)
            self._fail_errand(task, _DISK)
        except Exception:  # as above
            log.exception("task %s is not done because of a mistake of ours", task.task_id)
            self._fail_errand(task, _MISTAKE)
        else:
            self._tell_end(done)

    def _fail(self, clip: ClipRecord, why: str) -> None:
        failed = replace(clip, state=State.FAILED, error=why)
        try:
            self._cabinet.keep_clip(failed)
        except OSError:
            log.exception("the failure of clip %s cannot be kept", clip.clip_id)
            self._cabinet.clips[clip.clip_id] = failed
        self._give_back(failed)
        self._cabinet.clear(clip.clip_id)
        self._tell_end(self._cabinet.tasks[clip.task_id])

    def _fail_errand(self, task: TaskRecord, why: str) -> None:
        failed = replace(task, error=why)
        try:
            self._cabinet.keep_task(failed)
        except OSError:
            log.exception("the failure of task %s cannot be kept", task.task_id)
            self._cabinet.tasks[task.task_id] = failed
        self._refund(task.cost, task.task_id)
        self._tell_end(failed)

    def _tell_end(self, task: TaskRecord) -> None:
        if task.errand:
            if not is_open(task):
                self.listener(FAILED if task.error else COMPLETED, task.task_id)
            return
        states = {clip.state for clip in self._cabinet.clips_of(task)}
        if State.PENDING not in states:
            self.listener(COMPLETED if State.SUCCEEDED in states else FAILED, task.task_id)

    def _give_back(self, clip: ClipRecord) -> None:
        task = self._cabinet.tasks.get(clip.task_id)
        if task is not None:
            self._refund(task.share(clip.position), clip.task_id, clip.clip_id)

    def _refund(self, amount: int, task_id: str, clip_id: str = "") -> None:
        try:
            self._ledger.refund(amount, task_id, clip_id)
        except OSError:
            # the next start finds the charge without its result and gives it back
            log.exception("a refund for task %s cannot be written down yet", task_id)


def is_open(task: TaskRecord) -> bool:
    """Tell whether an errand is still to be done."""
    return bool(task.errand) and not task.result and not task.error
