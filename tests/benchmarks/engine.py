"""``packaging/dev.py bench engine [--quick]``: what the engine of this computer makes, heard by ears of its own.

``--quick`` makes 12 songs of two takes; without it every style sings and plays, 72 songs. ``--seconds N`` sets their
length (60). ``--pictures DIR`` draws one page per style there instead. What needs libraries that are not dependencies
is named at the end as not measured.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import itertools
import json
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stage import TESTS, prepare
from table import Row, show

if TYPE_CHECKING:
    from engine_ears import Melody, Numbers

VERSES = "taxi lights are painting rivers down the glass\nevery signal turns to amber as I pass\n"
CHORUS = "neon rain wash me slow\nneon rain let me go\n"
LYRICS = f"[Verse]\n{VERSES}\n[Chorus]\n{CHORUS}\n[Verse]\n{VERSES}\n[Chorus]\n{CHORUS}"
KEYS = ("A minor", "C major", "F# minor", "G major", "D minor", "Eb major")
NOT_YET = (
    "sung words understood by a recogniser (needs one from pip)",
    "two machines (one is here): two processes are compared",
)


@dataclass(frozen=True)
class Wish:
    """One take to make. ``bpm`` and ``key`` are asked for in words, 0 and '' where they are left to the engine."""

    song: int
    take: int
    style: str
    sung: bool
    bpm: int
    key: str
    seconds: float
    seed: int


@dataclass(frozen=True)
class Heard:
    """What came of a wish: told by the engine, and found by listening."""

    wish: Wish
    wall: float
    cpu: float
    seconds: float
    bpm: float
    key: str
    tempo_found: bool
    key_found: bool
    loudness: float
    true_peak: float
    residual: float
    offset: float
    longest_silence: float
    clipped: int
    timbre: Numbers
    melody: Melody
    chorus: tuple[float, float] | None
    digest: str


def wishes(quick: bool, seconds: float) -> list[Wish]:
    """The takes of a run."""
    styles = sorted(path.stem for path in (TESTS.parent / "resources" / "styles").glob("[a-z]*.toml"))
    songs = [(style, sung, again) for style in styles for sung in (True, False) for again in range(2)]
    if quick:
        songs = [(style, not n % 2, 0) for n, style in enumerate(styles[::3] * 2)][:12]
    made: list[Wish] = []
    for number, (style, sung, _again) in enumerate(songs):
        bpm, key = (84 + number * 7 % 60, KEYS[number % len(KEYS)]) if sung else (0, "")
        made += [Wish(number, take, style, sung, bpm, key, seconds, 1000 + number) for take in (0, 1)]
    return made


def brief_of(wish: Wish) -> object:
    """The engine's brief."""
    from musicapi_desktop.offline.engine import Brief

    words = [wish.style.replace("-", " "), f"{wish.bpm} bpm" if wish.bpm else "", wish.key]
    return Brief(
        title="", lyrics=LYRICS if wish.sung else "", description="", tags=", ".join(w for w in words if w),
        negative_tags="", instrumental=not wish.sung, vocal_gender="f" if wish.sung else "", duration=wish.seconds,
        weirdness=None, style_weight=None, seed=wish.seed, take=wish.take,
    )  # fmt: skip


def make(wish: Wish) -> Heard:
    """Make a take and listen to it. Runs in a process of its own."""
    prepare()
    from musicapi_desktop.offline.engine import make_take

    with tempfile.TemporaryDirectory() as folder:
        begun, cpu = time.monotonic(), time.process_time()
        made = make_take(brief_of(wish), Path(folder), lambda _share, _word: None, lambda: False)
        wall, cpu = time.monotonic() - begun, time.process_time() - cpu
        return _listen(wish, made, (wall, cpu))


