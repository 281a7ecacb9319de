"""Fetching a file whole: resumed, bounded, sniffed, decoded once, tagged, and only then put in its place."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from musicapi_desktop.domain.errors import AudioUnreadable, DownloadError, TooLarge
from musicapi_desktop.domain.song import AudioFacts
from musicapi_desktop.store.fields import Fields

from .context import Clock
from .song_folder import disk_error
from .tags import Tags, kind_of, write_tagged

MOST_BYTES = 600 * 1024 * 1024
"""Half an hour of 32-bit WAV at 48 kHz; no song is larger."""
LONGEST = 1800.0
"""Seconds one attempt may take."""
SLOWEST = 1024.0
"""Bytes per second, over SLOW_FOR seconds, below which the line counts as dead."""
SLOW_FOR = 60.0

Cancelled = Callable[[], bool]
Progress = Callable[[int, int | None], None]
"""Told the bytes that have come and the size of the whole, None where nobody knows."""
Probe = Callable[[Path], AudioFacts]
"""Decodes a file once (audio.probe.probe); raises AudioUnreadable, DiskError."""


_MARKS = {".mid": (0, b"MThd"), ".mp4": (4, b"ftyp"), ".m4a": (4, b"ftyp")}
"""Where the first bytes of a kind of file say what it is, and how."""


class FetchCancelled(Exception):
    """The file is no longer wanted now; the part that came is kept."""


class Incoming(Protocol):
    """An open download (client.download.Download)."""

    @property
    def start(self) -> int:
        """The first byte that comes."""
        ...

    @property
    def total(self) -> int | None:
        """The size of the whole file, None where the server does not say."""
        ...

    @property
    def etag(self) -> str:
        """The file's strong version, empty where it has none."""
        ...

    def chunks(self) -> Iterator[bytes]:
        """The bytes. Raises DownloadError where the line breaks."""
        ...


