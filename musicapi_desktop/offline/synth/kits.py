"""The electronic drums: each lane a short formula, made once per kit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .filters import Tone, shaped
from .sound import RATE, Floats, centred, noise


@dataclass(frozen=True, slots=True)
class Kit:
    """What makes a kit: kick pitch, sweep and length, snare colour, hat brightness, room, grain (bits, 0: none)."""

    kick: float = 50.0
    sweep: float = 150.0
    kick_length: float = 0.22
    click: float = 0.3
    snare: float = 185.0
    snare_length: float = 0.13
    snappy: float = 1.0
    hat: float = 7000.0
    hat_length: float = 0.03
    dull: float = 0.0
    gate: bool = False
    grain: int = 0


KITS: dict[str, Kit] = {
    "808": Kit(48, 110, 0.36, 0.15, 178, 0.12, 1.0, 7600, 0.028),
    "909": Kit(50, 190, 0.2, 0.45, 190, 0.14, 1.1, 8000, 0.035),
    "80s": Kit(52, 150, 0.2, 0.35, 182, 0.2, 1.1, 6500, 0.04, gate=True),
    "lofi": Kit(54, 100, 0.14, 0.12, 195, 0.09, 0.8, 5200, 0.026, dull=5200),
    "trap": Kit(46, 170, 0.3, 0.4, 205, 0.1, 1.2, 8600, 0.02),
    "dnb": Kit(56, 200, 0.12, 0.5, 215, 0.11, 1.3, 8000, 0.03),
    "epic": Kit(40, 60, 0.5, 0.2, 150, 0.2, 1.0, 6000, 0.05),
    "chip": Kit(70, 300, 0.09, 0.0, 330, 0.08, 1.0, 9000, 0.02, grain=4),
}
_METAL = (2030.0, 3120.0, 4210.0, 5450.0, 6890.0, 8010.0)


def drum(kit_name: str, lane: str) -> Floats:
    """One stroke of a lane, mono ``(n,)``, full strength."""
    kit = KITS.get(kit_name, KITS["808"])
    make = _LANES.get(lane, _perc)
    sound = make(kit, lane)
    if kit.dull:
        sound = shaped(sound, Tone(low_pass=kit.dull))
    if kit.grain:
        levels = np.float32(2 ** (kit.grain - 1))
        sound = np.repeat(np.round(sound[::6] * levels) / levels, 6)[: len(sound)].astype(np.float32)
    fade = min(len(sound), 200)
    sound[len(sound) - fade :] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
    return centred(sound, np.hanning(len(sound)).astype(np.float32))


def _time(seconds: float) -> Floats:
    return np.arange(int(seconds * RATE), dtype=np.float32) / np.float32(RATE)


def _band(count: int, seed: int, low: float, high: float) -> Floats:
    return shaped(noise(count, seed), Tone(low_cut=low, low_pass=high))


def _soft(sound: npt.NDArray[np.floating[Any]], drive: float, level: float) -> Floats:
    return (np.tanh(sound * np.float32(drive)) * np.float32(level)).astype(np.float32)


def _fall(time: Floats, length: float) -> Floats:
    return np.exp(-time / np.float32(length))


def _swept(time: Floats, base: float, sweep: float, speed: float) -> Floats:
    turns = base * time.astype(np.float64) + sweep * speed * (1.0 - np.exp(-time.astype(np.float64) / speed))
    return np.sin(2 * np.pi * turns).astype(np.float32)


def _kick(kit: Kit, _: str) -> Floats:
    time = _time(kit.kick_length * 3.2 + 0.1)
    body = _swept(time, kit.kick, kit.sweep, 0.032) * _fall(time, kit.kick_length)
    click = _band(len(time), 1, 2200, 11000) * _fall(time, 0.004) * np.float32(kit.click)
    return _soft(body + click, 1.8, 0.92)


def _snare(kit: Kit, _: str) -> Floats:
    time = _time(0.5)
    tone = _swept(time, kit.snare, 60, 0.012) * _fall(time, 0.08)
    tone += np.float32(0.5) * _swept(time, kit.snare * 1.78, 40, 0.01) * _fall(time, 0.05)
    hiss = _band(len(time), 2, 1100, 10500) * _fall(time, kit.snare_length) * np.float32(0.75 * kit.snappy)
    sound = tone * np.float32(0.6) + hiss
    if kit.gate:
        sound *= np.where(time < 0.21, np.float32(1.0), _fall(np.maximum(time - np.float32(0.21), 0), 0.018))
    return _soft(sound, 1.5, 0.8)


def _clap(_: Kit, __: str) -> Floats:
    time = _time(0.4)
    hands = np.zeros_like(time)
    for start in (0.0, 0.011, 0.023):
        late = time - np.float32(start)
        hands += np.where(late >= 0, np.exp(-np.maximum(late, 0) / np.float32(0.007)), 0).astype(np.float32)
    late = time - np.float32(0.031)
    hands += np.where(late >= 0, np.exp(-np.maximum(late, 0) / np.float32(0.09)), 0).astype(np.float32)
    return _soft(_band(len(time), 3, 950, 7000) * hands, 1.0, 0.8)


def _hat(kit: Kit, lane: str) -> Floats:
    length = {"open": 0.22, "pedal": 0.05}.get(lane, kit.hat_length)
    time = _time(min(1.0, length * 6 + 0.03))
    metal = sum((np.sign(np.sin(2 * np.pi * f * time)) for f in _METAL), np.zeros_like(time)) / np.float32(6)
    sound = shaped((metal * np.float32(0.7) + noise(len(time), 4) * np.float32(0.3)).astype(np.float32), Tone(kit.hat))
    return sound * _fall(time, length) * np.float32(0.8)


def _cymbal(kit: Kit, lane: str) -> Floats:
    length = {"ride": 0.45, "bell": 0.3, "splash": 0.25, "china": 0.5}.get(lane, 0.9)
    time = _time(length * 3.5)
    metal = sum((np.sign(np.sin(2 * np.pi * f * 1.17 * time)) for f in _METAL), np.zeros_like(time)) / np.float32(6)
    ping = metal * np.float32(0.5 if lane in ("ride", "bell") else 0.25)
    hiss = noise(len(time), 5) * np.float32(0.45)
    sound = shaped((ping + hiss).astype(np.float32), Tone(low_cut=kit.hat * 0.55, low_pass=14000))
    return sound * _fall(time, length) * np.minimum(time / np.float32(0.002), np.float32(1.0)) * np.float32(0.6)


def _tom(_: Kit, lane: str) -> Floats:
    base = {"tom1": 175.0, "tom2": 130.0, "tom3": 92.0, "taiko": 64.0}.get(lane, 70.0)
    deep = lane == "taiko"
    time = _time(1.4 if deep else 0.7)
    body = _swept(time, base, base * 0.5, 0.03) * _fall(time, 0.34 if deep else 0.2)
    hit = _band(len(time), 6, 220, 2600 if deep else 3500) * _fall(time, 0.03 if deep else 0.015) * np.float32(0.4)
    return _soft(body + hit, 1.4, 0.85)


def _rim(_: Kit, lane: str) -> Floats:
    time = _time(0.12)
    base = {"rim": 1700.0, "clave": 2500.0, "block": 1100.0, "cowbell": 560.0, "agogo": 900.0}.get(lane, 1700.0)
    length = 0.06 if lane in ("cowbell", "agogo") else 0.014
    tone = np.sin(2 * np.pi * base * time) + np.float32(0.6) * np.sin(2 * np.pi * base * np.float32(1.51) * time)
    return _soft(tone * _fall(time, length), 1.6, 0.6)


def _shaker(_: Kit, lane: str) -> Floats:
    time = _time(0.16)
    swell = np.minimum(time / np.float32(0.012 if lane == "shaker" else 0.002), np.float32(1.0))
    return _band(len(time), 7, 6000, 13000) * swell * _fall(time, 0.03) * np.float32(0.5)


def _perc(_: Kit, lane: str) -> Floats:
    base = {"conga1": 330.0, "conga2": 280.0, "conga3": 210.0, "bongo1": 480.0, "bongo2": 360.0}.get(lane, 300.0)
    time = _time(0.3)
    return _soft(_swept(time, base, base * 0.2, 0.02) * _fall(time, 0.07), 1.3, 0.7)


_LANES: dict[str, Callable[[Kit, str], Floats]] = {
    "kick": _kick,
    "bassdrum": _kick,
    "snare": _snare,
    "brush": _snare,
    "clap": _clap,
    "snap": _rim,
    "hat": _hat,
    "pedal": _hat,
    "open": _hat,
    "crash": _cymbal,
    "splash": _cymbal,
    "china": _cymbal,
    "ride": _cymbal,
    "bell": _cymbal,
    "cymbals": _cymbal,
    "tom1": _tom,
    "tom2": _tom,
    "tom3": _tom,
    "taiko": _tom,
    "rim": _rim,
    "clave": _rim,
    "block": _rim,
    "cowbell": _rim,
    "agogo": _rim,
    "shaker": _shaker,
    "cabasa": _shaker,
    "tamb": _shaker,
    "guiro": _shaker,
}
