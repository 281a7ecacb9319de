"""What is known of a take beyond its sound: the words with their times, and its notes. Reads files; any thread."""

from __future__ import annotations

import logging

from musicapi_desktop.domain.notes import Note, Track
from musicapi_desktop.domain.song import Take
from musicapi_desktop.domain.timed_lyrics import TimedWord
from musicapi_desktop.domain.words import Draft
from musicapi_desktop.store.fields import Fields
from musicapi_desktop.store.request_codec import parsed

from .answered import drafts_of
from .context import Records
from .file_plans import key_of
from .song_folder import SongFolders

log = logging.getLogger(__name__)

_BIGGEST = 64 * 1024 * 1024


class Readings:
    """Reads what lies beside the audio. A file that is gone or damaged is logged, and reads as nothing."""

    def __init__(self, records: Records, folders: SongFolders) -> None:
        self._records = records
        self._folders = folders

    def has_notes(self, take: Take, stem_id: str = "") -> bool:
        """True where the notes of a take, or of one of its stems, are known."""
        return _key("notes", stem_id) in take.files

    def words(self, take: Take) -> tuple[TimedWord, ...]:
        """The words of a take with their times, as the service aligned them; empty where it did not."""
        fields = self._file(take, "alignment")
        return tuple(
            TimedWord(entry.text("word"), start, end if end is not None else start)
            for entry in fields.each("alignment")
            if (start := entry.number("start")) is not None and ((end := entry.number("end")) is None or end >= start)
        )

    def notes(self, take: Take, stem_id: str = "") -> tuple[Track, ...]:
        """The notes of a take, or of one of its stems, by instrument; empty where nobody wrote them down."""
        fields = self._file(take, _key("notes", stem_id))
        return tuple(Track(entry.text("name"), _notes(entry)) for entry in fields.each("tracks"))

    def drafts(self, job_id: str) -> tuple[Draft, ...]:
        """The words a job's answer holds; empty where it wrote none. Raises StoreError."""
        job = self._records.jobs.get(job_id)
        return () if job is None else drafts_of(job, self._records.jobs.answer(job_id))

    def _file(self, take: Take, key: str) -> Fields:
        relative = take.files.get(key, "")
        if not relative:
            return Fields(None)
        path = self._folders.path(relative)
        try:
            if path.stat().st_size > _BIGGEST:
                raise ValueError("too large")
            return Fields(parsed(path.read_bytes()))
        except (OSError, ValueError) as error:
            log.warning("%s was not read: %s", path, error)
            return Fields(None)


def _key(kind: str, stem_id: str) -> str:
    return f"{kind}:{stem_id}" if stem_id else key_of(kind, None)


def _notes(fields: Fields) -> tuple[Note, ...]:
    found: list[Note] = []
    for entry in fields.each("notes"):
        start, end, velocity = entry.number("start"), entry.number("end"), entry.number("velocity")
        pitch = entry.whole("pitch", -1)
        if start is not None and end is not None and end >= start and 0 <= pitch <= 127:
            found.append(Note(start, end, pitch, 1.0 if velocity is None else min(1.0, max(0.0, velocity))))
    return tuple(sorted(found, key=lambda note: note.start))
