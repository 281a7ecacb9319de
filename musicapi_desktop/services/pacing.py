"""When each task is asked again. In memory alone and in monotonic seconds: a restart asks at once, a clock may jump."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from musicapi_desktop.domain.errors import KnownError
from musicapi_desktop.domain.job import Job
from musicapi_desktop.domain.profile import Profile
from musicapi_desktop.wire.schema import Clip, TaskPhase

POLL_CLOUD = 15.0
"""The contract suggests 15 to 25 seconds (§4)."""
POLL_LOCAL = 0.4
LATE_POLL = 120.0
"""Seconds between questions about a job nobody waits for any more."""
LATE_FOR = 24 * 3600.0
"""How long such a job is still asked about."""
UNKNOWN_TASK_GRACE = 60.0
"""A task the service does not know yet is taken as running for so many seconds after it was accepted."""
MOST_FETCHES = 5
"""Failed attempts at one file before a person is asked."""
MOST_POLLS_WITHOUT_FILE = 20
"""Polls after which a clip that succeeded without an address counts as failed."""
SILENCE = 300.0
"""Seconds without a word from a profile's webhooks after which its tasks are asked after as usual."""

_SLOWER_EVERY = 40
_SLOWEST = 8
_LOCAL_SHARE = 0.1
_FIRST_PAUSE = 2.0
_LONGEST_PAUSE = 120.0

TaskKey = tuple[str, int]
"""Job id and index of the task."""


@dataclass(slots=True)
class Watch:
    """What is remembered of one task while the app runs.

    ``strikes`` counts failed fetches by file name, ``given_up`` has the files a person must decide about; ``error`` is
    why the task failed at the service. ``data`` is a result that is no clip, ``seen`` is True once an answer was
    absorbed; ``alone`` where the task is asked after by itself and not with its batch.
    """

    due: float = float("-inf")
    polls: int = 0
    failures: int = 0
    phase: TaskPhase = TaskPhase.RUNNING
    first_seen: float | None = None
    strikes: dict[str, int] = field(default_factory=dict[str, int])
    given_up: dict[str, Exception] = field(default_factory=dict[str, Exception])
    clips: tuple[Clip, ...] = ()
    data: Mapping[str, object] = field(default_factory=dict[str, object])
    seen: bool = False
    alone: bool = False
    error: KnownError | None = None
    stuck: bool = False


class Watches:
    """The watches of all tasks in flight."""

    def __init__(self) -> None:
        self._watches: dict[TaskKey, Watch] = {}

    def of(self, key: TaskKey) -> Watch:
        """The watch of a task; a new one is due at once."""
        return self._watches.setdefault(key, Watch())

    def forget(self, job: Job) -> None:
        """Forget all tasks of a job."""
        for task in job.tasks:
            self._watches.pop((job.id, task.index), None)

    def put_off(self, job: Job, now: float) -> None:
        """Leave a job's new tasks to webhooks, which tell of them; they are asked after where nothing comes."""
        for task in job.tasks:
            watch = self.of((job.id, task.index))
            if watch.first_seen is None:
                watch.first_seen, watch.due = now, now + SILENCE

    def later(self, key: TaskKey, profile: Profile, now: float, running: int, *, heard: bool = False) -> None:
        """Ask again after the usual time, or much later where webhooks are ``heard``.

        ``running`` tasks share what the local engine may be asked per second.
        """
        watch = self.of(key)
        watch.polls += 1
        watch.failures = 0
        slower = min(_SLOWEST, 1 + watch.polls // _SLOWER_EVERY)
        usual = max(POLL_LOCAL, _LOCAL_SHARE * running) if profile.local else POLL_CLOUD * slower
        watch.due = now + (SILENCE if heard else usual)

    def after_failure(self, key: TaskKey, now: float) -> None:
        """Ask again after a pause that doubles with each failure in a row."""
        watch = self.of(key)
        watch.failures += 1
        watch.due = now + min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(watch.failures, 10))

    def at_once(self, key: TaskKey) -> None:
        """Ask again now."""
        self.of(key).due = float("-inf")
