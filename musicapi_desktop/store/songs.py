"""Songs, takes and stems on disk. A song is written whole; search and sorting columns are kept with every write."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from musicapi_desktop.domain.song import AudioFacts, Link, Song, Stem, Take, TakeState
from musicapi_desktop.domain.units import Seconds

from .database import Database
from .family import read_links, write_links
from .fields import json_map, json_text, storable, text_map
from .search import Search, Sort, order_by

_SONG = (
    "id, title, style, lyrics, description, leave_out, model, profile_id, folder, created_at, favourite, rating, "
    "notes, trashed_at, job_id, batch"
)
_SAVE = f"""
INSERT INTO song ({_SONG}, seconds, take_words) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
    title = excluded.title, style = excluded.style, lyrics = excluded.lyrics, description = excluded.description,
    leave_out = excluded.leave_out, model = excluded.model, profile_id = excluded.profile_id,
    folder = excluded.folder, created_at = excluded.created_at, favourite = excluded.favourite,
    rating = excluded.rating, notes = excluded.notes, trashed_at = excluded.trashed_at, job_id = excluded.job_id,
    batch = excluded.batch, seconds = excluded.seconds, take_words = excluded.take_words
"""  # noqa: S608  # column names are constants
_FACTS = "frames, rate, channels, format, overview, loudness, true_peak"
_TAKE = (
    "id, song_id, letter, clip_id, state, path, wav_path, model, lyrics, style, image_url, audio_url, created_at, "
    f"seconds, bpm, key, files, extra, {_FACTS}"
)
_STEM = f"id, take_id, split, name, kind, path, position, clip_id, silent, audio_url, {_FACTS}"
_CHUNK = 500
"""Ids per statement, below SQLite's limit on parameters."""

Change = Callable[[Song], Song | None]
"""Given the song as it is now, return it changed, or None to leave it."""


