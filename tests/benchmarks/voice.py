"""How well and how fast the local singer sings: ``python tests/benchmarks/voice.py``.

Composes songs of several styles for both voices, sings their lead lines, and prints per song the time taken, the
pitch error of vowels against the score (own tracker, frames of 10 ms) and the level.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from musicapi_desktop.offline.composer.compose import Order, compose  # noqa: E402  # the path above comes first
from musicapi_desktop.offline.composer.score import Score, VocalLine  # noqa: E402
from musicapi_desktop.offline.voice.singer import Singer, vowel_times  # noqa: E402

RATE = 48_000
STYLES = ("synthwave, 105 bpm", "lofi, 73 bpm", "rock, 150 bpm", "folk", "trap")


def pitch_at(sound: npt.NDArray[np.float32], at: float, near: float) -> float:
    """Cents between the sound at a time and a frequency, by normalised autocorrelation within a fourth of it."""
    middle = int(at * RATE)
    part = sound[middle - 1440 : middle + 1440].astype(np.float64)
    window = np.hanning(len(part))
    shape = np.fft.irfft(np.abs(np.fft.rfft(part * window, 8192)) ** 2)
    shape = shape[:2048] / np.maximum(np.fft.irfft(np.abs(np.fft.rfft(window, 8192)) ** 2)[:2048], 1e-3)
    first, last = int(RATE / near / 1.3), int(RATE / near * 1.3)
    best = first + int(np.argmax(shape[first:last]))
    a, b, c = shape[best - 1 : best + 2]
    return float(1200 * np.log2(RATE / (best + 0.5 * (a - c) / (a - 2 * b + c)) / near))


def errors(sound: npt.NDArray[np.float32], lines: list[VocalLine], gender: str) -> npt.NDArray[np.float64]:
    """Cents off the score, of all frames of all vowels while their note lasts."""
    found: list[float] = []
    for line in lines:
        for syllable, (start, end) in zip(line.syllables, vowel_times(line, gender), strict=False):
            note = syllable.notes[0]
            for at in np.arange(start + 0.02, min(end, note.start + note.length) - 0.02, 0.01):
                found.append(pitch_at(sound, float(at), 440 * 2 ** ((note.pitch - 69) / 12)))
    return np.abs(found)


def song(tags: str, gender: str) -> Score:
    """A song of a style."""
    order = Order(
        title="",
        lyrics="",
        description="a song about rivers and stars",
        tags=tags,
        negative_tags="",
        instrumental=False,
        gender=gender,
        duration=180.0,
        weirdness=0.5,
        seed=7,
        take=0,
        engine="bench",
    )
    return compose(order, ROOT / "resources" / "styles")


def say(line: str) -> None:
    """One line of the table."""
    print(line, flush=True)  # noqa: T201  # measurements are printed


def main() -> None:
    """Print the table."""
    say(f"{'style':22s} voice  length  sung in  x real  median  p90    within 50  level")
    for tags in STYLES:
        for gender in ("f", "m"):
            score = song(tags, gender)
            begun = time.process_time()
            Singer().sing(score.vocals, gender, int(score.seconds * RATE))
            took = time.process_time() - begun
            lead = [line for line in score.vocals if not line.backing]
            sound = Singer().sing(lead, gender, int(score.seconds * RATE))
            off = errors(sound, lead, gender)
            level = 20 * np.log10(np.sqrt(np.mean(sound[np.abs(sound) > 1e-4] ** 2)))
            say(
                f"{tags:22s} {gender:5s} {score.seconds:6.0f} s {took:6.2f} s {score.seconds / took:6.0f}"
                f" {np.median(off):6.1f} c {np.percentile(off, 90):5.1f} c {(off < 50).mean():8.1%} {level:6.1f} dB"
            )


if __name__ == "__main__":
    main()
