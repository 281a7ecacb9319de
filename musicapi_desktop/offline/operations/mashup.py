"""Two songs brought together in tempo and key. The takes differ: each gives its band to the other's tune."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from musicapi_desktop.offline.composer.mash import mashed, semitones_between
from musicapi_desktop.offline.composer.replay import key_of
from musicapi_desktop.offline.composer.score import Note, Score, rounded
from musicapi_desktop.offline.engine import Brief, MadeTake, Unsuitable
from musicapi_desktop.offline.resources import root
from musicapi_desktop.offline.stem_names import STEM_NAMES
from musicapi_desktop.offline.synth.balance import loudness
from musicapi_desktop.offline.synth.sound import Floats, frames_of, gain
from musicapi_desktop.offline.synth.stretch import stretched
from musicapi_desktop.offline.synth.tape import read

from .bench import Bench
from .create import order_of
from .deliver import mixed, played
from .source import Source, open_source

_VOICES = ("Vocals", "Backing Vocals")
_BAND = ("Drums", "Percussion", "Bass", "FX")
_TUNE_BELOW = 4.0
"""Decibels the tune laid over lies below the band."""
_FULL_OF_VOICE = -45.0


def mashup(brief: Brief, bench: Bench) -> MadeTake:
    """Mash two sources: take 0 the first one's tune over the second's band, take 1 the other way round."""
    if len(brief.sources) != 2:
        raise Unsuitable("A mashup takes two songs.")
    pair = [
        open_source(material, bench.part(0.2 * n, 0.2 + 0.2 * n).within(f"source {n + 1}"))
        for n, material in enumerate(brief.sources)
    ]
    one, other = pair if brief.take % 2 == 0 else pair[::-1]
    bench.tell(0.4, "composing")
    if not one.score.recorded and not other.score.recorded:
        score = mashed(one.score, other.score, order_of(brief), root() / "styles")
        return played(replace(score, levels={}, makeup=0.0), bench.part(0.4, 1.0))
    score, longer, semitones, at = _fitted(brief, one, other)
    stems = _stems(one, other, (longer, semitones, at))
    return mixed(score, stems, bench.part(0.4, 1.0), finished=True)


def _fitted(brief: Brief, one: Source, other: Source) -> tuple[Score, float, int, float]:
    """The mash's score; how much longer ``one`` becomes, by how many semitones it moves, and when it begins."""
    ratio = min((one.score.bpm * k / other.score.bpm for k in (0.5, 1.0, 2.0)), key=lambda r: abs(np.log(r)))
    semitones = semitones_between(key_of(one.score), key_of(other.score))
    begin = other.real(other.score.offset) - one.real(one.score.offset) * ratio

    def moved(note: Note) -> Note:
        pitch = note.pitch + semitones
        return Note(rounded(note.start * ratio + begin), rounded(note.length * ratio), pitch, note.velocity)

    vocals = tuple(
        replace(
            line,
            syllables=tuple(replace(s, notes=tuple(map(moved, s.notes))) for s in line.syllables),
            words=tuple(
                replace(w, start=rounded(w.start * ratio + begin), end=rounded(w.end * ratio + begin))
                for w in line.words
            ),
        )
        for line in one.score.vocals
    )
    within = tuple(v for v in vocals if v.words[0].start >= 0.0 and v.words[-1].end <= other.score.seconds)
    score = replace(
        other.score,
        title=brief.title or " / ".join(t for t in (one.score.title, other.score.title) if t),
        tags=brief.tags or other.score.tags,
        lyrics=one.score.lyrics if within else "",
        vocals=within,
        melody=tuple(n for n in map(moved, one.score.melody) if 0.0 <= n.start < other.score.seconds),
        tracks=tuple(track for track in other.score.tracks if track.stem not in _VOICES),
        gender=one.score.gender,
        manner=one.score.manner,
        seed=brief.seed,
        take=brief.take,
        recorded=True,
    )
    return score, float(ratio), semitones, begin


def _stems(one: Source, other: Source, fit: tuple[float, int, float]) -> Iterator[tuple[str, Floats | None]]:
    sings = "Vocals" in one.stems and loudness(read(one.stems["Vocals"])) > _FULL_OF_VOICE
    laid = _VOICES if sings else tuple(name for name in STEM_NAMES if name not in _BAND)
    frames = other.frames
    step = _gain(one, other, laid)
    for name in STEM_NAMES:
        band = other.stem(name) if name not in _VOICES else None
        tune = one.stem(name) if name in laid else None
        if tune is not None:
            tune = _placed(stretched(tune, fit[0], fit[1]) * np.float32(step), frames_of(fit[2]), frames)
        yield name, band if tune is None else tune if band is None else band + tune


def _gain(one: Source, other: Source, laid: tuple[str, ...]) -> float:
    voice = loudness(np.sum([read(one.stems[name]) for name in laid if name in one.stems], axis=0))
    band = loudness(read(other.mix))
    return gain(max(-12.0, min(12.0, band - _TUNE_BELOW - voice))) if min(voice, band) > -60.0 else 1.0


def _placed(sound: Floats, at: int, frames: int) -> Floats:
    out = np.zeros((2, frames), np.float32)
    first, skipped = max(0, at), max(0, -at)
    count = min(frames - first, sound.shape[1] - skipped)
    if count > 0:
        out[:, first : first + count] = sound[:, skipped : skipped + count]
    return out
