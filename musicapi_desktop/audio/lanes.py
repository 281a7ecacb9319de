"""Waveforms of files for the lanes: peaks, computed once and kept beside the decoded audio."""

from __future__ import annotations

import hashlib
import logging
import zlib
from pathlib import Path

import numpy as np

from musicapi_desktop.dsp.files import Reader
from musicapi_desktop.dsp.peaks import PeakBuilder, PeakPairs, columns

from .sources import Source

log = logging.getLogger(__name__)

_VERSION = 1
_CHUNK = 131_072
_MOST_FILES = 2000


class Lanes:
    """Peaks of files, kept in ``folder``. Any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def peaks(self, path: Path, count: int, source: Source | None = None) -> bytes:
        """Return ``count`` pairs of int8 (lowest, highest; ±127 is full scale) over the whole file.

        A complete ``source`` of the file spares decoding it. Raises AudioUnreadable, DiskError.
        """
        kept = self._kept(path)
        pairs = self._read(kept)
        if pairs is None:
            pairs = _of_source(source) if source is not None and source.complete else _of_file(path)
            self._write(kept, pairs)
        return columns(pairs, count).tobytes()

    def _kept(self, path: Path) -> Path | None:
        try:
            stat = path.stat()
        except OSError:
            return None
        text = f"{_VERSION}\0{path.absolute()}\0{stat.st_size}\0{stat.st_mtime_ns}"
        return self._folder / (hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32] + ".peaks")

    def _read(self, kept: Path | None) -> PeakPairs | None:
        if kept is None:
            return None
        try:
            data = zlib.decompress(kept.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, zlib.error) as error:
            log.info("kept peaks cannot be used: %s", error)
            return None
        return np.frombuffer(data, np.int8).reshape(-1, 2) if len(data) % 2 == 0 else None

    def _write(self, kept: Path | None, pairs: PeakPairs) -> None:
        if kept is None:
            return
        part = kept.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(zlib.compress(pairs.tobytes(), 1))
            part.replace(kept)
            self._keep_few()
        except OSError as error:  # they are computed again next time
            log.info("peaks are not kept: %s", error)

    def _keep_few(self) -> None:
        files = list(self._folder.glob("*.peaks"))
        if len(files) > _MOST_FILES:
            oldest = sorted(files, key=lambda path: path.stat().st_mtime)
            for path in oldest[: len(files) // 4]:
                path.unlink(missing_ok=True)


def _of_source(source: Source) -> PeakPairs:
    builder = PeakBuilder(1.0 / float(source.unit))
    for start in range(0, source.frames, _CHUNK):
        builder.add(source.words[start : min(source.frames, start + _CHUNK)])
    return builder.pairs()


def _of_file(path: Path) -> PeakPairs:
    builder = PeakBuilder()
    with Reader(path) as reader:
        for block in reader.blocks():
            builder.add(block)
    return builder.pairs()
