"""Voices to keep: an excerpt of one, and what makes it its own."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from musicapi_desktop.offline.analysis.listen import mono
from musicapi_desktop.offline.analysis.pitch import Track, track, wobble
from musicapi_desktop.offline.composer.score import Score
from musicapi_desktop.offline.composer.score_file import read_score
from musicapi_desktop.offline.engine import Material, Unsuitable
from musicapi_desktop.offline.synth.shelf import WavWriter
from musicapi_desktop.offline.synth.sound import RATE, frames_of
from musicapi_desktop.offline.synth.tape import read
from musicapi_desktop.offline.voice.manner import FEMALE, MALE, Manner, manner_from, manner_of, told

from .bench import Bench
from .source import Source, open_source
from .uploads import decoded

LONGEST_EXCERPT = 30.0
_QUIET = 10 ** (-55 / 20)
_LEAST_VOICED = 1.5
_SPLIT = 53.0
"""MIDI pitch between lower and higher voices: 175 Hz, between spoken ranges."""
_USUAL = {"m": 49.0, "f": 58.0}


def vox(material: Material, folder: Path, start: float, end: float) -> Path:
    """Write the voice between two times (engine.vox)."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        source = _opened(material, Path(work))
        begin = min(max(0.0, start), source.score.seconds)
        stop = min(end if end > begin else begin + LONGEST_EXCERPT, begin + LONGEST_EXCERPT, source.score.seconds)
        sound = source.stem("Vocals", frames_of(begin), frames_of(stop))
    if sound is None or not sound.shape[1] or float(np.abs(sound).max()) < _QUIET:
        raise Unsuitable("Nobody sings there. Choose a part of the song with singing.")
    path = folder / "vox.wav"
    with WavWriter(path) as file:
        file.write(sound)
    return path


def persona_of(material: Material, start: float | None, end: float | None) -> dict[str, object]:
    """The voice and manner of a clip (engine.persona_of)."""
    if material.score is not None:
        score = read_score(material.score)
        if score.vocals:
            return _of_score(score)
        if not score.recorded:
            raise Unsuitable("Nobody sings in this song. Choose one with a voice.")
    with tempfile.TemporaryDirectory() as work:
        source = _opened(material, Path(work))
        sound = source.stem("Vocals", frames_of(start or 0.0), frames_of(end or source.score.seconds))
        if sound is None:
            raise Unsuitable("No voice was found in this recording.")
        return _of_sound(track(mono(sound, RATE)))


def voice_of(audio: Path) -> dict[str, object]:
    """The voice of a recording of one speaker or singer (engine.voice_of)."""
    with tempfile.TemporaryDirectory() as work:
        wav = decoded(audio, Bench(Path(work), lambda _share, _word: None, lambda: False))
        return _of_sound(track(mono(read(wav), RATE)))


def _opened(material: Material, work: Path) -> Source:
    return open_source(material, Bench(work, lambda _share, _word: None, lambda: False))


def _of_score(score: Score) -> dict[str, object]:
    manner = manner_from(score.manner) or manner_of(score.gender)
    pitches = [n.pitch for line in score.vocals if not line.backing for s in line.syllables for n in s.notes]
    usual = 64 if score.gender != "m" else 56
    lift = max(-5, min(5, round((float(np.median(pitches)) - usual) / 2))) if pitches else 0
    return {"gender": score.gender or "f", "lift": lift, "manner": told(manner), "style": score.tags}


def _of_sound(line: Track) -> dict[str, object]:
    """A voice near to the one heard: its range, how it wavers, how breathy it is. Its timbre is only hinted at."""
    voiced = line.pitch[line.pitch > 0]
    if len(voiced) * 0.01 < _LEAST_VOICED:
        raise Unsuitable("No clear voice was heard. Use a recording of one person, without music.")
    middle = float(np.median(voiced))
    gender = "m" if middle < _SPLIT else "f"
    plain: Manner = MALE if gender == "m" else FEMALE
    off = middle - _USUAL[gender]
    unsteady = wobble(line)
    rough = float(1.0 - np.median(line.clarity[line.pitch > 0]))
    manner = replace(
        plain,
        formants=round(plain.formants * float(np.clip(2.0 ** (off / 90.0), 0.92, 1.1)), 4),
        vibrato=round(float(np.clip(1.2 * unsteady, 12.0, 55.0)), 2),
        breath=round(float(np.clip(0.45 + 4.0 * rough, 0.3, 1.0)), 3),
        drift=round(float(np.clip(unsteady / 5.0, 2.0, 8.0)), 2),
    )
    return {"gender": gender, "lift": max(-5, min(5, round(off / 2))), "manner": told(manner), "style": ""}
