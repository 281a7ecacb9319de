"""A stand-in for the composer: tones instead of music, in a moment, and told by the description how to behave.

``crash`` ends the process, ``break`` raises, ``twin fails`` raises for take 1 only, ``wait for PATH`` waits until that
file is there.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from musicapi_desktop.offline.engine import STEM_NAMES, Brief, Cancelled, MadeStem, MadeTake, Progress

RATE = 48_000
SOUNDING = ("Vocals", "Drums", "Bass", "Keyboard")


def make_take(brief: Brief, folder: Path, progress: Progress, cancelled: Callable[[], bool]) -> MadeTake:
    progress(0.0, "tuning")
    _behave(brief, cancelled)
    dice = np.random.default_rng([brief.seed, brief.take])
    frames = int((brief.duration or 10) * RATE)
    mix = np.zeros((frames, 2), np.int16)
    stems = []
    for name in STEM_NAMES:
        plays = name in SOUNDING and not (brief.instrumental and name == "Vocals")
        tone = _tone(frames, dice.uniform(80, 800)) if plays else np.zeros((frames, 2), np.int16)
        mix += tone
        soundfile.write(folder / f"{name}.wav", tone, RATE, subtype="PCM_16")
        stems.append(MadeStem(name, folder / f"{name}.wav", not plays))
    soundfile.write(folder / "mix.wav", mix, RATE, subtype="PCM_16")
    (folder / "score.json").write_text(json.dumps(_score(brief)))
    progress(1.0, "done")
    return MadeTake(
        title=brief.title or "Named by the band",
        lyrics="[Instrumental]" if brief.instrumental else brief.lyrics or "[Verse]\nWords by the band",
        tags=brief.tags or "tones",
        seconds=frames / RATE,
        bpm=120.0,
        key="C major",
        mix=folder / "mix.wav",
        stems=tuple(stems),
        score=folder / "score.json",
    )


def _score(brief: Brief) -> dict:
    def note(start, pitch):
        return {"start": start, "length": 0.5, "pitch": pitch, "velocity": 100}

    words = [{"text": word, "start": 1.0 + i, "end": 1.8 + i} for i, word in enumerate(["Words", "by", "bands"])]
    syllables = [{"text": "Words", "word": 0, "stress": 1, "notes": [note(1.0, 64)]}]
    line = {"text": "Words by bands", "section": 0, "backing": False, "syllables": syllables, "words": words}
    return {
        "seed": brief.seed,
        "sections": [{"kind": "verse", "label": "Verse", "start": 0.0, "end": 10.0}],
        "tracks": [
            {"stem": "Bass", "sound": "gm:33", "notes": [note(0.0, 40), note(0.5, 40)]},
            {"stem": "Drums", "sound": "kit:room:kick", "notes": [note(0.0, 36)]},
        ],
        "vocals": [] if brief.instrumental else [line],
    }


def _tone(frames: int, pitch: float) -> np.ndarray:
    wave = np.rint(4000 * np.sin(2 * np.pi * pitch * np.arange(frames) / RATE)).astype(np.int16)
    return np.stack([wave, wave], axis=1)


def _behave(brief: Brief, cancelled: Callable[[], bool]) -> None:
    words = brief.description
    if words == "crash":
        os._exit(9)
    if words == "break" or (words == "twin fails" and brief.take == 1):
        raise RuntimeError("the band broke up")
    if words.startswith("wait for "):
        awaited, pause = Path(words.removeprefix("wait for ")), threading.Event()
        while not awaited.exists():
            if cancelled():
                raise Cancelled
            pause.wait(0.02)
