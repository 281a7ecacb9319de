"""Recordings from elsewhere, made workable: decoded, listened to, taken apart, and written down as a score."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np

from musicapi_desktop.domain.errors import AudioUnreadable
from musicapi_desktop.offline.analysis import listen as ears
from musicapi_desktop.offline.analysis.listen import Heard
from musicapi_desktop.offline.analysis.pitch import Track
from musicapi_desktop.offline.analysis.separation import NAMES, parts_of
from musicapi_desktop.offline.composer.score import Score
from musicapi_desktop.offline.engine import Analysis, Cancel, MadeStem, Material, Progress, Unsuitable
from musicapi_desktop.offline.stem_names import STEM_NAMES, stem_file
from musicapi_desktop.offline.synth.shelf import WavWriter, write_silence
from musicapi_desktop.offline.synth.sound import RATE
from musicapi_desktop.offline.synth.tape import frames_in, read, to_wav

from .bench import Bench
from .source import Source
from .written_down import chord_times, score_of

LONGEST = 600.0
SHORTEST = 2.0
REST = "Synth"
"""The stem under which everything lies that is neither voice, drums nor bass."""
_KEPT = "analysis.json"


def analyse(audio: Path, folder: Path, progress: Progress, cancelled: Cancel) -> Analysis:
    """Listen to a file (engine.analyse)."""
    bench = Bench(folder, progress, cancelled)
    folder.mkdir(parents=True, exist_ok=True)
    wav = decoded(audio, bench)
    heard, _ = _heard(wav, bench.part(0.2, 1.0), [])
    wav.unlink()
    pulse = heard.pulse
    return Analysis(
        seconds=heard.seconds,
        bpm=pulse.bpm,
        slowest=pulse.slowest,
        fastest=pulse.fastest,
        keys=(heard.keys[0].name, heard.keys[1].name),
        beats=pulse.beats,
        has_voice=heard.has_voice,
        chords=tuple((start, end, name) for start, end, name, _ in chord_times(heard)),
    )


def separate(material: Material, folder: Path, progress: Progress, cancelled: Cancel) -> tuple[MadeStem, ...]:
    """Take a recording apart (engine.separate)."""
    bench = Bench(folder, progress, cancelled)
    folder.mkdir(parents=True, exist_ok=True)
    wav = decoded(material.mix, bench)
    heard, line = _heard(wav, bench.part(0.1, 0.4), [material.folder])
    sounding = _parted(wav, heard, line, bench.part(0.4, 1.0))
    wav.unlink()
    progress(1.0, "done")
    return tuple(MadeStem(name, folder / stem_file(name), name not in sounding, draft=True) for name in STEM_NAMES)


def listen(material: Material, bench: Bench, words: str = "") -> Source:
    """A recording as a source: its score is what can be heard. ``words`` may name a style."""
    work = replace(bench, folder=bench.folder / "source", preview=None)
    work.folder.mkdir(parents=True, exist_ok=True)
    wav = decoded(material.mix, work)
    heard, line = _heard(wav, work.part(0.1, 0.5), [material.folder])
    stems = {stem.name: stem.path for stem in material.stems if not stem.silent}
    if not stems:
        stems = _parted(wav, heard, line, work.part(0.5, 1.0))
    score = score_of(heard, _levels(wav, heard), words)
    return Source(score, wav, stems, heard.pulse.beats, heard.alone)


def kept_score(material: Material, bench: Bench) -> Score:
    """What can be heard of a recording, written down, without taking it apart."""
    wav = decoded(material.mix, bench)
    heard, _ = _heard(wav, bench, [material.folder])
    score = score_of(heard, _levels(wav, heard), "")
    wav.unlink()
    return score


def decoded(audio: Path, bench: Bench) -> Path:
    """Any sound file as 48 kHz stereo WAV in the bench's folder. Raises Unsuitable where it is none, or too short."""
    bench.tell(0.0, "reading")
    target = bench.folder / "decoded.wav"
    try:
        frames = to_wav(audio, target, LONGEST)
    except AudioUnreadable as error:
        raise Unsuitable(error.message) from error
    bench.check()
    if frames < SHORTEST * RATE:
        raise Unsuitable("This recording is too short to work with.")
    return target


def _heard(wav: Path, bench: Bench, beside: list[Path]) -> tuple[Heard, Track]:
    """What was heard earlier, or is heard now; the pitch of the lead is followed again where only facts were kept."""
    sound = ears.mono(read(wav), RATE)
    if not sound.any():
        raise Unsuitable("This recording is silent.")
    known = next((found for folder in [*beside, bench.folder] if (found := ears.kept(folder / _KEPT))), None)
    if known is not None:
        return known, ears.voice_line(sound)

    def tell(share: float) -> None:
        bench.check()
        bench.tell(share, "listening")

    heard, line = ears.hear(sound, tell)
    ears.keep(heard, bench.folder / _KEPT)
    return heard, line


def _levels(wav: Path, heard: Heard) -> tuple[float, ...]:
    """Loudness (rms) of every second."""
    sound = read(wav)
    whole = max(1, min(sound.shape[1] // RATE, int(heard.seconds)))
    if sound.shape[1] < RATE:
        return (1.0,)
    return tuple(np.sqrt(np.square(sound[:, : whole * RATE]).reshape(2, whole, RATE).mean((0, 2))).tolist())


def _parted(wav: Path, heard: Heard, line: Track, bench: Bench) -> dict[str, Path]:
    """Write the twelve stems; returns those that sound. They sum to the recording."""
    frames = frames_in(wav)
    names = ("Vocals",) if heard.alone else (*NAMES, REST)
    paths = {name: bench.folder / stem_file(name) for name in STEM_NAMES}
    for name in set(STEM_NAMES) - set(names):
        write_silence(paths[name], frames)
    whole = read(wav)
    with ExitStack() as files:
        writers = [files.enter_context(WavWriter(paths[name])) for name in names]
        if heard.alone:
            writers[0].write(whole)
            return {"Vocals": paths["Vocals"]}
        for begin, parts in parts_of(whole, line):
            bench.check()
            bench.tell(begin / frames, "taking apart")
            rest = whole[:, begin : begin + parts.shape[2]].copy()
            for writer, part in zip(writers, parts, strict=False):
                # what is written is rounded; the rest takes up the difference
                rounded = (np.rint(part * np.float32(32768.0)) / np.float32(32768.0)).astype(np.float32)
                rest -= rounded
                writer.write(rounded)
            writers[-1].write(rest)
    return {name: paths[name] for name in names}
