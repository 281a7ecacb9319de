"""All that is made out of one recording, and kept beside it so that it is worked out once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from musicapi_desktop.dsp.resample import resample
from musicapi_desktop.offline.composer.theory import Key
from musicapi_desktop.wire.values import Json, flag, items, mapping, number, text, whole

from .pitch import HOP, Track, notes_of, track
from .rhythm import Pulse, pulse
from .spectra import RATE, Floats
from .tonality import harmonies

HeardNote = tuple[float, float, int, float]
_VOICED = 0.5
_ALONE = 0.72


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording as heard. ``chords``: a root 0-11 and whether minor, per beat; ``tune``: start, end, pitch, strength.

    ``alone``: one voice and nothing else.
    """

    seconds: float
    pulse: Pulse
    keys: tuple[Key, Key]
    chords: tuple[tuple[int, bool], ...]
    tune: tuple[HeardNote, ...]
    has_voice: bool
    alone: bool


def mono(stereo: Floats, rate: int) -> Floats:
    """The middle ``(n,)`` of a stereo sound ``(2, n)`` at RATE."""
    middle = np.ascontiguousarray(stereo.mean(0, dtype=np.float32)[:, None])
    return resample(middle, rate, RATE)[:, 0]


def voice_line(sound: Floats) -> Track:
    """The pitch of what leads, without the bass below it."""
    size = 1 << int(np.ceil(np.log2(max(2, len(sound)))))
    hertz = np.fft.rfftfreq(size, 1.0 / RATE)
    curve = 1.0 / np.sqrt(1.0 + (170.0 / np.maximum(hertz, 1.0)) ** 8) / np.sqrt(1.0 + (hertz / 3500.0) ** 4)
    spectrum = np.fft.rfft(sound, size) * curve.astype(np.float32)
    return track(np.fft.irfft(spectrum, size)[: len(sound)].astype(np.float32))


def hear(sound: Floats, tell: Callable[[float], None]) -> tuple[Heard, Track]:
    """Listen to a mono sound at RATE."""
    beat = pulse(sound)
    tell(0.3)
    harmony = harmonies(sound, beat.beats)
    tell(0.6)
    line = voice_line(sound)
    tell(1.0)
    loud = line.level > line.level.max() - 35.0
    voiced = float(np.mean(line.pitch[loud] > 0)) if loud.any() else 0.0
    alone = voiced > _ALONE and _explained(sound, line) > _ALONE
    heard = Heard(
        seconds=round(len(sound) / RATE, 4),
        pulse=beat,
        keys=harmony.keys,
        chords=harmony.chords,
        tune=tuple((round(a, 4), round(b, 4), p, round(s, 3)) for a, b, p, s in notes_of(line)),
        has_voice=voiced > _VOICED,
        alone=alone,
    )
    return heard, line


def _explained(sound: Floats, line: Track) -> float:
    """Share of the voiced frames in which one pitch explains nearly all that sounds."""
    frames = np.flatnonzero(line.pitch > 0)
    return float(np.mean(line.clarity[frames] > 0.9)) if len(frames) and len(sound) > HOP else 0.0


def keep(heard: Heard, path: Path) -> None:
    """Write what was heard."""
    body = {
        "seconds": heard.seconds,
        "bpm": [heard.pulse.bpm, heard.pulse.slowest, heard.pulse.fastest],
        "beats": heard.pulse.beats,
        "keys": [[key.tonic, key.mode] for key in heard.keys],
        "chords": heard.chords,
        "tune": heard.tune,
        "has_voice": heard.has_voice,
        "alone": heard.alone,
    }
    path.write_text(json.dumps(body), encoding="ascii")


def kept(path: Path) -> Heard | None:
    """Read what was heard; None where it was not yet, or cannot be read."""
    try:
        source = mapping(json.loads(path.read_text(encoding="ascii")))
    except (OSError, ValueError):
        return None
    try:
        return _read(source)
    except (ValueError, IndexError):
        return None


def _read(source: Json) -> Heard:
    keys = [_key(items(key)) for key in items(source.get("keys"))]
    tempo = [number(value) or 0.0 for value in items(source.get("bpm"))]
    return Heard(
        seconds=number(source.get("seconds")) or 0.0,
        pulse=Pulse(tempo[0], tempo[1], tempo[2], tuple(number(beat) or 0.0 for beat in items(source.get("beats")))),
        keys=(keys[0], keys[1]),
        chords=tuple(_chord(items(chord)) for chord in items(source.get("chords"))),
        tune=tuple(_tone(items(note)) for note in items(source.get("tune"))),
        has_voice=flag(source.get("has_voice")) or False,
        alone=flag(source.get("alone")) or False,
    )


def _key(source: list[object]) -> Key:
    tonic, mode = source
    return Key(whole(tonic) or 0, text(mode) or "major")


def _chord(source: list[object]) -> tuple[int, bool]:
    chord_root, minor = source
    return whole(chord_root) or 0, flag(minor) or False


def _tone(source: list[object]) -> HeardNote:
    start, end, pitch, strength = source
    return number(start) or 0.0, number(end) or 0.0, whole(pitch) or 0, number(strength) or 0.0