class LibraryStore:
    """Keeps songs. Every method may raise StoreError or DiskError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, *songs: Song) -> None:
        """Keep songs, new or known, all or none."""
        with self._database.transaction() as db:
            for song in songs:
                _write(db, song)

    def get(self, song_id: str) -> Song | None:
        """The song with this id, or None."""
        found = self.many((song_id,))
        return found[0] if found else None

    def change(self, song_id: str, change: Change) -> Song | None:
        """Read a song, change it and write it, as one step; return it as written, None where nothing was."""
        with self._database.transaction() as db:
            song = self.get(song_id)
            changed = None if song is None else change(song)
            if changed is not None:
                _write(db, changed)
            return changed

    def delete(self, song_id: str) -> bool:
        """Forget a song with its takes and stems; files are not touched. False where it was not there."""
        with self._database.transaction() as db:
            return db.execute("DELETE FROM song WHERE id = ?", (song_id,)).rowcount > 0

    def ids(self, search: Search, sort: Sort = Sort.CREATED, *, descending: bool = True) -> list[str]:
        """The ids of all songs that match, in order."""
        with self._database.reading() as db:
            rows = db.execute(
                f"SELECT song.id FROM song WHERE {search.where} ORDER BY {order_by(sort, descending)}",  # noqa: S608  # values are bound
                search.values,
            )
            return [row[0] for row in rows]

    def count(self, search: Search) -> int:
        """How many songs match."""
        with self._database.reading() as db:
            row = db.execute(f"SELECT count(*) FROM song WHERE {search.where}", search.values).fetchone()  # noqa: S608  # values are bound
            return int(row[0])

    def many(self, ids: Sequence[str]) -> list[Song]:
        """The songs with these ids, in this order; unknown ids are left out."""
        found: dict[str, Song] = {}
        with self._database.reading() as db:
            for start in range(0, len(ids), _CHUNK):
                for song in _read(db, ids[start : start + _CHUNK]):
                    found[song.id] = song
        return [found[song_id] for song_id in ids if song_id in found]

    def trashed(self) -> list[str]:
        """The ids of the songs in the trash, latest first."""
        with self._database.reading() as db:
            rows = db.execute("SELECT id FROM song WHERE trashed_at IS NOT NULL ORDER BY trashed_at DESC")
            return [row[0] for row in rows]

    def of_job(self, job_id: str) -> list[Song]:
        """The songs a job is making."""
        with self._database.reading() as db:
            ids = [row[0] for row in db.execute("SELECT id FROM song WHERE job_id = ? ORDER BY n", (job_id,))]
        return self.many(ids)

    def of_batch(self, batch: str) -> list[Song]:
        """The songs of one press of the button, in the order they were asked for."""
        with self._database.reading() as db:
            ids = [
                row[0] for row in db.execute("SELECT id FROM song WHERE batch = ? AND batch <> '' ORDER BY n", (batch,))
            ]
        return self.many(ids)

    def children(self, song_id: str) -> list[Song]:
        """The songs that were made from a song, oldest first."""
        with self._database.reading() as db:
            ids = [
                row[0]
                for row in db.execute(
                    "SELECT DISTINCT song.id, song.n FROM link JOIN song ON song.id = link.song_id "
                    "WHERE link.parent_song_id = ? AND link.parent_song_id <> '' ORDER BY song.n",
                    (song_id,),
                )
            ]
        return self.many(ids)

    def with_clip(self, clip_id: str) -> Song | None:
        """The song that has this clip as a take, or None."""
        with self._database.reading() as db:
            row = db.execute("SELECT song_id FROM take WHERE clip_id = ? LIMIT 1", (clip_id,)).fetchone()
        return None if row is None else self.get(row[0])

    def every_id(self) -> list[str]:
        """The ids of all songs, the trash included."""
        with self._database.reading() as db:
            return [row[0] for row in db.execute("SELECT id FROM song ORDER BY n")]


def _write(db: sqlite3.Connection, song: Song) -> None:
    seconds = max((float(take.seconds) for take in song.takes), default=0.0)
    words = "\n".join(sorted({text for take in song.takes for text in (take.lyrics, take.style) if text}))
    texts = (song.title, song.style, song.lyrics, song.description, song.leave_out, song.model)
    db.execute(
        _SAVE,
        (
            song.id,
            *map(storable, texts),
            song.profile_id,
            song.folder,
            song.created_at,
            int(song.favourite),
            song.rating,
            storable(song.notes),
            song.trashed_at,
            song.job_id,
            song.batch,
            seconds,
            storable(words),
        ),
    )
    db.execute("DELETE FROM take WHERE song_id = ?", (song.id,))
    db.executemany(
        f"INSERT INTO take ({_TAKE}, place) VALUES ({_marks(_TAKE)}, ?)",  # noqa: S608  # column names are constants
        [(*_take_values(take, song.id), place) for place, take in enumerate(song.takes)],
    )
    write_links(db, song)
    stems = [stem for take in song.takes for stem in take.stems]
    db.executemany(f"INSERT INTO stem ({_STEM}) VALUES ({_marks(_STEM)})", map(_stem_values, stems))  # noqa: S608  # constants


def _marks(columns: str) -> str:
    return ", ".join("?" * len(columns.split(",")))


def _take_values(take: Take, song_id: str) -> tuple[object, ...]:
    return (
        take.id,
        song_id,
        take.letter,
        storable(take.clip_id),
        str(take.state),
        take.path,
        take.wav_path,
        storable(take.model),
        storable(take.lyrics),
        storable(take.style),
        storable(take.image_url),
        storable(take.audio_url),
        take.created_at,
        float(take.seconds),
        take.bpm,
        storable(take.key),
        json_text(take.files),
        json_text(take.extra),
        *_facts_values(take.facts),
    )


def _stem_values(stem: Stem) -> tuple[object, ...]:
    return (
        stem.id,
        stem.take_id,
        stem.split,
        storable(stem.name),
        stem.kind,
        stem.path,
        stem.position,
        storable(stem.clip_id),
        int(stem.silent),
        storable(stem.audio_url),
        *_facts_values(stem.facts),
    )


def _facts_values(facts: AudioFacts | None) -> tuple[object, ...]:
    if facts is None:
        return (None,) * 7
    return (
        facts.frames,
        facts.rate,
        facts.channels,
        facts.format,
        facts.overview,
        facts.loudness,
        facts.true_peak,
    )


def _facts(row: sqlite3.Row) -> AudioFacts | None:
    if row["frames"] is None:
        return None
    return AudioFacts(
        frames=row["frames"],
        rate=row["rate"],
        channels=row["channels"],
        format=row["format"],
        overview=row["overview"],
        loudness=row["loudness"],
        true_peak=row["true_peak"],
    )


def _read(db: sqlite3.Connection, ids: Sequence[str]) -> Iterable[Song]:
    marks = ", ".join("?" * len(ids))
    takes: dict[str, list[Take]] = {}
    stems: dict[str, list[Stem]] = {}
    # the statements hold column names and marks only; every value is bound
    for row in db.execute(
        f"SELECT {_STEM} FROM stem WHERE take_id IN (SELECT id FROM take WHERE song_id IN ({marks})) "  # noqa: S608
        "ORDER BY split, position",
        tuple(ids),
    ):
        stems.setdefault(row["take_id"], []).append(_stem(row))
    for row in db.execute(f"SELECT {_TAKE} FROM take WHERE song_id IN ({marks}) ORDER BY place", tuple(ids)):  # noqa: S608
        takes.setdefault(row["song_id"], []).append(replace(_take(row), stems=tuple(stems.get(row["id"], ()))))
    links = read_links(db, ids)
    for row in db.execute(f"SELECT {_SONG} FROM song WHERE id IN ({marks})", tuple(ids)):  # noqa: S608
        yield _song(row, tuple(takes.get(row["id"], ())), links.get(row["id"], ()))


def _song(row: sqlite3.Row, takes: tuple[Take, ...], parents: tuple[Link, ...]) -> Song:
    return Song(
        id=row["id"],
        title=row["title"],
        style=row["style"],
        lyrics=row["lyrics"],
        description=row["description"],
        leave_out=row["leave_out"],
        model=row["model"],
        profile_id=row["profile_id"],
        folder=row["folder"],
        created_at=row["created_at"],
        favourite=bool(row["favourite"]),
        rating=row["rating"],
        notes=row["notes"],
        trashed_at=row["trashed_at"],
        job_id=row["job_id"],
        batch=row["batch"],
        parents=parents,
        takes=takes,
    )


def _take(row: sqlite3.Row) -> Take:
    return Take(
        id=row["id"],
        song_id=row["song_id"],
        letter=row["letter"],
        clip_id=row["clip_id"],
        state=TakeState(row["state"]),
        path=row["path"],
        wav_path=row["wav_path"],
        model=row["model"],
        lyrics=row["lyrics"],
        style=row["style"],
        image_url=row["image_url"],
        audio_url=row["audio_url"],
        created_at=row["created_at"],
        seconds=Seconds(row["seconds"]),
        bpm=row["bpm"],
        key=row["key"],
        files=text_map(row["files"]),
        extra=json_map(row["extra"]),
        facts=_facts(row),
    )


def _stem(row: sqlite3.Row) -> Stem:
    return Stem(
        id=row["id"],
        take_id=row["take_id"],
        split=row["split"],
        name=row["name"],
        kind=row["kind"],
        path=row["path"],
        position=row["position"],
        clip_id=row["clip_id"],
        silent=bool(row["silent"]),
        audio_url=row["audio_url"],
        facts=_facts(row),
    )
