"""Tags of WAV files: LIST/INFO for players, and an ``id3 `` chunk for what INFO has no words for.

Source: "Multimedia Programming Interface and Data Specifications 1.0" (RIFF, INFO list).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from . import tags_id3
from .tags import Tags

_COPY = 1024 * 1024
_MOST_TAG = 4 * 1024 * 1024
_TAG_CHUNKS = (b"id3 ", b"ID3 ")
_NAMES = {"title": b"INAM", "artist": b"IART", "comment": b"ICMT"}


@dataclass(frozen=True, slots=True)
class _Chunk:
    name: bytes
    start: int
    length: int


def copy(reader: BinaryIO, writer: BinaryIO, tags: Tags) -> None:
    """Copy a WAV file with ``tags`` instead of its own. Raises OSError."""
    writer.write(b"RIFF\0\0\0\0WAVE")
    for chunk in list(_chunks(reader)):
        if chunk.name in _TAG_CHUNKS or _is_info(reader, chunk):
            continue
        writer.write(struct.pack("<4sI", chunk.name, chunk.length))
        reader.seek(chunk.start)
        left = chunk.length
        while left and (block := reader.read(min(_COPY, left))):
            writer.write(block)
            left -= len(block)
        writer.write(b"\0" * (chunk.length & 1))
    writer.write(_info(tags))
    writer.write(_chunk(b"id3 ", tags_id3.tag_bytes(tags)))
    size = writer.tell() - 8
    writer.seek(4)
    writer.write(struct.pack("<I", min(size, 0xFFFFFFFF)))


def read(reader: BinaryIO) -> Tags | None:
    """Read the tags of a WAV file; None where it has none."""
    info: Tags | None = None
    for chunk in list(_chunks(reader)):
        if chunk.length > _MOST_TAG:
            continue
        reader.seek(chunk.start)
        if chunk.name in _TAG_CHUNKS:
            return tags_id3.read(io.BytesIO(reader.read(chunk.length)))
        if chunk.name == b"LIST" and info is None:
            info = _tags_of(reader.read(chunk.length))
    return info


def _chunks(reader: BinaryIO) -> Iterator[_Chunk]:
    end = reader.seek(0, 2)
    at = 12
    while at + 8 <= end:
        reader.seek(at)
        name, length = struct.unpack("<4sI", reader.read(8))
        yield _Chunk(name, at + 8, min(length, end - at - 8))
        at += 8 + length + (length & 1)


def _is_info(reader: BinaryIO, chunk: _Chunk) -> bool:
    reader.seek(chunk.start)
    return chunk.name == b"LIST" and reader.read(4) == b"INFO"


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack("<4sI", name, len(content)) + content + b"\0" * (len(content) & 1)


def _info(tags: Tags) -> bytes:
    texts = {name: str(getattr(tags, key)) for key, name in _NAMES.items()}
    entries = (_chunk(name, text.encode("utf-8", "replace") + b"\0") for name, text in texts.items() if text)
    return _chunk(b"LIST", b"INFO" + b"".join(entries))


def _tags_of(content: bytes) -> Tags | None:
    if content[:4] != b"INFO":
        return None
    found: dict[bytes, str] = {}
    at = 4
    while at + 8 <= len(content):
        name, length = struct.unpack("<4sI", content[at : at + 8])
        found[name] = content[at + 8 : at + 8 + length].split(b"\0")[0].decode("utf-8", "replace")
        at += 8 + length + (length & 1)
    title, artist, comment = (found.get(name, "") for name in _NAMES.values())
    return Tags(title, artist, comment)
