"""A song out of words."""

from __future__ import annotations

from musicapi_desktop.offline.composer.compose import Order, compose
from musicapi_desktop.offline.engine import ENGINE_VERSION, Brief, MadeTake, Unsuitable
from musicapi_desktop.offline.resources import root
from musicapi_desktop.wire.values import mapping

from .bench import Bench
from .deliver import played


def create(brief: Brief, bench: Bench) -> MadeTake:
    """Compose and render a take."""
    bench.tell(0.01, "composing")
    score = compose(order_of(brief), root() / "styles")
    bench.check()
    return played(score, bench)


def with_persona(brief: Brief, bench: Bench) -> MadeTake:
    """Compose and render a take sung by the brief's persona. Raises Unsuitable where there is none."""
    if not brief.persona:
        raise Unsuitable("This voice is not known here any more. Choose another one.")
    return create(brief, bench)


def order_of(brief: Brief) -> Order:
    """The brief as the composer takes it; a persona brings its voice, range and, where none is asked for, style."""
    persona = brief.persona or {}
    manner, lift, gender = persona.get("manner"), persona.get("lift"), persona.get("gender")
    return Order(
        title=brief.title,
        lyrics=brief.lyrics,
        description=brief.description,
        tags=brief.tags or (str(persona.get("style", "")) if not brief.description else ""),
        negative_tags=brief.negative_tags,
        instrumental=brief.instrumental,
        gender=str(gender) if gender in ("f", "m") else brief.vocal_gender,
        duration=brief.duration,
        weirdness=0.5 if brief.weirdness is None else brief.weirdness,
        seed=brief.seed,
        take=brief.take,
        engine=ENGINE_VERSION,
        manner=dict(mapping(manner)),
        lift=max(-5, min(5, lift)) if isinstance(lift, int) else 0,
    )
