"""A song out of words."""

from __future__ import annotations

from musicapi_desktop.offline.composer.compose import Order, compose
from musicapi_desktop.offline.composer.score import Score
from musicapi_desktop.offline.engine import ENGINE_VERSION, Brief, MadeStem, MadeTake
from musicapi_desktop.offline.resources import root
from musicapi_desktop.offline.stem_names import STEM_NAMES, stem_file
from musicapi_desktop.offline.synth.render import Players, preview, render

from .bench import Bench


def create(brief: Brief, bench: Bench) -> MadeTake:
    """Compose and render a take."""
    bench.tell(0.01, "composing")
    score = compose(order_of(brief), root() / "styles")
    bench.check()
    return played(score, bench)


def order_of(brief: Brief) -> Order:
    """The brief as the composer takes it."""
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


def played(score: Score, bench: Bench) -> MadeTake:
    """Render a whole score and write all its files."""
    players = Players()
    if bench.preview is not None:
        preview(score, bench.folder / "preview.wav", players, bench.check)
        bench.preview(bench.folder / "preview.wav")
    leveled, silent = render(score, bench.folder, players, (bench.part(0.05, 1.0).tell, bench.check))
    leveled.write(bench.folder / "score.json")
    return told(leveled, bench, silent)


def told(score: Score, bench: Bench, silent: frozenset[str]) -> MadeTake:
    """What lies in the folder, as the seam tells it."""
    folder = bench.folder
    return MadeTake(
        title=score.title,
        lyrics=score.lyrics,
        tags=score.tags,
        seconds=score.seconds,
        bpm=score.bpm,
        key=score.key,
        mix=folder / "mix.wav",
        stems=tuple(MadeStem(name, folder / stem_file(name), name in silent) for name in STEM_NAMES),
        score=folder / "score.json",
    )
