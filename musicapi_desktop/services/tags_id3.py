"""ID3v2 as plain bytes: written as 2.3 in UTF-16, which every player reads; read as 2.3 and 2.4 (id3.org)."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import BinaryIO

from musicapi_desktop.store.fields import Fields
from musicapi_desktop.store.request_codec import parsed, plain_request, request_of

from .tags import Tags

_REQUEST = "MUSICAPI_REQUEST"
_MOST_TAG = 4 * 1024 * 1024
_HEADER = 10


def tag_bytes(tags: Tags) -> bytes:
    """Return an ID3v2.3 tag in UTF-16, which every player reads."""
    frames = [_text_frame(b"TIT2", tags.title), _text_frame(b"TPE1", tags.artist)]
    if tags.comment:
        frames.append(_frame(b"COMM", b"\x01eng" + _utf16("") + b"\0\0" + _utf16(tags.comment)))
    if tags.lyrics:
        frames.append(_frame(b"USLT", b"\x01eng" + _utf16("") + b"\0\0" + _utf16(tags.lyrics)))
    if tags.request is not None:
        text = json.dumps(plain_request(tags.request), ensure_ascii=False)
        frames.append(_frame(b"TXXX", b"\x01" + _utf16(_REQUEST) + b"\0\0" + _utf16(text)))
    body = b"".join(frames)
    return b"ID3\x03\x00\x00" + _syncsafe(len(body)) + body


def _text_frame(name: bytes, text: str) -> bytes:
    return _frame(name, b"\x01" + _utf16(text)) if text else b""


def _frame(name: bytes, content: bytes) -> bytes:
    return name + struct.pack(">IH", len(content), 0) + content


def _utf16(text: str) -> bytes:
    return b"\xff\xfe" + text.replace("\0", "").encode("utf-16-le", "replace")


def _syncsafe(length: int) -> bytes:
    return bytes((length >> shift) & 0x7F for shift in (21, 14, 7, 0))


def _from_syncsafe(data: bytes) -> int:
    value = 0
    for byte in data:
        value = value << 7 | byte & 0x7F
    return value


def tag_length(head: bytes) -> int:
    """Return the length in bytes of the tag a file begins with, 0 where it has none. ``head``: 10 bytes or more."""
    if head[:3] != b"ID3" or len(head) < _HEADER:
        return 0
    footer = _HEADER if head[5] & 0x10 else 0
    return _HEADER + _from_syncsafe(head[6:10]) + footer


def read(reader: BinaryIO) -> Tags | None:
    """Read the tag at the reader's place. Raises struct.error, IndexError or ValueError where it makes no sense."""
    head = reader.read(_HEADER)
    version, flags = head[3], head[5]
    if version not in (3, 4):
        return None
    body = reader.read(min(_MOST_TAG, _from_syncsafe(head[6:10])))
    if flags & 0x80 and version == 3:
        body = body.replace(b"\xff\x00", b"\xff")
    if flags & 0x40:
        body = body[_extended_length(body, version) :]
    found: dict[str, str] = {}
    for name, content in _frames(body, version):
        _take_frame(found, name, content)
    return _tags_of(found)


def _extended_length(body: bytes, version: int) -> int:
    return _from_syncsafe(body[:4]) if version == 4 else int(struct.unpack(">I", body[:4])[0]) + 4


def _frames(body: bytes, version: int) -> Iterator[tuple[str, bytes]]:
    at = 0
    while at + _HEADER <= len(body) and body[at] != 0:
        raw = body[at + 4 : at + 8]
        length = _from_syncsafe(raw) if version == 4 else int(struct.unpack(">I", raw)[0])
        content = body[at + _HEADER : at + _HEADER + length]
        if len(content) < length:
            return
        yield body[at : at + 4].decode("latin-1"), content
        at += _HEADER + length


def _take_frame(found: dict[str, str], name: str, content: bytes) -> None:
    if not content:
        return
    encoding, rest = content[0], content[1:]
    if name in ("TIT2", "TPE1"):
        found[name] = _decoded(rest, encoding).split("\0")[0]
    elif name in ("COMM", "USLT"):
        _described, text = _split(rest[3:], encoding)
        found.setdefault(name, text)
    elif name == "TXXX":
        described, text = _split(rest, encoding)
        found[described] = text


def _split(data: bytes, encoding: int) -> tuple[str, str]:
    """Split a description from the text after it."""
    if encoding in (1, 2):
        at = next((i for i in range(0, len(data) - 1, 2) if data[i : i + 2] == b"\0\0"), len(data))
        return _decoded(data[:at], encoding), _decoded(data[at + 2 :], encoding)
    described, _, text = data.partition(b"\0")
    return _decoded(described, encoding), _decoded(text, encoding)


def _decoded(data: bytes, encoding: int) -> str:
    codec = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}.get(encoding, "latin-1")
    return data.decode(codec, "replace").rstrip("\0")


def _tags_of(found: dict[str, str]) -> Tags | None:
    if not found:
        return None
    plain = parsed(found[_REQUEST]) if _REQUEST in found else None
    return Tags(
        title=found.get("TIT2", ""),
        artist=found.get("TPE1", ""),
        comment=found.get("COMM", ""),
        lyrics=found.get("USLT", ""),
        request=None if plain is None else request_of(Fields(plain)),
    )