def _listen(wish: Wish, made: object, times: tuple[float, float]) -> Heard:
    import engine_ears as ears
    import numpy as np
    import soundfile

    from musicapi_desktop.dsp.loudness import integrated, true_peak

    mix, rate = soundfile.read(made.mix, dtype="float32", always_2d=True)
    parts = np.zeros_like(mix)
    for stem in made.stems:
        parts += soundfile.read(stem.path, dtype="float32", always_2d=True)[0][: len(mix)]
    mono = np.ascontiguousarray(mix.mean(axis=1))
    level = float(np.sqrt(np.mean(np.square(mix)))) or 1e-9
    score = json.loads(made.score.read_text())
    return Heard(
        wish=wish,
        wall=times[0],
        cpu=times[1],
        seconds=made.seconds,
        bpm=made.bpm,
        key=made.key,
        tempo_found=ears.same_tempo(made.bpm, ears.tempo(mono)),
        key_found=ears.same_key(made.key, ears.key(mono)),
        loudness=integrated(mix, rate),
        true_peak=true_peak(mix, rate),
        residual=20 * float(np.log10(float(np.sqrt(np.mean(np.square(mix - parts)))) / level + 1e-12)),
        offset=float(np.abs(mix.mean(axis=0)).max()),
        longest_silence=_silence(mono, rate),
        clipped=int(np.count_nonzero(np.abs(mix) >= 32767 / 32768)),
        timbre=ears.timbre(mono),
        melody=_melody(score),
        chorus=_chorus(score),
        digest=hashlib.sha256(mix.tobytes()).hexdigest(),
    )


