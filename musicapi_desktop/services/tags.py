"""Tags inside audio files: what a song is called and what it was made from. MP3 and WAV; read back too."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from musicapi_desktop.domain.request import Request

ARTIST = "MusicAPI"
_COPY = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Tags:
    """What a file says of itself. ``request`` is what it was made from, so that dropping the file refills the form."""

    title: str = ""
    artist: str = ARTIST
    comment: str = ""
    lyrics: str = ""
    request: Request | None = None


def kind_of(head: bytes) -> str:
    """Return the extension a file's first 12 bytes stand for: mp3, wav, flac, ogg, m4a, or an empty text."""
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return "mp3"
    if head[4:8] == b"ftyp":
        return "m4a"
    return {b"fLaC": "flac", b"OggS": "ogg"}.get(head[:4], "")


def write_tagged(source: Path, target: Path, tags: Tags) -> None:
    """Copy ``source`` to ``target`` with ``tags`` instead of its own; the sound is copied byte for byte.

    Formats other than MP3 and WAV are copied as they are. Raises OSError.
    """
    from . import tags_id3, tags_riff

    with source.open("rb") as reader, target.open("wb") as writer:
        head = reader.read(12)
        reader.seek(0)
        kind = kind_of(head)
        if kind == "wav":
            tags_riff.copy(reader, writer, tags)
            return
        if kind == "mp3":
            writer.write(tags_id3.tag_bytes(tags))
            reader.seek(tags_id3.tag_length(head))
        while block := reader.read(_COPY):
            writer.write(block)


def read_tags(path: Path) -> Tags | None:
    """Return the tags of an MP3 or WAV file, None where it has none that can be read. Raises OSError."""
    from . import tags_id3, tags_riff

    with path.open("rb") as reader:
        head = reader.read(12)
        reader.seek(0)
        try:
            if kind_of(head) == "wav":
                return tags_riff.read(reader)
            return tags_id3.read(reader) if head[:3] == b"ID3" else None
        except (struct.error, ValueError, IndexError):
            return None
