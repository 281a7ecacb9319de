"""The page of the place for source files: tested, kept, removed. A secret is passed on, never kept in a state."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QObject, Signal

from musicapi_desktop.bridge.calls import Calls
from musicapi_desktop.domain.place import Place, PlaceKind
from musicapi_desktop.services.places import Tested

from .answer import Answer, answer_of

translate = QCoreApplication.translate


class PlacesToKeep(Protocol):
    """services.places.Places, as the page uses it. All but ``place`` may block and raises KnownError."""

    def place(self) -> Place | None:
        """The place as configured."""
        ...

    def where(self) -> str:
        """Say in words where the secret is."""
        ...

    def test(self, place: Place, secret: str = "") -> Tested:
        """Put a small sound there, look at its link, delete it."""
        ...

    def keep(self, place: Place, secret: str = "", *, session_only: bool = False) -> None:
        """Use this place from now on."""
        ...

    def remove(self) -> None:
        """Forget the place and its secret."""
        ...


@dataclass(frozen=True, slots=True)
class PlacesState:
    """``place`` is the one in use, None where there is none; ``where`` says in words where its secret is."""

    place: Place | None
    kind: PlaceKind
    busy: bool = False
    answer: Answer = field(default_factory=Answer)
    where: str = ""


class PlacesPresenter(QObject):
    """Changes the place for source files."""

    state_changed = Signal(object)
    kept = Signal()
    """The place is in use now: what was typed can be forgotten."""

    def __init__(self, places: PlacesToKeep, calls: Calls) -> None:
        super().__init__()
        self._places = places
        self._calls = calls
        place = places.place()
        self._state = PlacesState(place, place.kind if place else PlaceKind.S3)

    @property
    def state(self) -> PlacesState:
        """What is shown now."""
        return self._state

    def opened(self) -> None:
        """The page is shown: what was said of an earlier press is no longer of use."""
        self._show(replace(self._state, answer=Answer(), where=""))

    def choose_kind(self, kind: str) -> None:
        """Show the fields of the other kind; nothing is kept yet."""
        self._show(replace(self._state, kind=PlaceKind(kind), answer=Answer()))

    def test_and_keep(self, place: Place, secret: str, *, session_only: bool = False) -> None:
        """Test a place with ``secret`` (the kept one where it is empty), and use it where it works."""

        def work() -> Tested:
            # a function rather than a partial: its repr does not hold the secret
            found = self._places.test(place, secret)
            self._places.keep(place, secret, session_only=session_only)
            return found

        self._start()
        self._calls.run(work, self._works, self._refused)

    def ask_where(self) -> None:
        """Where is the secret? Nothing is asked of the keyring before the person asks."""
        self._calls.run(self._places.where, self._located, self._refused)

    def remove(self) -> None:
        """Delete what lies there, and forget the place and its secret."""
        self._start()
        self._calls.run(self._places.remove, self._removed, self._refused)

    def _start(self) -> None:
        self._show(replace(self._state, busy=True, answer=Answer()))

    def _works(self, tested: Tested) -> None:
        if tested.answers_head:
            words = translate("Places", "It works: a small file was put there, found by its public link, and deleted.")
            answer = Answer(good=words)
        else:
            words = translate(
                "Places",
                "It is kept, with one doubt: the signed links of this storage answer a download and not a mere look "
                "(HEAD), and the service looks first. Should it refuse them, give the bucket a public address.",
            )
            answer = Answer(doubtful=words)
        place = self._places.place()
        self._show(replace(self._state, place=place, busy=False, answer=answer))
        self.kept.emit()

    def _located(self, where: str) -> None:
        words = where or translate("Places", "nowhere: it was kept for an earlier session only")
        self._show(replace(self._state, where=words))

    def _removed(self, _result: object) -> None:
        self._show(PlacesState(None, self._state.kind))

    def _refused(self, error: BaseException) -> None:
        answer = answer_of(error)
        if answer is None:
            self._show(replace(self._state, busy=False))
            raise error
        self._show(replace(self._state, busy=False, answer=answer))

    def _show(self, state: PlacesState) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)
