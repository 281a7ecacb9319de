"""The Create panel's logic: what the person wants to hear next, and sending it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QCoreApplication, Signal

from musicapi_desktop.domain.errors import InvalidRequest
from musicapi_desktop.domain.profile import Profile
from musicapi_desktop.domain.request import Operation, Request, System
from musicapi_desktop.domain.text import words_between_commas
from musicapi_desktop.wire.capabilities import models, operations

from . import draft as drafts
from .create_drafting import DRAFT_KEY
from .create_fields import PLAIN, plain_operation
from .create_operation import OperationDraft
from .create_state import every_request, to_send
from .examples import EXAMPLES, Example
from .money import SpendGuard
from .profiles import profile_name
from .style_words import STYLE_WORDS
from .toast import Toast

__all__ = ["DRAFT_KEY", "WORDS_KEY", "CreatePresenter"]

translate = QCoreApplication.translate

WORDS_KEY = "create.words"
_WORDS_KEPT = 60
_FIRST_OF = {
    System.SONIC: Operation.CREATE,
    System.PRODUCER: Operation.PRODUCER_CREATE,
    System.NURO: Operation.NURO_VOCAL,
}


class CreatePresenter(OperationDraft):
    """What the person wants to hear next."""

    created = Signal(object)
    """The jobs that were kept."""
    guard: SpendGuard | None = None

    @property
    def examples(self) -> tuple[Example, ...]:
        """The worked examples, in order."""
        return EXAMPLES

    def models(self) -> tuple[tuple[System, tuple[tuple[str, str], ...]], ...]:
        """The models to choose from by family, as (name, label), newest first; what the host has not is left out."""
        if not self._state.plain:
            own = self._state.operation
            return ((own.system, tuple((each.model, each.label) for each in models(own))),)
        sold = operations(self._profile().active.base_url)
        return tuple(
            (system, tuple((each.model, each.label) for each in models(first)))
            for system, first in _FIRST_OF.items()
            if first in sold
        )

    def places(self) -> tuple[tuple[str, str, bool], ...]:
        """Where songs can be made, as (profile id, name, in use)."""
        state = self._profiles.state
        return tuple((profile.id, profile_name(profile), profile.id == state.active.id) for profile in state.profiles)

    def style_words(self) -> tuple[str, ...]:
        """Words to offer while a style is typed: the person's own first."""
        own = words_between_commas(self._preferences.get(WORDS_KEY, ""))
        return tuple(dict.fromkeys((*own, *STYLE_WORDS)))

    def set_place(self, profile_id: str) -> None:
        """Make songs with another profile."""
        self._profiles.choose(profile_id)

    def fill_example(self, index: int) -> None:
        """Fill the form with a worked example; what stood there can be brought back."""
        example = EXAMPLES[index].request
        self.cancel_operation()
        operation = plain_operation(self._draft.operation.system, example.mode, "")
        filled = replace(example, model=self._draft.model, operation=operation)
        self._replace_draft(filled, translate("Create", "The example is in the form."))

    def make_example(self, index: int) -> None:
        """Fill the form with a worked example and create it."""
        self.fill_example(index)
        self.create()

    def use_plain(self, request: Request) -> None:
        """Fill the plain form with a request; what stood there can be brought back."""
        self.cancel_operation()
        plain = request if request.operation in PLAIN else replace(request, operation=Operation.CREATE)
        self._replace_draft(plain, translate("Create", "The request is in the form again."))

    def add_key(self) -> None:
        """The person has an account and wants to say so."""
        self._profiles.open_settings()

    def clear(self) -> None:
        """Empty the form; it can be brought back."""
        if not drafts.is_empty(self._draft):
            self._replace_draft(drafts.cleared(self._draft), translate("Create", "The form was cleared."))

    def undo_clear(self) -> None:
        """Bring back what stood in the form before it was cleared or filled."""
        if self._before_clear is not None:
            self._set_draft(self._before_clear)
            self._before_clear = None

    def create(self) -> None:
        """Send the request, or open the settings where a key is missing; does nothing while something is wrong."""
        self._send(hold=False)

    def hold(self) -> None:
        """Put the request into the queue without sending it."""
        self._send(hold=True)

    def _send(self, *, hold: bool) -> None:
        if self._state.wants_key:
            self.add_key()
            return
        if not self._state.can_create:
            return
        table = self._table()
        request, profile = to_send(self._draft, table.rules(self._draft)), table.profile.active
        every = every_request(request, table)
        keep = partial(self._keep, every, profile, hold=hold)
        if self.guard is None:
            keep()
        else:
            # a second press while the ledger is read would be paid for as well
            self._busy = True
            self._refresh()
            self.guard.allow(profile, sum(table.estimate(each) for each in every), keep, self._not_busy)

    def _keep(self, every: tuple[Request, ...], profile: Profile, *, hold: bool) -> None:
        self._busy = True
        self._refresh()
        work = partial(self._submit.create, every[0], profile, hold=hold)
        if len(every) > 1:
            work = partial(self._submit.compare, every[0], tuple(each.model for each in every), profile)
        self._calls.run(work, self._kept, self._refused)

    def _kept(self, jobs: object) -> None:
        self._busy = False
        self._remember_words()
        self.cancel_operation()
        self._refresh()
        self.created.emit(jobs)

    def _not_busy(self) -> None:
        self._busy = False
        self._refresh()

    def _refused(self, error: BaseException) -> None:
        self._not_busy()
        if isinstance(error, InvalidRequest):
            self._state = replace(self._state, problems={**self._state.problems, **error.problems})
            self.state_changed.emit(self._state)
        else:
            self._tell(error)

    def _remember_words(self) -> None:
        new = words_between_commas(self._draft.style)
        kept = words_between_commas(self._preferences.get(WORDS_KEY, ""))
        words = ", ".join(list(dict.fromkeys((*new, *kept)))[:_WORDS_KEPT])
        self._calls.run(partial(self._preferences.set, WORDS_KEY, words), None, self._unwritten)

    def _replace_draft(self, draft: Request, words: str) -> None:
        self._before_clear = None if drafts.is_empty(self._draft) else self._draft
        self._set_draft(draft)
        if self._before_clear is not None:
            self.toast.emit(Toast(words, translate("Create", "Undo"), self.undo_clear))

    _before_clear: Request | None = None
