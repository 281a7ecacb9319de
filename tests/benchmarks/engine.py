"""``packaging/dev.py bench engine``: what the local engine makes, song by song; ``--quick`` makes 12 short songs.

Every style, sung and instrumental, two takes each. Not measured here, because no recogniser or tracker of others is
among the dependencies: tempo and key found by an independent listener, and words understood.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from table import Row, show

from musicapi_desktop.dsp.files import read_all
from musicapi_desktop.dsp.loudness import integrated, true_peak
from musicapi_desktop.offline.engine import Brief, MadeTake, make_take
from musicapi_desktop.presenters.examples import EXAMPLES

STYLES = sorted(
    path.stem.replace("-", " ")
    for path in (Path(__file__).parent.parent.parent / "resources" / "styles").glob("[a-z]*.toml")
)
TEMPO = 118
LYRICS = EXAMPLES[0].request.lyrics


@dataclass(frozen=True)
class Song:
    """What was measured of one take."""

    style: str
    sung: bool
    take: int
    seconds: float
    cpu: float
    loudness: float
    peak: float
    residual: float
    largest_gap: float
    tempo: float
    melody: tuple[int, ...]
    digest: str


def made(style: str, sung: bool, take: int, length: float, folder: Path) -> MadeTake:
    """Make one take of a fixed seed."""
    words = LYRICS if sung else ""
    tags = f"{style}, {TEMPO} bpm"
    brief = Brief("Song", words, "", tags, "", not sung, "f", length, None, None, 20_261_120, take)
    return make_take(brief, folder, lambda _share, _word: None, lambda: False)


def measured(style: str, sung: bool, take: int, length: float) -> Song:
    """Make one take and measure it: levels in dB, the gap in seconds of silence inside the song."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        begun = time.process_time()
        song = made(style, sung, take, length, folder)
        cpu = time.process_time() - begun
        mix, rate = read_all(song.mix)
        total = np.zeros_like(mix, dtype=np.float64)
        for stem in song.stems:
            if not stem.silent:
                total += read_all(stem.path)[0]
        residual = float(np.abs(total - mix).max())
        score = json.loads(song.score.read_text())
        return Song(
            style, sung, take, song.seconds, cpu, integrated(mix, rate), true_peak(mix, rate),
            20.0 * np.log10(max(residual, 1e-9)), largest_gap(mix, rate), float(song.bpm), melody_of(score),
            hashlib.sha256(mix.tobytes()).hexdigest(),
        )  # fmt: skip


def melody_of(score: dict[str, object]) -> tuple[int, ...]:
    """The melody's intervals in semitones, note to note."""
    notes = score["melody"]
    return tuple(b["pitch"] - a["pitch"] for a, b in itertools.pairwise(notes))


def largest_gap(mix: np.ndarray, rate: int) -> float:
    """The longest silence (under −60 dBFS) between the first and the last sound, in seconds."""
    hop = rate // 20
    levels = np.abs(mix[: len(mix) // hop * hop]).reshape(-1, hop * mix.shape[1]).max(axis=1)
    heard = np.flatnonzero(levels > 0.001)
    return float(np.diff(heard).max() - 1) * hop / rate if len(heard) > 1 else 0.0


def alike(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The share of three-interval turns that two melodies have in common."""
    turns = [{melody[i : i + 3] for i in range(len(melody) - 2)} for melody in (one, other)]
    return len(turns[0] & turns[1]) / max(1, min(map(len, turns)))


def say(line: str) -> None:
    """Print at once: the whole round takes minutes."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def line_of(song: Song) -> str:
    """One song in a line."""
    kind = "sung" if song.sung else "instr."
    made_in = f"{song.style:<14} {kind:<7} take {'AB'[song.take]}  {song.seconds:5.1f} s in {song.cpu:5.1f} s"
    return f"{made_in}  {song.loudness:6.1f} LUFS  {song.peak:5.1f} dBTP  residual {song.residual:6.1f} dB"


def rows_of(songs: list[Song], again: str) -> list[Row]:
    """The table's rows."""
    pairs = [(a, b) for a, b in zip(songs[::2], songs[1::2], strict=True)]
    per_minute = [song.cpu / song.seconds * 60.0 for song in songs]
    return [
        Row("songs", len(songs)),
        Row("processor time per minute of music, median", statistics.median(per_minute), "s"),
        Row("loudness, furthest from −14 LUFS", max(abs(s.loudness + 14.0) for s in songs), "LU", most=1.0),
        Row("true peak, highest", max(s.peak for s in songs), "dBTP", most=-1.0),
        Row("stems against mix, largest residual", max(s.residual for s in songs), "dB", most=-60.0),
        Row("silence inside a song, longest", max(s.largest_gap for s in songs), "s", most=2.0),
        Row("tempo told, furthest from the one asked", max(abs(s.tempo - TEMPO) for s in songs), "bpm", most=0.5),
        Row("melodies of two takes alike, highest", max(alike(a.melody, b.melody) for a, b in pairs), "", most=0.9),
        Row("same seed, same samples", float(again == songs[0].digest), "", least=1.0),
    ]


def main() -> int:
    """Make the songs and print the table; 1 where a bar is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="12 songs of 20 s instead of every style at 40 s")
    quick = parser.parse_args().quick
    length, styles = (20.0, STYLES[::6]) if quick else (40.0, STYLES)
    songs: list[Song] = []
    for style in styles:
        for sung in (False, True):
            for take in (0, 1):
                song = measured(style, sung, take, length)
                songs.append(song)
                say(line_of(song))
    again = measured(styles[0], False, 0, length).digest
    return show("Local engine" + (", quick" if quick else ""), rows_of(songs, again))


if __name__ == "__main__":
    sys.exit(main())
