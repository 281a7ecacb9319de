"""One song's takes and stems as tracks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from musicapi_desktop.domain.errors import AudioUnreadable, KnownError
from musicapi_desktop.domain.song import Song, Stem, Take, TakeState

from .cache import DecodedCache
from .lanes import Lanes
from .shelf import Opened, Part, Shelf, Spawn
from .sources import Source
from .track import ORIGINAL


class SongShelf:
    """Opens takes and stems of one song. ``path`` gives the path of a file that a song names."""

    def __init__(self, path: Callable[[str], Path], cache: Path, spawn: Spawn, owned: Sequence[Path]) -> None:
        self._path = path
        self._lanes = Lanes(cache / "peaks")
        self._shelf = Shelf(DecodedCache(cache / "decoded"), spawn, owned)
        self.close = self._shelf.close

    def take(self, take: Take) -> Opened:
        """Open the take's own file. Raises AudioUnreadable, DiskError."""
        if take.state is not TakeState.READY or not take.path:
            raise AudioUnreadable("This take is not there yet.", "It plays as soon as it has arrived.")
        return self._shelf.open(take.id, [Part(ORIGINAL, self._path(take.path), take.facts)])

    def stems(self, take: Take) -> Opened:
        """Open the take's stems and, beside them, the take itself. Raises AudioUnreadable, DiskError."""
        stems = stems_of(take)
        parts = [Part(s.id, None if s.silent else self._path(s.path), s.facts) for s in stems]
        return self._shelf.open(_key(take), parts, self._original(take))

    def others(self, song: Song, but: Take) -> None:
        """Have the other takes ready before they are asked for; what cannot be opened is told when it is."""
        for take in song.takes:
            if take.id != but.id and take.state is TakeState.READY and take.path:
                try:
                    self.take(take)
                except KnownError:
                    continue

    def opened(self, take: Take, stems: bool) -> Opened | None:
        """What is open of a take."""
        return self._shelf.get(_key(take) if stems else take.id)

    def peaks(self, take: Take, stem: Stem | None, columns: int) -> bytes:
        """Return pairs of int8 for a lane; waits for the decoding under way. Raises AudioUnreadable, DiskError."""
        if stem is not None and stem.silent:
            return bytes(2 * columns)
        opened = self.opened(take, stems=stem is not None)
        ready = opened is not None and opened.wait_complete()
        source = opened.source(stem.id if stem is not None else ORIGINAL) if opened is not None and ready else None
        return self._lanes.peaks(self._path(stem.path if stem is not None else take.path), columns, source)

    def _original(self, take: Take) -> dict[str, Source]:
        try:
            whole = self.take(take).source(ORIGINAL)
        except KnownError:  # the stems play without it
            return {}
        return {ORIGINAL: whole} if whole is not None else {}


def stems_of(take: Take) -> tuple[Stem, ...]:
    """Return the stems that are mixed: all parts where they exist, else the two."""
    full = tuple(stem for stem in take.stems if stem.split == "full")
    return tuple(sorted(full or take.stems, key=lambda stem: stem.position))


def _key(take: Take) -> str:
    return "\0".join((take.id, *(stem.id for stem in stems_of(take))))
