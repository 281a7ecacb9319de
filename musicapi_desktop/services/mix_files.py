"""Files made to be dragged into other programs: the mix as it is set, or the loop of a stem, as WAV with 24 bits."""

from __future__ import annotations

import threading
from pathlib import Path

from musicapi_desktop.domain.mix import MixState, Span
from musicapi_desktop.domain.song import Song, Take

from .export import MixOrder
from .export_plan import Choice, Naming, Piece, pieces_of
from .export_run import ExportOrder, ExportRun, Watch

_FORM = "wav24"

_Key = tuple[str, str, Span | None, MixState]


class MixFiles:
    """Makes files in ``folder`` and keeps them: what was dragged may be used where it is. Any thread."""

    def __init__(self, run: ExportRun, folder: Path) -> None:
        self._run = run
        self._folder = folder
        self._lock = threading.Lock()
        # a list, because a mix holds tables and has no hash; the drags of one session are few
        self._made: list[tuple[_Key, Path]] = []

    def make(self, song: Song, take: Take, mix: MixState, stem_id: str, loop: Span | None) -> Path:
        """Write the mix, or a stem untouched by it, whole or the loop, and return the file.

        The same again is the same file, as long as it is there. Raises AudioUnreadable, DiskError, InvalidRequest.
        """
        with self._lock:
            sound = MixState() if stem_id else mix
            wanted: _Key = (take.id, stem_id, loop, sound)
            known = next((path for key, path in self._made if key == wanted), None)
            if known is not None and known.exists():
                return known
            order = self._order(song, take, sound, stem_id, loop)
            path = self._run.write(order, Watch())[0].path
            self._made.append((wanted, path))
            return path

    def _order(self, song: Song, take: Take, mix: MixState, stem_id: str, loop: Span | None) -> ExportOrder:
        what = "stems" if stem_id else "mix"
        choice = Choice(what=what, mixed=not stem_id, form=_FORM, loop=loop is not None)
        pieces = pieces_of(take, mix, choice, Naming(song.title or "Untitled"))
        wanted: tuple[Piece, ...] = tuple(piece for piece in pieces if piece.stem_id == stem_id)
        free = self._run.keep_both(self._folder, wanted)
        return ExportOrder(take, MixOrder(mix, loop, mix.ranges), choice, self._folder, free, take.seconds)
