"""A piece of a song as the loop that a new one is built on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from musicapi_desktop.offline.composer.compose import Given, compose
from musicapi_desktop.offline.composer.form import Section
from musicapi_desktop.offline.composer.replay import harmony_of, plan_of, style_of
from musicapi_desktop.offline.composer.score import Score
from musicapi_desktop.offline.engine import Brief, MadeTake
from musicapi_desktop.offline.resources import root
from musicapi_desktop.offline.stem_names import STEM_NAMES
from musicapi_desktop.offline.synth.balance import Balance
from musicapi_desktop.offline.synth.filters import Tone, shaped_long
from musicapi_desktop.offline.synth.render import Players
from musicapi_desktop.offline.synth.sound import Floats, add_at, frames_of, silence
from musicapi_desktop.offline.synth.stems import render_stem
from musicapi_desktop.offline.synth.tape import SEAM, ramp

from .bench import Bench
from .create import order_of
from .deliver import mixed
from .source import Source, clipped, first_of, open_source

_LEAST, _USUAL_LENGTH = 2.0, 90.0
_BEFORE = 0.02
_NEW = ("Drums", "Percussion", "Bass")
"""Stems that are played anew under the loop, so that two kits and two basses do not fight."""
_LEVEL = -1.0


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop: where it begins in its source (seconds), its bars, and their length in seconds."""

    begin: float
    bars: int
    bar: float


def sample(brief: Brief, bench: Bench) -> MadeTake:
    """A new song over a loop cut out of the first source between ``start`` and ``end``."""
    source = open_source(first_of(brief), bench.part(0.0, 0.35), f"{brief.tags} {brief.description}")
    times = clipped(source.score, brief.start, brief.end, _LEAST)
    bench.tell(0.35, "composing")
    loop, given = _cut(source, times, brief.take)
    order = order_of(brief)
    order = replace(order, duration=order.duration or _USUAL_LENGTH)
    score = compose(order, root() / "styles", given=given)
    score = replace(score, recorded=True)
    return mixed(score, _stems(source, score, loop, bench), bench.part(0.4, 1.0), finished=False)


def _cut(source: Source, times: tuple[float, float], take: int) -> tuple[Loop, Given]:
    """Whole bars: as many as fit, a power of two. The other take's loop is the second half of them."""
    score = source.score
    plan = plan_of(score, style_of(score, root() / "styles"))
    steps = plan.meter.steps
    bar = plan.meter.seconds(score.bpm)
    first = max(0, round(plan.step_at(times[0]) / steps))
    room = max(1, int((times[1] - times[0]) / bar + 0.2))
    bars = max(n for n in (1, 2, 4, 8, 16) if n <= room)
    if take % 2 and bars > 1:
        bars, first = bars // 2, first + min(bars // 2, room - bars // 2)
    stretch = Section("verse", "Verse", bars, 0.6, start=first)
    harmony = harmony_of(score.chords, stretch, plan)
    return Loop(plan.seconds(first * steps), bars, bar), Given(score.bpm, plan.key, score.meter, harmony)


def _stems(source: Source, score: Score, loop: Loop, bench: Bench) -> Iterator[tuple[str, Floats | None]]:
    balance = Balance()
    studio = Players().studio(score, balance)
    pieces = {name: piece for name in source.stems if (piece := _piece(source, name, loop)) is not None}
    kept = {name: piece for name, piece in pieces.items() if name not in _NEW} or pieces
    whole = np.sum(list(kept.values()), axis=0) if kept else None
    if whole is not None:
        balance.bring("loop", whole.astype(np.float32), _LEVEL)
    for name in STEM_NAMES:
        sound = render_stem(score, name, studio, bench.check)
        piece = kept.get(name)
        if piece is not None:
            balance.bring("loop", piece, _LEVEL)
            laid = _laid(piece, score, loop)
            sound = laid if sound is None else sound + laid
        yield name, sound


def _piece(source: Source, name: str, loop: Loop) -> Floats | None:
    begin = frames_of(max(0.0, source.real(loop.begin) - _BEFORE))
    count = frames_of(loop.bars * loop.bar) + SEAM
    piece = source.stem(name, begin, begin + count)
    if piece is None or not piece.any():
        return None
    piece[:, :SEAM] *= ramp(SEAM)
    piece[:, count - SEAM :] *= ramp(SEAM)[::-1]
    return piece


def _laid(piece: Floats, score: Score, loop: Loop) -> Floats:
    """The loop again and again in every section; muffled where the song is calm, silent in breaks and at the end."""
    frames = frames_of(score.seconds)
    out = silence(frames)
    muffled = shaped_long(piece.copy(), Tone(low_pass=900.0))
    for mark in score.sections:
        if mark.kind in ("break", "bridge"):
            continue
        calm = mark.kind in ("intro", "outro")
        at = mark.start
        while at < mark.end - 0.2:
            room = frames_of(min(mark.end, at + loop.bars * loop.bar) - at) + SEAM
            part = (muffled if calm else piece)[:, :room].copy()
            if room < piece.shape[1]:
                part[:, max(0, room - SEAM) :] *= ramp(min(SEAM, room))[::-1]
            add_at(out, frames_of(max(0.0, at - _BEFORE)), part)
            at += loop.bars * loop.bar
    return out
