"""The transport at one moment, as views look at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PlaybackSnapshot:
    """The transport at one moment. Times are seconds; ``position`` is what is heard now, not what is being mixed.

    ``peaks`` are linear (left, right) by stem id, of the last 40 ms heard; the mix under the empty name, before the
    volume. ``waiting`` is true while what should play is not decoded yet. ``ended`` is true once the song was played to
    its end, ``counting`` while the bar before the start is counted. ``offset`` is what level matching adds to the take
    that plays, in dB. ``stems`` tells whether the take is heard from its stems; ``problems`` maps ids of stems that
    cannot be played to sentences.
    """

    song_id: str = ""
    take_id: str = ""
    letter: str = ""
    position: float = 0.0
    seconds: float = 0.0
    playing: bool = False
    waiting: bool = False
    ended: bool = False
    counting: bool = False
    silent: bool = False
    device: str = ""
    stems: bool = False
    original: bool = False
    offset: float = 0.0
    peaks: Mapping[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])
    problems: Mapping[str, str] = field(default_factory=dict[str, str])
