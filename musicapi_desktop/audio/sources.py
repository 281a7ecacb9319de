"""Sources: any audio file as 16-bit samples at the transport's rate, ready to be mixed.

A WAV that the app owns is mapped in place; everything else is decoded once into the cache, front to back, while what
lies behind the frontier can already be played. A file is never sought in: Ogg seeks are wrong now and then.
"""

from __future__ import annotations

import contextlib
import logging
import mmap
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

import numpy as np

from musicapi_desktop.domain.errors import DiskError, KnownError
from musicapi_desktop.domain.song import AudioFacts
from musicapi_desktop.domain.units import RATE
from musicapi_desktop.dsp.files import MOST_SECONDS, Reader, to_stereo
from musicapi_desktop.dsp.resample import Resampler
from musicapi_desktop.dsp.types import Samples, Words

from .cache import CacheFile, Decoded, DecodedCache
from .wav import map_wav

log = logging.getLogger(__name__)

_FIRST = 8192
_CHUNK = 32768
_HEADROOM = 2.0
"""Scale of files that may exceed full scale and whose true peak is not known."""
_MARGIN = 1.02
_LONGEST_UNKNOWN = 3600 * RATE


class Source:
    """One stream of samples at RATE. Written by the decoding thread, read by the feeder, each attribute one swap.

    ``words`` is ``(capacity, 1 or 2) int16``, a sample is word · ``unit``; ``frames`` the length (as claimed until
    ``complete``); ``ready`` how many frames may be read; ``problem`` why it fell silent, if it did; ``file`` what is
    mapped from a disk that may be slow.
    """

    __slots__ = ("complete", "file", "frames", "problem", "ready", "unit", "words")

    def __init__(self, words: Words, scale: float, frames: int, *, ready: int, complete: bool) -> None:
        self.words = words
        self.unit = np.float32(scale / 32768.0)
        self.frames = frames
        self.ready = ready
        self.complete = complete
        self.problem: KnownError | None = None
        self.file: Path | None = None

    def warm(self) -> None:
        """Let the system read the whole file ahead, so that the first jump does not wait for the disk. For a worker."""
        if self.file is not None and hasattr(os, "posix_fadvise"):
            # by the file and not by the map: that would hold the interpreter while the disk is asked
            with contextlib.suppress(OSError), self.file.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_WILLNEED)

    def expect(self, first: int, count: int) -> None:
        """Ask the system to bring these frames into memory, without waiting; nothing where they are not mapped."""
        base: object = self.words
        while isinstance(base, np.ndarray):
            base = cast(object, base.base)
        if not isinstance(base, mmap.mmap) or not hasattr(base, "madvise"):
            return
        width = self.words.shape[1] * 2
        start = max(0, first * width) // mmap.PAGESIZE * mmap.PAGESIZE
        if start < len(base):
            base.madvise(mmap.MADV_WILLNEED, start, min(count * width + mmap.PAGESIZE, len(base) - start))


def silent_source(problem: KnownError | None = None) -> Source:
    """Return a source of no length, for a stem whose file cannot be played."""
    source = Source(np.zeros((0, 1), np.int16), 1.0, 0, ready=0, complete=True)
    source.problem = problem
    return source


class Decoding:
    """A source being decoded. ``step()`` until it returns False; then ``source.complete``."""

    def __init__(self, path: Path, cache: DecodedCache, facts: AudioFacts | None) -> None:
        self._reader = Reader(path)
        self._cache = cache
        self._scale = _scale(self._reader, facts)
        self._channels = min(2, self._reader.channels)
        self._capacity = _capacity(self._reader, facts)
        self._file: CacheFile | None = None
        self._memory: Words | None = None
        words = self._begin(path)
        frames = _at_rate(facts.frames, facts.rate) if facts else min(self._capacity, _claimed(self._reader))
        self.source = Source(words, self._scale, frames, ready=0, complete=False)
        self._blocks = self._reader.blocks(_FIRST)
        self._resampler = Resampler(self._reader.rate, RATE, self._channels) if self._reader.rate != RATE else None

    def step(self) -> bool:
        """Decode a little more; False once all is done. Problems end in ``source.problem``, never in an exception."""
        block = next(self._blocks, None)
        if self.source.ready == 0:
            self._blocks = self._reader.blocks(_CHUNK)
        if block is not None:
            folded = to_stereo(block) if block.shape[1] > 2 else block
            self._append(self._resampler.feed(folded) if self._resampler else folded)
        elif self._resampler:
            self._append(self._resampler.rest())
        if block is not None and self.source.ready < self._capacity:
            return True
        self._finish()
        return False

    def close(self) -> None:
        """Give up what is not done; what was decoded stays playable."""
        self._reader.close()
        if self._file is not None:
            self._file.drop()
            self._file = None

    def _begin(self, path: Path) -> Words:
        try:
            key = self._cache.key(path, self._scale, RATE)
            self._file = self._cache.create(key, self._capacity, self._channels)
        except OSError as error:
            log.warning("no room to decode into, memory is used: %s", error)
            return self._in_memory()
        return self._file.words

    def _in_memory(self) -> Words:
        self._memory = np.zeros((self._capacity, self._channels), np.int16)
        return self._memory

    def _append(self, block: Samples) -> None:
        source = self.source
        block = block[: self._capacity - source.ready]
        scaled = block * np.float32(32768.0 / self._scale)
        np.rint(scaled, out=scaled)
        np.clip(scaled, -32768, 32767, out=scaled)
        words = scaled.astype(np.int16)
        if self._file is not None:
            try:
                self._file.write(words)
            except OSError as error:
                self._move_to_memory(error)
        if self._memory is not None:
            self._memory[source.ready : source.ready + len(words)] = words
        source.ready += len(words)

    def _move_to_memory(self, error: OSError) -> None:
        log.warning("the disk took no more decoded audio, memory is used: %s", error)
        ready = self.source.ready
        before = self.source.words[:ready]
        memory = self._in_memory()
        memory[:ready] = before
        self.source.words = memory
        if self._file is not None:
            self._file.drop()
            self._file = None

    def _finish(self) -> None:
        source = self.source
        source.frames = source.ready
        if self._reader.damaged:
            source.problem = DiskError("The file breaks off early.", "Fetch it again.")
        if self._file is not None:
            try:
                self._file.finish(Decoded(source.ready, self._channels, self._scale))
            except OSError as error:
                log.warning("decoded audio is not kept: %s", error)
                self._file.drop()
            self._file = None
        source.complete = True
        self._reader.close()


