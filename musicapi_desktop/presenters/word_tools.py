"""Words written by the service: drafts of lyrics to choose from, and a style made fuller."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from musicapi_desktop.domain.errors import KnownError
from musicapi_desktop.domain.events import JobChanged, WordsArrived
from musicapi_desktop.domain.job import Job, JobState
from musicapi_desktop.domain.request import Mode, Operation, Request
from musicapi_desktop.domain.words import Draft
from musicapi_desktop.models import words
from musicapi_desktop.wire.capabilities import rules_of

from .toast import Toast

if TYPE_CHECKING:
    from musicapi_desktop.bridge.calls import Calls
    from musicapi_desktop.bridge.relay import Relay

    from .create import CreatePresenter
    from .create_drafting import SubmitLike
    from .money import SpendGuard
    from .profiles import ProfilePresenter

translate = QCoreApplication.translate
_OPERATIONS = frozenset({Operation.LYRICS, Operation.UPSAMPLE_TAGS})
_GONE = frozenset({JobState.FAILED, JobState.REMOVED, JobState.ABANDONED, JobState.PERHAPS_SENT})


@dataclass(frozen=True, slots=True)
class WordsState:
    """``writing`` while lyrics are on their way, ``enlarging`` while a style is; ``problem`` is a sentence.

    ``price`` and ``style_price`` are in words; ``most`` is the longest brief in characters.
    """

    writing: bool = False
    enlarging: bool = False
    drafts: tuple[Draft, ...] = ()
    problem: str = ""
    price: str = ""
    style_price: str = ""
    most: int = 0


@dataclass(slots=True)
class _Open:
    """The jobs whose answers are waited for, by what they are for."""

    lyrics: set[str] = field(default_factory=set[str])
    style: set[str] = field(default_factory=set[str])


class WordTools(QObject):
    """Asks for words and hands them to the form. ``state_changed`` carries a WordsState, ``toast`` a Toast."""

    state_changed = Signal(object)
    toast = Signal(object)

    def __init__(
        self, create: CreatePresenter, submit: SubmitLike, profiles: ProfilePresenter, calls: Calls, relay: Relay
    ) -> None:
        super().__init__()
        self._create = create
        self._submit = submit
        self._profiles = profiles
        self._calls = calls
        self._open = _Open()
        self._asked = 0
        self._early: dict[str, object] = {}
        """What came of requests whose jobs' ids are on their way here."""
        self.guard: SpendGuard | None = None
        self.state = WordsState()
        relay.published.connect(self._hear)
        profiles.state_changed.connect(self._price)
        self._price()

    def write(self, brief: str) -> None:
        """Ask for lyrics about something: two drafts come back."""
        if brief.strip():
            request = Request(operation=Operation.LYRICS, description=brief.strip())
            self._ask(request, self._open.lyrics, writing=True, drafts=(), problem="")

    def take(self, draft: Draft) -> None:
        """Put a draft into the form; what stood there can be brought back."""
        before = self._create.state.draft
        if not self._create.state.modes or self._create.state.draft.mode is not Mode.LYRICS:
            self._create.set_mode(Mode.LYRICS)
        self._create.set_lyrics(draft.text)
        if draft.title and not before.title.strip():
            self._create.set_title(draft.title)
        if before.lyrics.strip():
            said = translate("Create", "The draft is in the form.")
            self.toast.emit(Toast(said, translate("Create", "Undo"), partial(self._create.set_lyrics, before.lyrics)))

    def enlarge_style(self) -> None:
        """Ask for a fuller style in the place of the one in the form."""
        style = self._create.state.draft.style
        if style.strip():
            self._ask(Request(operation=Operation.UPSAMPLE_TAGS, style=style), self._open.style, enlarging=True)

    def _ask(self, request: Request, waiting: set[str], **begun: object) -> None:
        """Send a request where the guard lets it pass; ``begun`` is what is shown from then on."""
        profile = self._profiles.state.active

        def kept(jobs: tuple[Job, ...]) -> None:
            self._asked -= 1
            waiting.update(job.id for job in jobs)
            for early in [self._early.pop(job.id) for job in jobs if job.id in self._early]:
                self._hear(early)
            if not self._asked:
                self._early.clear()

        def send() -> None:
            # a second press while the guard was looking
            if any(getattr(self.state, name) is True for name in begun):
                return
            self._asked += 1
            self._show(**begun)
            self._calls.run(partial(self._submit.create, request, profile), kept, self._refused)

        if self.guard is None:
            send()
        else:
            self.guard.allow(profile, int(self._submit.estimate(request, profile)), send)

    @Slot(object)
    def _hear(self, event: object) -> None:
        match event:
            case WordsArrived(job, drafts) if job.id in self._open.lyrics:
                self._open.lyrics.discard(job.id)
                self._show(writing=False, drafts=drafts)
            case WordsArrived(job, drafts) if drafts and job.id in self._open.style:
                self._open.style.discard(job.id)
                self._show(enlarging=False)
                self._styled(drafts[0].text)
            case JobChanged(job) if job.state in _GONE and job.id in self._open.lyrics | self._open.style:
                self._ended(job)
            case WordsArrived(job) | JobChanged(job) if self._asked and job.request.operation in _OPERATIONS:
                # the answer may overtake the news that its request was kept
                if isinstance(event, WordsArrived) or job.state in _GONE:
                    self._early[job.id] = event
            case _:
                return

    def _styled(self, style: str) -> None:
        before = self._create.state.draft.style
        self._create.set_style(style)
        said = translate("Create", "The style is fuller now.")
        self.toast.emit(Toast(said, translate("Create", "Undo"), partial(self._create.set_style, before)))

    def _ended(self, job: Job) -> None:
        said = job.failure.message if job.failure is not None else translate("Create", "Nothing came of it.")
        if job.id in self._open.lyrics:
            self._open.lyrics.discard(job.id)
            self._show(writing=False, problem=said)
        else:
            self._open.style.discard(job.id)
            self._show(enlarging=False)
            self.toast.emit(Toast(said))

    def _refused(self, error: BaseException) -> None:
        self._asked -= 1
        self._show(writing=False, enlarging=False)
        if isinstance(error, KnownError):
            self.toast.emit(Toast(f"{error.message} {error.hint}".strip(), detail=error.detail))
        else:
            self._calls.bug.emit(error)

    @Slot()
    def _price(self) -> None:
        profile = self._profiles.state.active
        rules = rules_of(Operation.LYRICS, base_url=profile.base_url)
        lyrics, style = (
            "" if profile.local else _words(int(self._submit.estimate(Request(operation=operation), profile)))
            for operation in (Operation.LYRICS, Operation.UPSAMPLE_TAGS)
        )
        self._show(price=lyrics, style_price=style, most=rules.lengths.get("description", 0))

    def _show(self, **changes: object) -> None:
        state = replace(self.state, **changes)  # type: ignore[arg-type]  # names of WordsState's own fields
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)


def _words(amount: int) -> str:
    return words.plural("Create", "{0} credit(s)", amount) if amount else translate("Create", "free")
