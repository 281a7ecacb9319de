"""Stems put aside on disk until the master is known, and their sum, which alone stays in memory."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import numpy as np

from musicapi_desktop.offline.stem_names import STEM_NAMES, stem_file

from . import dynamics
from .sound import RATE, Floats

_BLOCK = 1 << 16
_FULL = np.float32(32768.0)


class WavWriter:
    """Writes stereo 16-bit frames as they come, rounded to the nearest value."""

    def __init__(self, path: Path) -> None:
        self._file = wave.open(str(path), "wb")  # noqa: SIM115  # closed by __exit__
        self._file.setnchannels(2)
        self._file.setsampwidth(2)
        self._file.setframerate(RATE)

    def __enter__(self) -> WavWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, block: Floats) -> None:
        """Append ``(2, n)``."""
        self._file.writeframesraw(_whole(block, _FULL).tobytes())


def _whole(block: Floats, scale: np.float32) -> np.ndarray[tuple[int, int], np.dtype[np.int16]]:
    """``(2, n)`` to interleaved ``(n, 2)`` 16-bit integers."""
    found = np.empty((block.shape[1], 2), np.int16)
    for channel in (0, 1):
        loud = block[channel] * scale
        np.rint(loud, out=loud)
        np.clip(loud, -32768.0, 32767.0, out=loud)
        found[:, channel] = loud
    return found


def blocks(frames: int) -> Iterator[tuple[int, int]]:
    """Start and end of every block of a song."""
    for start in range(0, frames, _BLOCK):
        yield start, min(frames, start + _BLOCK)


class Shelf:
    """The stems of one take while it is made. ``total`` is their sum ``(2, frames)``.

    ``tops`` is the largest sample of any stem per hop of dynamics: a stem may be louder than the sum.

    A stem lies there as 16-bit integers at a scale of its own; what came as 16-bit sound comes back bit for bit.
    """

    def __init__(self, folder: Path, frames: int) -> None:
        self.folder = folder
        self.frames = frames
        self.total = np.zeros((2, frames), np.float32)
        self.tops = np.zeros(-(-frames // dynamics.HOP), np.float32)
        self._peaks: dict[str, float] = {}

    def put(self, name: str, sound: Floats | None) -> None:
        """Put a stem aside: cut or filled with silence to the take's length. Silence and None are not kept."""
        if sound is None or not sound.shape[1]:
            return
        tops = dynamics.peaks(sound[:, : self.frames])
        peak = float(tops.max())
        if peak <= 0.0:
            return
        np.maximum(self.tops[: len(tops)], tops, out=self.tops[: len(tops)])
        self._peaks[name] = peak = max(1.0, peak)
        scale = np.float32(32767.0 / peak) if peak > 1.0 else _FULL
        count = min(self.frames, sound.shape[1])
        with self._part(name).open("wb") as file:
            for start, stop in blocks(count):
                block = sound[:, start:stop]
                self.total[:, start:stop] += block
                file.write(_whole(block, scale).tobytes())
            file.truncate(self.frames * 4)

    def write(self, gains: Floats, mix: Path | None = None) -> frozenset[str]:
        """Write ``mix.wav`` and the twelve stems under one gain curve; returns the names of the silent stems."""
        scales = {name: peak / 32767.0 if peak > 1.0 else 1.0 / 32768.0 for name, peak in self._peaks.items()}
        with ExitStack() as files:
            whole = files.enter_context(WavWriter(mix or self.folder / "mix.wav"))
            stems = [
                (
                    files.enter_context(self._part(name).open("rb")),
                    files.enter_context(WavWriter(self.folder / stem_file(name))),
                    np.float32(scale),
                )
                for name, scale in scales.items()
            ]
            for start, stop in blocks(self.frames):
                curve = dynamics.curve(gains, start, stop)
                whole.write(self.total[:, start:stop] * curve)
                for source, target, scale in stems:
                    raw = np.frombuffer(source.read((stop - start) * 4), np.int16).reshape(-1, 2).T
                    target.write((raw * (curve * scale)).astype(np.float32, copy=False))
        for name in scales:
            self._part(name).unlink()
        silent = frozenset(STEM_NAMES) - frozenset(self._peaks)
        for name in silent:
            write_silence(self.folder / stem_file(name), self.frames)
        return silent

    def _part(self, name: str) -> Path:
        return (self.folder / stem_file(name)).with_suffix(".part")


def write_silence(path: Path, frames: int) -> None:
    """A silent WAV; the disk keeps no blocks for it where the file system can leave holes."""
    with WavWriter(path) as file:
        file.write(np.zeros((2, 0), np.float32))
    header = bytearray(path.read_bytes())
    size = frames * 4
    header[4:8] = (36 + size).to_bytes(4, "little")
    header[40:44] = size.to_bytes(4, "little")
    path.write_bytes(bytes(header))
    with path.open("r+b") as file:
        file.truncate(44 + size)