def open_source(
    path: Path, cache: DecodedCache, facts: AudioFacts | None = None, owned: Sequence[Path] = ()
) -> tuple[Source, Decoding | None]:
    """Open ``path``; the second value is what is left to do, None where the source is complete.

    Files below one of the folders ``owned`` belong to the app alone and may be mapped in place.
    Raises AudioUnreadable, DiskError.
    """
    ready = _mapped(path, owned) or _decoded(path, cache, facts)
    if ready is not None:
        return ready, None
    decoding = Decoding(path, cache, facts)
    return decoding.source, decoding


def decode_all(decodings: Sequence[Decoding], cancelled: Callable[[], bool], reached: Callable[[], None]) -> None:
    """Decode several sources side by side, always the one that is furthest behind; call ``reached`` after each step.

    Returns early, with the unfinished ones closed, once ``cancelled()``.
    """
    left = list(decodings)
    try:
        while left and not cancelled():
            behind = min(left, key=lambda decoding: decoding.source.ready)
            if not behind.step():
                left.remove(behind)
            reached()
    finally:
        for decoding in left:
            decoding.close()


def _mapped(path: Path, owned: Sequence[Path]) -> Source | None:
    if not any(path.is_relative_to(folder) for folder in owned):
        return None
    try:
        found = map_wav(path)
    except (OSError, ValueError) as error:
        log.info("%s cannot be mapped: %s", path.name, error)
        return None
    if found is None or found[1] != RATE:
        return None
    words = found[0]
    source = Source(words, 1.0, len(words), ready=len(words), complete=True)
    source.file = path
    return source


def _decoded(path: Path, cache: DecodedCache, facts: AudioFacts | None) -> Source | None:
    scales = [1.0, _HEADROOM]
    if facts is not None and facts.true_peak is not None:
        scales.append(_scale_of(facts.true_peak))
    try:
        found = next((hit for scale in scales if (hit := cache.find(cache.key(path, scale, RATE)))), None)
    except OSError:
        return None  # opening it for decoding says why
    if found is None:
        return None
    decoded, words, file = found
    source = Source(words, decoded.scale, decoded.frames, ready=decoded.frames, complete=True)
    source.file = file
    return source


def _scale(reader: Reader, facts: AudioFacts | None) -> float:
    if reader.exact16 and reader.rate == RATE and reader.channels <= 2:
        return 1.0
    if facts is not None and facts.true_peak is not None:
        return _scale_of(facts.true_peak)
    exceeds = reader.may_exceed or reader.rate != RATE or reader.channels > 2
    return _HEADROOM if exceeds else 1.0


def _scale_of(true_peak: float) -> float:
    return float(np.float32(max(1e-3, 10.0 ** (true_peak / 20.0) * _MARGIN)))


def _at_rate(frames: int, rate: int) -> int:
    return -(-frames * RATE // rate)


def _claimed(reader: Reader) -> int:
    return _at_rate(reader.claimed, reader.rate)


def _capacity(reader: Reader, facts: AudioFacts | None) -> int:
    """Frames to make room for: the file is sparse, so that too many cost nothing."""
    claimed = max(_claimed(reader), _at_rate(facts.frames, facts.rate) if facts else 0)
    plausible = 0 < claimed <= MOST_SECONDS * RATE
    return claimed + claimed // 20 + RATE if plausible else _LONGEST_UNKNOWN
