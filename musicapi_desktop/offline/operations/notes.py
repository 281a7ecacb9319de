"""Notes for MIDI: the score's, or what can be heard of a recording."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from musicapi_desktop.offline.composer.score import Note, Score
from musicapi_desktop.offline.composer.score_file import read_score
from musicapi_desktop.offline.composer.theory import lowest_from
from musicapi_desktop.offline.engine import Material, PlayedNote
from musicapi_desktop.offline.stem_names import STEM_NAMES

from .bench import Bench
from .uploads import kept_score

_BASS_FROM, _CHORDS_FROM = 33, 55
_MIDDLING = 0.63

Played = tuple[str, tuple[PlayedNote, ...]]


def midi_notes(material: Material) -> tuple[Played, ...]:
    """Notes by instrument (engine.midi_notes)."""
    if material.score is not None:
        score = read_score(material.score)
        if not score.recorded:
            return _written(score)
    else:
        with tempfile.TemporaryDirectory() as folder:
            score = kept_score(material, Bench(Path(folder), lambda _share, _word: None, lambda: False))
    return (*_written(score), *_heard(score))


def _written(score: Score) -> tuple[Played, ...]:
    found: dict[str, list[Note]] = {name: [] for name in STEM_NAMES}
    for track in score.tracks:
        found.setdefault(track.stem, []).extend(track.notes)
    for line in score.vocals:
        stem = "Backing Vocals" if line.backing else "Vocals"
        found[stem].extend(note for syllable in line.syllables for note in syllable.notes)
    return tuple((name, _played(notes)) for name, notes in found.items() if notes)


def _played(notes: Iterable[Note]) -> tuple[PlayedNote, ...]:
    made = (
        PlayedNote(max(0.0, n.start), round(n.start + n.length, 5), n.pitch, round(n.velocity / 127, 3))
        for n in notes
        if n.start + n.length > 0
    )
    return tuple(sorted(made, key=lambda n: (n.start, n.pitch)))


def _heard(score: Score) -> tuple[Played, ...]:
    """Tune, chords and bass of a recording; where an instrument is written down already, only what it lacks."""
    chords: list[PlayedNote] = []
    bass: list[PlayedNote] = []
    for mark in score.chords:
        start, end = max(0.0, mark.start), min(score.seconds, mark.end)
        if end - start < 0.05:
            continue
        chords += [PlayedNote(start, end, lowest_from(tone, _CHORDS_FROM), _MIDDLING) for tone in mark.tones]
        bass.append(PlayedNote(start, end, lowest_from(mark.tones[0], _BASS_FROM), _MIDDLING))
    parts = (("Melody", _played(score.melody)), ("Chords", tuple(chords)), ("Chord roots", tuple(bass)))
    return tuple((name, notes) for name, notes in parts if notes)
