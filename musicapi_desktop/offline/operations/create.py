"""A song out of words."""

from __future__ import annotations

from musicapi_desktop.offline.composer.compose import Order, compose
from musicapi_desktop.offline.engine import ENGINE_VERSION, Brief, MadeTake
from musicapi_desktop.offline.resources import root

from .bench import Bench
from .deliver import played


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
