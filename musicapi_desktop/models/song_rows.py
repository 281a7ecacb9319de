"""What the library's table shows: one row per take, or one per song that is still being made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from musicapi_desktop.domain.song import Song, Take


class Column(IntEnum):
    """The table's columns, left to right. The cover belongs to the title."""

    TITLE = 0
    WAVEFORM = 1
    LENGTH = 2
    BPM = 3
    KEY = 4
    MADE = 5


@dataclass(frozen=True, slots=True)
class Flight:
    """How a song that is being made is getting on, in words. ``part`` is 0–1 of the way; ``act`` the button's text."""

    words: str
    part: float
    act: str
    job_id: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``take`` is None for a song none of whose takes has landed; then ``flight`` says how far it is."""

    song: Song
    take: Take | None
    flight: Flight | None = None
    playing: bool = False
    current: bool = False
    """``current`` is the take in the player, ``playing`` whether it sounds at this moment."""


RowKey = tuple[str, str]
"""A song's id and a take's id: how the rest of the app names a row. The second is empty while a song is being made."""
