"""M4A without an AAC encoder: Apple Lossless, which libsndfile writes into CAF, put into the MP4 container.

No permitted library encodes AAC. Apple Lossless in .m4a is what every player of .m4a reads too, and it is the master,
bit for bit.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from . import masters
from .boxes import Track, box, full_box, write_movie

_CONFIG = 24  # bytes of an ALACSpecificConfig
_FRAMES = 4096  # per packet


@dataclass(frozen=True, slots=True)
class Packets:
    """Encoded sound: its ``track`` and its ``data``."""

    track: Track
    data: bytes


def make_m4a(sources: Sequence[Path], target: Path) -> None:
    """Write the sum of ``sources`` (masters) as Apple Lossless in an M4A file. Raises as masters.make_wav."""
    sound = encoded(sources, target)
    write_movie(target, b"M4A ", [sound.track], [[sound.data]])


def encoded(sources: Sequence[Path], near: Path) -> Packets:
    """Return the sum of ``sources`` as Apple Lossless; a file beside ``near`` is used and removed."""
    caf = near.with_name(f"{near.name}.caf")
    try:
        masters.make_caf(sources, caf)
        return _read_caf(caf.read_bytes())
    finally:
        caf.unlink(missing_ok=True)


def _read_caf(raw: bytes) -> Packets:
    chunks: dict[bytes, bytes] = {}
    place = 8
    while place + 12 <= len(raw):
        kind, size = struct.unpack_from(">4sq", raw, place)
        end = len(raw) if size < 0 else place + 12 + size
        chunks[kind] = raw[place + 12 : end]
        place = end
    rate, channels = int(struct.unpack_from(">d", chunks[b"desc"])[0]), struct.unpack_from(">I", chunks[b"desc"], 24)[0]
    count, valid = struct.unpack_from(">qq", chunks[b"pakt"])
    sizes = _sizes(chunks[b"pakt"][24:], count)
    last = valid - _FRAMES * (count - 1)
    track = Track(b"soun", _entry(chunks[b"kuki"], rate, channels), rate, sizes, [(count - 1, _FRAMES), (1, last)])
    return Packets(track, chunks[b"data"][4 : 4 + sum(sizes)])


def _sizes(table: bytes, count: int) -> list[int]:
    """Read packet sizes: seven bits a byte, the highest says that more follow."""
    sizes: list[int] = []
    value = 0
    for byte in table:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            sizes.append(value)
            value = 0
            if len(sizes) == count:
                break
    return sizes


def _entry(cookie: bytes, rate: int, channels: int) -> bytes:
    # older writers wrap the configuration into two boxes, newer ones do not
    start = cookie.find(b"alac", 12) + 8 if b"frma" in cookie[:12] else 0
    config = cookie[start : start + _CONFIG]
    return box(
        b"alac",
        struct.pack(">6xH8xHHHHI", 1, channels, 16, 0, 0, rate << 16),
        full_box(b"alac", config),
    )
