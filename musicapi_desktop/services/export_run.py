"""Writing what was planned: all files of an export appear together, or none does."""

from __future__ import annotations

import errno
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from musicapi_desktop.domain.errors import DiskError
from musicapi_desktop.domain.mix import Span
from musicapi_desktop.domain.song import Take

from .export import Export, Exported, MixOrder
from .export_beside import Beside, Sources
from .export_plan import SAME, Choice, Piece, beside

_RATE = 48_000
_POLL_FRAMES = 16_384
"""mix_down asks whether to stop once for each block of so many frames: that tells how far it is."""


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """Everything about one export. ``mix`` is the mixer as set; its span is the loop, used where the choice says so.

    ``seconds`` is the length of what is written, ``title`` the song's.
    """

    take: Take
    mix: MixOrder
    choice: Choice
    folder: Path
    pieces: tuple[Piece, ...]
    seconds: float
    title: str = ""

    @property
    def span(self) -> Span | None:
        """The part of the take that is written, in seconds; None for all of it."""
        return self.mix.span if self.choice.loop else None


class Watch:
    """How far an export is, and the wish to stop it. Written by one thread, read by another."""

    def __init__(self) -> None:
        self.stop = False
        self.done = 0.0
        """0–1 of the whole export."""
        self.name = ""
        self._first = 0.0
        self._share = 1.0
        self._step = 1.0
        self._polls = 0

    def begin(self, name: str, index: int, count: int, seconds: float) -> None:
        """The next file begins."""
        self.name = name
        self._first, self._share, self._polls = index / count, 1.0 / count, 0
        self._step = min(1.0, _POLL_FRAMES / max(1.0, seconds * _RATE))

    def extend(self, times: int) -> None:
        """This file takes as long as so many."""
        self._step /= max(1, times)

    def cancelled(self) -> bool:
        """Asked once for each block that is written."""
        self.done = self._first + self._share * min(1.0, self._polls * self._step)
        self._polls += 1
        return self.stop


class ExportRun:
    """Runs exports. Both methods block and belong on a worker."""

    def __init__(self, export: Export, sources: Sources | None = None) -> None:
        self._export = export
        self._beside = Beside(export, sources or Sources())

    def taken(self, folder: Path, pieces: Sequence[Piece]) -> tuple[str, ...]:
        """The names that are in the folder already."""
        return tuple(piece.name for piece in pieces if (folder / piece.name).exists())

    def keep_both(self, folder: Path, pieces: Sequence[Piece]) -> tuple[Piece, ...]:
        """The same pieces under names that are free."""
        return beside(pieces, lambda name: (folder / name).exists())

    def write(self, order: ExportOrder, watch: Watch) -> tuple[Exported, ...]:
        """Write every file of ``order``; what has its name is replaced at the end, when all are whole.

        Raises AudioUnreadable, DiskError, InvalidRequest, ExportCancelled, and then nothing was written or replaced.
        """
        stage = order.folder / f".export-{secrets.token_hex(4)}"
        try:
            stage.mkdir(parents=True)
            made = [self._piece(order, stage, index, watch) for index in range(len(order.pieces))]
            return tuple(_put(done, order.folder) for done in made)
        except OSError as error:
            raise _refused(order.folder, error) from error
        finally:
            shutil.rmtree(stage, ignore_errors=True)

    def _piece(self, order: ExportOrder, stage: Path, index: int, watch: Watch) -> Exported:
        piece, choice, take = order.pieces[index], order.choice, order.take
        target = stage / piece.name
        mix = replace(order.mix, span=order.span)
        watch.begin(piece.name, index, len(order.pieces), order.seconds)
        if piece.kind:
            return self._beside.write(order, piece, target, watch)
        if choice.form == SAME:
            return self._export.copy(_path_of(take, piece), target, cancelled=watch.cancelled)
        if choice.mixed:
            only = replace(mix, only=piece.stem_id)
            return self._export.save_mix(take, only, target, choice.form, cancelled=watch.cancelled)
        if piece.stem_id:
            stem = piece.stem_id
            return self._export.save_stem(take, stem, target, choice.form, span=mix.span, cancelled=watch.cancelled)
        return self._export.save_as(take, target, choice.form, span=mix.span, cancelled=watch.cancelled)


def _path_of(take: Take, piece: Piece) -> str:
    stem = next((stem for stem in take.stems if stem.id == piece.stem_id), None)
    return stem.path if stem is not None else take.wav_path or take.path


def _put(done: Exported, folder: Path) -> Exported:
    return replace(done, path=done.path.replace(folder / done.path.name))


def _refused(folder: Path, error: OSError) -> DiskError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskError("The disk is full: nothing was written.", "Make some room, or choose another folder.")
    return DiskError(f"Nothing can be written into “{folder.name}”.", "Choose another folder.", detail=str(error))
