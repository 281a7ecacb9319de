"""Boxes of an MP4 file (ISO/IEC 14496-12): the few that one track of sound, and one of pictures, need."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_UNITY: Final = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_MOVIE_SCALE: Final = 1000


@dataclass(frozen=True, slots=True)
class Track:
    """One track. ``handler`` is ``soun`` or ``vide``, ``entry`` its sample description.

    ``sizes`` of its samples in bytes; ``lengths`` is (count, duration) in units of 1/``scale`` s, as runs; ``keys`` are
    the numbers, from 1, of the samples that stand alone, None where all do. ``width`` and ``height`` in pixels.
    """

    handler: bytes
    entry: bytes
    scale: int
    sizes: Sequence[int]
    lengths: Sequence[tuple[int, int]]
    keys: Sequence[int] | None = None
    width: int = 0
    height: int = 0

    @property
    def duration(self) -> int:
        """Its length in units of 1/``scale`` s."""
        return sum(count * length for count, length in self.lengths)


def box(kind: bytes, *parts: bytes) -> bytes:
    """Return a box."""
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def full_box(kind: bytes, *parts: bytes, flags: int = 0) -> bytes:
    """Return a box with a version (0) and flags."""
    return box(kind, struct.pack(">I", flags), *parts)


def write_movie(target: Path, brand: bytes, tracks: Sequence[Track], data: Sequence[Sequence[bytes]]) -> None:
    """Write a file of whole tracks, one after the other; ``data`` are each track's bytes in pieces. Raises OSError."""
    front = box(b"ftyp", brand, struct.pack(">I", 0), brand, b"isom", b"mp42")
    sizes = [sum(len(piece) for piece in pieces) for pieces in data]
    # the offsets have a fixed width, so the length of what goes before them does not depend on them
    start = len(front) + len(_movie(tracks, [0] * len(tracks))) + 8
    offsets = [start + sum(sizes[:place]) for place in range(len(tracks))]
    part = target.with_name(f"{target.name}.part")
    with part.open("wb") as file:
        file.write(front)
        file.write(_movie(tracks, offsets))
        file.write(struct.pack(">I4s", sum(sizes) + 8, b"mdat"))
        for pieces in data:
            file.writelines(pieces)
    part.replace(target)


def _movie(tracks: Sequence[Track], offsets: Sequence[int]) -> bytes:
    seconds = max(track.duration / track.scale for track in tracks)
    head = full_box(
        b"mvhd",
        struct.pack(">IIII", 0, 0, _MOVIE_SCALE, round(seconds * _MOVIE_SCALE)),
        struct.pack(">IH10x", 0x10000, 0x100),
        _UNITY,
        bytes(24),
        struct.pack(">I", len(tracks) + 1),
    )
    return box(b"moov", head, *(_track(n, track, offsets[n - 1]) for n, track in enumerate(tracks, 1)))


def _track(number: int, track: Track, offset: int) -> bytes:
    sound = track.handler == b"soun"
    shown = round(track.duration * _MOVIE_SCALE / track.scale)
    head = full_box(
        b"tkhd",
        struct.pack(">IIIII8x", 0, 0, number, 0, shown),
        struct.pack(">HHHH", 0, 0, 0x100 if sound else 0, 0),
        _UNITY,
        struct.pack(">II", track.width << 16, track.height << 16),
        flags=3,
    )
    media = box(
        b"mdia",
        full_box(b"mdhd", struct.pack(">IIIIHH", 0, 0, track.scale, track.duration, 0x55C4, 0)),
        full_box(b"hdlr", struct.pack(">I4s12x", 0, track.handler), b"\0"),
        box(
            b"minf",
            full_box(b"smhd", bytes(4)) if sound else full_box(b"vmhd", bytes(8), flags=1),
            box(b"dinf", full_box(b"dref", struct.pack(">I", 1), full_box(b"url ", flags=1))),
            _samples(track, offset),
        ),
    )
    return box(b"trak", head, media)


def _samples(track: Track, offset: int) -> bytes:
    count = len(track.sizes)
    lengths = b"".join(struct.pack(">II", *run) for run in track.lengths)
    parts = [
        full_box(b"stsd", struct.pack(">I", 1), track.entry),
        full_box(b"stts", struct.pack(">I", len(track.lengths)), lengths),
        full_box(b"stsc", struct.pack(">IIII", 1, 1, count, 1)),
        full_box(b"stsz", struct.pack(">II", 0, count), struct.pack(f">{count}I", *track.sizes)),
        full_box(b"stco", struct.pack(">II", 1, offset)),
    ]
    if track.keys is not None:
        parts.append(full_box(b"stss", struct.pack(f">{len(track.keys) + 1}I", len(track.keys), *track.keys)))
    return box(b"stbl", *parts)
