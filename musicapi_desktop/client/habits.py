"""What one host has taught: which namespace it answers, and how it wants bodies written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from musicapi_desktop.domain.errors import Refused, ServiceError, WordsRefused
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
        self._learned: dict[str, tuple[Spelling, ...]] = {}
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

    def written(self, path: str, body: Body) -> Body:
        """Return a body for ``path`` in the spellings learned so far."""
        return respelled(body, self._known(path, body))

    def in_its_words(self, path: str, body: Body, send: Callable[[Body], Posted]) -> Posted:
        """Send a body; where a field is refused that has another documented spelling, again in that one.

        Raises the first refusal where no spelling helps.
        """
        learned = list(self._known(path, body))
        known = len(learned)
        first: ServiceError | None = None
        while True:
            written = respelled(body, learned)
            try:
                posted = send(written)
            except ServiceError as error:
                other = other_spelling(written, error, [spelling.name for spelling in learned])
                if other is not None and len(learned) - known < MOST_LESSONS:
                    first = first or error
                    learned.append(other)
                    continue
                if first is None or not isinstance(error, Refused | WordsRefused):
                    # the field was not the trouble any more: what is said now is kept in mind, and told
                    self._learn(path, body, learned)
                    raise
                raise first from None
            else:
                self._learn(path, body, learned)
                return posted

    def taught_by(self, path: str, bodies: Sequence[Body], submitted: BatchSubmitted) -> bool:
        """Learn from a batch of which nothing was accepted, and all for the same field; True where there was a lesson.

        The batch may then go out again.
        """
        # an item that is not mentioned may have been accepted
        told = {entry.index for entry in submitted.entries}
        if any(entry.task_id for entry in submitted.entries) or not bodies or len(told) < len(bodies):
            return False
        learned = self._known(path, bodies[0])
        known = [spelling.name for spelling in learned]
        refusals = [error_of(400, {"type": "validation_error", "error": entry.error}) for entry in submitted.entries]
        found = {other_spelling(self.written(path, bodies[0]), refusal, known) for refusal in refusals}
        lesson = found.pop() if len(found) == 1 else None
        if lesson is None:
            return False
        for body in bodies:
            self._learn(path, body, [*self._known(path, body), lesson])
        return True

    def _known(self, path: str, body: Body) -> tuple[Spelling, ...]:
        found: dict[str, Spelling] = {}
        for subject in (path, _clip_of(body)):
            found.update({spelling.name: spelling for spelling in self._learned.get(subject, ())})
        return tuple(found.values())

    def _learn(self, path: str, body: Body, learned: Sequence[Spelling]) -> None:
        for subject, of_clip in ((path, False), (_clip_of(body), True)):
            lessons = tuple(spelling for spelling in learned if spelling.of_clip is of_clip)
            if lessons and subject:
                self._learned[subject] = lessons


def _clip_of(body: Body) -> str:
    return str(body.get("continue_clip_id") or "")
