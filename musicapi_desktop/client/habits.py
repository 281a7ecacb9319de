"""What one host has taught: which namespace it answers, and how it wants bodies written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from musicapi_desktop.domain.errors import ServiceError, TooFast
from musicapi_desktop.wire import routes
from musicapi_desktop.wire.errors import NothingHere, error_of
from musicapi_desktop.wire.schema import BatchSubmitted, Posted
from musicapi_desktop.wire.spellings import Spelling, other_spelling, respelled

from .exchange import Answer, Exchange

MOST_LESSONS = 3
"""Spellings tried for one body before its refusal is believed."""

Body = Mapping[str, object]


class Habits:
    """Sends through an exchange the way its host has taught. What is sent twice was surely not accepted before."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._learned: tuple[Spelling, ...] = ()
        self._older = False
        self._settled = False

    def send(
        self, method: str, path: str, *, content: bytes | None = None, params: Mapping[str, str] | None = None,
        total: float | None = None,
    ) -> Answer:  # fmt: skip
        """Send one request (Exchange.send). Until the host has answered in one, both namespaces are tried."""
        spellings = routes.with_suno_alias(path)

        def ask() -> Answer:
            spelled = spellings[-1] if self._older else spellings[0]
            return self._exchange.send(method, spelled, content=content, params=params, total=total)

        if len(spellings) == 1 or self._settled:
            return ask()
        try:
            answer = ask()
        except NothingHere as first:
            self._older = not self._older
            try:
                answer = ask()
            except NothingHere:
                self._older = False
                raise first from None
        self._settled = True
        return answer

    def written(self, body: Body) -> Body:
        """Return a body in the spellings learned so far."""
        return respelled(body, self._learned)

    def in_its_words(self, body: Body, send: Callable[[Body], Posted]) -> Posted:
        """Send a body; where a field is refused that has another documented spelling, again in that one.

        Raises the first refusal where no spelling helps.
        """
        learned = list(self._learned)
        known = len(learned)
        first: ServiceError | None = None
        while True:
            written = respelled(body, learned)
            try:
                posted = send(written)
            except ServiceError as error:
                other = other_spelling(written, error, [spelling.name for spelling in learned])
                if other is None or len(learned) - known >= MOST_LESSONS:
                    if isinstance(error, TooFast):
                        # asked for patience in the middle of a lesson: the next attempt goes on from here
                        self._learned = tuple(learned)
                        raise
                    raise (first or error) from None
                first = first or error
                learned.append(other)
            else:
                self._learned = tuple(learned)
                return posted

    def taught_by(self, bodies: Sequence[Body], submitted: BatchSubmitted) -> bool:
        """Learn from a batch of which nothing was accepted, and all for the same field; True where there was a lesson.

        The batch may then go out again.
        """
        if any(entry.task_id for entry in submitted.entries) or not bodies:
            return False
        known = [spelling.name for spelling in self._learned]
        refusals = [error_of(400, {"type": "validation_error", "error": entry.error}) for entry in submitted.entries]
        found = {other_spelling(self.written(bodies[0]), refusal, known) for refusal in refusals}
        lesson = found.pop() if len(found) == 1 else None
        if lesson is None:
            return False
        self._learned = (*self._learned, lesson)
        return True
