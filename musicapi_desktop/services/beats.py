"""The beats of files, found once and kept."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from pathlib import Path

from musicapi_desktop.domain.beats import Beats, beats_from_plain, beats_to_plain

from .song_folder import write_whole

log = logging.getLogger(__name__)

_VERSION = 1

Find = Callable[[Path, float | None], Beats]
"""Listens to a file; the second value is its tempo where that is known. Raises AudioUnreadable, DiskError."""


class BeatBook:
    """Beats by file, in ``folder``. Any thread; what is not known yet takes a second."""

    def __init__(self, folder: Path, find: Find) -> None:
        self._folder = folder
        self._find = find

    def beats(self, path: Path, bpm: float | None) -> Beats:
        """Return the beats of a file; none where there is no beat. Raises AudioUnreadable, DiskError."""
        kept = self._kept(path, bpm)
        if kept is None:
            return self._find(path, bpm)
        try:
            return beats_from_plain(json.loads(kept.read_text("utf-8")))
        except (OSError, ValueError):
            found = self._find(path, bpm)
        try:
            write_whole(kept, json.dumps(beats_to_plain(found)).encode())
        except OSError as error:  # they are found again next time
            log.info("beats are not kept: %s", error)
        return found

    def _kept(self, path: Path, bpm: float | None) -> Path | None:
        try:
            stat = path.stat()
        except OSError:
            return None
        text = f"{_VERSION}\0{path.absolute()}\0{stat.st_size}\0{stat.st_mtime_ns}\0{bpm}"
        return self._folder / (hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32] + ".json")
