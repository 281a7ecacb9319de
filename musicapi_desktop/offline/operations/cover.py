"""The same melody and words in another style."""

from __future__ import annotations

from dataclasses import replace

from musicapi_desktop.offline.composer.cover import covered
from musicapi_desktop.offline.composer.score import Score
from musicapi_desktop.offline.composer.sung_over import sung_over
from musicapi_desktop.offline.engine import Brief, MadeTake
from musicapi_desktop.offline.resources import root

from .bench import Bench
from .create import order_of
from .deliver import played
from .source import first_of, open_source


def cover(brief: Brief, bench: Bench) -> MadeTake:
    """Play the first source in the style of the brief's words.

    A recording's tune is played by an instrument; words given for it are sung where they fit in.
    """
    source = open_source(first_of(brief), bench.part(0.0, 0.2))
    bench.tell(0.2, "composing")
    order, styles = order_of(brief), root() / "styles"
    score = covered(source.score, order, styles, near=brief.audio_weight)
    if not score.vocals and brief.lyrics.strip() and not brief.instrumental:
        score = sung_over(score, order, (0.0, score.seconds), styles)
    return played(_own(score), bench.part(0.2, 1.0))


def _own(score: Score) -> Score:
    return replace(score, levels={}, makeup=0.0, attaches_at=0.0, recorded=False)
