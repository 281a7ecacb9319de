"""Speed and pitch of a stereo stream, frame by frame: a phase vocoder with the phases locked to spectral peaks.

Each frame is analysed twice, one synthesis hop apart, so that phases advance by what is measured and nothing is
unwrapped (Laroche and Dolson, *Improved phase vocoder time-scale modification of audio*, 1999, identity phase locking).
Both channels turn by the same angle: the stereo picture stays. A frame in whose middle a sound begins takes the phases
of the recording, so that attacks stay sharp. The pitch is changed by making the inverse transform shorter or longer.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .types import Samples

OVERLAP = 4
"""Frames that cover a sample of the output."""

_FRAME = 4096
_PLAY = 512
"""How far the size of frames may be from that, so that two sizes with quick transforms give the pitch."""
_ATTACK = 6.0
"""How many times louder (in power, above the low notes) a part of a frame is at an attack than the quarter before."""
_PARTS = 32
_MIDDLE = 9 / 16
"""An attack before this share of a frame is in its middle."""
_SHUT = 64

Spectrum = NDArray[np.complex64]
"""``(2, bins) complex64``."""


class Shape(NamedTuple):
    """Sizes of frames in samples, ``frame`` of the input and ``made`` of the output, and the windows of both."""

    frame: int
    made: int
    window: Samples
    weights: Samples

    @property
    def step(self) -> int:
        """Samples of output per frame."""
        return self.made // OVERLAP

    @property
    def span(self) -> int:
        """Samples of input that a frame needs: the frame and the one a hop before it."""
        return self.frame + self.frame // OVERLAP


class Phases(NamedTuple):
    """What a frame leaves to the next: its spectrum as it was sounded, and the output that is not complete yet."""

    sounded: Spectrum | None
    tail: Samples


@lru_cache(maxsize=32)
def shape_of(semitones: float) -> Shape:
    """Return the frame sizes that shift the pitch by ``semitones`` (−12 … 12), at most two cents off."""
    ratio = 2.0 ** (semitones / 12.0)
    frames = _quick(_FRAME - _PLAY, _FRAME + _PLAY) if semitones else [_FRAME]
    outputs = _quick(int(frames[0] / ratio), int(frames[-1] / ratio) + 1)
    pairs = [(taken, made) for taken in frames for made in outputs]
    taken, made = min(pairs, key=lambda pair: abs(pair[0] / pair[1] / ratio - 1.0))
    # squared Hann windows a quarter apart add up to 3/2
    weights = _hann(made) * np.float32(made / taken / 1.5)
    return Shape(taken, made, _hann(taken), weights)


def beginning(shape: Shape) -> Phases:
    """Return the state before the first frame."""
    return Phases(None, np.zeros((2, shape.made), np.float32))


def frame(shape: Shape, before: Phases, samples: Samples, *, slower: bool) -> tuple[Samples, Phases]:
    """Make one frame from ``(2, span)`` of input; return ``(2, step)`` of output and the next state.

    ``slower`` is true where the song goes by more slowly than it was made.

    The frame's middle is ``frame // 2`` samples before the end of ``samples``; how far that moves from call to call
    against ``step`` is the speed.
    """
    hop = shape.frame // OVERLAP
    attack = _attack(samples[:, hop:])
    late = attack is not None and attack > _MIDDLE * shape.frame
    if late and attack is not None and slower:
        # heard from this frame it would come early: the one in whose middle it lies brings it
        samples = samples * _closing(samples.shape[1], hop + attack)
    now = _spectrum(samples[:, hop:], shape)
    sounded = now
    if before.sounded is not None and (attack is None or late):
        past = _spectrum(samples[:, : shape.frame], shape)
        sounded = now * _turn(now, past, before.sounded)
    # what would lie above half the sampling rate is cut; a longer inverse transform fills up with zeros itself
    kept = sounded[:, : shape.made // 2 + 1]
    wave = np.fft.irfft(kept, shape.made, axis=1).astype(np.float32, copy=False) * shape.weights
    step = shape.step
    tail: Samples = np.add(before.tail, wave, dtype=np.float32)
    rest = np.zeros_like(tail)
    rest[:, :-step] = tail[:, step:]
    return tail[:, :step], Phases(sounded, rest)


def _turn(now: Spectrum, past: Spectrum, sounded: Spectrum) -> NDArray[np.complex64]:
    """Return by how much each bin is turned: peaks go on where they were, their neighbours turn with them."""
    power = np.square(now.real).sum(axis=0) + np.square(now.imag).sum(axis=0)
    inner = power[2:-2]
    highest = (inner > power[1:-3]) & (inner >= power[3:-1]) & (inner > power[:-4]) & (inner >= power[4:])
    peaks = np.flatnonzero(highest) + 2
    if not len(peaks):
        return np.ones(1, np.complex64)
    turns = (sounded[:, peaks] * np.conj(past[:, peaks])).sum(axis=0)
    size = np.abs(turns)
    turns = np.where(size > 1e-20, turns / np.maximum(size, 1e-20), 1.0).astype(np.complex64)
    edges = np.concatenate(([0], (peaks[1:] + peaks[:-1] + 1) // 2, [len(power)]))
    return np.repeat(turns, np.diff(edges))


def _attack(samples: Samples) -> int | None:
    """Return where in a frame a sound begins, from a little before the middle on; None where none does."""
    bright = np.diff(samples.sum(axis=0), 2)
    part = len(bright) // _PARTS
    powers = np.add.reduceat(np.square(bright), np.arange(0, part * _PARTS, part)) + 1e-9
    found = [n for n in range(_PARTS * 7 // 16, _PARTS) if powers[n] > _ATTACK * powers[n - _PARTS // 4 : n].max()]
    return found[0] * part if found else None


def _closing(size: int, end: int) -> Samples:
    """Return a gain that is shut from ``end`` on."""
    gain = np.ones(size, np.float32)
    start = max(0, end - _SHUT)
    gain[start:end] = np.linspace(1.0, 0.0, end - start, dtype=np.float32)
    gain[end:] = 0.0
    return gain


def _spectrum(samples: Samples, shape: Shape) -> Spectrum:
    return np.fft.rfft(samples * shape.window).astype(np.complex64, copy=False)


def _hann(size: int) -> Samples:
    return (0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(size) / size)).astype(np.float32)


def _quick(least: int, most: int) -> list[int]:
    """Return the sizes between two limits whose quarters are whole and whose transforms are quick."""
    return [size for size in range(least + -least % 4, most + 1, 4) if _smooth(size)]


def _smooth(size: int) -> bool:
    for prime in (2, 3, 5, 7, 11):
        while size % prime == 0:
            size //= prime
    return size == 1
