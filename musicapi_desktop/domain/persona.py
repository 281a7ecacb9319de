"""A voice that requests can sing with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Persona:
    """A persona of the service: ``id`` is the service's own, known to the profile it was made with alone.

    ``clip_id``, ``song_id`` and ``take_id`` name what it was made from, empty where that was a recording
    (``spoken``). ``created_at`` in Unix seconds.
    """

    id: str
    name: str
    profile_id: str
    clip_id: str = ""
    song_id: str = ""
    take_id: str = ""
    created_at: float = 0.0
    spoken: bool = False