class Opens(Protocol):
    """Opens an address from a byte on (client.download.Downloader.open)."""

    def __call__(self, url: str, *, offset: int = 0, etag: str = "") -> AbstractContextManager[Incoming]:
        """Raise Offline where no connection opened, else DownloadError."""
        ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file in its place; ``path`` has the extension of what it really is. ``facts`` is None where it is no sound."""

    path: Path
    facts: AudioFacts | None


@dataclass(frozen=True, slots=True)
class _Part:
    """What is on the disk of an unfinished file: ``size`` bytes of ``url`` in version ``etag``."""

    size: int = 0
    etag: str = ""


def _never() -> bool:
    return False


def _untold(_come: int, _total: int | None) -> None:
    return


class Downloads:
    """Fetches files. ``monotonic`` is the clock of deadlines. Any thread; one thread per target at a time."""

    def __init__(self, opens: Opens, probe: Probe, monotonic: Clock) -> None:
        self._opens = opens
        self._probe = probe
        self._monotonic = monotonic

    def fetch_file(
        self, url: str, target: Path, *, tags: Tags | None, cancelled: Cancelled = _never, progress: Progress = _untold
    ) -> Fetched:
        """Fetch ``url`` to ``target`` (its extension follows the content); one attempt, resumed from what is there.

        Nothing stands at ``target`` before the file is whole and proved to play. Raises Offline, DownloadError (the
        part is kept), AudioUnreadable and TooLarge (the part is dropped), DiskError, FetchCancelled.
        """
        return self._fetch(url, target, cancelled, progress, lambda part: self._settle(part, target, tags))

    def bring_file(self, source: Path, target: Path, *, tags: Tags | None) -> Fetched:
        """Copy a file of this computer to ``target``, as if it had been fetched. Raises AudioUnreadable, DiskError."""
        part = target.with_name(f".{target.name}.part")
        try:
            part.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, part)
            return self._settle(part, target, tags)
        except OSError as error:
            raise disk_error(error) from error

    def fetch_other(
        self, url: str, target: Path, *, cancelled: Cancelled = _never, progress: Progress = _untold
    ) -> Fetched:
        """Fetch a file that this app does not decode: a score (``.mid``), a video (``.mp4``), sound as ``.m4a``.

        Its first bytes must be those of its kind. Raises like ``fetch_file``.
        """
        return self._fetch(url, target, cancelled, progress, lambda part: _as_it_is(part, target))

    def _fetch(
        self, url: str, target: Path, cancelled: Cancelled, progress: Progress, settle: Callable[[Path], Fetched]
    ) -> Fetched:
        part = target.with_name(f".{target.name}.part")
        try:
            part.parent.mkdir(parents=True, exist_ok=True)
            self._receive(url, part, cancelled, progress)
            return settle(part)
        except OSError as error:
            raise disk_error(error) from error

    def _receive(self, url: str, part: Path, cancelled: Cancelled, progress: Progress) -> None:
        known = _known(part, url)
        with self._opens(url, offset=known.size, etag=known.etag) as incoming:
            _check_size(incoming.total)
            start = min(incoming.start, known.size)
            with part.open("r+b" if part.exists() else "wb") as file:
                # the old bytes go before the new version is noted: a kill between the two must not mix them
                file.truncate(start)
                file.seek(start)
                _remember(part, url, incoming.etag)
                come = self._copy(incoming, file.write, start, cancelled, progress)
                file.flush()
                os.fsync(file.fileno())
        if incoming.total is not None and come != incoming.total:
            raise DownloadError(
                "A file came incomplete.",
                "The part that came is kept; it goes on from there.",
                detail=f"{come} of {incoming.total} bytes",
            )

    def _copy(
        self, incoming: Incoming, write: Callable[[bytes], int], start: int, cancelled: Cancelled, progress: Progress
    ) -> int:
        come, total = start, incoming.total
        began = mark = self._monotonic()
        marked = come
        progress(come, total)
        for chunk in incoming.chunks():
            if cancelled():
                raise FetchCancelled
            write(chunk)
            come += len(chunk)
            _check_size(come)
            progress(come, total)
            now = self._monotonic()
            slow = now - mark > SLOW_FOR and come - marked < SLOWEST * SLOW_FOR
            if come != total and (slow or now - began > LONGEST):
                raise DownloadError(
                    "The line is too slow.",
                    "The part that came is kept; it goes on from there.",
                    detail=f"{come} bytes",
                )
            if now - mark > SLOW_FOR:
                mark, marked = now, come
        if cancelled():
            raise FetchCancelled
        return come

    def _settle(self, part: Path, target: Path, tags: Tags | None) -> Fetched:
        with part.open("rb") as file:
            kind = kind_of(file.read(12))
        final = target.with_suffix(f".{kind}") if kind else target
        try:
            facts = self._probe(part)
        except AudioUnreadable:
            # what does not play is not worth resuming: the next attempt begins anew
            _drop(part)
            raise
        if tags is None:
            part.replace(final)
        else:
            _tagged(part, tags).replace(final)
        _drop(part)
        return Fetched(final, facts)


def _as_it_is(part: Path, target: Path) -> Fetched:
    with part.open("rb") as file:
        head = file.read(12)
    offset, mark = _MARKS.get(target.suffix.lower(), (0, b""))
    if head[offset : offset + len(mark)] != mark:
        _drop(part)
        raise DownloadError(
            "A file is not what it says it is.", "Try again; if it stays so, ask the service.", detail=target.suffix
        )
    part.replace(target)
    _drop(part)
    return Fetched(target, None)


def _check_size(size: int | None) -> None:
    if size is not None and size > MOST_BYTES:
        raise TooLarge(
            "This file is larger than any song.",
            "It was not fetched. Ask the service what it is.",
            detail=f"{size} bytes",
        )


def _tagged(part: Path, tags: Tags) -> Path:
    # a copy beside the part: a kill in between leaves a part that can still be resumed
    tagged = part.with_name(f"{part.name}.tagged")
    write_tagged(part, tagged, tags)
    with tagged.open("r+b") as file:
        os.fsync(file.fileno())
    return tagged


def _beside(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _known(part: Path, url: str) -> _Part:
    """Return what is already there of ``url``. A part without a version is begun anew: it cannot be trusted to fit."""
    try:
        fields = Fields(json.loads(_beside(part).read_bytes()))
        size = part.stat().st_size
    except (OSError, ValueError):
        return _Part()
    if fields.text("url") != url or not fields.text("etag"):
        return _Part()
    return _Part(size, fields.text("etag"))


def _remember(part: Path, url: str, etag: str) -> None:
    _beside(part).write_text(json.dumps({"url": url, "etag": etag}), "utf-8")


def _drop(part: Path) -> None:
    for leftover in (part, _beside(part)):
        with contextlib.suppress(OSError):
            # a leftover does no harm: it is overwritten by the next attempt
            leftover.unlink(missing_ok=True)
