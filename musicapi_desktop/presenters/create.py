"""The Create panel's logic: a draft that is changed field by field, kept as one types, and sent."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot

from musicapi_desktop.bridge.calls import Calls
from musicapi_desktop.domain.errors import InvalidRequest, KnownError
from musicapi_desktop.domain.profile import Profile
from musicapi_desktop.domain.request import Mode, Request, Voice
from musicapi_desktop.domain.text import words_between_commas
from musicapi_desktop.domain.units import Seconds
from musicapi_desktop.settings.preferences import Preferences
from musicapi_desktop.wire.limits import MODELS

from . import draft as drafts
from .create_state import CreateState, describe, to_send
from .examples import EXAMPLES, Example
from .profiles import ProfilePresenter, profile_name
from .style_words import STYLE_WORDS
from .toast import Toast

translate = QCoreApplication.translate

DRAFT_KEY = "create.draft"
WORDS_KEY = "create.words"
_REST = 500
"""Milliseconds without a change before the draft is written."""
_WORDS_KEPT = 60


class SubmitLike(Protocol):
    """services.submit.Submit, as the panel uses it."""

    def create(self, request: Request, profile: Profile, *, hold: bool = False) -> object:
        """Keep the request as a job. Blocks on the disk. Raises KnownError."""
        ...


class CreatePresenter(QObject):
    """What the person wants to hear next."""

    state_changed = Signal(object)
    created = Signal(object)
    """The jobs that were kept."""
    toast = Signal(object)

    def __init__(
        self,
        submit: SubmitLike,
        profiles: ProfilePresenter,
        preferences: Preferences,
        calls: Calls,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._submit = submit
        self._profiles = profiles
        self._preferences = preferences
        self._calls = calls
        self._draft = drafts.restored(preferences.get(DRAFT_KEY, dict[str, object]()))
        self._before_clear: Request | None = None
        self._busy = False
        self._state = describe(self._draft, profiles.state)
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(self._save)
        profiles.state_changed.connect(self._refresh)

    @property
    def state(self) -> CreateState:
        """What is shown now."""
        return self._state

    @property
    def examples(self) -> tuple[Example, ...]:
        """The worked examples, in order."""
        return EXAMPLES

    def models(self) -> tuple[tuple[str, str], ...]:
        """The models to choose from, as (name, label), newest first."""
        return tuple((limits.model, limits.label) for limits in MODELS.values())

    def places(self) -> tuple[tuple[str, str, bool], ...]:
        """Where songs can be made, as (profile id, name, in use)."""
        state = self._profiles.state
        return tuple((profile.id, profile_name(profile), profile.id == state.active.id) for profile in state.profiles)

    def style_words(self) -> tuple[str, ...]:
        """Words to offer while a style is typed: the person's own first."""
        own = words_between_commas(self._preferences.get(WORDS_KEY, ""))
        return tuple(dict.fromkeys((*own, *STYLE_WORDS)))

    def set_mode(self, mode: Mode) -> None:
        """Another way in; the text of the others is kept."""
        self._change(mode=mode)

    def set_model(self, model: str) -> None:
        """Another model; the fields follow."""
        self._change(model=model)

    def set_place(self, profile_id: str) -> None:
        """Make songs with another profile."""
        self._profiles.choose(profile_id)

    def set_description(self, text: str) -> None:
        """The description was typed."""
        self._change(description=text)

    def set_lyrics(self, text: str) -> None:
        """The lyrics were typed."""
        self._change(lyrics=text)

    def set_style(self, text: str) -> None:
        """The style was typed, as words between commas."""
        self._change(style=text)

    def set_leave_out(self, text: str) -> None:
        """The words to leave out were typed."""
        self._change(leave_out=text)

    def set_title(self, text: str) -> None:
        """The title was typed."""
        self._change(title=text)

    def set_voice(self, voice: Voice) -> None:
        """A voice was chosen."""
        self._change(voice=voice)

    def set_songs(self, songs: int) -> None:
        """The number of songs was chosen."""
        self._change(songs=songs)

    def set_weirdness(self, value: float | None) -> None:
        """0–1, or None for the service's own."""
        self._change(weirdness=value)

    def set_style_weight(self, value: float | None) -> None:
        """0–1, or None for the service's own."""
        self._change(style_weight=value)

    def set_duration(self, seconds: float | None) -> None:
        """The length wished for, or None for as long as it takes."""
        self._change(duration=None if seconds is None else Seconds(seconds))

    def fill_example(self, index: int) -> None:
        """Fill the form with a worked example; what stood there can be brought back."""
        example = EXAMPLES[index].request
        self._replace_draft(
            replace(example, model=self._draft.model), translate("Create", "The example is in the form.")
        )

    def make_example(self, index: int) -> None:
        """Fill the form with a worked example and create it."""
        self.fill_example(index)
        self.create()

    def use(self, request: Request) -> None:
        """Fill the form with a request (Fix and try again); what stood there can be brought back."""
        self._replace_draft(
            replace(request, source=None, extra={}), translate("Create", "The request is in the form again.")
        )

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

    def flush(self) -> None:
        """Write the draft now: the app is closing."""
        if self._rest.isActive():
            self._rest.stop()
            self._preferences.set(DRAFT_KEY, drafts.saved(self._draft))

    def _send(self, *, hold: bool) -> None:
        if self._state.wants_key:
            self.add_key()
            return
        if not self._state.can_create:
            return
        self._busy = True
        self._refresh()
        request, profile = to_send(self._draft), self._profiles.state.active
        self._calls.run(partial(self._submit.create, request, profile, hold=hold), self._kept, self._refused)

    def _kept(self, jobs: object) -> None:
        self._busy = False
        self._remember_words()
        self._refresh()
        self.created.emit(jobs)

    def _refused(self, error: BaseException) -> None:
        self._busy = False
        self._refresh()
        if isinstance(error, InvalidRequest):
            self._state = replace(self._state, problems={**self._state.problems, **error.problems})
            self.state_changed.emit(self._state)
        elif isinstance(error, KnownError):
            self.toast.emit(Toast(" ".join(part for part in (error.message, error.hint) if part), detail=error.detail))
        else:
            raise error

    def _remember_words(self) -> None:
        new = words_between_commas(self._draft.style)
        kept = words_between_commas(self._preferences.get(WORDS_KEY, ""))
        words = ", ".join(list(dict.fromkeys((*new, *kept)))[:_WORDS_KEPT])
        self._calls.run(partial(self._preferences.set, WORDS_KEY, words), None, self._unwritten)

    def _change(self, **changes: object) -> None:
        self._set_draft(replace(self._draft, **changes))  # type: ignore[arg-type]  # each setter names one typed field

    def _replace_draft(self, draft: Request, words: str) -> None:
        self._before_clear = None if drafts.is_empty(self._draft) else self._draft
        self._set_draft(draft)
        if self._before_clear is not None:
            self.toast.emit(Toast(words, translate("Create", "Undo"), self.undo_clear))

    def _set_draft(self, draft: Request) -> None:
        if draft != self._draft:
            self._draft = draft
            self._rest.start()
            self._refresh()

    @Slot()
    def _refresh(self) -> None:
        state = describe(self._draft, self._profiles.state, busy=self._busy)
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)

    @Slot()
    def _save(self) -> None:
        self._calls.run(partial(self._preferences.set, DRAFT_KEY, drafts.saved(self._draft)), None, self._unwritten)

    def _unwritten(self, error: BaseException) -> None:
        if not isinstance(error, OSError):
            raise error
        self.toast.emit(
            Toast(translate("Create", "The draft could not be saved: {0}.").format(error.strerror or str(error)))
        )
