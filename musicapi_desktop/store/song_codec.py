"""A song as ``song.json``: everything the database knows of it, so that the database can be rebuilt from the folder.

Paths are relative to the song's own folder, so the folder may be moved or renamed. Keys are a file format: add, never
rename.
"""

from __future__ import annotations

import base64
import binascii
import uuid
from pathlib import PurePosixPath

from musicapi_desktop.domain.song import AudioFacts, Link, Song, Stem, Take, TakeState
from musicapi_desktop.domain.units import Seconds

from .fields import Fields, storable

FORMAT = "musicapi-desktop song"
VERSION = 1


def plain_song(song: Song) -> dict[str, object]:
    """Return a song as JSON types."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "id": song.id,
        "title": storable(song.title),
        "style": storable(song.style),
        "lyrics": storable(song.lyrics),
        "description": storable(song.description),
        "leave_out": storable(song.leave_out),
        "model": song.model,
        "profile_id": song.profile_id,
        "created_at": song.created_at,
        "favourite": song.favourite,
        "rating": song.rating,
        "notes": storable(song.notes),
        "trashed_at": song.trashed_at,
        "batch": song.batch,
        "parents": [_plain_link(link) for link in song.parents],
        "takes": [_plain_take(take, song.folder) for take in song.takes],
    }


def song_of(source: object, folder: str) -> Song | None:
    """Return the song of a ``song.json`` found in ``folder``; None where it is not one."""
    fields = Fields(source)
    song_id = fields.text("id")
    if fields.text("format") != FORMAT or not song_id:
        return None
    return Song(
        id=song_id,
        title=fields.text("title"),
        style=fields.text("style"),
        lyrics=fields.text("lyrics"),
        description=fields.text("description"),
        leave_out=fields.text("leave_out"),
        model=fields.text("model"),
        profile_id=fields.text("profile_id"),
        folder=folder,
        created_at=fields.number("created_at") or 0.0,
        favourite=fields.flag("favourite"),
        rating=min(5, max(0, fields.whole("rating"))),
        notes=fields.text("notes"),
        trashed_at=fields.number("trashed_at"),
        batch=fields.text("batch"),
        parents=tuple(_link_of(entry) for entry in fields.each("parents")),
        takes=tuple(_take_of(entry, song_id, folder) for entry in fields.each("takes")),
    )


def _plain_link(link: Link) -> dict[str, object]:
    return {
        "song_id": link.song_id,
        "take_id": link.take_id,
        "clip_id": storable(link.clip_id),
        "operation": link.operation,
        "start": link.start,
        "end": link.end,
    }


def _link_of(fields: Fields) -> Link:
    start, end = fields.number("start"), fields.number("end")
    return Link(
        fields.text("song_id"),
        fields.text("take_id"),
        fields.text("clip_id"),
        fields.text("operation"),
        None if start is None else Seconds(start),
        None if end is None else Seconds(end),
    )


def _files_of(written: dict[str, object], folder: str) -> dict[str, str]:
    joined = {kind: _joined(path, folder) for kind, path in written.items() if isinstance(path, str)}
    return {kind: path for kind, path in joined.items() if path}


def _plain_take(take: Take, folder: str) -> dict[str, object]:
    return {
        "id": take.id,
        "letter": take.letter,
        "clip_id": take.clip_id,
        "state": str(take.state),
        "file": _within(take.path, folder),
        "wav": _within(take.wav_path, folder),
        "model": take.model,
        "lyrics": storable(take.lyrics),
        "style": storable(take.style),
        "image_url": take.image_url,
        "audio_url": take.audio_url,
        "created_at": take.created_at,
        "seconds": take.seconds,
        "bpm": take.bpm,
        "key": take.key,
        "files": {kind: _within(path, folder) for kind, path in take.files.items()},
        "extra": dict(take.extra),
        "facts": _plain_facts(take.facts),
        "stems": [_plain_stem(stem, folder) for stem in take.stems],
    }


def _take_of(fields: Fields, song_id: str, folder: str) -> Take:
    take_id = fields.text("id") or uuid.uuid4().hex
    return Take(
        id=take_id,
        song_id=song_id,
        letter=fields.text("letter"),
        clip_id=fields.text("clip_id"),
        state=fields.word("state", TakeState.MISSING),
        path=_joined(fields.text("file"), folder),
        wav_path=_joined(fields.text("wav"), folder),
        model=fields.text("model"),
        lyrics=fields.text("lyrics"),
        style=fields.text("style"),
        image_url=fields.text("image_url"),
        audio_url=fields.text("audio_url"),
        created_at=fields.number("created_at") or 0.0,
        seconds=Seconds(fields.number("seconds") or 0.0),
        bpm=fields.number("bpm"),
        key=fields.text("key"),
        files=_files_of(fields.plain("files"), folder),
        extra=fields.plain("extra"),
        facts=_facts_of(fields.inner("facts")),
        stems=tuple(_stem_of(entry, take_id, folder) for entry in fields.each("stems")),
    )


def _plain_stem(stem: Stem, folder: str) -> dict[str, object]:
    return {
        "id": stem.id,
        "split": stem.split,
        "name": storable(stem.name),
        "kind": stem.kind,
        "file": _within(stem.path, folder),
        "position": stem.position,
        "clip_id": stem.clip_id,
        "silent": stem.silent,
        "audio_url": stem.audio_url,
        "facts": _plain_facts(stem.facts),
    }


def _stem_of(fields: Fields, take_id: str, folder: str) -> Stem:
    return Stem(
        id=fields.text("id") or uuid.uuid4().hex,
        take_id=take_id,
        split=fields.text("split"),
        name=fields.text("name"),
        kind=fields.text("kind"),
        path=_joined(fields.text("file"), folder),
        position=fields.whole("position"),
        clip_id=fields.text("clip_id"),
        silent=fields.flag("silent"),
        audio_url=fields.text("audio_url"),
        facts=_facts_of(fields.inner("facts")),
    )


def _plain_facts(facts: AudioFacts | None) -> dict[str, object] | None:
    if facts is None:
        return None
    return {
        "frames": facts.frames,
        "rate": facts.rate,
        "channels": facts.channels,
        "format": facts.format,
        "overview": base64.b64encode(facts.overview).decode("ascii"),
        "loudness": facts.loudness,
        "true_peak": facts.true_peak,
    }


def _facts_of(fields: Fields | None) -> AudioFacts | None:
    if fields is None:
        return None
    try:
        overview = base64.b64decode(fields.text("overview"), validate=True)
    except (binascii.Error, ValueError):
        overview = b""
    return AudioFacts(
        frames=fields.whole("frames"),
        rate=fields.whole("rate"),
        channels=fields.whole("channels"),
        format=fields.text("format"),
        overview=overview,
        loudness=fields.number("loudness"),
        true_peak=fields.number("true_peak"),
    )


def _within(path: str, folder: str) -> str:
    return path.removeprefix(folder + "/") if folder else path


def _joined(path: str, folder: str) -> str:
    """Join a path to the folder it was found in; one that would leave the folder is dropped."""
    parts = PurePosixPath(path).parts
    if not path or path.startswith("/") or ".." in parts or "\\" in path or ":" in path:
        return ""
    return f"{folder}/{path}" if folder else path
