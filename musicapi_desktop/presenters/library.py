"""The library: what is searched, filtered and sorted, which rows that gives, and what is chosen in them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from musicapi_desktop.domain.events import JobChanged, SongChanged, SongGone
from musicapi_desktop.domain.job import IN_FLIGHT, UNSENT, Job
from musicapi_desktop.domain.row_number import BEING_MADE
from musicapi_desktop.domain.song import TakeState
from musicapi_desktop.models import words
from musicapi_desktop.models.song_rows import Column, RowKey
from musicapi_desktop.models.song_table import SongTableModel

from .flights import flights
from .library_query import (
    ALL,
    MISSING,
    TRASH,
    Answer,
    Drop,
    FilterChip,
    Query,
    Rows,
    ask,
    count_missing,
    filter_chips,
)
from .smart_lists import ListKeeper, SmartLists
from .takes import TakeActions

if TYPE_CHECKING:
    from musicapi_desktop.bridge.calls import Calls
    from musicapi_desktop.bridge.relay import Relay
    from musicapi_desktop.services.queue import Queue

_COALESCE_MS = 60
_FLIGHT_MS = 40
_TICK_MS = 1000
_COUNT_MS = 1500


@dataclass(frozen=True, slots=True)
class LibraryState:
    """What is around the table. ``empty`` is a library without a single song; ``drops`` help where nothing matches."""

    text: str = ""
    chips: tuple[FilterChip, ...] = ()
    chosen: str = ALL
    column: Column = Column.MADE
    descending: bool = True
    rows: int = 0
    count: str = ""
    empty: bool = False
    loaded: bool = False
    drops: tuple[Drop, ...] = ()
    can_keep: bool = False
    """There is a search that could be kept as a smart list."""


class LibraryPresenter(QObject):
    """Owns the table's ``model``. Commands on takes go to ``actions``."""

    state_changed = Signal(object)
    selected = Signal(str, str, int)
    row_asked = Signal(int)

    def __init__(
        self,
        rows: Rows,
        queue: Queue,
        actions: TakeActions,
        calls: Calls,
        relay: Relay,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        self._rows = rows
        self._queue = queue
        self._calls = calls
        self._clock = clock
        self.actions = actions
        self.lists: SmartLists | None = None
        self.keeper: ListKeeper | None = None
        self.state = LibraryState()
        self.model = SongTableModel(rows.songs, actions.path, clock, self)
        self._query = Query()
        self._asking = False
        self._stale = False
        self._wanted: RowKey = ("", "")
        self._jobs: dict[str, Job] = {}
        self._soon = self._timer(_COALESCE_MS, self._ask)
        self._fly = self._timer(_FLIGHT_MS, self._flights)
        self._tick = self._timer(_TICK_MS, self._flights)
        self._recount = self._timer(_COUNT_MS, self._count)
        self._missing = 0
        self._trashed = 0
        relay.published.connect(self._hear)

    def keep_lists(self, lists: SmartLists) -> None:
        """Searches may be kept as lists from now on."""
        self.lists = lists
        self.keeper = ListKeeper(lists, self, self._calls, self.actions.tell_failure)

    def load(self) -> None:
        """Read the library and the jobs that are there."""
        self._calls.run(self._queue.jobs, self._got_jobs)
        self._ask()
        self._count()

    def search(self, text: str) -> None:
        """The person typed into the search box."""
        self._change(replace(self._query, text=text.strip()))

    def choose_filter(self, name: str) -> None:
        """The person pressed a filter chip."""
        self._change(replace(self._query, chosen=name))

    def sort_by(self, column: Column, descending: bool) -> None:
        """The person pressed a column's head."""
        self._change(replace(self._query, column=column, descending=descending))

    def drop(self, drop: Drop) -> None:
        """The person followed a hint of the empty answer."""
        self._change(replace(self._query, text=drop.text, chosen=drop.chosen))

    def select(self, key: RowKey | None, count: int) -> None:
        """The person chose rows: ``key`` is the one of the keyboard, ``count`` how many there are."""
        song_id, take_id = key if key is not None and count else ("", "")
        self.selected.emit(song_id, take_id, count)

    def reveal(self, song_id: str, take_id: str) -> None:
        """Someone asked to see a take: its row is chosen, and a search that hides it is cleared."""
        self._wanted = (song_id, take_id)
        if not self._show_wanted():
            self._change(replace(self._query, text="", chosen=ALL))

    def beside(self, song_id: str, take_id: str, by: int) -> RowKey | None:
        """The take that can be played before (``by`` −1) or after (+1) this one in the list; None at its end."""
        row = self._row_of(song_id, take_id)
        steps = range(row + by, -1 if by < 0 else self.model.rowCount(), by) if row >= 0 else ()
        return next((key for key in map(self.model.key, steps) if key[1]), None)

    def set_playing(self, song_id: str, take_id: str, playing: bool) -> None:
        """The player opened a take, or went on or paused."""
        self.model.set_playing((song_id, take_id), playing)

    def flight_pressed(self, song_id: str) -> None:
        """The person pressed the button of a song that is being made."""
        job = self._job_of(song_id)
        if job is None:
            return
        command = self._queue.remove if job.state in UNSENT else self._queue.stop_waiting
        self._calls.run(lambda: command(job.id))

    @property
    def in_trash(self) -> bool:
        """True while the trash is shown."""
        return self._query.chosen == TRASH

    def show_list(self, chip: str) -> None:
        """A list was kept (its chip), or the one that is shown was forgotten (the filter of all songs)."""
        self._change(replace(self._query, text="", chosen=chip))

    def renew_chips(self) -> None:
        """A list that is not shown was forgotten."""
        self._tell(replace(self.state, chips=self._chips(self.state.chosen, self._trashed)))

    @property
    def chosen(self) -> str:
        """The chip that is pressed."""
        return self._query.chosen

    @property
    def whole_search(self) -> str:
        """The search with the filter it is in."""
        return self._query.whole

    def _timer(self, interval: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval)
        timer.setSingleShot(True)
        timer.timeout.connect(slot)
        return timer

    def _job_of(self, song_id: str) -> Job | None:
        return next(
            (
                job
                for job in self._jobs.values()
                if job.request.operation.makes_songs and any(task.song_id == song_id for task in job.tasks)
            ),
            None,
        )

    def _change(self, query: Query) -> None:
        if query != self._query:
            self._query = query
            self._ask()

    @Slot()
    def _ask(self) -> None:
        # one question at a time: the answer's steps start from the order that was shown when it was put
        if self._asking:
            self._stale = True
            return
        self._asking, self._stale = True, False
        source, query, shown, now = self._rows, self._query, self.model.rows[:], self._clock()
        self._calls.run(lambda: ask(source, query, shown, now), self._answered, self._refused)

    def _answered(self, answer: Answer) -> None:
        self._asking = False
        if answer.query == self._query:
            self.model.set_rows(answer.rows, answer.changes)
            self._trashed = answer.trashed
            self._tell(self._state(answer))
            self._show_wanted()
            if self._stale:
                self._again()
        else:
            self._ask()

    def _show_wanted(self) -> bool:
        song_id, take_id = self._wanted
        row = self._row_of(song_id, take_id)
        if row >= 0:
            self._wanted = ("", "")
            self.row_asked.emit(row)
        return row >= 0

    def _row_of(self, song_id: str, take_id: str) -> int:
        number = self._rows.number(song_id) if song_id else None
        if number is None:
            return -1
        song = self._rows.songs((number,))[number]
        places = [place for place, take in enumerate(song.takes) if take.id == take_id]
        rows = [self.model.find(number, place) for place in (*places, 0, BEING_MADE)]
        return next((row for row in rows if row >= 0), -1)

    def _refused(self, error: BaseException) -> None:
        self._asking = False
        self.actions.tell_failure(error)

    def _state(self, answer: Answer) -> LibraryState:
        query = answer.query
        return LibraryState(
            text=query.text,
            chips=self._chips(query.chosen, answer.trashed),
            chosen=query.chosen,
            column=query.column,
            descending=query.descending,
            rows=len(answer.rows),
            count=words.plural("Library", "{0} song(s)", answer.songs),
            empty=answer.nothing_at_all,
            loaded=True,
            drops=answer.drops,
            can_keep=bool(query.text) and self.lists is not None and query.chosen != TRASH,
        )

    def _tell(self, state: LibraryState) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)

    def _chips(self, chosen: str, trashed: int) -> tuple[FilterChip, ...]:
        kept = self.lists.all() if self.lists is not None else ()
        return filter_chips(chosen, {MISSING: self._missing, TRASH: trashed}, kept)

    @Slot()
    def _count(self) -> None:
        source, now = self._rows, self._clock()
        self._calls.run(lambda: count_missing(source, now), self._counted, self.actions.tell_failure)

    def _counted(self, missing: int) -> None:
        self._missing = missing
        if self.state.loaded:
            self._tell(replace(self.state, chips=self._chips(self.state.chosen, self._trashed)))

    @Slot(object)
    def _hear(self, event: object) -> None:
        match event:
            case SongChanged(song):
                self.model.song_changed(song)
                self._again()
                if self._missing or any(take.state is TakeState.MISSING for take in song.takes):
                    self._recount.start()
            case SongGone():
                self._again()
            case JobChanged(job):
                self._jobs[job.id] = job
                if not self._fly.isActive():
                    self._fly.start()
            case _:
                return

    def _again(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _got_jobs(self, jobs: Sequence[Job]) -> None:
        self._jobs = {job.id: job for job in jobs} | self._jobs
        self._flights()

    @Slot()
    def _flights(self) -> None:
        found = flights(self._jobs.values(), self._clock())
        self.model.set_flights(found)
        if any(job.state in IN_FLIGHT for job in self._jobs.values()) and not self._tick.isActive():
            self._tick.start()
