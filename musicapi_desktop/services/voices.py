"""The voices a person can sing with: made by the service, named here. Any thread."""

from __future__ import annotations

from dataclasses import replace

from musicapi_desktop.domain.persona import Persona
from musicapi_desktop.store.voices import VoiceStore

_LONGEST_NAME = 80


class Voices:
    """The list of voices. Every method may raise StoreError or DiskError."""

    def __init__(self, store: VoiceStore) -> None:
        self._store = store

    def all(self, profile_id: str | None = None) -> tuple[Persona, ...]:
        """The voices of a profile (of all where none is named), newest first."""
        return self._store.all(profile_id)

    def rename(self, persona: Persona, name: str) -> Persona:
        """Give a voice another name here; an empty one changes nothing."""
        clean = " ".join(name.split())[:_LONGEST_NAME]
        if not clean:
            return persona
        renamed = replace(persona, name=clean)
        self._store.save(renamed)
        return renamed

    def forget(self, persona: Persona) -> None:
        """Take a voice out of the list. The service keeps it, and knows no way to delete it."""
        self._store.forget(persona.profile_id, persona.id)
