"""What the mixer keeps per take, and its plain form for a file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from .mix import LEAST_DB, OFF, SOLO_DIMS, MixState, Strip, clamped

SCENES = ("A", "B", "C", "D")

SPEEDS = (50, 150)
"""Least and greatest speed in percent."""

KEYS = (-12, 12)
"""Lowest and highest key in semitones from the song's own."""

Loop = tuple[float, float]
"""Start and end in seconds."""


@dataclass(frozen=True, slots=True)
class KeptMix:
    """The controls of one take, its scenes by letter, the loop and the playhead (seconds).

    ``view`` is what of it is in view, None for all; ``speed`` in percent; ``key`` in semitones.
    """

    mix: MixState = field(default_factory=MixState)
    scenes: Mapping[str, MixState] = field(default_factory=dict[str, MixState])
    loop: Loop | None = None
    loop_on: bool = False
    position: float = 0.0
    view: Loop | None = None
    speed: int = 100
    key: int = 0


def plain_of(kept: KeptMix) -> dict[str, object]:
    """``kept`` as JSON types; off is null, because JSON has no infinity."""
    return {
        "mix": _plain_mix(kept.mix),
        "scenes": {letter: _plain_mix(mix) for letter, mix in kept.scenes.items()},
        "loop": list(kept.loop) if kept.loop else None,
        "loop_on": kept.loop_on,
        "position": kept.position,
        "view": list(kept.view) if kept.view else None,
        "speed": kept.speed,
        "key": kept.key,
    }


def kept_from(plain: object) -> KeptMix:
    """The inverse of plain_of; whatever is damaged or unknown falls back to its default."""
    table = _table(plain)
    scenes = {letter: _mix_from(mix) for letter, mix in _table(table.get("scenes")).items() if letter in SCENES}
    loop = _loop_from(table.get("loop"))
    return KeptMix(
        mix=_mix_from(table.get("mix")),
        scenes=scenes,
        loop=loop,
        loop_on=loop is not None and table.get("loop_on") is True,
        position=max(0.0, _number(table.get("position"), 0.0)),
        view=_loop_from(table.get("view")),
        speed=_whole(table.get("speed"), SPEEDS, 100),
        key=_whole(table.get("key"), KEYS, 0),
    )


def _plain_level(level: float) -> float | None:
    return None if level <= LEAST_DB else level


def _plain_mix(mix: MixState) -> dict[str, object]:
    return {
        "strips": {
            key: {"level": _plain_level(s.level), "balance": s.balance, "mute": s.mute, "solo": s.solo}
            for key, s in mix.strips.items()
        },
        "master": _plain_level(mix.master),
        "mono": mix.mono,
        "solo_dim": _plain_level(mix.solo_dim),
        "ranges": {key: [list(span) for span in spans] for key, spans in mix.ranges.items()},
        "mutes_before": None if mix.mutes_before is None else sorted(mix.mutes_before),
    }


def _mix_from(plain: object) -> MixState:
    table = _table(plain)
    strips = {key: _strip_from(strip) for key, strip in _table(table.get("strips")).items()}
    soloed = any(strip.solo for strip in strips.values())
    names = [str(name) for name in _list(table.get("mutes_before"))]
    dim = _level(table, "solo_dim", OFF)
    return MixState(
        strips=strips,
        master=_level(table, "master", 0.0),
        mono=table.get("mono") is True,
        solo_dim=dim if dim in SOLO_DIMS else OFF,
        mutes_before=frozenset(names) if soloed else None,
        ranges=_ranges_from(table.get("ranges")),
    )


def _strip_from(plain: object) -> Strip:
    table = _table(plain)
    return Strip(
        level=_level(table, "level", 0.0),
        balance=min(1.0, max(-1.0, _number(table.get("balance"), 0.0))),
        mute=table.get("mute") is True,
        solo=table.get("solo") is True,
    )


def _ranges_from(plain: object) -> dict[str, tuple[Loop, ...]]:
    found = {key: [_loop_from(span) for span in _list(spans)] for key, spans in _table(plain).items()}
    return {key: tuple(span for span in spans if span is not None) for key, spans in found.items() if any(spans)}


def _loop_from(plain: object) -> Loop | None:
    edges = _list(plain)
    if len(edges) != 2:
        return None
    start, end = (_number(edge, math.nan) for edge in edges)
    return (start, end) if 0.0 <= start < end else None


def _list(plain: object) -> list[object]:
    return cast("list[object]", plain) if isinstance(plain, list) else []


def _table(plain: object) -> dict[str, object]:
    return cast("dict[str, object]", plain) if isinstance(plain, dict) else {}


def _number(plain: object, default: float) -> float:
    fits = isinstance(plain, (int, float)) and not isinstance(plain, bool) and math.isfinite(plain)
    return float(cast("float", plain)) if fits else default


def _whole(plain: object, limits: tuple[int, int], default: int) -> int:
    return int(min(limits[1], max(limits[0], _number(plain, default))))


def _level(table: Mapping[str, object], key: str, default: float) -> float:
    if key in table and table[key] is None:
        return OFF
    return clamped(_number(table.get(key), default))
