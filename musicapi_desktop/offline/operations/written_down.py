"""What was heard of a recording as a score: form, chords and tune on an even grid of bars."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from musicapi_desktop.offline.analysis.listen import Heard
from musicapi_desktop.offline.composer.rng import Rng
from musicapi_desktop.offline.composer.score import ChordMark, Note, Score, SectionMark, rounded
from musicapi_desktop.offline.composer.style import load_all
from musicapi_desktop.offline.composer.theory import Key
from musicapi_desktop.offline.composer.understand import choose_style
from musicapi_desktop.offline.engine import ENGINE_VERSION
from musicapi_desktop.offline.resources import root

_UNKNOWN_BPM = 100.0
_SECTION_BARS = 8
_BY_TEMPO = ((84.0, "lofi"), (118.0, "pop"), (132.0, "house"), (150.0, "rock"), (1e9, "drum-and-bass"))


def score_of(heard: Heard, levels: Sequence[float], words: str) -> Score:
    """A recording's score. ``levels`` is its loudness second by second; ``words`` may name a style."""
    bpm = heard.pulse.bpm or _UNKNOWN_BPM
    offset = heard.pulse.beats[0] if heard.pulse.beats else 0.0
    key = heard.keys[0]
    chords = tuple(ChordMark(rounded(a), rounded(b), name, tones) for a, b, name, tones in chord_times(heard))
    notes = tuple(Note(rounded(a), rounded(b - a), p, round(30 + 90 * s)) for a, b, p, s in heard.tune)
    return Score(
        title="",
        lyrics="",
        seed=round(heard.seconds * 1000) + round(bpm * 100),
        take=0,
        engine=ENGINE_VERSION,
        style=_style(words, bpm),
        tags="",
        key=key.name,
        tonic=key.tonic,
        mode=key.mode,
        bpm=bpm,
        meter="4/4",
        seconds=heard.seconds,
        gender="",
        sections=_sections(heard, bpm, offset, levels),
        chords=chords,
        tracks=(),
        vocals=(),
        melody=notes,
        offset=rounded(offset),
        recorded=True,
    )


def chord_times(heard: Heard) -> list[tuple[float, float, str, tuple[int, ...]]]:
    """Start, end, name and pitch classes of each chord, on the even grid."""
    beat = 60.0 / (heard.pulse.bpm or _UNKNOWN_BPM)
    offset = heard.pulse.beats[0] if heard.pulse.beats else 0.0
    key: Key = heard.keys[0]
    found: list[tuple[float, float, str, tuple[int, ...]]] = []
    for number, (chord_root, minor) in enumerate(heard.chords):
        start, end = offset + number * beat, offset + (number + 1) * beat
        tones = (chord_root, (chord_root + (3 if minor else 4)) % 12, (chord_root + 7) % 12)
        if found and found[-1][3] == tones:
            found[-1] = (found[-1][0], end, *found[-1][2:])
        else:
            found.append((start, end, key.note_name(chord_root) + ("m" if minor else ""), tones))
    return [(round(a, 4), round(b, 4), name, tones) for a, b, name, tones in found]


def _sections(heard: Heard, bpm: float, offset: float, levels: Sequence[float]) -> tuple[SectionMark, ...]:
    """Stretches of eight bars; the louder half are choruses."""
    bar = 240.0 / bpm
    bars = max(1, round((heard.seconds - offset) / bar))
    starts = list(range(0, bars, _SECTION_BARS))
    if len(starts) > 1 and bars - starts[-1] < _SECTION_BARS // 2:
        starts.pop()
    ends = [*starts[1:], bars]
    means = [_mean(levels, offset + a * bar, offset + b * bar) for a, b in zip(starts, ends, strict=True)]
    middle, top = sorted(means)[len(means) // 2], max(means) or 1.0
    marks: list[SectionMark] = []
    for a, b, level in zip(starts, ends, means, strict=True):
        kind = "chorus" if level > middle or level > 0.93 * top else "verse"
        energy = round(0.35 + 0.6 * level / top, 3)
        times = rounded(offset + a * bar), rounded(offset + b * bar)
        marks.append(SectionMark(kind, kind.capitalize(), *times, b - a, energy))
    return tuple(marks)


def _mean(levels: Sequence[float], start: float, end: float) -> float:
    part = levels[int(start) : max(int(start) + 1, int(end))]
    return sum(part) / len(part) if part else 0.0


def _style(words: str, bpm: float) -> str:
    folder: Path = root() / "styles"
    if words.strip():
        return choose_style(f" {words.lower()} ", load_all(folder), Rng(0, "style")).id
    return next(name for most, name in _BY_TEMPO if bpm < most)
