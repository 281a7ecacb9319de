"""What songs were made from, on disk: links go with the song that was made, and outlive the one it was made from."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from musicapi_desktop.domain.song import Link, Song
from musicapi_desktop.domain.units import Seconds

from .fields import storable


def write_links(db: sqlite3.Connection, song: Song) -> None:
    """Keep a song's parents in place of those that were known."""
    db.execute("DELETE FROM link WHERE song_id = ?", (song.id,))
    db.executemany(
        "INSERT INTO link (song_id, number, parent_song_id, parent_take_id, parent_clip_id, operation, start_s, end_s) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                song.id,
                number,
                link.song_id,
                link.take_id,
                storable(link.clip_id),
                storable(link.operation),
                link.start,
                link.end,
            )
            for number, link in enumerate(song.parents)
        ],
    )


def read_links(db: sqlite3.Connection, ids: Sequence[str]) -> dict[str, tuple[Link, ...]]:
    """Return the parents of songs by the song's id; a song without any is left out."""
    marks = ", ".join("?" * len(ids))
    found: dict[str, tuple[Link, ...]] = {}
    rows = db.execute(f"SELECT * FROM link WHERE song_id IN ({marks}) ORDER BY song_id, number", tuple(ids))  # noqa: S608  # marks alone
    for row in rows:
        link = Link(
            row["parent_song_id"],
            row["parent_take_id"],
            row["parent_clip_id"],
            row["operation"],
            None if row["start_s"] is None else Seconds(row["start_s"]),
            None if row["end_s"] is None else Seconds(row["end_s"]),
        )
        found[row["song_id"]] = (*found.get(row["song_id"], ()), link)
    return found
