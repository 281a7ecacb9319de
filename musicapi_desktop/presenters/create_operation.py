"""The form in the service of an operation on a take: the source on top, only its fields, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QCoreApplication, Signal

from musicapi_desktop.domain.place import file_url
from musicapi_desktop.domain.profile import Profile
from musicapi_desktop.domain.request import Mode, Operation, Request
from musicapi_desktop.domain.song import Song, Take
from musicapi_desktop.wire.capabilities import models, rules_of
from musicapi_desktop.wire.limits import canonical_model, default_model

from .create_drafting import Drafting
from .create_fields import PLAIN
from .create_source import Part, Picked, first_range

translate = QCoreApplication.translate
_O = Operation
_OWN_WORDS = frozenset({_O.COVER, _O.UPLOAD_COVER, _O.COVER_UPLOAD, _O.REPLACE_SECTION, _O.PRODUCER_COVER})
"""Operations that sing the words of the source again, so they stand in the form."""


class Shelf(Protocol):
    """services.library.Library, as the form uses it."""

    def song(self, song_id: str) -> Song | None:
        """A song. Blocks on the disk."""
        ...

    def path(self, relative: str) -> Path:
        """A file of the music folder."""
        ...


@dataclass(frozen=True, slots=True)
class Around:
    """What the form asks beside the services of sending: songs, the profile with an id, named parts of a take."""

    library: Shelf
    profile: Callable[[str], Profile | None]
    parts: Callable[[Take], tuple[Part, ...]] = lambda _take: ()
    loop: Callable[[str], tuple[float, float] | None] = lambda _take_id: None


class OperationDraft(Drafting):
    """``opened`` tells that the form is to be seen; ``hear_asked`` carries song, take, start and end in seconds."""

    opened = Signal()
    hear_asked = Signal(str, str, float, float)
    second_wanted = Signal()

    _again_second: Picked | None = None
    _url = ""
    around: Around | None = None
    """Set once the library is there; without it no operation can begin."""

    def begin(self, operation: Operation, song: Song, take: Take, url: str = "") -> None:
        """Open the form for an operation on a take; what stands in it waits until ``cancel_operation``.

        ``url`` is where the service finds the take's audio, for one that is no clip of the service.
        """
        self._url = url
        self._read_parts(operation, Picked(song, take), None)

    def cancel_operation(self) -> None:
        """Back to the plain form and what stood there."""
        if self._plain is None:
            return
        plain, self._plain = self._plain, None
        self._picked = self._second = self._owner = None
        self._set_draft(plain)
        self._refresh()

    def mash_with(self, song: Song, take: Take) -> None:
        """A second take was chosen for the mash-up."""
        if self._plain is not None and self._draft.operation is Operation.MASHUP:
            self._set_second(Picked(song, take))

    def forget_second(self) -> None:
        """Choose another second take."""
        self._set_second(None)

    @property
    def wants_second(self) -> bool:
        """True while the form waits for a second take."""
        return self._draft.operation is Operation.MASHUP and self._second is None

    def hear(self) -> None:
        """Play the range that is picked, or the moments before the place."""
        source = self._state.source
        if source is not None:
            self.hear_asked.emit(source.song_id, source.take_id, *source.to_hear)

    def use(self, request: Request) -> None:
        """Fill the form with a request (Fix and try again); what stood there can be brought back."""
        source = request.source
        if source is None or request.operation in PLAIN or self.around is None:
            self.use_plain(replace(request, source=None, second=None))
            return
        self._calls.run(partial(self._both, request), partial(self._found, request), self._tell)

    def use_plain(self, request: Request) -> None:
        """Fill the plain form with a request that needs no take."""
        raise NotImplementedError

    def _both(self, request: Request) -> tuple[Song | None, Song | None]:
        if self.around is None or request.source is None:
            return None, None
        second = request.second
        return self.around.library.song(request.source.song_id), (
            self.around.library.song(second.song_id) if second is not None else None
        )

    def _found(self, request: Request, songs: tuple[Song | None, Song | None]) -> None:
        song, second = songs
        take = song.take(request.source.take_id) if song is not None and request.source is not None else None
        if song is None or take is None:
            self.use_plain(replace(request, operation=Operation.CREATE, source=None, second=None))
            return
        self._read_parts(request.operation, Picked(song, take), request)
        other = second.take(request.second.take_id) if second is not None and request.second is not None else None
        self._again_second = Picked(second, other) if second is not None and other is not None else None

    def _read_parts(self, operation: Operation, picked: Picked, again: Request | None) -> None:
        if self.around is None:
            return
        self._again_second = None
        read, ended = partial(self.around.parts, picked.take), partial(self._begin, operation, picked, again)
        self._calls.run(read, ended, self._tell)

    def _begin(self, operation: Operation, picked: Picked, again: Request | None, parts: tuple[Part, ...]) -> None:
        around, song, take = self.around, picked.song, picked.take
        if around is None:
            return
        picked = replace(picked, parts=parts)
        self._owner = around.profile(song.profile_id)
        if self._plain is None:
            self._plain = self._draft
        self._picked, self._second = picked, self._again_second
        request = again if again is not None else self._first(operation, picked, around)
        if not take.clip_id and take.path and not request.url:
            request = replace(request, url=self._url or file_url(around.library.path(take.path)))
        second = self._second.source if self._second is not None else None
        self._draft = replace(request, source=picked.source, second=second, operation=operation)
        self._refresh()
        self.opened.emit()

    def _first(self, operation: Operation, picked: Picked, around: Around) -> Request:
        song, take = picked.song, picked.take
        base_url = self._profile().active.base_url
        model = self._model_for(operation, take)
        rules = rules_of(operation, model, base_url)
        start, end = first_range(operation, rules, picked, around.loop(take.id))
        sung = take.lyrics or song.lyrics
        names = operation not in (_O.PERSONA, _O.SAMPLE, _O.MASHUP)
        return Request(
            operation=operation,
            mode=Mode.LYRICS if sung.strip() else Mode.INSTRUMENTAL,
            model=model,
            lyrics=sung if operation in _OWN_WORDS else "",
            style=take.style or song.style,
            title=song.title if names else "",
            start=start,
            end=end,
            join=operation in (_O.REPLACE_SECTION, _O.UPLOAD_EXTEND),
        )

    def _model_for(self, operation: Operation, take: Take) -> str:
        """The model the take was made with where the operation has it, else the one in use, else the newest."""
        known = {limits.model for limits in models(operation)}
        wished = (canonical_model(take.model), self._own_draft.model)
        return next((model for model in wished if model in known), default_model(operation.system))
