"""The same melody and words in another style."""

from __future__ import annotations

from dataclasses import replace

from musicapi_desktop.offline.composer.cover import covered
from musicapi_desktop.offline.composer.score import Score
from musicapi_desktop.offline.engine import Brief, MadeTake
from musicapi_desktop.offline.resources import root

from .bench import Bench
from .create import order_of
from .deliver import played
from .source import first_of, open_source


def cover(brief: Brief, bench: Bench) -> MadeTake:
    """Play the first source in the style of the brief's words; a recording's tune is played by an instrument."""
    source = open_source(first_of(brief), bench.part(0.0, 0.2))
    bench.tell(0.2, "composing")
    score = covered(source.score, order_of(brief), root() / "styles", near=brief.audio_weight)
    return played(_own(score), bench.part(0.2, 1.0))


def _own(score: Score) -> Score:
    return replace(score, levels={}, makeup=0.0, attaches_at=0.0, recorded=False)
