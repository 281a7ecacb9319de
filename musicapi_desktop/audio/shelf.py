"""The tracks of one song: its takes and their stems, opened when asked for, decoded side by side in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from musicapi_desktop.domain.errors import KnownError
from musicapi_desktop.domain.song import AudioFacts
from musicapi_desktop.domain.units import RATE

from .cache import DecodedCache
from .sources import Decoding, Source, decode_all, open_source, silent_source
from .track import Track

_AHEAD = RATE // 5
"""Frames that must be there before playing starts behind the frontier."""
_LOOK_SECONDS = 0.5

Spawn = Callable[[Callable[[], None]], None]


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a track. ``path`` None is a stem without a signal, which has no file to read."""

    id: str
    path: Path | None
    facts: AudioFacts | None = None


class Opened:
    """A track and what is left to decode of it. ``problems`` maps ids of parts that fell silent to sentences."""

    def __init__(self, sources: dict[str, Source], decodings: Sequence[Decoding]) -> None:
        self.track = Track(sources)
        self._sources = sources
        self._decodings = decodings
        self._moved = threading.Condition()
        self._cancelled = False
        self.done = not decodings

    @property
    def problems(self) -> dict[str, str]:
        """Why parts are silent or break off."""
        return {name: s.problem.message for name, s in self._sources.items() if s.problem is not None}

    def source(self, name: str) -> Source | None:
        """The source of a part."""
        return self._sources.get(name)

    def warm(self) -> None:
        """Have what lies on the disk read ahead."""
        for source in self._sources.values():
            source.warm()

    def decode(self) -> None:
        """Decode all parts; returns early once cancelled."""
        try:
            decode_all(self._decodings, lambda: self._cancelled, self._reached)
        finally:
            with self._moved:
                self.done = True
                self._moved.notify_all()

    def cancel(self) -> None:
        """Let ``decode`` and everybody who waits return soon."""
        with self._moved:
            self._cancelled = True
            self._moved.notify_all()

    def wait_playable(self, at: Callable[[], int]) -> bool:
        """Wait until playing may go on at ``at()``; False where it was cancelled."""
        return self._wait(lambda: self.track.playable(at(), at() + _AHEAD))

    def wait_complete(self) -> bool:
        """Wait until everything is decoded; False where it was cancelled."""
        return self._wait(lambda: False)

    def _reached(self) -> None:
        self.track.refresh()
        with self._moved:
            self._moved.notify_all()

    def _wait(self, enough: Callable[[], bool]) -> bool:
        with self._moved:
            while not (self.done or self._cancelled or enough()):
                self._moved.wait(_LOOK_SECONDS)
            return not self._cancelled


class Shelf:
    """Opened tracks by key. ``owned`` are folders in which only the app writes; their WAVs are mapped in place."""

    def __init__(self, cache: DecodedCache, spawn: Spawn, owned: Sequence[Path] = ()) -> None:
        self._cache = cache
        self._spawn = spawn
        self._owned = owned
        self._lock = threading.Lock()
        self._opened: dict[str, Opened] = {}
        self._closed = False

    def get(self, key: str) -> Opened | None:
        """A track that is open."""
        return self._opened.get(key)

    def open(self, key: str, parts: Sequence[Part], shared: dict[str, Source] | None = None) -> Opened:
        """Open the files and begin to decode; ``shared`` are sources of another track that are heard here too.

        Where no part of several can be read, or the only one cannot, raises AudioUnreadable or DiskError; a part that
        cannot be read beside others that can is silent, and ``problems`` says why.
        """
        with self._lock:
            there = self._opened.get(key)
            if there is not None:
                return there
            opened = self._open(parts, shared or {})
            self._opened[key] = opened
            if self._closed:
                opened.cancel()
        self._spawn(opened.warm)
        if not opened.done:
            self._spawn(opened.decode)
            self._spawn(self._cache.keep_within_limit)
        return opened

    def close(self) -> None:
        """Stop decoding; what plays keeps its samples."""
        with self._lock:
            self._closed = True
            for opened in self._opened.values():
                opened.cancel()

    def _open(self, parts: Sequence[Part], shared: dict[str, Source]) -> Opened:
        sources, decodings = dict(shared), list[Decoding]()
        problem: KnownError | None = None
        for part in parts:
            try:
                source, decoding = self._source(part)
            except KnownError as error:
                problem = error
                source, decoding = silent_source(error), None
            sources[part.id] = source
            if decoding is not None:
                decodings.append(decoding)
        if problem is not None and all(sources[part.id].problem is not None for part in parts):
            raise problem
        return Opened(sources, decodings)

    def _source(self, part: Part) -> tuple[Source, Decoding | None]:
        if part.path is None:
            return silent_source(), None
        return open_source(part.path, self._cache, part.facts, self._owned)
