"""A draft of a request that is changed field by field and kept as one types; what is shown follows from it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot

from musicapi_desktop.bridge.calls import Calls
from musicapi_desktop.domain.errors import KnownError
from musicapi_desktop.domain.persona import Persona
from musicapi_desktop.domain.profile import Profile
from musicapi_desktop.domain.request import Mode, Operation, Request, Source, System, Voice
from musicapi_desktop.domain.units import Credits, Seconds
from musicapi_desktop.settings.preferences import Preferences

from . import draft as drafts
from .create_fields import parts_of, plain_operation
from .create_source import Picked
from .create_state import CreateState, Table, describe
from .profiles import ProfilePresenter, ProfileState
from .toast import Toast

translate = QCoreApplication.translate

DRAFT_KEY = "create.draft"
_AT_END = 0.05
"""Seconds from the end of a take that still mean its end."""
_REST = 500
"""Milliseconds without a change before the draft is written."""


class SubmitLike(Protocol):
    """services.submit.Submit, as the panel uses it."""

    def create(self, request: Request, profile: Profile, *, hold: bool = False) -> object:
        """Keep the request as a job. Blocks on the disk. Raises KnownError."""
        ...

    def compare(self, request: Request, models: tuple[str, ...], profile: Profile) -> object:
        """Keep one request to several models. Blocks on the disk. Raises KnownError."""
        ...

    def estimate(self, request: Request, profile: Profile) -> Credits:
        """What a request will cost, 0 where it is free or nobody knows."""
        ...


class Drafting(QObject):
    """Holds the draft. ``state_changed`` carries a CreateState, ``toast`` a Toast."""

    state_changed = Signal(object)
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
        self._plain: Request | None = None
        """The plain draft that waits while an operation uses the form."""
        self._picked: Picked | None = None
        self._second: Picked | None = None
        self._owner: Profile | None = None
        """Whose take the operation works on: it goes to that profile and to no other."""
        self._also: tuple[str, ...] = ()
        self._personas: tuple[Persona, ...] = ()
        self._busy = False
        self.clock: Callable[[], float] = time.time
        self._draft = drafts.restored(preferences.get(DRAFT_KEY, dict[str, object]()))
        self._state = self._described()
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(self._save)
        profiles.state_changed.connect(self._refresh)

    @property
    def state(self) -> CreateState:
        """What is shown now."""
        return self._state

    def set_mode(self, mode: Mode) -> None:
        """Another way in; the text of the others is kept."""
        self._change(mode=mode, operation=self._plain_operation(mode=mode))

    def set_model(self, model: str, system: System = System.SONIC) -> None:
        """Another model, perhaps of another family; the fields follow. Any name may be given."""
        self._change(model=model.strip(), operation=self._plain_operation(system))

    def set_description(self, text: str) -> None:
        """The description was typed."""
        self._change(description=text)

    def set_lyrics(self, text: str) -> None:
        """The lyrics were typed."""
        self._change(lyrics=text)

    def set_section_lyrics(self, text: str) -> None:
        """The words of the section that is replaced were typed."""
        self._change(section_lyrics=text)

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

    def set_persona(self, persona_id: str) -> None:
        """A persona is to sing; none where it is empty."""
        self._change(persona_id=persona_id)
        self._change(operation=self._plain_operation())

    def set_songs(self, songs: int) -> None:
        """The number of songs was chosen."""
        self._change(songs=songs)

    def set_weirdness(self, value: float | None) -> None:
        """0–1, or None for the service's own."""
        self._change(weirdness=value)

    def set_style_weight(self, value: float | None) -> None:
        """0–1, or None for the service's own."""
        self._change(style_weight=value)

    def set_audio_weight(self, value: float | None) -> None:
        """How much of the source is kept, 0–1, or None for the service's own."""
        self._change(audio_weight=value)

    def set_duration(self, seconds: float | None) -> None:
        """The length wished for, or None for as long as it takes."""
        self._change(duration=None if seconds is None else Seconds(seconds))

    def set_variation(self, variation: str) -> None:
        """How far a remaster may go."""
        self._change(variation=variation)

    def set_join(self, on: bool) -> None:
        """Whether the service joins the new part to the rest."""
        self._change(join=on)

    def set_url(self, url: str) -> None:
        """The link to audio from elsewhere was typed."""
        self._change(url=url)

    def set_range(self, start: float, end: float) -> None:
        """A range, or a place, was picked on the source, in seconds."""
        source = self._state.source
        if source is not None and source.point:
            at_end = start >= source.seconds - _AT_END
            self._change(start=None if at_end else Seconds(start), end=None)
        else:
            self._change(start=Seconds(start), end=Seconds(end))

    def set_extra(self, name: str, value: object) -> None:
        """A field without a name of its own was filled: a text, texts, a number, or None to leave it alone."""
        if name == "segments" and isinstance(value, str):
            value = parts_of(value)
        self._change(extra={**self._draft.extra, name: value})

    def compare_with(self, models: tuple[str, ...]) -> None:
        """Send the same request to these models as well."""
        self._also = tuple(dict.fromkeys(model for model in models if model != self._draft.model))
        self._refresh()

    def know_personas(self, personas: tuple[Persona, ...]) -> None:
        """These are the personas there are, of every profile."""
        self._personas = personas
        self._refresh()

    def flush(self) -> None:
        """Write the draft now: the app is closing."""
        if self._rest.isActive():
            self._rest.stop()
            self._preferences.set(DRAFT_KEY, drafts.saved(self._own_draft))

    @property
    def _own_draft(self) -> Request:
        return self._draft if self._plain is None else self._plain

    def _plain_operation(self, system: System | None = None, mode: Mode | None = None) -> Operation:
        if self._plain is not None:
            return self._draft.operation
        family = system or self._draft.operation.system
        return plain_operation(family, mode or self._draft.mode, self._draft.persona_id)

    def _profile(self) -> ProfileState:
        state = self._profiles.state
        if self._owner is None or self._owner == state.active:
            return state
        return ProfileState(state.profiles, self._owner, None, state.engine, state.engine_reason)

    def _table(self) -> Table:
        profile = self._profile()

        def estimate(request: Request) -> int:
            return int(self._submit.estimate(request, profile.active))

        return Table(
            profile,
            estimate,
            now=self.clock(),
            picked=self._picked,
            second=self._second,
            also=self._also if self._plain is None else (),
            personas=tuple((each.id, each.name) for each in self._personas if each.profile_id == profile.active.id),
            busy=self._busy,
        )

    def _described(self) -> CreateState:
        return describe(self._draft, self._table())

    def _change(self, **changes: object) -> None:
        self._set_draft(replace(self._draft, **changes))  # type: ignore[arg-type]  # each setter names one typed field

    def _set_draft(self, draft: Request) -> None:
        if draft != self._draft:
            self._draft = draft
            self._rest.start()
            self._refresh()

    def _set_second(self, picked: Picked | None) -> None:
        self._second = picked
        second: Source | None = picked.source if picked is not None else None
        self._change(second=second)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        state = self._described()
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)

    @Slot()
    def _save(self) -> None:
        kept = drafts.saved(self._own_draft)
        self._calls.run(partial(self._preferences.set, DRAFT_KEY, kept), None, self._unwritten)

    def _unwritten(self, error: BaseException) -> None:
        if not isinstance(error, OSError):
            raise error
        self.toast.emit(
            Toast(translate("Create", "The draft could not be saved: {0}.").format(error.strerror or str(error)))
        )

    def _tell(self, error: BaseException) -> None:
        if not isinstance(error, KnownError):
            raise error
        self.toast.emit(Toast(" ".join(part for part in (error.message, error.hint) if part), detail=error.detail))
