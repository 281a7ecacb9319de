"""The rows of ``bench audition`` that need no sound server."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from table import Row

from musicapi_desktop.audio.mixdown import Input, Order, mix_down
from musicapi_desktop.audio.player import Player
from musicapi_desktop.audio.sources import RATE, open_source
from musicapi_desktop.audio.track import BLOCK, Track
from musicapi_desktop.domain.mix import MixState, Strip
from musicapi_desktop.dsp.files import read_blocks
from musicapi_desktop.dsp.loudness import LoudnessMeter, TruePeakMeter
from musicapi_desktop.dsp.peaks import PeakBuilder
from musicapi_desktop.dsp.writer import Encoding, write_flac, write_mp3, write_pcm16

SECONDS = 240
STEMS = 12
OPEN = Path(__file__).with_name("audition_open.py")


def make_stems(folder: Path) -> None:
    """Twelve music-like stereo stems of four minutes as WAV, FLAC and MP3."""
    time_axis = np.arange(SECONDS * RATE, dtype=np.float32) / RATE
    for number in range(STEMS):
        rng = np.random.default_rng(number)
        beat = np.exp(-((time_axis * (1 + number % 3) + number / 7) % 0.5) * 8).astype(np.float32)
        wave = np.float32(0.06) * np.sin(2 * np.pi * 55 * (number + 1) * time_axis).astype(np.float32) * beat
        noise = rng.standard_normal((len(wave), 2), np.float32) * np.float32(0.003)
        samples = np.stack((wave, np.roll(wave, 240)), axis=1) + noise
        write_pcm16(folder / f"{number:02}.wav", samples, RATE)
        write_flac(folder / f"{number:02}.flac", samples, RATE, bits=16)
        write_mp3(folder / f"{number:02}.mp3", samples, RATE)


def best(work: Callable[[], object], runs: int = 5, clock: Callable[[], float] = time.perf_counter) -> float:
    """Median time in seconds, wall time unless another clock is given."""
    took: list[float] = []
    for _ in range(runs):
        start = clock()
        work()
        took.append(clock() - start)
    return statistics.median(took)


def mixing(folder: Path) -> list[Row]:
    """Mix with a gain ramp and meters in every block."""
    sources = {}
    for path in sorted(folder.glob("*.wav")):
        sources[path.stem], _ = open_source(path, cache=None, owned=[folder])  # type: ignore[arg-type]  # not needed for owned WAVs
    track, player = Track(sources), Player()
    mixes = [track.compile(MixState({name: Strip(level=-n) for name in track.ids})) for n in (0, 1)]
    player.load(track, mixes[0])
    player.play()
    blocks = 60 * RATE // BLOCK

    def run(change: bool) -> float:
        """Processor time of the mixing alone, without the control's own cost and what others do meanwhile."""
        player.seek(0)
        spent = 0.0
        for number in range(blocks):
            if change:
                player.set_mix(mixes[number & 1])
            start = time.thread_time()
            player.render()
            spent += time.thread_time() - start
        return spent

    ramps, steady = (min(run(change) for _ in range(5)) for change in (True, False))
    return [
        Row("mixing 12 stems, ramps and meters, 512", 60 / ramps, "x RT", least=300),
        Row("  the same without ramps", 60 / steady, "x RT"),
        Row("  one block with ramps", ramps / blocks * 1e6, "µs"),
    ]


def export_once(folder: Path, suffix: str, encoding: Encoding, target: Path) -> None:
    """Mix down as the app does, without the report."""
    order = Order(tuple(Input(path) for path in sorted(folder.glob(f"*{suffix}"))), encoding, measure=False)
    mix_down(order, target, lambda: False)


def in_process(folder: Path, suffix: str, encoding: Encoding) -> float:
    """Wall time of a whole process that exports, interpreter start included, as the others start too."""
    code = (
        "import os, sys; os.environ['OPENBLAS_NUM_THREADS'] = '1'; from pathlib import Path; "
        "from musicapi_desktop.audio.mixdown import Input, Order, mix_down; "
        "from musicapi_desktop.bridge.audio_feeder import AudioWorkers; w = AudioWorkers(1); "
        "from musicapi_desktop.dsp.writer import Encoding; f = Path(sys.argv[1]); "
        "mix_down(Order(tuple(Input(p) for p in sorted(f.glob('*' + sys.argv[2]))), Encoding(sys.argv[3]), "
        "measure=False), f / 'out' / 'ours.out', lambda: False, w.together); w.stop()"
    )
    command = [sys.executable, "-c", code, str(folder), suffix, encoding.value]
    return best(lambda: subprocess.run(command, check=True), 3)


def other(program: str, folder: Path, suffix: str, target: str) -> float | None:
    """Wall time of ffmpeg or sox for the same mix, None where it is not installed."""
    if shutil.which(program) is None:
        return None
    files = [str(path) for path in sorted(folder.glob(f"*{suffix}"))]
    goal = str(folder / "out" / target)
    if program == "ffmpeg":
        inputs = [word for name in files for word in ("-i", name)]
        depth = ["-c:a", "pcm_s24le"] if target.endswith(".wav") else []
        command = ["ffmpeg", "-v", "error", "-y", *inputs, "-filter_complex", f"amix={STEMS}", *depth, goal]
    else:
        command = ["sox", "-m", *files, "-b", "24", goal]
    return best(lambda: subprocess.run(command, check=True), 3)


