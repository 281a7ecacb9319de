"""A stand-in for the music: tones instead of songs, in a moment, and told by the description how to behave.

``crash`` ends the process, ``break`` raises, ``twin fails`` raises for take 1 only, ``wait for PATH`` waits until that
file is there, after a first second that can be heard.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile

from musicapi_desktop.offline.engine import (
    STEM_NAMES,
    Analysis,
    Brief,
    Cancelled,
    MadeStem,
    MadeTake,
    Material,
    PlayedNote,
    Preview,
    Progress,
    Unsuitable,
)

RATE = 48_000
SOUNDING = ("Vocals", "Drums", "Bass", "Keyboard")


def make_take(
    brief: Brief, folder: Path, progress: Progress, cancelled: Callable[[], bool], preview: Preview | None = None
) -> MadeTake:
    progress(0.0, "tuning")
    folder.mkdir(parents=True, exist_ok=True)
    _behave(brief, folder, cancelled, preview)
    _listen(brief)
    part = _play(brief, folder, _seconds(brief))
    progress(1.0, "done")
    if not brief.join:
        return part
    whole = folder / "full"
    whole.mkdir()
    return replace(part, full=_play(brief, whole, (brief.start or 0.0) + part.seconds))


def _play(brief: Brief, folder: Path, seconds: float) -> MadeTake:
    dice = np.random.default_rng([brief.seed, brief.take])
    frames = int(seconds * RATE)
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


def analyse(audio: Path, folder: Path, progress: Progress, cancelled: Callable[[], bool]) -> Analysis:
    seconds = soundfile.info(audio).duration
    if seconds < 2:
        raise Unsuitable("This recording is shorter than two seconds.")
    (folder / "analysis.json").write_text("{}")
    return Analysis(seconds, 96.0, 95.0, 97.5, ("A minor", "C major"), (0.0, 0.625), has_voice=True)


def separate(
    material: Material, folder: Path, progress: Progress, cancelled: Callable[[], bool]
) -> tuple[MadeStem, ...]:
    samples, rate = soundfile.read(material.mix, dtype="int16", always_2d=True)
    stems = []
    for name in STEM_NAMES:
        plays = name == "Synth"
        soundfile.write(folder / f"{name}.wav", samples if plays else np.zeros_like(samples), rate, subtype="PCM_16")
        stems.append(MadeStem(name, folder / f"{name}.wav", not plays, draft=True))
    return tuple(stems)


def vox(material: Material, folder: Path, start: float, end: float) -> Path:
    samples, rate = soundfile.read(material.mix, dtype="int16", always_2d=True)
    soundfile.write(folder / "vox.wav", samples[int(start * rate) : int(end * rate)], rate, subtype="PCM_16")
    return folder / "vox.wav"


def persona_of(material: Material, start: float | None, end: float | None) -> dict[str, object]:
    return {"pitch": 220.0, "from": start, "to": end}


def voice_of(audio: Path) -> dict[str, object]:
    if soundfile.info(audio).duration < 10:
        raise Unsuitable("No voice is heard in this recording.")
    return {"pitch": 110.0}


def midi_notes(material: Material) -> tuple[tuple[str, tuple[PlayedNote, ...]], ...]:
    return (("Bass", (PlayedNote(0.0, 0.5, 40, 0.75),)),)


def write_lyrics(description: str, seed: int) -> tuple[tuple[str, str], tuple[str, str]]:
    return (("One", f"[Verse]\n{description}"), ("Two", f"[Verse]\n{description} again"))


def upsample_tags(tags: str) -> str:
    return f"{tags}, warm tones"


def _seconds(brief: Brief) -> float:
    if brief.operation == "concat_music":
        extension, parent = brief.sources[-1], brief.sources[0]
        return (parent.seconds if brief.start is None else brief.start) + extension.seconds
    return brief.duration or 10


def _listen(brief: Brief) -> None:
    """Every source can be heard, and its stems add up to it."""
    for source in brief.sources:
        frames = soundfile.info(source.mix).frames
        if source.stems and {soundfile.info(stem.path).frames for stem in source.stems} != {frames}:
            raise RuntimeError("stems of another length")
    if brief.operation == "persona_music" and not brief.persona:
        raise RuntimeError("nobody sings")


def _score(brief: Brief) -> dict:
    def note(start, pitch):
        return {"start": start, "length": 0.5, "pitch": pitch, "velocity": 100}

    words = [{"text": word, "start": 1.0 + i, "end": 1.8 + i} for i, word in enumerate(["Words", "by", "bands"])]
    syllables = [{"text": "Words", "word": 0, "stress": 1, "notes": [note(1.0, 64)]}]
    line = {"text": "Words by bands", "section": 0, "backing": False, "syllables": syllables, "words": words}
    return {
        "seed": brief.seed,
        "operation": brief.operation,
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


def _behave(brief: Brief, folder: Path, cancelled: Callable[[], bool], preview: Preview | None) -> None:
    words = brief.description
    if words == "crash":
        os._exit(9)
    if words == "break" or (words == "twin fails" and brief.take == 1):
        raise RuntimeError("the band broke up")
    if words == "unsuited":
        raise Unsuitable("The band cannot play this.")
    if words.startswith("wait for "):
        if preview is not None:
            soundfile.write(folder / "first.wav", _tone(RATE, 440), RATE, subtype="PCM_16")
            preview(folder / "first.wav")
        awaited, pause = Path(words.removeprefix("wait for ")), threading.Event()
        while not awaited.exists():
            if cancelled():
                raise Cancelled
            pause.wait(0.02)
