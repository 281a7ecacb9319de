"""A row of the library's table as one number: a hundred thousand songs are then a flat array of integers."""

from __future__ import annotations

from typing import Final

PLACES: Final = 32
"""Row numbers per song; take places past the last but one share it."""
BEING_MADE: Final = PLACES - 1
"""The place of the row of a song whose takes have not all landed."""


def song_of(row: int) -> int:
    """The song's own number in the library."""
    return row // PLACES


def place_of(row: int) -> int:
    """Which take of the song a row is, 0 for the first; BEING_MADE for the row of what is still on its way."""
    return row % PLACES


def row_number(song: int, place: int) -> int:
    """The row of a song's take."""
    return song * PLACES + min(place, BEING_MADE)
