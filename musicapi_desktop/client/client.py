"""The typed MusicAPI client: any operation of the table, values in, values out, domain errors only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Self

from musicapi_desktop.domain.errors import NotFound, Refused, Retired
from musicapi_desktop.domain.request import Operation, System
from musicapi_desktop.wire import codec, routes
from musicapi_desktop.wire.errors import NothingHere, error_of
from musicapi_desktop.wire.hosts import create_defaults
from musicapi_desktop.wire.operations import SPECS, TASKS, Spec
from musicapi_desktop.wire.schema import Balance, BatchResult, BatchSubmitted, Posted, TaskResult

from .exchange import Exchange, Timeouts
from .habits import Habits

SLOW = 240.0
"""Seconds for the calls that work while one waits: uploads and their one-shot edits (contract §8)."""

Body = Mapping[str, object]


class Client:
    """A connection to one MusicAPI host with one key.

    ``base_url`` must be https unless it is a loopback address; InvalidRequest otherwise. Every method raises domain
    errors only: Offline (nothing was sent), AnswerLost (something may have been), ServiceError and its kinds.
    Nothing is retried here but what was surely not accepted: a path that is not there in its other namespace, and a
    refused field in its other documented spelling. ``domain.retry`` decides on the rest, and the caller keeps the pace.
    Safe from several threads; ``cancel`` and ``close`` end what is under way in others.
    """

    def __init__(self, base_url: str, key: str, *, timeouts: Timeouts | None = None) -> None:
        self._exchange = Exchange(base_url, key, timeouts or Timeouts())
        self._habits = Habits(self._exchange)
        self._batch_keys = routes.BATCH_KEYS[:1]
        self._wav_is_gone = False

    def __repr__(self) -> str:
        return f"Client({self.base_url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    @property
    def base_url(self) -> str:
        """The address, without a trailing slash."""
        return self._exchange.base_url

    def cancel(self) -> None:
        """End the requests other threads are waiting for."""
        self._exchange.cancel()

    def close(self) -> None:
        """End everything; later calls raise Offline."""
        self._exchange.close()

    def perform(self, operation: Operation, body: Body) -> Posted:
        """POST any operation (``codec.body_of`` makes the body): a task to wait for, or the answer itself.

        Raises NotReady where the answer is still worked out: the same call is due again after ``retry_after``. Where
        the host has retired ``wav``, ``download`` is asked instead.
        """
        if operation is Operation.WAV and not self._wav_is_gone:
            try:
                return self._perform(SPECS[operation], body)
            except (NothingHere, Retired):
                self._wav_is_gone = True
        if operation is Operation.WAV:
            return self._perform(SPECS[Operation.DOWNLOAD], {**body, "formats": ["wav"]})
        spec = SPECS[operation]
        return self._habits.in_its_words(
            spec.path, self._with_defaults(spec, body), lambda written: self._perform(spec, written)
        )

    def batch(self, items: Iterable[Body]) -> BatchSubmitted:
        """Submit 1 to 10 create bodies at once. Refused items are entries with an error."""
        spec = SPECS[Operation.CREATE]
        bodies = [self._with_defaults(spec, item) for item in items]
        submitted = self._batch(bodies)
        return self._batch(bodies) if self._habits.taught_by(spec.path, bodies, submitted) else submitted

    def batch_status(self, batch_id: str) -> BatchResult:
        """Ask where a batch is. Falls back to the other documented query key once, and remembers it."""
        try:
            return self._batch_status(batch_id)
        except (NotFound, Refused):
            if len(self._batch_keys) > 1:
                raise
            self._batch_keys = routes.BATCH_KEYS
            return self._batch_status(batch_id)

    def task(self, task_id: str, system: System = System.SONIC) -> TaskResult:
        """Ask where a task is. A failed task is a result, not an error."""
        return self.task_at(routes.task(task_id, TASKS[system]))

    def task_at(self, path: str) -> TaskResult:
        """Ask where the task of a path is: so tasks of retired systems are read (``routes.RIFFUSION_TASK``)."""
        answer = self._habits.send("GET", path)
        return codec.decode_task(answer.body, answer.status)

    def credits(self) -> Balance:
        """Ask for the balance."""
        answer = self._habits.send("GET", routes.CREDITS)
        return codec.decode_balance(answer.body, answer.status)

    def call(self, method: str, path: str, body: Body | None = None) -> object:
        """Return the JSON of any path below the host. Raises the table's error for 4xx and 5xx."""
        answer = self._habits.send(method, path, content=None if body is None else codec.encode(body))
        if answer.status >= 400:
            raise error_of(answer.status, answer.body)
        return answer.body

    def _perform(self, spec: Spec, body: Body) -> Posted:
        total = SLOW if spec.slow else None
        answer = self._habits.send("POST", spec.path, content=codec.encode(body), total=total)
        return codec.decode_posted(spec.answer, answer.body, answer.status)

    def _batch(self, bodies: Iterable[Body]) -> BatchSubmitted:
        written = [self._habits.written(routes.CREATE, body) for body in bodies]
        answer = self._habits.send("POST", routes.BATCH, content=codec.encode(codec.batch_body(written)))
        return codec.decode_batch_submitted(answer.body, answer.status)

    def _batch_status(self, batch_id: str) -> BatchResult:
        answer = self._habits.send("GET", routes.BATCH, params=dict.fromkeys(self._batch_keys, batch_id))
        return codec.decode_batch(answer.body, answer.status)

    def _with_defaults(self, spec: Spec, body: Body) -> dict[str, object]:
        return {**(create_defaults(self.base_url) if spec.path == routes.CREATE else {}), **body}
