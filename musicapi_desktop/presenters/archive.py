"""What is known of a take beyond its song: timed words, notes, family. Reads the disk: not on the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from musicapi_desktop.domain.timed_lyrics import sections_of

from .kin import Kin, family_rows

if TYPE_CHECKING:
    from musicapi_desktop.domain.notes import Track
    from musicapi_desktop.domain.song import Take
    from musicapi_desktop.domain.timed_lyrics import TimedWord
    from musicapi_desktop.services.family import Family
    from musicapi_desktop.services.readings import Readings


class Archive:
    """Reads for the inspector and the form. Every method blocks and may raise StoreError."""

    def __init__(self, readings: Readings, family: Family) -> None:
        self._readings = readings
        self._family = family

    def words(self, take: Take) -> tuple[TimedWord, ...]:
        """The words of a take with their times."""
        return self._readings.words(take)

    def notes(self, take: Take) -> tuple[Track, ...]:
        """The notes of a take by instrument."""
        return self._readings.notes(take)

    def kin(self, song_id: str) -> tuple[Kin, ...]:
        """The family of a song."""
        return family_rows(self._family.tree(song_id), song_id)

    def parts(self, take: Take) -> tuple[tuple[str, float, float], ...]:
        """The named parts of a take: name, start and end in seconds; empty where its words have no times."""
        seconds = take.facts.seconds if take.facts else float(take.seconds)
        return tuple((part.name, part.start, part.end) for part in sections_of(self.words(take), seconds))
