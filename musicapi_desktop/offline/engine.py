"""The seam between the local server and the music: one brief in, one finished take on disk out.

Runs inside worker processes; knows nothing of HTTP, jobs or clips. The same brief, seed, take and
engine version always give the same score, and on one machine the same samples.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .stem_names import STEM_NAMES, stem_file

if TYPE_CHECKING:
    from .composer.compose import Order

ENGINE_VERSION = "1.0"
"""Raised whenever the same seed would give another song."""

Progress = Callable[[float, str], None]
"""Told the share done (0-1) and a word for the person."""


class Cancelled(Exception):
    """The take was no longer wanted; nothing it wrote is worth keeping."""


@dataclass(frozen=True, slots=True)
class Brief:
    """One take to make. ``take`` 0 and 1 are two ideas of one brief.

    ``duration`` in seconds; ``weirdness`` and ``style_weight`` 0-1; ``vocal_gender`` is "", "f" or "m".
    """

    title: str
    lyrics: str
    description: str
    tags: str
    negative_tags: str
    instrumental: bool
    vocal_gender: str
    duration: float | None
    weirdness: float | None
    style_weight: float | None
    seed: int
    take: int


@dataclass(frozen=True, slots=True)
class MadeStem:
    """One stem: WAV, 16 bit, 48 kHz, stereo, as long as the mix. ``silent`` where nothing plays in it."""

    name: str
    path: Path
    silent: bool


@dataclass(frozen=True, slots=True)
class MadeTake:
    """A finished take. ``stems`` always holds the twelve of STEM_NAMES and sums to ``mix``.

    ``lyrics`` are the words as sung (written here where the brief had none); ``score`` is a JSON file
    with all that other operations need (see composer/score.py).
    """

    title: str
    lyrics: str
    tags: str
    seconds: float
    bpm: float
    key: str
    mix: Path
    stems: tuple[MadeStem, ...]
    score: Path


def engine_version() -> str:
    """Return the version a seed belongs to."""
    return ENGINE_VERSION


def make_take(brief: Brief, folder: Path, progress: Progress, cancelled: Callable[[], bool]) -> MadeTake:
    """Compose and render one take into ``folder`` (made where missing).

    Writes ``mix.wav``, one WAV per stem and ``score.json``. Raises Cancelled as soon as ``cancelled`` says so, and
    OSError where the disk refuses; either way the folder holds nothing worth keeping.
    """
    from .composer.compose import compose
    from .resources import root
    from .synth.render import render

    def check() -> None:
        if cancelled():
            raise Cancelled

    folder.mkdir(parents=True, exist_ok=True)
    check()
    progress(0.01, "composing")
    score = compose(_order(brief), root() / "styles")
    score.write(folder / "score.json")
    check()
    silent = render(score, folder, root() / "bank" / "bank.sf3", (progress, check))
    stems = tuple(MadeStem(name, folder / stem_file(name), name in silent) for name in STEM_NAMES)
    progress(1.0, "done")
    return MadeTake(
        title=score.title,
        lyrics=score.lyrics,
        tags=score.tags,
        seconds=score.seconds,
        bpm=score.bpm,
        key=score.key,
        mix=folder / "mix.wav",
        stems=stems,
        score=folder / "score.json",
    )


def _order(brief: Brief) -> Order:
    from .composer.compose import Order

    return Order(
        title=brief.title,
        lyrics=brief.lyrics,
        description=brief.description,
        tags=brief.tags,
        negative_tags=brief.negative_tags,
        instrumental=brief.instrumental,
        gender=brief.vocal_gender,
        duration=brief.duration,
        weirdness=0.5 if brief.weirdness is None else brief.weirdness,
        seed=brief.seed,
        take=brief.take,
        engine=ENGINE_VERSION,
    )
