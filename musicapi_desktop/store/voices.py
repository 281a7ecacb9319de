"""Voices to sing with, on disk."""

from __future__ import annotations

import sqlite3

from musicapi_desktop.domain.persona import Persona

from .database import Database
from .fields import storable


class VoiceStore:
    """Keeps personas. Every method may raise StoreError or DiskError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, persona: Persona) -> None:
        """Keep a persona, new or changed; durable: it was paid for."""
        with self._database.transaction(durable=True) as db:
            db.execute(
                "INSERT OR REPLACE INTO voice (id, profile_id, name, clip_id, song_id, take_id, created_at, spoken) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    storable(persona.id),
                    persona.profile_id,
                    storable(persona.name),
                    storable(persona.clip_id),
                    persona.song_id,
                    persona.take_id,
                    persona.created_at,
                    int(persona.spoken),
                ),
            )

    def all(self, profile_id: str | None = None) -> tuple[Persona, ...]:
        """The personas of a profile, or of all, newest first."""
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT * FROM voice WHERE ?1 IS NULL OR profile_id = ?1 ORDER BY created_at DESC, name", (profile_id,)
            )
            return tuple(_persona(row) for row in rows)

    def forget(self, profile_id: str, persona_id: str) -> None:
        """Take a persona out of the list; the service keeps it."""
        with self._database.transaction() as db:
            db.execute("DELETE FROM voice WHERE profile_id = ? AND id = ?", (profile_id, persona_id))


def _persona(row: sqlite3.Row) -> Persona:
    return Persona(
        id=row["id"],
        name=row["name"],
        profile_id=row["profile_id"],
        clip_id=row["clip_id"],
        song_id=row["song_id"],
        take_id=row["take_id"],
        created_at=row["created_at"],
        spoken=bool(row["spoken"]),
    )