def _silence(mono: Numbers, rate: int) -> float:
    """The longest stretch below −60 dBFS before the last two seconds, in seconds."""
    import numpy as np

    step = rate // 50
    blocks = np.abs(mono[: len(mono) // step * step].reshape(-1, step)).max(axis=1)[:-100] < 0.001
    runs = (len(list(run)) for quiet, run in itertools.groupby(blocks) if quiet)
    return max(runs, default=0) / 50


def _melody(score: dict, start: float = 0.0, end: float = float("inf")) -> Melody:
    return [(n["start"], n["pitch"]) for n in score["melody"] if start <= n["start"] < end]


def _chorus(score: dict) -> tuple[float, float] | None:
    """How alike the choruses are among each other, and to the verses; None where there are not two of one."""
    from engine_ears import alike

    beat = 60.0 / score["bpm"]
    parts = {
        kind: [_melody(score, s["start"], s["end"]) for s in score["sections"] if s["kind"] == kind]
        for kind in ("chorus", "verse")
    }
    choruses, verses = ([part for part in parts[kind] if len(part) > 5] for kind in ("chorus", "verse"))
    if len(choruses) < 2 or not verses:
        return None
    among = [alike(a, b, beat) for a, b in itertools.combinations(choruses, 2)]
    across = [alike(a, b, beat) for a in choruses for b in verses]
    return statistics.mean(among), statistics.mean(across)


def rows_of(heard: list[Heard]) -> list[Row]:
    """The table of what was heard."""
    asked = [h for h in heard if h.wish.bpm]
    chorus = [h.chorus for h in heard if h.chorus is not None]
    both = f"{len(chorus)} takes have both"
    return [
        Row("tempo asked for is the score's", _share(abs(h.bpm - h.wish.bpm) < 0.01 for h in asked), "%", least=100),
        Row("key asked for is the score's", _share(_key(h.key) == _key(h.wish.key) for h in asked), "%", least=100),
        Row("tempo found by ear, within 2 %, octaves allowed", _share(h.tempo_found for h in heard), "%", least=95),
        Row("key found by ear, or its relative", _share(h.key_found for h in heard), "%", least=85),
        Row("stems against the mix, worst residual", max(h.residual for h in heard), "dB", most=-60),
        Row("loudness, farthest from −14 LUFS", max(abs(h.loudness + 14.0) for h in heard), "LU", most=1),
        Row("true peak, highest", max(h.true_peak for h in heard), "dBTP", most=-1),
        Row("samples at full scale", sum(h.clipped for h in heard), "", most=0),
        Row("offset (DC), largest", max(h.offset for h in heard) * 1000, "‰", most=1),
        Row("silence inside a song, longest", max(h.longest_silence for h in heard), "s", most=2),
        Row("choruses more alike than chorus and verse", _share(a > b for a, b in chorus), "%", least=100, note=both),
        *_takes_differ(heard),
        *_styles(heard),
        Row("made per second of one core", sum(h.seconds for h in heard) / sum(h.cpu for h in heard), "× real time"),
    ]  # fmt: skip


def _key(name: str) -> tuple[str, bool]:
    note, _, mode = name.partition(" ")
    flats = {"Eb": "D#", "Bb": "A#", "Ab": "G#", "Db": "C#", "Gb": "F#"}
    return flats.get(note, note), mode.startswith("min")


def _share(found: object) -> float:
    each = [bool(one) for one in found]
    return 100.0 * sum(each) / len(each) if each else float("nan")


def _takes_differ(heard: list[Heard]) -> list[Row]:
    from engine_ears import alike

    songs: dict[int, list[Heard]] = {}
    for each in heard:
        songs.setdefault(each.wish.song, []).append(each)
    pairs = [alike(a.melody, b.melody, 60.0 / a.bpm) for a, b in songs.values()]
    firsts = [takes[0] for takes in songs.values()]
    strangers = [
        alike(a.melody, b.melody, 60.0 / a.bpm)
        for a, b in itertools.combinations(firsts, 2)
        if a.wish.style == b.wish.style
    ]
    if len(strangers) < 10:
        return [Row("two takes of a request: shared melody, mean", 100 * statistics.mean(pairs), "%")]
    bar = sorted(strangers)[int(0.95 * len(strangers))]
    note, mean = "the bar: 95 of 100 pairs of other songs of a style share less", 100 * statistics.mean(pairs)
    return [
        Row("two takes of a request: shared melody, mean", mean, "%", most=100 * bar, note=note),
        Row("  pairs over it", sum(pair > bar for pair in pairs), f"of {len(pairs)}"),
    ]


def _styles(heard: list[Heard]) -> list[Row]:
    import numpy as np
    from engine_ears import told_apart

    styles = [h.wish.style for h in heard]
    if len({h.wish.song for h in heard}) < 3 * len(set(styles)):
        return []
    right = told_apart(np.stack([h.timbre for h in heard]), styles, [h.wish.song for h in heard])
    return [Row(f"style named by a plain classifier, {len(set(styles))} styles", 100 * right, "%", least=80)]


def timing_rows(pool: ProcessPoolExecutor) -> list[Row]:
    """Both takes of a sung song of three minutes at once, and the same take in two processes."""
    pair = [Wish(0, take, "pop", sung=True, bpm=0, key="", seconds=180.0, seed=7) for take in (0, 1)]
    begun = time.monotonic()
    made = list(pool.map(_only_make, pair))
    wall = time.monotonic() - begun
    heard_first = max(pool.map(_first_sound, pair))
    twin = Wish(0, 0, "synthwave", sung=True, bpm=0, key="", seconds=20.0, seed=5)
    digests = set(pool.map(_digest, [twin, twin]))
    long = f"{made[0]:.0f} s and {made[1]:.0f} s long"
    return [
        Row("two takes of a sung song of three minutes", wall, "s", most=12, note=long),
        Row("first sound of it, both being made", heard_first, "s", most=3),
        Row("same seed in two processes: different samples", len(digests) - 1, "", most=0),
    ]  # fmt: skip


def _only_make(wish: Wish) -> float:
    prepare()
    from musicapi_desktop.offline.engine import make_take

    with tempfile.TemporaryDirectory() as folder:
        return make_take(brief_of(wish), Path(folder), lambda _share, _word: None, lambda: False).seconds


def _first_sound(wish: Wish) -> float:
    """Seconds until the first of a take can be heard."""
    from musicapi_desktop.offline.engine import Cancelled, make_take

    prepare()
    heard: list[float] = []
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(Cancelled):
        make_take(
            brief_of(wish),
            Path(folder),
            lambda _share, _word: None,
            lambda: bool(heard),
            lambda _path: heard.append(time.monotonic() - begun),
        )
    return heard[0]


def _digest(wish: Wish) -> str:
    return make(wish).digest


def _pictures(folder: Path, seconds: float) -> int:
    from engine_pictures import draw_all

    for page in draw_all(folder, seconds):
        print(page)  # noqa: T201  # the paths are the answer
    return 0


def main() -> int:
    """Print the table; exit code 1 where a bar is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--pictures", type=Path)
    given = parser.parse_args()
    prepare()
    if given.pictures:
        return _pictures(given.pictures, given.seconds)
    asked = wishes(given.quick, given.seconds)
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1), multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_digest, [Wish(0, 0, "pop", True, 0, "", 8.0, seed) for seed in (1, 2)]))  # loads the sound bank
        timing = timing_rows(pool)
        heard = list(pool.map(make, asked))
    title = f"Engine, {len(asked) // 2} songs of two takes, {given.seconds:.0f} s asked"
    code = show(title, [*timing, *rows_of(heard)])
    print("\nNot measured here: " + "; ".join(NOT_YET))  # noqa: T201  # measurements are printed
    return code


if __name__ == "__main__":
    sys.exit(main())
