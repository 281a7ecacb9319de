"""Gain over time: compression, ducking, limiting. All work at control rate and return or apply gain curves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from .sound import RATE, Floats, frames_of

HOP = 64
"""Frames between two points of a gain curve."""


def peaks(sound: Floats) -> Floats:
    """Largest absolute sample of either channel in every hop, ``(hops,)``."""
    return _per_hop(sound, lambda block: np.abs(block).max((0, 2)))


def powers(sound: Floats) -> Floats:
    """Mean power of every hop, ``(hops,)``."""
    return _per_hop(sound, lambda block: np.square(block).mean((0, 2)))


def _per_hop(sound: Floats, measure: Callable[[Floats], Floats]) -> Floats:
    """Measure ``(channels, hops, HOP)`` a stretch at a time; the last hop is filled up with zeros."""
    wide = np.atleast_2d(sound)
    whole = wide.shape[1] // HOP
    out = np.zeros(-(-wide.shape[1] // HOP), np.float32)
    for start in range(0, whole, 2048):
        stop = min(whole, start + 2048)
        out[start:stop] = measure(wide[:, start * HOP : stop * HOP].reshape(wide.shape[0], stop - start, HOP))
    if whole < len(out):
        rest = np.zeros((wide.shape[0], 1, HOP), np.float32)
        rest[:, 0, : wide.shape[1] - whole * HOP] = wide[:, whole * HOP :]
        out[whole:] = measure(rest)
    return out


def follow(aims: Floats, attack: float, release: float) -> Floats:
    """A curve that runs after ``aims`` (falling gains in dB): fast down, slow up. Times in seconds."""
    down, up = float(np.exp(-HOP / RATE / attack)), float(np.exp(-HOP / RATE / release))
    state = 0.0
    out: list[float] = []
    for aim in aims.tolist():
        share = down if aim < state else up
        state = aim + (state - aim) * share
        out.append(state)
    return np.array(out, np.float32)


def compression(sound: Floats, threshold: float, ratio: float, times: tuple[float, float]) -> Floats:
    """Gain per hop (linear) that tames what is above ``threshold`` dBFS (rms)."""
    level = 10.0 * np.log10(powers(sound) + 1e-12)
    over = np.maximum(level - threshold, 0.0) * (1.0 / ratio - 1.0)
    return (10.0 ** (follow(over.astype(np.float32), *times) / 20.0)).astype(np.float32)


def apply(sound: Floats, gains: Floats) -> None:
    """Multiply a sound by a curve of one gain per hop, interpolated, in place."""
    count = sound.shape[-1]
    for start in range(0, count, HOP * 4096):
        stop = min(count, start + HOP * 4096)
        sound[..., start:stop] *= curve(gains, start, stop)


def curve(gains: Floats, start: int, stop: int) -> Floats:
    """The gain of every frame from ``start`` to ``stop``, straight from point to point."""
    first, last = start // HOP, -(-stop // HOP) + 1
    part = gains[first : last + 1]
    if len(part) < last + 1 - first:
        part = np.concatenate([part, gains[-1:].repeat(last + 1 - first - len(part))])
    rise = part[1:] - part[:-1]
    whole = (part[:-1, None] + rise[:, None] * _RAMP).reshape(-1).astype(np.float32, copy=False)
    return whole[start - first * HOP : stop - first * HOP]


_RAMP: Floats = (np.arange(HOP, dtype=np.float32) / np.float32(HOP))[None]


def ducking(kicks: Sequence[float], depth: float, frames: int) -> Floats:
    """Gain per hop that dips at every kick and comes back within a quarter of a second."""
    gains = np.ones(-(-frames // HOP) + 1, np.float32)
    length = int(0.3 * RATE / HOP)
    time = np.arange(length, dtype=np.float32) * np.float32(HOP / RATE)
    dip = np.float32(1.0) - np.float32(depth) * np.exp(-np.square(time / np.float32(0.13)))
    for kick in kicks:
        at = frames_of(kick) // HOP
        part = gains[at : at + length]
        np.minimum(part, dip[: len(part)], out=part)
    return gains


def limiting(hop_peaks: Floats, ceiling: float) -> Floats:
    """Gain per hop that keeps peaks under ``ceiling``: looks 5 ms ahead, recovers in about 90 ms."""
    ahead = 4
    need = np.minimum(1.0, ceiling / np.maximum(hop_peaks, 1e-9)).astype(np.float32)
    padded = np.concatenate([need[:1].repeat(ahead), need, need[-1:].repeat(ahead)])
    held = np.min(np.lib.stride_tricks.sliding_window_view(padded, 2 * ahead + 1), axis=1)
    back = float(np.exp(-HOP / RATE / 0.09))
    state = 1.0
    out: list[float] = []
    for aim in held.tolist():
        state = aim if aim < state else aim + (state - aim) * back
        out.append(state)
    smooth = np.array(out, np.float32)
    padded = np.concatenate([smooth[:1].repeat(2), smooth, smooth[-1:].repeat(2)])
    averaged = np.convolve(padded, np.full(5, 0.2, np.float32), "valid").astype(np.float32)
    return np.minimum(averaged, need)
