"""Notes of a take, as a transcription tells them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """One note: ``start`` and ``end`` in seconds, ``pitch`` 0–127 (MIDI), ``velocity`` 0–1."""

    start: float
    end: float
    pitch: int
    velocity: float


@dataclass(frozen=True, slots=True)
class Track:
    """The notes of one instrument, by their beginnings."""

    name: str
    notes: tuple[Note, ...] = ()
