"""Another mix and master of what was played: nothing is played anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from musicapi_desktop.offline.composer.rng import Rng
from musicapi_desktop.offline.engine import Brief, MadeTake
from musicapi_desktop.offline.stem_names import STEM_NAMES
from musicapi_desktop.offline.synth import dynamics
from musicapi_desktop.offline.synth.balance import loudness
from musicapi_desktop.offline.synth.filters import Tone, shaped_long
from musicapi_desktop.offline.synth.reverb import add_reverb
from musicapi_desktop.offline.synth.sound import Floats, gain

from .bench import Bench
from .deliver import mixed
from .source import Source, first_of, open_source

_HOW_FAR = {"subtle": 0.35, "normal": 1.0, "high": 1.8}
_VOICES = ("Vocals", "Backing Vocals")
_LOW = ("Drums", "Bass", "Percussion")


@dataclass(frozen=True, slots=True)
class Sight:
    """How a master hears a song. Shelves and levels in dB, ``width`` and ``wet`` as shares of what is there."""

    low: float
    presence: float
    high: float
    voice: float
    beat: float
    width: float
    wet: float
    dense: float


_BRIGHT = Sight(low=1.0, presence=1.6, high=3.0, voice=0.8, beat=0.8, width=0.18, wet=0.0, dense=2.0)
_WARM = Sight(low=2.4, presence=-0.8, high=-1.6, voice=1.2, beat=-0.6, width=-0.1, wet=0.05, dense=1.5)


def remaster(brief: Brief, bench: Bench) -> MadeTake:
    """Two sights of the first source: brighter and wider, or warmer and nearer; ``variation`` tells how far."""
    source = open_source(first_of(brief), bench.part(0.0, 0.3))
    far = _HOW_FAR.get(brief.variation, 1.0) * Rng(brief.seed, "remaster", brief.take).uniform(0.9, 1.1)
    sight = _WARM if brief.take % 2 else _BRIGHT
    score = replace(
        source.score,
        title=brief.title or source.score.title,
        levels={},
        attaches_at=source.score.attaches_at,
    )
    return mixed(score, _stems(source, sight, far), bench.part(0.3, 1.0), finished=True)


def _stems(source: Source, sight: Sight, far: float) -> Iterator[tuple[str, Floats]]:
    for name in STEM_NAMES:
        sound = source.stem(name)
        if sound is not None:
            yield name, _seen(name, sound, sight, far)


def _seen(name: str, sound: Floats, sight: Sight, far: float) -> Floats:
    """One stem as the sight wants it."""
    before = loudness(sound)
    low = sight.low if name in _LOW else 0.35 * sight.low
    presence = sight.presence if name not in _LOW else 0.4 * sight.presence
    shaped_long(sound, Tone(low_cut=24.0, low=low * far, presence=presence * far, high=sight.high * far))
    if sight.dense * far > 1.0 and before > -60.0:
        ratio = 1.0 + 0.35 * sight.dense * far
        dynamics.apply(sound, dynamics.compression(sound, before + 3.0, ratio, (0.012, 0.16)))
    after = loudness(sound)
    lift = sight.voice if name in _VOICES else sight.beat if name in _LOW else 0.0
    if min(before, after) > -60.0:
        sound *= np.float32(gain(before - after + lift * far))
    side = (sound[0] - sound[1]) * np.float32(0.5 * sight.width * far)
    sound[0] += side
    sound[1] -= side
    if sight.wet and name not in _LOW:
        add_reverb(sound, sound.mean(0) * np.float32(sight.wet * far), 1.1, 0.3)
    return sound
