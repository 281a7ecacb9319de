"""The queue: groups and words every job, and passes on what the person did to one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from musicapi_desktop.domain.errors import KnownError
from musicapi_desktop.domain.events import JobChanged, QueueChanged, SongChanged, SongGone
from musicapi_desktop.domain.job import Job, JobState
from musicapi_desktop.models.queue_rows import Act, QueueEntry, QueueRow, Section

from . import queue_groups, queue_words
from .toast import Toast

if TYPE_CHECKING:
    from musicapi_desktop.bridge.calls import Calls
    from musicapi_desktop.bridge.relay import Relay
    from musicapi_desktop.domain.song import Song
    from musicapi_desktop.services.library import Library
    from musicapi_desktop.services.queue import Queue

_COALESCE_MS = 30
_TICK_MS = 1000
_DUE_TICK_MS = 100


@dataclass(frozen=True, slots=True)
class QueueState:
    """Everything the queue shows. ``entries`` are headings and jobs in the order of the list."""

    entries: tuple[QueueEntry, ...] = ()
    running: int = 0
    waiting: int = 0
    needs_you: int = 0
    can_try_again: bool = False
    can_clear: bool = False
    paused: bool = False
    reason: str = ""

    @property
    def count(self) -> int:
        """What the rail's badge says: everything that is still to come."""
        return self.running + self.waiting


@dataclass(frozen=True, slots=True)
class _Read:
    jobs: tuple[Job, ...]
    songs: dict[str, Song]
    paused: bool
    reason: str


