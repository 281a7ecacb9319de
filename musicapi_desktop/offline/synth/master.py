"""The last stage: one gain curve, worked out from the sum, multiplies every stem, so that stems sum to the mix."""

from __future__ import annotations

import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import numpy as np

from musicapi_desktop.dsp.loudness import LoudnessMeter, TruePeakMeter
from musicapi_desktop.offline.composer.score import Score

from . import dynamics
from .sound import RATE, Floats, gain

LOUDNESS = -14.0
CEILING = -1.0
_HEADROOM = 0.45
_BLOCK = 1 << 17


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
        whole = np.rint(np.clip(block, -1.0, 32767.0 / 32768.0) * np.float32(32768.0))
        self._file.writeframesraw(np.ascontiguousarray(whole.T).astype("<i2").tobytes())


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


def blocks(frames: int) -> Iterator[tuple[int, int]]:
    """Start and end of every block of a song."""
    for start in range(0, frames, _BLOCK):
        yield start, min(frames, start + _BLOCK)


def master_gains(total: Floats, score: Score, check: Callable[[], None]) -> Floats:
    """Gain per hop that brings the sum to LOUDNESS under CEILING. The sum itself is left as it is."""
    base = _automation(score, total.shape[1])
    base *= np.float32(gain(LOUDNESS - _measured(total, base)))
    check()
    power = dynamics.powers(total) * np.square(base[: -(-total.shape[1] // dynamics.HOP)])
    level = 10.0 * np.log10(power + 1e-12)
    over = np.maximum(level + 15.0, 0.0) * (1.0 / 1.7 - 1.0)
    base *= _reach(10.0 ** (dynamics.follow(over.astype(np.float32), 0.03, 0.25) / 20.0), len(base))
    tops = _reach(dynamics.peaks(total), len(base))
    push, ceiling = 1.0, CEILING - _HEADROOM
    gains = base
    for _ in range(5):
        gains = base * np.float32(push) * dynamics.limiting(tops * base * np.float32(push), gain(ceiling))
        check()
        missing = LOUDNESS - _measured(total, gains)
        over = 0.0 if abs(missing) > 0.3 else _true_peak(total, gains) - (CEILING - 0.03)
        if abs(missing) <= 0.1 and over <= 0.0:
            return gains
        push *= gain(missing)
        ceiling -= max(0.0, over)
    over = _true_peak(total, gains) - (CEILING - 0.03)
    return gains * np.float32(gain(-max(0.0, over)))


def _reach(curve: Floats, count: int) -> Floats:
    """Bring a curve to ``count`` points by repeating its last."""
    return np.concatenate([curve, curve[-1:].repeat(max(0, count - len(curve)))])[:count].astype(np.float32)


def _true_peak(total: Floats, gains: Floats) -> float:
    meter = TruePeakMeter(RATE, 2)
    for start, stop in blocks(total.shape[1]):
        meter.add(_interleaved(total, gains, start, stop))
    return meter.decibels()


def _measured(total: Floats, gains: Floats) -> float:
    meter = LoudnessMeter(RATE)
    for start, stop in blocks(total.shape[1]):
        meter.add(_interleaved(total, gains, start, stop))
    found = meter.integrated()
    return found if found > -70.0 else LOUDNESS


def _interleaved(total: Floats, gains: Floats, start: int, stop: int) -> Floats:
    block = total[:, start:stop] * dynamics.curve(gains, start, stop)
    return np.ascontiguousarray(block.T)


def _automation(score: Score, frames: int) -> Floats:
    """Sections by their energy (up to ``mix.swell`` dB apart), and the fade at the very end."""
    count = -(-frames // dynamics.HOP) + 1
    time = np.arange(count, dtype=np.float64) * dynamics.HOP / RATE
    points, levels = [0.0], [_section_level(score, score.sections[0].energy)]
    for before, after in zip(score.sections, score.sections[1:], strict=False):
        points += [max(points[-1], after.start - 0.12), after.start]
        levels += [_section_level(score, before.energy), _section_level(score, after.energy)]
    curve = 10.0 ** (np.interp(time, points, levels) / 20.0)
    end = frames / RATE
    fade = min(1.4, end * 0.12)
    curve *= np.clip((end - 0.02 - time) / fade, 0.0, 1.0)
    return curve.astype(np.float32)


def _section_level(score: Score, energy: float) -> float:
    return score.mix.swell * (energy - 1.0) * 1.6


def write_take(parts: dict[str, Path], total: Floats, gains: Floats, mix: Path) -> None:
    """Write the mix, and turn each part (raw float32 blocks) into a WAV beside it that replaces it."""
    frames = total.shape[1]
    with WavWriter(mix) as file:
        for start, stop in blocks(frames):
            file.write(total[:, start:stop] * dynamics.curve(gains, start, stop))
    for target, raw in ((raw.with_suffix(".wav"), raw) for raw in parts.values()):
        with WavWriter(target) as file, raw.open("rb") as source:
            for start, stop in blocks(frames):
                block = _next_block(source, stop - start)
                file.write(block * dynamics.curve(gains, start, stop))
        raw.unlink()


def sum_of(parts: dict[str, Path], frames: int) -> Floats:
    """The sum ``(2, frames)`` of the stems that were put aside."""
    total = np.zeros((2, frames), np.float32)
    for raw in parts.values():
        with raw.open("rb") as source:
            for start, stop in blocks(frames):
                total[:, start:stop] += _next_block(source, stop - start)
    return total


def _next_block(source: BinaryIO, count: int) -> Floats:
    return np.frombuffer(source.read(count * 8), np.float32).reshape(2, count)


def keep_part(sound: Floats, raw: Path) -> None:
    """Put a stem aside on disk, block by block, until the master is known."""
    with raw.open("wb") as file:
        for start, stop in blocks(sound.shape[1]):
            file.write(np.ascontiguousarray(sound[:, start:stop]).tobytes())
