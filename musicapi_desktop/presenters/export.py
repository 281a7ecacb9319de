"""Exporting: what is chosen, what it would overwrite, how far it is, what came of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from musicapi_desktop.domain.errors import InvalidRequest, KnownError
from musicapi_desktop.domain.mix import MixState
from musicapi_desktop.services.export import ExportCancelled, Exported, MixOrder
from musicapi_desktop.services.export_plan import (
    BOTH,
    EXTRAS,
    FORMS,
    MIX,
    SAME,
    STEMS,
    TEMPLATE,
    Choice,
    Naming,
    Piece,
    extras_of,
    pieces_of,
)
from musicapi_desktop.services.export_run import ExportOrder, ExportRun, Watch

from .export_state import ExportState, Stage, written_of

if TYPE_CHECKING:
    from musicapi_desktop.bridge.calls import Calls
    from musicapi_desktop.domain.kept_mix import Loop
    from musicapi_desktop.domain.song import Song, Take
    from musicapi_desktop.settings.preferences import Preferences

_KEY = "export"
_LOOK_MS = 80


class ExportPresenter(QObject):
    """One export at a time. ``state_changed`` carries an ExportState, ``reveal_asked`` a path to show in its folder.

    ``told`` carries an exception that is not the world's doing.
    """

    state_changed = Signal(object)
    reveal_asked = Signal(str)
    told = Signal(object)

    def __init__(self, run: ExportRun, calls: Calls, preferences: Preferences, folder: Path) -> None:
        super().__init__()
        self._run = run
        self._calls = calls
        self._preferences = preferences
        self._usual = folder
        self._wish = Choice()
        self._take: Take | None = None
        self._title = ""
        self._mix = MixState()
        self._pieces: tuple[Piece, ...] = ()
        self._watch = Watch()
        self._done: tuple[Exported, ...] = ()
        self.state = ExportState(folder=folder)
        self._looks = QTimer(self, interval=_LOOK_MS)
        self._looks.timeout.connect(self._look)

    def open(self, song: Song, take: Take, mix: MixState, loop: Loop | None) -> None:
        """Begin anew with a take, its mixer as it is set and its loop."""
        if self.state.stage is Stage.WRITING:
            return
        self._take, self._mix, self._title = take, mix, song.title or self.tr("Untitled")
        kept = self._preferences.get(_KEY, dict[str, object]())
        self._wish = _choice_from(kept)
        folder = kept.get("folder")
        self.state = ExportState(
            title=f"{self._title} {take.letter}".strip(),
            split=any(not stem.silent for stem in take.stems),
            loop=loop,
            folder=Path(folder) if isinstance(folder, str) and folder else self._usual,
        )
        self._plan()

    def choose_what(self, what: str) -> None:
        """The mix, all stems, or both."""
        self._wished(replace(self._wish, what=what))

    def choose_mixed(self, mixed: bool) -> None:
        """As the mixer is set, or as delivered."""
        self._wished(replace(self._wish, mixed=mixed))

    def choose_form(self, form: str) -> None:
        """One of services.export_plan.FORMS."""
        self._wished(replace(self._wish, form=form))

    def choose_loop(self, loop: bool) -> None:
        """Only the loop, or the whole song. It is not remembered: the next song has another loop."""
        self._wished(replace(self._wish, loop=loop))

    def choose_extra(self, kind: str, on: bool) -> None:
        """Write one of services.export_plan.EXTRAS beside it, or not."""
        others = tuple(each for each in self._wish.extras if each != kind)
        self._wished(replace(self._wish, extras=(*others, kind) if on else others))

    def set_template(self, template: str) -> None:
        """How the files are called."""
        self._wished(replace(self._wish, template=template))

    def restore_template(self) -> None:
        """Call them as usual again."""
        self.set_template(TEMPLATE)

    def choose_folder(self, folder: Path) -> None:
        """Where the files go."""
        self._show(folder=folder, said="")

    def start(self) -> None:
        """Write, or first ask about names that are taken."""
        if self.state.stage is Stage.CHOOSING and not self.state.problem:
            self._keep()
            work = partial(self._run.taken, self.state.folder, self._pieces)
            self._calls.run(work, self._looked, self._failed)

    def overwrite(self) -> None:
        """Replace what has these names."""
        if self.state.stage is Stage.ASKING:
            self._write(self._pieces)

    def keep_both(self) -> None:
        """Leave what is there and number the new files."""
        if self.state.stage is Stage.ASKING:
            work = partial(self._run.keep_both, self.state.folder, self._pieces)
            self._calls.run(work, self._write, self._failed)

    def back(self) -> None:
        """To the choices again."""
        if self.state.stage in (Stage.ASKING, Stage.DONE):
            self._show(stage=Stage.CHOOSING, taken=(), said="")

    def cancel(self) -> None:
        """Stop writing; nothing is left behind."""
        self._watch.stop = True

    def reveal(self) -> None:
        """Show what was written in its folder."""
        if self._done:
            self.reveal_asked.emit(str(self._done[0].path))

    def _wished(self, wish: Choice) -> None:
        self._wish = wish
        self._plan()

    def _plan(self) -> None:
        if self._take is None:
            return
        choice = self._possible(self._wish)
        naming = Naming(self._title, self.tr("Mix"), self.tr("Original"), self.tr("Stems"))
        problem, self._pieces = "", ()
        try:
            self._pieces = pieces_of(self._take, self._mix, choice, naming)
        except InvalidRequest as error:
            problem = error.message
        names = tuple(piece.name for piece in self._pieces)
        extras = extras_of(self._take, choice.loop)
        self._show(choice=choice, extras=extras, names=names, problem=problem, said="")

    def _possible(self, wish: Choice) -> Choice:
        """What of the wish this take can do."""
        loop = wish.loop and self.state.loop is not None
        there = extras_of(self._take, loop) if self._take is not None else ()
        wish = replace(wish, extras=tuple(kind for kind in wish.extras if kind in there))
        if not self.state.split:
            wish = replace(wish, what=MIX, mixed=False)
        form = "wav24" if wish.form == SAME and (wish.mixed or loop) else wish.form
        return replace(wish, loop=loop, form=form)

    def _looked(self, taken: tuple[str, ...]) -> None:
        if taken:
            self._show(stage=Stage.ASKING, taken=taken)
        else:
            self._write(self._pieces)

    def _write(self, pieces: tuple[Piece, ...]) -> None:
        take, state = self._take, self.state
        if take is None:
            return
        self._watch = Watch()
        span = state.loop if state.choice.loop else None
        seconds = span[1] - span[0] if span is not None else take.facts.seconds if take.facts else take.seconds
        order = ExportOrder(
            take, MixOrder(self._mix, span, self._mix.ranges), state.choice, state.folder, pieces, seconds, self._title
        )
        self._show(stage=Stage.WRITING, progress=0.0, current=pieces[0].name, said="")
        self._looks.start()
        self._calls.run(partial(self._run.write, order, self._watch), self._ended, self._failed)

    def _look(self) -> None:
        self._show(progress=self._watch.done, current=self._watch.name or self.state.current)

    def _ended(self, done: tuple[Exported, ...]) -> None:
        self._looks.stop()
        self._done = done
        take = self._take
        written = tuple(written_of(one, take) for one in done) if take is not None else ()
        self._show(stage=Stage.DONE, progress=1.0, written=written)

    def _failed(self, error: BaseException) -> None:
        self._looks.stop()
        if isinstance(error, ExportCancelled):
            said = self.tr("Cancelled. Nothing was written.")
        elif isinstance(error, KnownError):
            said = f"{error.message} {error.hint}".strip()
        else:
            said = self.tr("Nothing was written.")
            self.told.emit(error)
        self._show(stage=Stage.CHOOSING, taken=(), said=said)

    def _keep(self) -> None:
        wish = self._wish
        kept: dict[str, object] = {"what": wish.what, "mixed": wish.mixed, "form": wish.form, "template": wish.template}
        kept["extras"] = list(wish.extras)
        if self.state.folder != self._usual:
            kept["folder"] = str(self.state.folder)
        self._calls.run(partial(self._preferences.set, _KEY, kept), None, self.told.emit)

    def _show(self, **changes: object) -> None:
        state = replace(self.state, **changes)  # type: ignore[arg-type]  # names and types are ExportState's own
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)


def _choice_from(kept: dict[str, object]) -> Choice:
    """What was kept; whatever is damaged or unknown falls back to its default."""
    usual, extras = Choice(), kept.get("extras")
    what, form, template = kept.get("what"), kept.get("form"), kept.get("template")
    return Choice(
        what=what if isinstance(what, str) and what in (MIX, STEMS, BOTH) else usual.what,
        mixed=kept.get("mixed") is not False,
        form=form if isinstance(form, str) and form in FORMS else usual.form,
        template=template if isinstance(template, str) and template.strip() else usual.template,
        extras=tuple(kind for kind in EXTRAS if isinstance(extras, list) and kind in extras),
    )