class QueuePresenter(QObject):
    """Keeps the jobs it has heard of. ``state_changed`` carries a QueueState, ``next_changed`` the limiter in words."""

    state_changed = Signal(object)
    next_changed = Signal(str)
    play_asked = Signal(str, str)
    show_asked = Signal(str, str)
    fix_asked = Signal(object)
    toast = Signal(object)

    def __init__(
        self,
        queue: Queue,
        library: Library,
        calls: Calls,
        relay: Relay,
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._queue = queue
        self._library = library
        self._calls = calls
        self._clock = clock
        self._jobs: dict[str, Job] = {}
        self._songs: dict[str, Song] = {}
        self._due: float | None = None
        self._paused = False
        self._reason = ""
        self._next_words = ""
        self._entries = queue_groups.Entries()
        self.state = QueueState()
        self._soon = self._timer(_COALESCE_MS, single=True, slot=self._refresh)
        self._tick = self._timer(_TICK_MS, single=False, slot=self._refresh)
        self._due_tick = self._timer(_DUE_TICK_MS, single=False, slot=self._tell_next)
        relay.published.connect(self._hear)

    @property
    def next_words(self) -> str:
        """When the next request goes out, in words; empty where nothing is due."""
        return self._next_words

    def load(self) -> None:
        """Read the jobs that are already there."""
        self._calls.run(self._read, self._loaded, self._failed)

    def act(self, job_id: str, act: Act) -> None:
        """The person pressed one of a job's buttons or chose it from its menu."""
        job = self._jobs.get(job_id)
        if job is None:
            return
        asked = {
            Act.PLAY: self._play,
            Act.SHOW: self._show,
            Act.FIX: self._fix,
            Act.LOOK: self._look,
            Act.STOP_AFTER: self._stop_after,
            Act.RELEASE_ALL: self._release_all,
        }.get(act)
        if asked is not None:
            asked(job)
            return
        command = self._command(act)
        self._calls.run(lambda: command(job_id), None, self._failed)

    def move(self, job_id: str, step: int) -> None:
        """The person moved a waiting job up (−1) or down (+1)."""
        waiting = [row.job_id for row in self._rows(Section.WAITING)]
        if job_id not in waiting:
            return
        at = waiting.index(job_id)
        to = at + step
        if not 0 <= to < len(waiting):
            return
        self.move_before(job_id, waiting[to] if step < 0 else "".join(waiting[to + 1 : to + 2]))

    def move_before(self, job_id: str, before: str) -> None:
        """The person put a waiting job before another one; nothing: last."""
        if job_id != before:
            self._calls.run(lambda: self._queue.move(job_id, before or None), None, self._failed)

    def pause_or_resume(self) -> None:
        """The person pressed Pause all, or Go on."""
        self._calls.run(self._queue.resume if self._paused else self._queue.pause_all, None, self._failed)

    def try_failed_again(self) -> None:
        """The person pressed Try failed again."""
        self._calls.run(self._queue.try_failed_again, None, self._failed)

    def clear_finished(self) -> None:
        """The person pressed Clear finished."""
        self._calls.run(self._queue.clear_finished, self._cleared, self._failed)

    def details(self, job_id: str) -> str:
        """The failure of a job as text to copy: never a key, for none is kept in a job."""
        job = self._jobs.get(job_id)
        if job is None or job.failure is None:
            return ""
        failure = job.failure
        return "\n".join(part for part in (failure.message, failure.hint, failure.detail, f"job {job.id}") if part)

    def _timer(self, interval: int, *, single: bool, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval)
        timer.setSingleShot(single)
        timer.timeout.connect(slot)
        return timer

    def _command(self, act: Act) -> Callable[[str], object]:
        return {
            Act.RUN_NEXT: self._queue.run_next,
            Act.RELEASE: self._queue.release,
            Act.HOLD: self._queue.hold,
            Act.REMOVE: self._queue.remove,
            Act.STOP_WAITING: self._queue.stop_waiting,
            Act.TRY_AGAIN: self._queue.try_again,
            Act.SEND_AGAIN: self._queue.send_again,
            Act.FORGET: self._queue.forget,
        }[act]

    def _play(self, job: Job) -> None:
        song_id, take_id = self._landed(job)
        self.play_asked.emit(song_id, take_id)

    def _show(self, job: Job) -> None:
        song_id, take_id = self._landed(job)
        self.show_asked.emit(song_id, take_id)

    def _fix(self, job: Job) -> None:
        self.fix_asked.emit(job.request)

    def _look(self, job: Job) -> None:
        self._calls.run(lambda: self._queue.look_for(job.id), self._found, self._failed)

    def _stop_after(self, job: Job) -> None:
        """Hold what waits behind a job: on the disk, so that nothing is sent whatever happens meanwhile."""
        waiting = [row.job_id for row in self._rows(Section.WAITING)]
        behind = waiting[waiting.index(job.id) + 1 :] if job.id in waiting else []
        self._each(self._queue.hold, behind, JobState.WAITING)

    def _release_all(self, _job: Job) -> None:
        held = [row.job_id for row in self._rows(Section.WAITING)]
        self._each(self._queue.release, held, JobState.HELD)

    def _each(self, command: Callable[[str], object], job_ids: Sequence[str], state: JobState) -> None:
        ids = [job_id for job_id in job_ids if self._jobs[job_id].state is state]
        self._calls.run(lambda: [command(job_id) for job_id in ids], None, self._failed)

    def _landed(self, job: Job) -> tuple[str, str]:
        source = queue_words.worked_on(job.request)
        if source is not None:
            return source.song_id, source.take_id
        song = self._song(job)
        return (song.id, song.takes[0].id if song.takes else "") if song is not None else ("", "")

    @Slot(object)
    def _hear(self, event: object) -> None:
        match event:
            case JobChanged(job):
                self._jobs[job.id] = job
            case SongChanged(song):
                self._songs[song.id] = song
            case SongGone(song_id):
                self._songs.pop(song_id, None)
            case QueueChanged(paused, reason, next_due):
                self._paused, self._reason, self._due = paused, reason, next_due
                self._tell_next()
            case _:
                return
        if not self._soon.isActive():
            self._soon.start()

    def _read(self) -> _Read:
        jobs = self._queue.jobs()
        wanted = {song_id for job in jobs for song_id in _songs_of(job)}
        songs = {song_id: song for song_id in wanted if (song := self._library.song(song_id)) is not None}
        return _Read(jobs, songs, self._queue.paused, self._queue.reason)

    def _loaded(self, read: _Read) -> None:
        self._jobs = {job.id: job for job in read.jobs}
        self._songs.update(read.songs)
        self._paused, self._reason = read.paused, read.reason
        self._refresh()

    def _cleared(self, _result: object) -> None:
        self.load()

    def _found(self, result: object) -> None:
        if isinstance(result, str) and result:
            self.toast.emit(Toast(result))

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, KnownError):
            self.toast.emit(Toast(f"{error.message} {error.hint}".strip(), detail=error.detail))
        else:
            self._calls.bug.emit(error)

    def _rows(self, section: Section) -> list[QueueRow]:
        return [entry for entry in self.state.entries if isinstance(entry, QueueRow) and entry.section is section]

    def _song(self, job: Job) -> Song | None:
        return self._songs.get(next(iter(_songs_of(job)), ""))

    @Slot()
    def _refresh(self) -> None:
        now = self._clock()
        groups = queue_groups.grouped(self._jobs.values(), now)
        state = QueueState(
            entries=self._entries.of(groups, self._song, now),
            running=len(groups[Section.RUNNING]),
            waiting=len(groups[Section.WAITING]),
            needs_you=len(groups[Section.NEEDS_YOU]),
            can_try_again=queue_groups.has_failed(groups),
            can_clear=bool(groups[Section.READY] or groups[Section.STOPPED]),
            paused=self._paused,
            reason=self._reason,
        )
        if state.running and not self._tick.isActive():
            self._tick.start()
        elif not state.running:
            self._tick.stop()
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)

    @Slot()
    def _tell_next(self) -> None:
        # the limiter's clock is the monotonic one: the wall clock jumps
        said = "" if self._paused else queue_words.next_request(self._due, time.monotonic())
        if said and not self._due_tick.isActive():
            self._due_tick.start()
        elif not said:
            self._due_tick.stop()
        if said != self._next_words:
            self._next_words = said
            self.next_changed.emit(said)


def _songs_of(job: Job) -> Iterable[str]:
    source = queue_words.worked_on(job.request)
    if source is not None:
        yield source.song_id
    for task in job.tasks:
        yield task.song_id
