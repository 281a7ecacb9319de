"""What is missing comes in: a voice to an instrumental, a band to a voice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from musicapi_desktop.offline.composer.cover import covered
from musicapi_desktop.offline.composer.score import Score
from musicapi_desktop.offline.composer.sung_over import sung_over, warped
from musicapi_desktop.offline.engine import Brief, MadeTake, Unsuitable
from musicapi_desktop.offline.resources import root
from musicapi_desktop.offline.stem_names import STEM_NAMES
from musicapi_desktop.offline.synth.balance import Balance, loudness
from musicapi_desktop.offline.synth.render import Players
from musicapi_desktop.offline.synth.sound import Floats, gain
from musicapi_desktop.offline.synth.stems import Studio, render_stem
from musicapi_desktop.offline.synth.tape import read

from .bench import Bench
from .create import order_of
from .deliver import mixed, played
from .source import Source, clipped, first_of, open_source

_VOICES = ("Vocals", "Backing Vocals")
_VOICE_BELOW = 4.5
"""Decibels a voice lies below the rest it is laid over."""


def add_vocals(brief: Brief, bench: Bench) -> MadeTake:
    """Sing the brief's words over the first source."""
    source = open_source(first_of(brief), bench.part(0.0, 0.4))
    times = clipped(source.score, brief.start, brief.end, 4.0)
    bench.tell(0.4, "composing")
    score = sung_over(source.score, order_of(brief), times, root() / "styles")
    if not score.vocals:
        raise Unsuitable("There is no room for the words there: choose a longer stretch.")
    if not score.recorded:
        return played(replace(score, attaches_at=0.0), bench.part(0.4, 1.0))
    score = replace(score, vocals=warped(score.vocals, source.real))
    return mixed(score, _laid_over(source, score, bench), bench.part(0.5, 1.0), finished=True)


def _laid_over(source: Source, score: Score, bench: Bench) -> Iterator[tuple[str, Floats | None]]:
    studio = Players().studio(score, Balance())
    alone = replace(score, tracks=())
    rest = loudness(read(source.mix))
    for name in STEM_NAMES:
        sound = source.stem(name)
        if name in _VOICES:
            sung = render_stem(alone, name, studio, bench.check)
            sung = None if sung is None else _under(sung, rest, 9.0 if name == "Backing Vocals" else 0.0)
            sound = sung if sound is None else sound if sung is None else _sum(sound, sung)
        yield name, sound


def _under(voice: Floats, rest: float, softer: float) -> Floats:
    found = loudness(voice)
    if found > -60.0:
        voice *= np.float32(gain(rest - _VOICE_BELOW - softer - found))
    return voice


def _sum(one: Floats, other: Floats) -> Floats:
    count = min(one.shape[1], other.shape[1])
    one[:, :count] += other[:, :count]
    return one


def add_instrumental(brief: Brief, bench: Bench) -> MadeTake:
    """Play along with the first source's voice, between ``start`` and ``end``; the voice itself stays as it is."""
    source = open_source(first_of(brief), bench.part(0.0, 0.4))
    times = clipped(source.score, brief.start, brief.end, 4.0)
    bench.tell(0.4, "composing")
    band = covered(source.score, order_of(brief), root() / "styles", same=True)
    band = _between(replace(band, seconds=max(band.seconds, source.score.seconds)), times)
    studio = Players().studio(band, Balance())
    return mixed(band, _played_along(source, band, studio, bench), bench.part(0.5, 1.0), finished=False)


def _played_along(source: Source, band: Score, studio: Studio, bench: Bench) -> Iterator[tuple[str, Floats | None]]:
    alone = replace(band, vocals=())
    whole_voice = "Vocals" not in source.stems or source.alone
    for name in STEM_NAMES:
        sound = render_stem(alone, name, studio, bench.check)
        if name in _VOICES:
            own = (read(source.mix) if name == "Vocals" else None) if whole_voice else source.stem(name)
            if own is not None:
                studio[2].bring(f"the source's {name}", own, 1.0 if name == "Vocals" else -9.0)
            sound = own if sound is None else sound if own is None else _sum(own, sound)
        yield name, sound


def _between(score: Score, times: tuple[float, float]) -> Score:
    begin, end = times
    if begin <= 0.1 and end >= score.seconds - 3.0:
        return score
    tracks = (
        replace(track, notes=tuple(n for n in track.notes if begin - 0.05 <= n.start < end)) for track in score.tracks
    )
    return replace(score, tracks=tuple(track for track in tracks if track.notes))