def exports(folder: Path) -> list[Row]:
    """Mixdowns against ffmpeg and sox, and against the exact sum."""
    (folder / "out").mkdir(exist_ok=True)
    ours = in_process(folder, ".wav", Encoding.WAV24)
    rows = [Row("export 12 x 4 min WAV to 24-bit WAV", ours, "s")]
    for program, bar in (("ffmpeg", 0.25), ("sox", 0.15)):
        theirs = other(program, folder, ".wav", f"{program}.wav")
        note = "not installed: not compared" if theirs is None else f"{program} takes {theirs:.2f} s"
        rows.append(
            Row(
                f"  against {program}",
                ours / theirs if theirs else float("nan"),
                "×",
                bar if theirs else None,
                note=note,
            )
        )
    rows.append(Row("  error against float64", error_of(folder), "dBFS", most=-120))
    flac = in_process(folder, ".flac", Encoding.FLAC24)
    theirs = other("ffmpeg", folder, ".flac", "ffmpeg.flac")
    note = "ffmpeg is not installed: not compared" if theirs is None else f"ffmpeg takes {theirs:.2f} s"
    rows.append(Row("export 12 FLAC to FLAC", flac, "s"))
    rows.append(
        Row("  against ffmpeg", flac / theirs if theirs else float("nan"), "×", 1.0 if theirs else None, note=note)
    )
    return rows


def error_of(folder: Path) -> float:
    """Largest difference of a float export from the sum in float64, in dBFS."""
    export_once(folder, ".wav", Encoding.WAV32F, folder / "out" / "float.wav")
    readers = [read_blocks(path) for path in sorted(folder.glob("*.wav"))]
    worst = 0.0
    for mixed in read_blocks(folder / "out" / "float.wav"):
        total = np.zeros(mixed.shape)
        for reader in readers:
            total += next(reader)
        worst = max(worst, float(np.abs(mixed - total).max()))
    return 20 * np.log10(max(worst, 1e-12))


def waveforms(folder: Path) -> list[Row]:
    """Peaks of a stereo file of four minutes, decoding included, against ffmpeg's picture."""

    def peaks(path: Path) -> None:
        builder = PeakBuilder()
        for block in read_blocks(path):
            builder.add(block)
        builder.pairs()

    rows: list[Row] = []
    for suffix in (".wav", ".mp3"):
        path = folder / f"00{suffix}"
        ours = best(lambda path=path: peaks(path))
        note, theirs = "ffmpeg is not installed: not compared", None
        if shutil.which("ffmpeg"):
            picture = ["ffmpeg", "-v", "error", "-y", "-i", str(path), "-filter_complex", "showwavespic=s=1600x75"]
            command = [*picture, "-frames:v", "1", str(folder / "out" / "wave.png")]
            theirs = best(lambda command=command: subprocess.run(command, check=True), 3)
            note = f"ffmpeg showwavespic takes {theirs * 1000:.0f} ms"
        rows.append(
            Row(f"peaks of 4 min {suffix[1:]}", ours * 1000, "ms", theirs * 1000 if theirs else None, note=note)
        )
    return rows


def measuring(folder: Path) -> list[Row]:
    """Loudness and true peak of four minutes."""
    samples = np.concatenate(list(read_blocks(folder / "00.wav")))

    def both() -> None:
        loudness, peak = LoudnessMeter(RATE), TruePeakMeter(RATE, 2)
        for start in range(0, len(samples), 32768):
            loudness.add(samples[start : start + 32768])
            peak.add(samples[start : start + 32768])
        loudness.integrated()
        peak.decibels()

    return [Row("loudness and true peak together", SECONDS / best(both, 3), "x RT", least=300)]


def opening(folder: Path) -> list[Row]:
    """Press to sound, each in a process of its own (numpy loaded), with a cold cache for decoded audio."""
    rows: list[Row] = []
    for kind, bar in (("wav", 50), ("flac", 200), ("mp3", 200)):
        found: list[dict[str, float]] = []
        for _ in range(3):
            with tempfile.TemporaryDirectory() as cache:
                command = [sys.executable, str(OPEN), str(folder), kind, cache]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                found.append(json.loads(done.stdout))
        name = "owned WAVs" if kind == "wav" else kind.upper()
        first = statistics.median(one["first"] for one in found)
        rows.append(Row(f"open 12 stems to first sound, {name}", first * 1000, "ms", most=bar))
        rows.append(Row("  everything decoded", statistics.median(one["all"] for one in found), "s"))
        private = statistics.median(one["private"] for one in found)
        rows.append(Row("  private memory (RssAnon) more", private, "MB", most=60))
    return rows


def arithmetic_rows(folder: Path) -> list[Row]:
    """Measure all of them on stems made in ``folder``."""
    make_stems(folder)
    return [*mixing(folder), *exports(folder), *measuring(folder), *waveforms(folder), *opening(folder)]
